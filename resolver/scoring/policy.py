"""A score becomes a proposal to a specialist, or nothing. There is no third outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vitograph.resolver.scoring.evidence import Score

MARGIN = 3.0
"""Bits within which a runner-up makes a candidate ambiguous."""
LEAST_STORED = 0.01
"""P(same) below which a pair is not worth keeping, unless it is likely a household."""
LEAST_HOUSEHOLD = 0.5
"""P(household) from which a pair is kept beside the queue: below it nobody would offer it as one."""
EXPLORED = 0.05
"""The share of the pairs just below the queue's bar that is asked all the same: by them the bar itself is measured."""
LEAST_EXPLORED = 0.1
"""P(same) below which nothing is explored: who asks about strangers learns what everybody knows."""


class ProposalStatus(StrEnum):
    OPEN = "open"
    STORED = "stored"


class ProposedAs(StrEnum):
    """What the evidence speaks for most: one person, or one household."""

    SAME = "same"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate to write: in the queue (`open`: bands A, B, C, and what was drawn from below) or kept beside it.

    `propensity` is the chance that it had to be queued, 0..1; None where nobody is asked.
    """

    status: ProposalStatus
    proposed_as: ProposedAs
    band: str
    score: Score
    propensity: float | None = None


def propose(score: Score, *, shares: bool = False, lot: str | None = None) -> Proposal | None:
    """The proposal of a score; None when a constraint forbids the pair or hardly anything speaks for it.

    Of two views that share an identifier (`shares`) the pair is kept in any case: it was named when that was observed.
    `lot` is the candidate's id, by which it may be drawn from below the bar; without one it is not.
    """
    likely = score.p_same >= LEAST_STORED or score.p_household >= LEAST_HOUSEHOLD
    if not shares and (score.conflict or not likely):
        return None
    proposed_as = speaks_for(score)
    if score.band != "-":
        return Proposal(ProposalStatus.OPEN, proposed_as, score.band, score, 1.0)
    if lot is not None and not score.conflict and score.p_same >= LEAST_EXPLORED and is_drawn(lot, score.model):
        return Proposal(ProposalStatus.OPEN, proposed_as, score.band, score, EXPLORED)
    return Proposal(ProposalStatus.STORED, proposed_as, score.band, score)


def speaks_for(score: Score) -> ProposedAs:
    """What the evidence speaks for most."""
    return ProposedAs.SAME if score.p_same >= score.p_household else ProposedAs.HOUSEHOLD


def is_drawn(candidate_id: str, model: str) -> bool:
    """Whether a pair is among those explored: the same answer each time, another draw with another model."""
    digest = hashlib.sha256(f"{model}|{candidate_id}".encode()).digest()
    return int.from_bytes(digest[:8]) < EXPLORED * 2**64


def is_ambiguous(bits: float, others: Iterable[float]) -> bool:
    """Whether another candidate of a band of one of the two views is within the margin of this one's bits: both are
    shown, and approving takes a look at each.
    """
    return any(abs(bits - other) <= MARGIN for other in others)
