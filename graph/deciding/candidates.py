"""One pair: all that helps to decide it, and whose turn it is."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.call_reviews import count_doubtful
from vitograph.graph.deciding.queue import (
    FIRST,
    KINDS,
    LAST_ID,
    Filter,
    Place,
    count_candidates,
    count_groups,
    list_ids,
    list_items,
)
from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.marks import count_pending
from vitograph.graph.queries import load
from vitograph.graph.resolving import waterfalls
from vitograph.resolver.errors import AlreadyDecided, StaleVersion, UnknownThing, WrongState
from vitograph.resolver.scoring.policy import is_ambiguous

GET_CANDIDATE = load("candidate/get_candidate")
GET_VERSION = load("candidate/get_version")
LIST_RUNNERS_UP = load("candidate/list_runners_up")
LIST_RIVALS = load("candidate/list_rivals")
PREVIEW_MERGE = load("candidate/preview_merge")
CLAIM_CANDIDATE = load("candidate/claim_candidate")
LIST_EXPORT = load("candidate/list_export")
CLOSE_LAPSED = load("candidate/close_lapsed")
CLOSE_CLAIM = load("candidate/close_claim")

# How long a specialist's claim holds without being renewed.
LEASE = dt.timedelta(minutes=10)

# Pairs at the head of the queue among which the next one is chosen.
HEAD = 20
# Pairs that are read by who finds all of the head taken.
MORE = 100


async def count_all(graph: Graph) -> dict[str, Any]:
    """Counts by kind, status and band, how many persons wait to be scored, and doubtful events: read off indexes."""
    counting = count_candidates(graph), count_pending(graph), count_doubtful(graph)
    items, pending, doubtful = await asyncio.gather(*counting)
    return {"items": items, "next": None, "waiting": pending.waiting, "doubtful": doubtful.waiting}


async def count_evidence(graph: Graph) -> dict[str, Any]:
    """Counts by kind and group of evidence of what is open: every pair of the queue is read."""
    groups = await asyncio.gather(*(count_groups(graph, kind) for kind in KINDS))
    return dict(zip(KINDS, groups, strict=True))


async def get_candidate(graph: Graph, id: str) -> dict[str, Any]:
    """A candidate with its frozen evidence, its runners-up and a preview of what joining would bring together."""
    rows, runners_up, preview, ambiguous = await asyncio.gather(
        graph.rows(GET_CANDIDATE, id=id),
        graph.rows(LIST_RUNNERS_UP, id=id),
        graph.rows(PREVIEW_MERGE, id=id),
        ambiguous_of(graph, [id]),
    )
    if not rows:
        raise UnknownThing("candidate", id)
    if rows[0]["evidence"] is None and await waterfalls.tell(graph, [id]):
        rows = await graph.rows(GET_CANDIDATE, id=id)
    candidate = rows[0]
    candidate["evidence"] = orjson.loads(candidate["evidence"]) if candidate["evidence"] else {}
    candidate["reopened"] = orjson.loads(candidate["reopened"]) if candidate["reopened"] else None
    return {**candidate, "runner_up": runners_up, "ambiguous": id in ambiguous, "preview": preview[0]}


async def get_version(graph: Graph, id: str) -> int:
    """Of which version a candidate is. UnknownThing."""
    rows = await graph.rows(GET_VERSION, id=id)
    if not rows:
        raise UnknownThing("candidate", id)
    return int(rows[0]["version"])


async def ambiguous_of(graph: Graph, ids: Iterable[str]) -> set[str]:
    """Those of the candidates of which another one, of either person or of the device, could as well be meant."""
    rows = await graph.rows(LIST_RIVALS, ids=list(ids))
    return {row["id"] for row in rows if is_ambiguous(row["bits"], row["others"])}


async def export(graph: Graph, min_p: float, page: int = 5_000) -> AsyncIterator[Row]:
    """Every candidate of two known persons at or above a probability, whatever became of it, by id."""
    after = ""
    while rows := await graph.rows(LIST_EXPORT, min_p=min_p, after=after, limit=page):
        for row in rows:
            yield row
        after = rows[-1]["id"]


async def claim(graph: Graph, id: str, actor: Caller, version: int | None = None) -> Row:
    """Takes a candidate for a while, or renews that; what was read of it stays current.

    WrongState when somebody else has it or it does not wait, AlreadyDecided where a decision stands on it; StaleVersion
    when it is not of the version given.
    """
    row = await _claim(graph, id, actor, version)
    if row["refused"] == "version":
        raise StaleVersion("candidate", id)
    if row["refused"] == "claimed":
        raise claimed(row)
    if row["refused"] == "status":
        raise not_waiting(id, row["status"], row["decision"])
    return row


def claimed(candidate: Row) -> WrongState:
    """Who has a candidate, and for how long."""
    id, name, until = (candidate[key] for key in ("id", "claimed_by_name", "claimed_until"))
    return WrongState(f"candidate {id!r} is claimed by {name} until {until}")


def not_waiting(id: str, status: str, decision: str | None) -> WrongState:
    """Why a candidate of this status takes no verdict, and what to do where somebody may go on."""
    if status == "decided" and decision is not None:
        return AlreadyDecided(id, decision)
    awaited = "waits for a second person: confirm its `pending` decision, or retract it"
    why = awaited if status == "awaiting" else f"does not wait for a decision: it is {status}"
    return WrongState(f"candidate {id!r} {why}")


async def claim_next(
    graph: Graph, filter: Filter, actor: Caller, skip: Iterable[str] = (), *, blind: bool = False
) -> str | None:
    """Claims one of the most valuable that nobody has, and returns its id; None when none is left.

    Of a head of the queue, not its first alone: many who ask at once would all want the same one. In `blind` mode, the
    queue is that of ids.
    """
    skipped = frozenset(skip)
    after: Place = (0.0, LAST_ID) if blind else FIRST
    filter = filter.blinded() if blind else filter
    limit = HEAD
    while ids := await list_ids(graph, filter, after, limit, blind=blind):
        free = [id for id in ids if id not in skipped]
        random.shuffle(free)
        for id in free:
            if (await _claim(graph, id, actor, None))["refused"] is None:
                return id
        last = await list_items(graph, ids[-1:])
        if len(ids) < limit or not last:
            return None
        after, limit = (last[0]["value"], ids[-1]), MORE
    return None


async def release(graph: Graph, id: str, actor: str) -> Row:
    """Gives a claim back before it ends. UnknownThing; WrongState when the actor does not have it."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_CLAIM, id=id, actor=actor, at=dt.datetime.now(dt.UTC)))
    if not rows:
        await get_version(graph, id)
        raise WrongState(f"candidate {id!r} is not claimed by you")
    return rows[0]


async def _claim(graph: Graph, id: str, actor: Caller, version: int | None) -> Row:
    now = dt.datetime.now(dt.UTC)
    who = {"actor": actor.id, "name": actor.name}
    rows = await graph.write(
        lambda tx: tx.run(CLAIM_CANDIDATE, id=id, **who, version=version, now=now, until=now + LEASE)
    )
    if not rows:
        raise UnknownThing("candidate", id)
    return rows[0]


async def return_lapsed(graph: Graph) -> int:
    """Puts back into the queue what somebody claimed and left; how many."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_LAPSED, now=dt.datetime.now(dt.UTC)))
    return int(rows[0]["returned"])
