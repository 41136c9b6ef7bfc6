"""One candidate under lock: everything that a decision on it depends on, and every change that one can make.

Lock order: identifiers (by key) → persons (by id) → candidates (by id); an entry's number in the log, and with it the
lock of the head, comes last of all (`entries.append`). What must be locked is read first, so it is read again under the
locks; when more is there by then, the transaction starts anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.moments import microseconds
from vitograph.graph.people.holdings import HUB, Moved, lock_use
from vitograph.graph.people.lifecycle import LIST_CONTESTED, LIST_EDGES, write_statuses
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.people.persons import LOCK_PERSONS
from vitograph.graph.people.visitors import record_changes
from vitograph.graph.queries import Statement, load
from vitograph.resolver.attributing.lifecycle import restate
from vitograph.resolver.deciding.decisions import Contradiction, Edge, Verdict, contradiction, view_ids
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.model import Identifier, PersonKind
from vitograph.resolver.scoring.parameters_json import load_model

GET_CANDIDATE_ENDS = load("decision/get_candidate_ends")
LIST_MEMBERS = load("decision/list_members")
LIST_HOLDERS = load("decision/list_holders")
LIST_SHARED = load("decision/list_shared")
LOCK_IDENTIFIERS = load("decision/lock_identifiers")
RECORD_STALE = load("decision/record_stale")
LOCK_CANDIDATES = load("decision/lock_candidates")
RECORD_SAME = load("decision/record_same")
RECORD_APART = load("decision/record_apart")
RECORD_HOUSEHOLD = load("decision/record_household")
RECORD_VIEWS = load("decision/record_views")
RECORD_SHARED = load("decision/record_shared")
RECORD_STATUS = load("decision/record_status")
CLOSE_EDGES = load("decision/close_edges")
CLOSE_SHARED = load("decision/close_shared")
CLOSE_JOINED = load("decision/close_joined")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a decision touches: identifiers it could make shared, and those that the one it replaces made shared, or the
    one before, whose word the way back lets stand.

    `holders` are the fragments of all views that hold one of either. `contested` are the identifiers of both views that
    others hold too, `neighbours` the fragments of all views that hold one of these.
    """

    ends: Row
    members: Mapping[str, Row]
    holders: Mapping[str, Row]
    shareable: frozenset[str]
    shared: frozenset[str]
    contested: frozenset[str]
    neighbours: frozenset[str]

    @property
    def persons(self) -> set[str]:
        return self.members.keys() | self.holders.keys() | self.neighbours

    @property
    def unsettled(self) -> list[str]:
        """Identifiers whose status may follow from the decision, sorted."""
        return sorted(self.contested | self.shareable | self.shared)

    @property
    def identifiers(self) -> set[str]:
        return {key for row in self.members.values() for key in row["holds"]} | self.shareable | self.shared


@dataclass(slots=True)
class Case:
    """A candidate, the fragments of its two views and what decisions say of them, all locked. `at` is now.

    `touched` are other candidates that were made stale, `moved` the views that another set of fragments is in by now.
    """

    tx: Transaction
    scope: _Scope
    candidate: Row
    waiting: list[Row]
    same: list[Edge]
    apart: list[Edge]
    at: dt.datetime
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
        return contradiction(self.left, self.right, self._among_members(self.same), self._among_members(apart))

    def _among_members(self, edges: Iterable[Edge]) -> list[Edge]:
        return [edge for edge in edges if edge.left in self.members and edge.right in self.members]

    async def join(self, decision: str) -> None:
        """Draws SAME_AS, recomputes the view and closes what needs no answer any more."""
        await self._draw(RECORD_SAME, decision)
        self.same.append(Edge(self.left, self.right, decision))
        views = await self.write_views()
        joined = [
            row["id"]
            for row in self.waiting
            if row["id"] != self.candidate["id"] and views[row["left"]] == views[row["right"]]
        ]
        if joined:
            await self.tx.run(CLOSE_JOINED, ids=joined, decision=decision, at=self.at)

    async def keep_apart(self, decision: str, verdict: Verdict, keys: Iterable[str]) -> None:
        """Draws NOT_SAME_AS, and what else the verdict says: that they live together, that identifiers are shared."""
        await self._draw(RECORD_APART, decision)
        if verdict is Verdict.HOUSEHOLD:
            await self._draw(RECORD_HOUSEHOLD, decision)
        if verdict is Verdict.SHARED_IDENTIFIER:
            await self.tx.run(RECORD_SHARED, decision=decision, keys=sorted(keys))

    async def undo(self, decision: str) -> None:
        """Takes back whatever a decision on this candidate drew and called shared. Views are the caller's to write."""
        await self._draw(CLOSE_EDGES, decision)
        await self.tx.run(CLOSE_SHARED, decision=decision)
        self.same = [edge for edge in self.same if edge.decision != decision]
        self.apart = [edge for edge in self.apart if edge.decision != decision]

    async def write_views(self) -> dict[str, str]:
        """Recomputes the view of every person of the case, and marks them all to be scored.

        Views are what the use of an identifier is counted in, so statuses follow.
        """
        persons = {**self.scope.holders, **self.members}
        views = {id: row["view_id"] for id, row in persons.items()}
        kinds = {id: PersonKind(row["kind"]) for id, row in self.members.items()}
        views |= view_ids(kinds, self._among_members(self.same))
        rows = [{"id": id, "view_id": views[id]} for id in sorted(views)]
        await self.tx.run(RECORD_VIEWS, rows=rows, at=microseconds(self.at))
        moved = [id for id in self.members if views[id] != self.members[id]["view_id"]]
        if moved:
            # Who has read a pair of a view that changes under it has not read what there is to decide now.
            stale = await self.tx.run(RECORD_STALE, ids=sorted(self.members), decided=self.candidate["id"], at=self.at)
            self.touched += [row["id"] for row in stale]
        self.moved |= {view for id in moved for view in (views[id], self.members[id]["view_id"])}
        await self._restate()
        return views

    async def _restate(self) -> None:
        """Brings statuses in line with what was decided, and has those scored again whom that concerns."""
        keys = self.scope.unsettled
        if not keys:
            return
        holdings = await lock_use(self.tx, [Identifier.parse(key) for key in keys])
        marked = await write_statuses(self.tx, holdings, restate(keys, holdings, load_model()), self.at)
        if marked:
            await self.tx.run(MARK_PERSONS, ids=sorted(marked), at=microseconds(self.at), puts_off=False)
            await record_changes(self.tx, marked, self.at)

    async def write_status(self, status: str, verdict: str | None, decision: str | None) -> int:
        """Writes what became of the candidate; returns its version."""
        row = await self.tx.one(
            RECORD_STATUS,
            id=self.candidate["id"],
            status=status,
            verdict=verdict,
            decision=decision,
            at=self.at,
        )
        return int(row["version"]) if row else 0

    async def _draw(self, statement: Statement, decision: str) -> None:
        await self.tx.run(statement, left=self.left, right=self.right, decision=decision)


