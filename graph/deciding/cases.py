"""One candidate under lock: everything that a decision on it depends on, and every change that one can make.

Lock order: identifiers (by key) → persons (by id) → candidates (by id); an entry's number in the log, and with it the
lock of the head, comes last of all (`entries.append`). What must be locked is read first, so it is read again under the
locks; when more is there by then, the transaction starts anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.intake.settling import settle_statuses
from vitograph.graph.moments import microseconds
from vitograph.graph.people.holdings import HUB, Moved
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.people.visitors import record_changes
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import (
    Contradiction,
    Edge,
    Verdict,
    contradiction,
    joining,
    keeping,
    view_ids,
)
from vitograph.resolver.errors import UnknownThing, WrongState
from vitograph.resolver.model import PersonKind

LOCK_SCOPE = load("decision/lock_scope")
LOCK_CANDIDATES = load("decision/lock_candidates")
RECORD_DECISION = load("decision/record_decision")
RECORD_OUTCOME = load("decision/record_outcome")


@dataclass(frozen=True, slots=True)
class Locks:
    """Keys of identifiers and ids of persons."""

    identifiers: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def __or__(self, other: Locks) -> Locks:
        return Locks(self.identifiers | other.identifiers, self.persons | other.persons)

    def __le__(self, other: Locks) -> bool:
        return self.identifiers <= other.identifiers and self.persons <= other.persons


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a decision touches: identifiers it could make shared, and those that the one it replaces made shared, or the
    one before, whose word the way back lets stand.

    `holders` are the views by fragment of all views that hold one of either. `unsettled` are those identifiers, and
    those of both views that others hold too: their status may follow from the decision. `locks` are all of them, what
    both views hold besides, and everybody in a view that holds an unsettled one.
    """

    version: int
    decision: str | None
    members: Mapping[str, Row]
    edges: Mapping[str, list[Edge]]
    holders: Mapping[str, str]
    shareable: frozenset[str]
    shared: frozenset[str]
    unsettled: frozenset[str]
    locks: Locks


@dataclass(slots=True)
class Case:
    """A candidate, the fragments of its two views and what decisions say of them, all locked. `at` is now.

    `joined_by` is the decision that joined the two, `touched` are other candidates that were made stale, `moved` the
    views that another set of fragments is in by now.
    """

    tx: Transaction
    scope: _Scope
    candidate: Row
    waiting: list[Row]
    same: list[Edge]
    apart: list[Edge]
    at: dt.datetime
    joined_by: str | None = None
    touched: list[str] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)

    @property
    def left(self) -> str:
        return str(self.candidate["left"])

    @property
    def right(self) -> str:
        return str(self.candidate["right"])

    @property
    def members(self) -> Mapping[str, Row]:
        """The fragments of both views by id, as they were when the case was locked."""
        return self.scope.members

    @property
    def is_joined(self) -> bool:
        """Whether the two persons are in one view already."""
        return bool(self.members[self.left]["view_id"] == self.members[self.right]["view_id"])

    def one_already(self) -> WrongState:
        """What to say of two persons who are in one view: by which decisions they are."""
        decisions = " and ".join(map(repr, joining(self.left, self.right, self.same)))
        return WrongState(f"{self.left} and {self.right} are one person already, by decision {decisions}")

    @property
    def shareable(self) -> list[str]:
        """The identifiers that the decision could make shared, sorted."""
        return sorted(self.scope.shareable)

    def fragments(self, person: str) -> list[Row]:
        view_id = self.members[person]["view_id"]
        return [row for row in self.members.values() if row["view_id"] == view_id]

    def contradiction(self, left_out: str | None) -> Contradiction | None:
        """What forbids joining the two; what the decision `left_out` says does not count."""
        apart = [edge for edge in self.apart if edge.decision != left_out]
        return contradiction(self.left, self.right, self.same, apart)

    async def draw(self, entry: Row, by: Row | None = None, undone: str | None = None) -> None:
        """Draws an entry for its effects to hang on; it is in the log once `entries.append` gave it its number.

        What `by` says (the entry itself, or the one that it confirms) is drawn between the two in place of what
        `undone` drew and called shared. Without it the entry is of no effect yet.
        """
        types, keys = _effects(by)
        effect = {"by": by and by["id"], "undone": undone, "draws": types, "shares": keys}
        await self.tx.run(RECORD_DECISION, entry=stored(entry), effect=effect)
        self.same = [edge for edge in self.same if edge.decision != undone]
        if by is not None and "SAME_AS" in types:
            self.joined_by = by["id"]
            self.same.append(Edge(self.left, self.right, by["id"]))

    async def settle(self, status: str | None, verdict: str | None, decision: str | None, *, anew: bool = True) -> int:
        """Writes what became of the candidate, None for nothing; returns its version.

        `anew`: the view of every person of the case is worked out, and all are marked to be scored. Views are what the
        use of an identifier is counted in, so statuses follow.
        """
        views = self._views() if anew else {}
        moved = [id for id, row in self.members.items() if views.get(id, row["view_id"]) != row["view_id"]]
        outcome = {
            "status": status,
            "verdict": verdict,
            "decision": decision,
            "views": [{"id": id, "view_id": views[id]} for id in sorted(views)],
            # Who has read a pair of a view that changes under it has not read what there is to decide now.
            "changed": sorted(self.members) if moved else [],
            "joined": self._joined(views),
            "joined_by": self.joined_by,
        }
        mark = microseconds(self.at)
        [row] = await self.tx.run(RECORD_OUTCOME, id=self.candidate["id"], outcome=outcome, mark=mark, at=self.at)
        self.touched += row["touched"]
        self.moved |= {view for id in moved for view in (views[id], self.members[id]["view_id"])}
        if anew:
            await self._restate(views.keys())
        return int(row["version"])

    def _views(self) -> dict[str, str]:
        """The view of every person of the case."""
        kinds = {id: PersonKind(row["kind"]) for id, row in self.members.items()}
        return {**self.scope.holders, **view_ids(kinds, self.same)}

    def _joined(self, views: Mapping[str, str]) -> list[str]:
        """What needs no answer any more, where the two were joined; sorted."""
        if self.joined_by is None:
            return []
        others = (row for row in self.waiting if row["id"] != self.candidate["id"])
        return [row["id"] for row in others if views[row["left"]] == views[row["right"]]]

    async def _restate(self, marked: Container[str]) -> None:
        """Brings statuses in line with what was decided, and has those scored again whom that concerns."""
        if not self.scope.unsettled:
            return
        concerned = await settle_statuses(self.tx, self.scope.unsettled, self.at, marks=False)
        if others := sorted(id for id in concerned if id not in marked):
            await self.tx.run(MARK_PERSONS, ids=others, at=microseconds(self.at), puts_off=False)
        await record_changes(self.tx, concerned, self.at)


