"""Which views make a pair to score, and what the pair is called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from vitograph.resolver.model import PersonKind


class CandidateKind(StrEnum):
    PERSON = "person"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two views that may be one person; of a device pair, `left` is the known one. Made by `pair_of` only."""

    kind: CandidateKind
    left: str
    right: str

    @property
    def id(self) -> str:
        """A function of the pair, so that who finds it again finds the same candidate."""
        digest = hashlib.sha256(f"{self.kind}|{self.left}|{self.right}".encode()).hexdigest()
        return f"c-{digest[:32]}"


def pair_of(a: str, a_kind: PersonKind, b: str, b_kind: PersonKind) -> Pair | None:
    """The pair of two views, or None: two devices, or somebody unattributed, are nothing to ask a specialist."""
    if a == b:
        return None
    match (a_kind, b_kind):
        case (PersonKind.KNOWN, PersonKind.KNOWN):
            return Pair(CandidateKind.PERSON, *sorted((a, b)))
        case (PersonKind.KNOWN, PersonKind.DEVICE):
            return Pair(CandidateKind.DEVICE, a, b)
        case (PersonKind.DEVICE, PersonKind.KNOWN):
            return Pair(CandidateKind.DEVICE, b, a)
        case _:
            return None
