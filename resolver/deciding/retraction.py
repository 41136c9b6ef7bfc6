"""What is taken back together: one decision, the sub-tree that hangs on a link, or all that rests on a decision.

SAME edges form a forest, so a link parts its view in two, and "decided on a view that this link had joined" is a
question with one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vitograph.resolver.deciding.decisions import Edge, Verdict, component


class Scope(StrEnum):
    """How much is taken back with a decision."""

    DECISION = "decision"
    """It alone: the two parts of the view stay joined within themselves."""
    SUBTREE = "subtree"
    """It and every link within the part that hangs on it: each fragment of that part is alone again."""
    CAUSED = "caused"
    """It and every later decision of effect on a view that it had joined."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision of effect and the two persons that it names. `seq` is that of the entry by which it took effect."""

    id: str
    seq: int
    verdict: str
    left: str
    right: str

    @property
    def joins(self) -> bool:
        return self.verdict == Verdict.SAME

    @property
    def edge(self) -> Edge:
        return Edge(self.left, self.right, self.id)


def taken_back(first: Standing, standing: Iterable[Standing], scope: Scope, stays: str) -> list[Standing]:
    """The decisions that a retraction takes back, `first` among them, newest first.

    `standing` are the decisions of effect on fragments of its view; `stays` is the fragment whose part of the view is
    left alone by SUBTREE.
    """
    others = [one for one in standing if one.id != first.id]
    if not first.joins or scope is Scope.DECISION:
        found: list[Standing] = []
    elif scope is Scope.SUBTREE:
        found = _hanging(first, others, stays)
    else:
        found = [one for one in others if one.seq > first.seq and _rests_on(one, first, others)]
    return sorted([first, *found], key=lambda one: -one.seq)


def _hanging(first: Standing, others: list[Standing], stays: str) -> list[Standing]:
    edges = [one.edge for one in others if one.joins]
    left, right = component(first.left, edges), component(first.right, edges)
    part = left if stays in right else right
    return [one for one in others if one.joins and one.left in part]


def _rests_on(later: Standing, first: Standing, others: list[Standing]) -> bool:
    """Whether one of its two views held the link of `first` when `later` was decided."""
    edges = [first.edge, *(one.edge for one in others if one.joins and one.seq < later.seq)]
    return first.left in component(later.left, edges) or first.left in component(later.right, edges)
