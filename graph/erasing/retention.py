"""Periods after which events are erased, by type: what is left of a person is what the events that are left say.

The last event of a fragment that was joined with others stays, for the fragment is what the join rests on; a person
of whom no event is left is erased. What takes back what others allow, a withdrawal of consent or a logout, goes with
the last of these: without it, who withdrew would be a lead again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import uuid_utils

from vitograph.graph import outbox
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import attempt
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.erasing.erasures import (
    AGGREGATE,
    LIST_HELD,
    LOCK_ERASURE,
    NOTHING,
    RECORD_PROGRESS,
    Wish,
    append,
    erase_if,
    new_entry,
)
from vitograph.graph.erasing.remainder import Remainder
from vitograph.graph.people.holdings import HUB, Moved, lock_use
from vitograph.graph.people.lifecycle import LIST_CONTESTED
from vitograph.graph.people.tombstones import require_seal
from vitograph.graph.queries import load
from vitograph.resolver.erasure import Seal
from vitograph.resolver.errors import Erased, GraphUnavailable, UnknownThing
from vitograph.resolver.model import Identifier
from vitograph.resolver.publishing.visitors import takes_back

UPSERT_POLICY = load("retention/upsert_policy")
LIST_POLICIES = load("retention/list_policies")
LOCK_POLICIES = load("retention/lock_policies")
CLOSE_POLICY = load("retention/close_policy")
LIST_DUE = load("retention/list_due")
LIST_RUNS = load("retention/list_runs")
LIST_HISTORY = load("retention/list_history")

log = logging.getLogger(__name__)

PAGE = 500
BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)

LEAST_AT_ONCE, MOST_AT_ONCE = 2_000, 8_000
"""Events that one transaction takes off a person, a quarter of theirs: the next one reads what is left anew."""

EXPIRING = "expiring"
"""The status of a run: no erasure of a person, that whoever keeps house could finish."""

LONGEST = dt.timedelta(days=1)
"""For so long a run of an older version, whose status tells nothing, is taken to be under way."""


@dataclass(slots=True)
class Expired:
    """What a run erased: events, and persons of whom none was left. `erasure` is its id, None when nothing was due.

    `failed` are the persons with whom it went wrong: their events wait for the next run.
    """

    events: int = 0
    persons: int = 0
    erasure: str | None = None
    failed: set[str] = field(default_factory=set)


async def set_policy(graph: Graph, type: str, days: int, actor: Caller) -> None:
    """Events of the type are erased so many days after they occurred."""
    said = {"type": type, "days": days, "actor": actor.id, "actor_name": actor.name, "at": dt.datetime.now(dt.UTC)}
    await graph.write(lambda tx: tx.run(UPSERT_POLICY, **said))


async def list_policies(graph: Graph) -> list[Row]:
    """Every period, by type."""
    return await graph.rows(LIST_POLICIES)


async def drop_policy(graph: Graph, type: str) -> None:
    """Events of the type are kept for good again. UnknownThing."""
    if not await graph.write(lambda tx: tx.run(CLOSE_POLICY, type=type)):
        raise UnknownThing("retention period of", type)


async def expire(graph: Graph, now: dt.datetime | None = None) -> Expired:
    """Erases every event that is older than its type may be; harmless to repeat. WrongState without an erasure key.

    What goes wrong with one person keeps nobody else waiting. GraphUnavailable when that is all of the graph.
    """
    moment = now or dt.datetime.now(dt.UTC)
    await close_runs(graph)
    policies = await list_policies(graph)
    before = _limits(policies, moment)
    expired = Expired()
    for policy in policies:
        actor = Caller(policy["actor"], policy["actor_name"], Role.ADMIN)
        async for person_id in _list_due(graph, policy["type"], before):
            require_seal(graph)
            if person_id not in expired.failed:
                await _try_expire_of(graph, person_id, moment, actor, expired)
    if expired.erasure is not None:
        await _close(graph, expired.erasure)
    return expired


async def _list_due(graph: Graph, type: str, before: Mapping[str, dt.datetime]) -> AsyncIterator[str]:
    """Persons of whom a run would erase events of a type, page by page; some come again."""
    due: dict[str, Any] = {"type": type, "limits": dict(before), "before": before[type], "whole": takes_back(type)}
    after: Any = BEFORE_ALL
    while after is not None:
        [page] = await graph.rows(LIST_DUE, **due, after=after, limit=PAGE)
        for person_id in page["persons"]:
            yield person_id
        after = page["last"]


async def close_runs(graph: Graph, older: dt.datetime | None = None) -> None:
    """What runs erased that broke off is forgotten elsewhere too. One that goes on goes on as another.

    Of an older version: those that began before `older`, by default a day ago, for it does not take that well.
    """
    before = older or dt.datetime.now(dt.UTC) - LONGEST
    for row in await graph.rows(LIST_RUNS, before=before):
        await _close(graph, row["id"])


async def _try_expire_of(graph: Graph, person_id: str, moment: dt.datetime, actor: Caller, expired: Expired) -> None:
    try:
        await _expire_of(graph, person_id, moment, actor, expired)
    except Exception as error:
        if isinstance(error, GraphUnavailable):
            await list_policies(graph)  # raises again when it is not this person alone
        expired.failed.add(person_id)
        # What an error says may be what the person stated.
        log.error("events of %s wait for the next run: %s", person_id, type(error).__name__)


async def _expire_of(graph: Graph, person_id: str, moment: dt.datetime, actor: Caller, expired: Expired) -> None:
    seal = require_seal(graph)
    contested: set[str] = set()

    async def work(tx: Transaction) -> tuple[int, bool, bool, str | None]:
        scope = await _lock_scope(tx, person_id, contested)
        # Anew: of what is kept for longer by now, or for good, nothing goes.
        before = _limits(await tx.run(LOCK_POLICIES), moment)
        rows = await tx.listed(LIST_HISTORY, id=person_id)
        gone = [row for row in rows if _is_old(row["event"], before)]
        if gone and len(gone) == len(rows) and not gone[-1]["is_joined"]:
            return 0, False, True, expired.erasure
        gone = [row for row in gone if not takes_back(row["event"]["type"])]
        if len(gone) == len(rows):
            gone = gone[:-1]
        if not gone:
            return 0, False, False, expired.erasure
        most = min(max(LEAST_AT_ONCE, len(rows) // 4), MOST_AT_ONCE)
        are_more = len(gone) > most
        del gone[most:]
        ids = {row["id"] for row in gone}
        left = [row for row in rows if row["id"] not in ids]
        traces = await Remainder(tx, seal, person_id).write(gone, left, scope)
        run = await _lock_open(tx, expired.erasure) or await _begin(tx, seal, actor, before)
        await _tell(tx, run, len(gone), traces)
        return len(gone), are_more, False, run["id"]

    are_more = True
    while are_more:
        try:
            events, are_more, is_whole, expired.erasure = await attempt(graph.write, work)
        except UnknownThing:  # somebody else erased them meanwhile
            return
        expired.events += events
    if is_whole:
        await _erase_whole(graph, person_id, moment, actor, expired)


async def _lock_scope(tx: Transaction, person_id: str, contested: set[str]) -> dict[str, bool]:
    """Locks a person and all identifiers whose standing may follow from what is left of them; by key, whether to whom
    it is bound may follow from it, too. UnknownThing.

    Those are what the person holds, and what their view holds beside others: what it states decides how that stands.
    `contested` are those of the latter that were found so far. Moved, when they are others under the locks.
    """
    held = await _list_held(tx, person_id)
    holdings = await lock_use(tx, map(Identifier.parse, held.keys() | contested), [person_id])
    person = holdings.fragments.get(person_id)
    if person is None:
        raise UnknownThing("person", person_id)
    rows = await tx.run(LIST_CONTESTED, views=[person.view_id], known=[], hub=HUB)
    contested.clear()
    contested.update(row["key"] for row in rows)
    held = await _list_held(tx, person_id)
    if held.keys() | contested != holdings.holds.keys():
        raise Moved
    return {key: held.get(key, False) for key in sorted(holdings.holds)}


async def _list_held(tx: Transaction, person_id: str) -> dict[str, bool]:
    return {row["key"]: row["binds"] for row in await tx.run(LIST_HELD, ids=[person_id])}


async def _erase_whole(graph: Graph, person_id: str, moment: dt.datetime, actor: Caller, expired: Expired) -> None:
    async def condition(tx: Transaction, persons: Sequence[str]) -> bool:
        """Since it was seen that nothing would be left, something may have come, or somebody been joined, or a period
        been dropped.
        """
        before = _limits(await tx.run(LOCK_POLICIES), moment)
        rows = await tx.listed(LIST_HISTORY, id=person_id)
        return list(persons) == [person_id] and all(
            _is_old(row["event"], before) and not row["is_joined"] for row in rows
        )

    with contextlib.suppress(UnknownThing, Erased):  # somebody else erased them meanwhile
        done = await erase_if(graph, person_id, actor, Wish(devices=False), condition)
        if done is not None:
            expired.events += done["events"]
            expired.persons += 1


def _limits(policies: Sequence[Row], moment: dt.datetime) -> dict[str, dt.datetime]:
    """When events of a type occurred at the earliest that are kept at a moment."""
    return {row["type"]: moment - dt.timedelta(days=row["days"]) for row in policies}


def _is_old(event: Mapping[str, Any], before: Mapping[str, dt.datetime]) -> bool:
    limit = before.get(event["type"])
    return limit is not None and bool(event["occurred_at"].to_native() < limit)


async def _lock_open(tx: Transaction, id: str | None) -> Row | None:
    """The run, unless somebody closed it: to what is forgotten by now nothing is added."""
    locked = await tx.one(LOCK_ERASURE, id=id) if id is not None else None
    return locked["erasure"] if locked is not None and locked["erasure"]["status"] == EXPIRING else None


async def _begin(tx: Transaction, seal: Seal, actor: Caller, before: Mapping[str, dt.datetime]) -> Row:
    """A run that has something to erase is an erasure, in the log in the name of whoever set the period."""
    id, at = f"x-{uuid_utils.uuid7()}", dt.datetime.now(dt.UTC)
    account = {"erasure": id, "before": {type: moment.isoformat() for type, moment in sorted(before.items())}}
    entry = new_entry(actor, account, "expire")
    erasure = {
        **{"id": id, "at": at, "actor": actor.id, "actor_name": actor.name, "status": EXPIRING, "entry": entry["id"]},
        **{"persons": 0, "identifiers": 0, "events": 0, "evidence": 0, "suppressed": False},
        "forget": NOTHING,
    }
    await append(tx, entry, erasure, seal, 0)
    return erasure


async def _tell(tx: Transaction, run: Row, events: int, traces: Mapping[str, Sequence[str]]) -> None:
    """The evidence and the identifiers that are gone are forgotten elsewhere too, once the run is over."""
    forget = orjson.loads(run["forget"])
    for name, gone in traces.items():
        forget[name] += gone
    changes = {
        "forget": orjson.dumps(forget).decode(),
        "events": run["events"] + events,
        "identifiers": len(forget["identifiers"]),
        "evidence": len(forget["evidence"]),
    }
    await tx.run(RECORD_PROGRESS, id=run["id"], changes=changes)


async def _close(graph: Graph, id: str) -> None:
    """What a run erased is to be forgotten elsewhere from now on; harmless where somebody else closed it."""

    async def work(tx: Transaction) -> None:
        locked = await tx.one(LOCK_ERASURE, id=id)
        if locked is not None and locked["erasure"]["status"] != "done":
            await outbox.record(tx, AGGREGATE, id, 1)
            await tx.run(RECORD_PROGRESS, id=id, changes={"status": "forgetting"})

    await graph.write(work)
