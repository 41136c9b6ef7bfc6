"""A score becomes a proposal to a specialist, or nothing. There is no third outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vitograph.resolver.evidence import Score

MARGIN = 3.0
"""Bits within which a runner-up makes a candidate ambiguous."""
LEAST_STORED = 0.01
"""P(same) or P(household) below which a pair is not worth keeping."""


class ProposalStatus(StrEnum):
    OPEN = "open"
    STORED = "stored"


class ProposedAs(StrEnum):
    """What the evidence speaks for most: one person, or one household."""

    SAME = "same"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate to write: in the queue (`open`: bands A, B, C) or kept beside it (`stored`)."""

    status: ProposalStatus
    proposed_as: ProposedAs
    band: str
    score: Score


def propose(score: Score, *, shares: bool = False) -> Proposal | None:
    """The proposal of a score; None when a constraint forbids the pair or hardly anything speaks for it.

    Of two views that share an identifier (`shares`) the pair is kept in any case: it was named when that was observed.
    """
    if not shares and (score.conflict or max(score.p_same, score.p_household) < LEAST_STORED):
        return None
    proposed_as = ProposedAs.SAME if score.p_same >= score.p_household else ProposedAs.HOUSEHOLD
    status = ProposalStatus.STORED if score.band == "-" else ProposalStatus.OPEN
    return Proposal(status, proposed_as, score.band, score)


def is_ambiguous(score: Score, others: Iterable[Score]) -> bool:
    """Another candidate of one of the two views is within the margin: both are shown, one-key approval is off."""
    return any(other.band != "-" and abs(score.bits - other.bits) <= MARGIN for other in others)
