"""What a human may decide of many pairs at once, and which of them somebody looks at again."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vitograph.resolver.deciding.decisions import Verdict

MOST = 200
"""Pairs of one bulk act: as many as a human can have looked at in a list."""

SAMPLED = 0.1
"""Share of a bulk act that a second person looks at again, blind; at least one pair."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as it stood in the list: which, of which version, of which persons, in which band."""

    id: str
    version: int
    left: str
    right: str
    band: str


def unfit(shown: Sequence[Shown], verdict: Verdict, kind: str, *, blind: bool = False) -> str | None:
    """Why these pairs cannot be decided at once, in a sentence, or None.

    One band at a time, but in `blind` mode, which does not tell bands: there no two known persons are joined at once.
    What joins is held to more: two known persons in band A only, and nobody twice through whom a second join would join
    others.
    """
    if blind and verdict is Verdict.SAME and kind == "person":
        return "in blind mode two known persons are joined one by one"
    if not blind and len({one.band for one in shown}) > 1:
        return "the pairs are of more than one band: decide one band at a time"
    if verdict is not Verdict.SAME:
        return None
    if kind == "person" and shown[0].band != "A":
        return "two known persons are joined in bulk in band A only: look at these one by one"
    # A person may have many devices, but two persons on one device would be joined through it.
    sides = (
        [one.right for one in shown] if kind == "device" else [end for one in shown for end in (one.left, one.right)]
    )
    twice = sorted(end for end, count in Counter(sides).items() if count > 1)
    if twice:
        return f"{twice[0]} is in more than one of the pairs: look at these one by one"
    return None


def sample(batch: str, ids: Iterable[str], share: float = SAMPLED) -> list[str]:
    """The ids that are looked at again: a function of the batch, so that nobody can choose, and anybody can check."""

    def chance(id: str) -> str:
        return hashlib.sha256(f"{batch}|{id}".encode()).hexdigest()

    drawn = sorted(ids, key=chance)
    return drawn[: math.ceil(len(drawn) * share)]
