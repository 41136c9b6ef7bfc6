"""The way back, for more than one decision: planned, shown before it is done, and done as a whole or not at all.

A dry run is the retraction itself in a transaction that is undone, so what it shows is what would happen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.cases import list_locks, lock_version
from vitograph.graph.deciding.decisions import Outcome, attempt, require_human, retract_in
from vitograph.graph.deciding.entries import GET_DECISION, require_kept, shown
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.people.lifecycle import RECORD_WEAKENED
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import Entry, Verdict
from vitograph.resolver.deciding.retraction import Scope, Standing, taken_back
from vitograph.resolver.errors import StaleVersion, UnknownThing, WrongState

LIST_MEMBERS = load("decision/list_members")
LIST_SHARED = load("decision/list_shared")
LIST_STANDING = load("decision/list_standing")
LIST_STATUSES = load("decision/list_statuses")

# Decisions that one transaction takes back: it holds the head of the log meanwhile.
MOST = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be taken back and why. `stays` is a fragment whose part of the view a sub-tree leaves alone.

    `snapshot` is that of the dry run, when there was one: another plan by now is refused.
    """

    reason: str
    note: str | None = None
    keep_apart: bool = True
    scope: Scope = Scope.DECISION
    stays: str | None = None
    snapshot: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions that go, newest first, and what becomes of views and identifiers by it.

    `resting` are later decisions on a view that the named one had joined, which stay.
    """

    decisions: tuple[Row, ...]
    resting: tuple[Row, ...] = ()
    views: tuple[Row, ...] = ()
    identifiers: tuple[Row, ...] = ()

    @property
    def snapshot(self) -> str:
        """Of all that is shown but for numbers of events, which go on coming."""
        ids = [[row["id"] for row in rows] for rows in (self.decisions, self.resting)]
        parts = [[part["view_id"], part["fragments"]] for view in self.views for part in view["parts"]]
        return hashlib.sha256(orjson.dumps([ids, parts, self.identifiers])).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        return {
            "decisions": list(self.decisions),
            "resting": list(self.resting),
            "views": list(self.views),
            "identifiers": list(self.identifiers),
            "snapshot": self.snapshot,
        }


async def retract_all(graph: Graph, decision_id: str, wish: Wish, actor: Caller) -> list[Outcome]:
    """Takes back a decision and what goes with it; newest first. Links that rest on them and stay are flagged."""
    require_human(actor)

    async def work(tx: Transaction) -> list[Outcome]:
        if wish.snapshot is None:
            return await _retract(tx, decision_id, await _plan(tx, decision_id, wish), wish, actor)
        plan, outcomes = await _watched(tx, decision_id, wish, actor)
        if wish.snapshot != plan.snapshot:
            raise StaleVersion("retraction of", decision_id)
        return outcomes

    return await attempt(graph.write, work)


async def rehearse(graph: Graph, decision_id: str, wish: Wish, actor: Caller) -> Plan:
    """What `retract_all` would do now. Nothing is changed."""
    require_human(actor)
    plans: list[Plan] = []

    async def work(tx: Transaction) -> None:
        plans.append((await _watched(tx, decision_id, wish, actor))[0])

    await attempt(graph.rehearse, work)
    return plans[-1]


async def _watched(tx: Transaction, decision_id: str, wish: Wish, actor: Caller) -> tuple[Plan, list[Outcome]]:
    """Takes back, and tells what became of views and identifiers by it."""
    rows, resting = await _plan(tx, decision_id, wish)
    before = await tx.run(LIST_MEMBERS, ids=[row[side] for row in rows for side in ("left", "right")])
    keys = sorted({hold["key"] for row in rows for hold in await tx.run(LIST_SHARED, id=row["id"])})
    statuses = await tx.run(LIST_STATUSES, keys=keys)
    outcomes = await _retract(tx, decision_id, (rows, resting), wish, actor)
    after = await tx.run(LIST_MEMBERS, ids=[row["id"] for row in before])
    parted, changed = _parted(before, after), _changed(statuses, await tx.run(LIST_STATUSES, keys=keys))
    return Plan(tuple(rows), tuple(resting), parted, changed), outcomes


async def _retract(
    tx: Transaction, decision_id: str, plan: tuple[list[Row], list[Row]], wish: Wish, actor: Caller
) -> list[Outcome]:
    """Takes back the first of the plan, and flags links among the others."""
    rows, resting = plan
    outcomes = await _carry_out(tx, decision_id, rows, wish, actor)
    if links := [row | {"decision": row["id"]} for row in resting if row["verdict"] == Verdict.SAME]:
        named = next(one.decision for one in outcomes if one.decision["supersedes"] == decision_id)
        await tx.run(RECORD_WEAKENED, rows=links, cause=named["id"])
    return outcomes


async def _plan(tx: Transaction, decision_id: str, wish: Wish) -> tuple[list[Row], list[Row]]:
    """The decisions to take back, and those that rest on the named one and stay; newest first."""
    found = await tx.one(GET_DECISION, id=decision_id)
    if found is None:
        raise UnknownThing("decision", decision_id)
    require_kept(entry := shown(found))
    # What cannot be taken back (a confirmation, a promotion, an erasure) lacks some of it; carrying it out says so.
    first = {name: entry.get(name) for name in _SHOWN}
    if entry["state"] != "applied" or entry["entry"] not in _OF_PAIRS:
        return [first], []
    [found] = await tx.run(LIST_STANDING, left=first["left"], right=first["right"])
    views = {row["id"]: row["view_id"] for row in found["fragments"]}
    standing = {row["id"]: row for row in found["standing"]}
    if decision_id not in standing:
        return [first], []
    if wish.scope is not Scope.DECISION and wish.stays is not None and wish.stays not in views:
        raise UnknownThing("fragment of this view", wish.stays)
    named, stays = _standing(standing[decision_id]), wish.stays or views[min(views)]
    back, caused = (
        [one.id for one in taken_back(named, map(_standing, standing.values()), scope, stays)]
        for scope in (wish.scope, Scope.CAUSED)
    )
    if len(back) > MOST:
        raise WrongState(
            f"{len(back)} decisions rest on {decision_id!r}; take back at most {MOST} at once, newest first"
        )
    rows = {id: {name: row[name] for name in _SHOWN} for id, row in standing.items()}
    return [rows[id] for id in back], [rows[id] for id in caused if id not in back]


async def _carry_out(
    tx: Transaction, decision_id: str, rows: Sequence[Row], wish: Wish, actor: Caller
) -> list[Outcome]:
    """Takes back one by one, under locks taken at once. Only the one that was named keeps its two persons apart."""
    locks = await list_locks(tx, [row["candidate_id"] for row in rows if row["candidate_id"] is not None])
    # What goes with it may change its candidate, so what was read is compared before.
    named = next(row["candidate_id"] for row in rows if row["id"] == decision_id)
    if wish.version is not None and named is not None and await lock_version(tx, named, locks) != wish.version:
        raise StaleVersion("candidate", named)
    outcomes = []
    for row in rows:
        is_named = row["id"] == decision_id
        outcomes.append(
            await retract_in(
                tx,
                row["id"],
                wish.reason,
                actor,
                note=wish.note,
                keep_apart=wish.keep_apart and is_named,
                within=(row["candidate_id"], locks),
            )
        )
    return outcomes


_OF_PAIRS = (Entry.DECISION, Entry.RETRACTION)
_SHOWN = ("id", "seq", "verdict", "left", "right", "candidate_id", "reason", "actor_name", "at")


def _standing(row: Row) -> Standing:
    return Standing(row["id"], row["applied"], row["verdict"], row["left"], row["right"])


def _parted(before: Sequence[Row], after: Sequence[Row]) -> tuple[Row, ...]:
    """Views that come apart, with the fragments and events of each part by its view id to be."""
    becomes = {row["id"]: row["view_id"] for row in after}
    views: dict[str, dict[str, Row]] = {}
    for row in before:
        parts = views.setdefault(row["view_id"], {})
        part = parts.setdefault(becomes[row["id"]], {"view_id": becomes[row["id"]], "fragments": [], "events": 0})
        part["fragments"].append(row["id"])
        part["events"] += row["events"]
    return tuple(
        {"view_id": view_id, "parts": [parts[id] for id in sorted(parts)]}
        for view_id, parts in sorted(views.items())
        if len(parts) > 1
    )


def _changed(before: Sequence[Row], after: Sequence[Row]) -> tuple[Row, ...]:
    becomes = {row["key"]: row["status"] for row in after}
    return tuple(row | {"becomes": becomes[row["key"]]} for row in before if becomes[row["key"]] != row["status"])
