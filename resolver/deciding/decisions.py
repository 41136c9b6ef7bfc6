"""Views, contradictions and second persons: what follows from decisions, as pure functions over their edges.

SAME edges form a forest: a decision joins two views or nothing, so that every edge, taken away, parts one view in two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from vitograph.resolver.model import PersonKind

# A joined view beyond either of these is too much for one person to answer for.
MOST_FRAGMENTS = 5
MOST_EVENTS = 500


class Verdict(StrEnum):
    """What a named human says of a pair; `retract` says it of an earlier entry of the log."""

    SAME = "same"
    HOUSEHOLD = "household"
    DIFFERENT = "different"
    SHARED_IDENTIFIER = "shared_identifier"
    UNSURE = "unsure"
    RETRACT = "retract"

    @property
    def keeps_apart(self) -> bool:
        """Whether it writes NOT_SAME_AS at once."""
        return self in (Verdict.HOUSEHOLD, Verdict.DIFFERENT, Verdict.SHARED_IDENTIFIER)


class Entry(StrEnum):
    """What an entry of the log does. A confirmation repeats the verdict that it confirms; a model is promoted.

    An acknowledgement leaves a link whose evidence became weaker as it is.

    An erasure tells that somebody was erased, and by whom; never who it was.
    """

    DECISION = "decision"
    CONFIRMATION = "confirmation"
    RETRACTION = "retraction"
    ACKNOWLEDGEMENT = "acknowledgement"
    MODEL = "model"
    ERASURE = "erasure"


def keeping(entry: Mapping[str, Any]) -> Verdict | None:
    """By which verdict an entry of effect keeps its two persons apart: its own, or one that it lets stand; or None."""
    if entry.get("keeps") is not None:
        return Verdict(entry["keeps"])
    if entry["entry"] == Entry.RETRACTION:
        return Verdict.DIFFERENT if entry.get("keep_apart") else None
    if entry["entry"] != Entry.DECISION or not Verdict(entry["verdict"]).keeps_apart:
        return None
    return Verdict(entry["verdict"])


class Concern(StrEnum):
    """Why one person is not enough."""

    FRAGMENTS = "fragments"
    EVENTS = "events"
    BRIDGE = "bridge"
    OVERRIDE = "override"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Two persons and the decision that says something of them. It has no direction."""

    left: str
    right: str
    decision: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The persons between the two ends that `decision` keeps apart, ends included, in order."""

    path: tuple[str, ...]
    decision: str


@dataclass(slots=True)
class _Links:
    """Neighbours by person, through SAME edges."""

    of: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def through(cls, edges: Iterable[Edge]) -> _Links:
        links = cls()
        for edge in edges:
            links.join(edge.left, edge.right)
        return links

    def join(self, left: str, right: str) -> None:
        self.of.setdefault(left, set()).add(right)
        self.of.setdefault(right, set()).add(left)

    def came_from(self, start: str) -> dict[str, str | None]:
        """Everybody reachable from a person, each with whom it was reached through first."""
        reached: dict[str, str | None] = {start: None}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there in sorted(self.of.get(here, ())):
                if there not in reached:
                    reached[there] = here
                    queue.append(there)
        return reached


def component(person: str, same: Iterable[Edge]) -> frozenset[str]:
    """Everybody that SAME edges join with a person, itself included."""
    return frozenset(_Links.through(same).came_from(person))


def view_of(members: Mapping[str, PersonKind]) -> str:
    """The view_id of joined persons: the smallest id, a known person's before a device's. ValueError when empty."""
    return min(members, key=lambda id: (members[id] is not PersonKind.KNOWN, id))


def view_ids(kinds: Mapping[str, PersonKind], same: Iterable[Edge]) -> dict[str, str]:
    """The view_id of each person: the only way by which one comes about. Edges to others are passed over."""
    links = _Links.through(edge for edge in same if edge.left in kinds and edge.right in kinds)
    views: dict[str, str] = {}
    for person in kinds:
        if person not in views:
            members = {id: kinds[id] for id in links.came_from(person)}
            views.update(dict.fromkeys(members, view_of(members)))
    return views


def contradiction(left: str, right: str, same: Iterable[Edge], apart: Iterable[Edge]) -> Contradiction | None:
    """Why two persons must not be joined: the shortest path that would connect a pair kept apart, or None.

    The path runs from one end of a NOT_SAME pair through SAME edges and the proposed one to the other end.
    """
    links = _Links.through(same)
    links.join(left, right)
    joined = links.came_from(left)
    found = [
        Contradiction(_path(links, *sorted((edge.left, edge.right))), edge.decision)
        for edge in apart
        if edge.left in joined and edge.right in joined
    ]
    return min(found, key=lambda one: (len(one.path), one.path, one.decision), default=None)


def joining(left: str, right: str, same: Iterable[Edge]) -> tuple[str, ...]:
    """The decisions on the way from one person to another of the same view."""
    said = {frozenset((edge.left, edge.right)): edge.decision for edge in same}
    way = _path(_Links.through(same), left, right)
    return tuple(said[frozenset(step)] for step in pairwise(way))


def leaning(same: Iterable[Edge], holders: Iterable[str]) -> list[Edge]:
    """The edges that join holders of an identifier with other holders of it: both sides of the edge hold it."""
    edges = sorted(same)
    holding = set(holders)
    found = []
    for edge in edges:
        rest = _Links.through(other for other in edges if other is not edge)
        if holding.intersection(rest.came_from(edge.left)) and holding.intersection(rest.came_from(edge.right)):
            found.append(edge)
    return found


def reasons_for_second_person(
    left_fragments: int, right_fragments: int, events: int, *, overrides: bool, consents_conflict: bool = False
) -> tuple[Concern, ...]:
    """Why joining two views of so many fragments, with so many events together, needs a second person; () when not.

    `overrides`: an earlier verdict on the same candidate keeps the two apart, or did until who joins them now took away
    what another human had said. `consents_conflict`: one of the two agreed to what the other refused.
    """
    concerns = {
        Concern.FRAGMENTS: left_fragments + right_fragments > MOST_FRAGMENTS,
        Concern.EVENTS: events > MOST_EVENTS,
        Concern.BRIDGE: left_fragments >= 2 and right_fragments >= 2,
        Concern.OVERRIDE: overrides,
        Concern.CONSENT: consents_conflict,
    }
    return tuple(concern for concern, applies in concerns.items() if applies)


def _path(links: _Links, start: str, end: str) -> tuple[str, ...]:
    came_from = links.came_from(end)
    path = [start]
    while path[-1] != end:
        step = came_from[path[-1]]
        if step is None:
            raise ValueError(f"{start} and {end} are not connected")
        path.append(step)
    return tuple(path)