async def lock_case(
    tx: Transaction, candidate_id: str, *, sharing: bool = False, named: str | None = None, locks: Locks | None = None
) -> Case:
    """Locks all that a decision on a candidate depends on. UnknownThing when there is no such candidate.

    `sharing`: the identifiers that both views hold are to become shared; `named` alone, if given. `locks`: those of
    `list_locks`, of this candidate and others.
    """
    asked = {"id": candidate_id, "sharing": sharing, "named": named}
    if locks is None:
        locks = (await _lock_scope(tx, asked, Locks())).locks
    scope = await _lock_scope(tx, asked, locks)
    if not scope.locks <= locks:
        raise Moved
    waiting = await tx.run(LOCK_CANDIDATES, id=candidate_id, persons=sorted(scope.members))
    candidate = next((row for row in waiting if row["id"] == candidate_id), None)
    if candidate is None or candidate["decision"] != scope.decision:
        raise Moved
    same, apart = scope.edges["SAME_AS"], scope.edges["NOT_SAME_AS"]
    return Case(tx, scope, candidate, waiting, same, apart, dt.datetime.now(dt.UTC))


async def list_locks(tx: Transaction, candidate_ids: Iterable[str]) -> Locks:
    """The locks of several cases, to be taken at once with the first, so that all are taken in their one order."""
    locks = Locks()
    for id in dict.fromkeys(candidate_ids):
        locks |= (await _lock_scope(tx, {"id": id, "sharing": False, "named": None}, Locks())).locks
    return locks


async def lock_version(tx: Transaction, candidate_id: str, locks: Locks) -> int:
    """Takes the locks; of which version the candidate is under them."""
    return (await _lock_scope(tx, {"id": candidate_id, "sharing": False, "named": None}, locks)).version


def stored(entry: Row) -> Row:
    """An entry as the graph keeps it."""
    return {name: value for name, value in entry.items() if value is not None}


async def _lock_scope(tx: Transaction, asked: Row, locks: Locks) -> _Scope:
    taken = {"identifiers": sorted(locks.identifiers), "persons": sorted(locks.persons)}
    row = await tx.one(LOCK_SCOPE, asked=asked, locks=taken, hub=HUB)
    if row is None:
        raise UnknownThing("candidate", asked["id"])
    members = {one["id"]: one for one in sorted(row["members"], key=itemgetter("id"))}
    for end in (row["left"], row["right"]):
        if end not in members:
            raise UnknownThing("person", end)
    edges: dict[str, list[Edge]] = {"SAME_AS": [], "NOT_SAME_AS": []}
    for one in row["edges"]:
        edges[one["type"]].append(Edge(one["left"], one["right"], one["decision"]))
    holders = {one["id"]: one["view_id"] for one in row["holders"]}
    shareable, shared = frozenset(row["shareable"]), frozenset(row["shared"])
    locks = Locks(
        shareable.union(shared, row["held"]),
        frozenset(members).union(holders, row["neighbours"]),
    )
    unsettled = shareable.union(shared, row["contested"])
    return _Scope(row["version"], row["decision"], members, edges, holders, shareable, shared, unsettled, locks)


def _effects(said: Row | None) -> tuple[list[str], list[str]]:
    """The types of what an entry of effect draws between its two persons, and the keys that it calls shared, sorted."""
    if said is None:
        return [], []
    if said["verdict"] == Verdict.SAME:
        return ["SAME_AS"], []
    verdict = keeping(said)
    types = [] if verdict is None else ["NOT_SAME_AS"]
    if verdict is Verdict.HOUSEHOLD:
        types.append("HOUSEHOLD_OF")
    return types, sorted(said.get("identifiers") or ()) if verdict is Verdict.SHARED_IDENTIFIER else []