async def lock_case(tx: Transaction, candidate_id: str, *, sharing: bool = False, named: str | None = None) -> Case:
    """Locks all that a decision on a candidate depends on. UnknownThing when there is no such candidate.

    `sharing`: the identifiers that both views hold are to become shared; `named` alone, if given.
    """
    scope = await _read_scope(tx, candidate_id, sharing, named)
    await tx.run(LOCK_IDENTIFIERS, keys=sorted(scope.identifiers))
    await tx.run(LOCK_PERSONS, ids=sorted(scope.persons))
    locked = scope
    scope = await _read_scope(tx, candidate_id, sharing, named)
    if not (scope.persons <= locked.persons and scope.identifiers <= locked.identifiers):
        raise Moved
    waiting = await tx.run(LOCK_CANDIDATES, id=candidate_id, persons=sorted(scope.members))
    candidate = next((row for row in waiting if row["id"] == candidate_id), None)
    if candidate is None or candidate["decision"] != scope.ends["decision"]:
        raise Moved
    edges = await tx.run(LIST_EDGES, ids=sorted(scope.persons))
    return Case(
        tx,
        scope,
        candidate,
        waiting,
        [_edge(row) for row in edges if row["type"] == "SAME_AS"],
        [_edge(row) for row in edges if row["type"] == "NOT_SAME_AS"],
        dt.datetime.now(dt.UTC),
    )


async def lock_all(tx: Transaction, candidate_ids: Iterable[str]) -> None:
    """Takes the locks of several cases in their one order, so that each can then be locked as if it were alone."""
    scopes = [await _read_scope(tx, id, False, None) for id in dict.fromkeys(candidate_ids)]
    await tx.run(LOCK_IDENTIFIERS, keys=sorted({key for scope in scopes for key in scope.identifiers}))
    await tx.run(LOCK_PERSONS, ids=sorted({id for scope in scopes for id in scope.persons}))


async def _read_scope(tx: Transaction, candidate_id: str, sharing: bool, named: str | None) -> _Scope:
    ends = await tx.one(GET_CANDIDATE_ENDS, id=candidate_id)
    if ends is None:
        raise UnknownThing("candidate", candidate_id)
    rows = await tx.run(LIST_MEMBERS, ids=[ends["left"], ends["right"]])
    members = {row["id"]: row for row in rows}
    for end in (ends["left"], ends["right"]):
        if end not in members:
            raise UnknownThing("person", end)
    shareable = _common(ends, members, named) if sharing else frozenset()
    shared: frozenset[str] = frozenset()
    if ends["decision"] is not None:
        shared = frozenset(row["key"] for row in await tx.run(LIST_SHARED, id=ends["decision"]))
    keys = sorted(shareable | shared)
    holders = {row["id"]: row for row in await tx.run(LIST_HOLDERS, keys=keys)} if keys else {}
    views = sorted({row["view_id"] for row in members.values()})
    contested = frozenset(row["key"] for row in await tx.run(LIST_CONTESTED, views=views, known=[], hub=HUB))
    near = await tx.run(LIST_HOLDERS, keys=sorted(contested)) if contested else []
    return _Scope(ends, members, holders, shareable, shared, contested, frozenset(row["id"] for row in near))


def _common(ends: Row, members: Mapping[str, Row], named: str | None) -> frozenset[str]:
    """The identifiers that the views of both ends hold; the named one alone, if one is named."""

    def held(end: str) -> set[str]:
        view_id = members[end]["view_id"]
        return {key for row in members.values() if row["view_id"] == view_id for key in row["holds"]}

    common = held(ends["left"]) & held(ends["right"])
    return frozenset(common if named is None else common & {named})


def _edge(row: Row) -> Edge:
    return Edge(row["left"], row["right"], row["decision"])
