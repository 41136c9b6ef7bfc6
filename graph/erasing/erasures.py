"""Erasing a person: nothing of the view is left but keyed hashes, and an entry of the log that names nobody.

One transaction takes all that leads to the person — persons, identifiers, what was read and proposed of them — and the
first events; what a very long history leaves over goes in later ones, and a worker goes on where one broke off. What
lies elsewhere is forgotten by the outbox (`projections/forgetting.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import uuid_utils

from vitograph.graph import outbox
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import attempt
from vitograph.graph.deciding.entries import lock_head, moment
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.erasing.steps import Erasing, close_evidence
from vitograph.graph.intake.settling import settle_identifiers
from vitograph.graph.people.holdings import HUB, Moved, lock_use
from vitograph.graph.people.tombstones import missing_person, require_seal
from vitograph.graph.queries import load
from vitograph.graph.resolving.models import close_in_reports
from vitograph.resolver.deciding.decisions import Entry
from vitograph.resolver.deciding.ledger import chain, evidence_hash
from vitograph.resolver.erasure import Seal, Sealed
from vitograph.resolver.errors import Forbidden, UnknownThing
from vitograph.resolver.model import Identifier

LIST_FRAGMENTS = load("erasure/list_fragments")
LIST_HELD = load("erasure/list_held")
LOCK_ERASURE = load("erasure/lock_erasure")
RECORD_ERASURE = load("erasure/record_erasure")
RECORD_PROGRESS = load("erasure/record_progress")
GET_ERASURE = load("erasure/get_erasure")
LIST_ERASURES = load("erasure/list_erasures")
LIST_BEGUN = load("erasure/list_begun")

AGGREGATE = "erasure"
NOTHING = orjson.dumps({"persons": [], "identifiers": [], "evidence": []}).decode()


@dataclass(frozen=True, slots=True)
class Wish:
    """How to erase. `devices`: also the devices that only this person was ever known on, by what nobody shares.

    `suppress`: nothing is taken in about the person's own identifiers ever again, not even what happens later.
    """

    devices: bool = True
    suppress: bool = False


Condition = Callable[[Transaction, Sequence[str]], Awaitable[bool]]
"""Whether to erase these fragments, as they are under lock."""


async def erase(graph: Graph, person_id: str, actor: Caller, wish: Wish | None = None) -> Row:
    """Erases the view that a person is in, by the id of any of its fragments; how far it is, as `get_erasure` tells.

    Forbidden to all but admins. UnknownThing; Erased when that was done before; WrongState without an erasure key.
    """
    erasure = await erase_if(graph, person_id, actor, wish or Wish(), _always)
    assert erasure is not None
    return erasure


async def erase_if(graph: Graph, person_id: str, actor: Caller, wish: Wish, condition: Condition) -> Row | None:
    """The same, unless the condition does not hold once all is locked: then nothing is done, and None returned."""
    if actor.role is not Role.ADMIN:
        raise Forbidden(f"only an admin erases a person; this is a {actor.role} key")
    seal = require_seal(graph)
    id = f"x-{uuid_utils.uuid7()}"

    async def work(tx: Transaction) -> bool:
        return await _begin(tx, _Order(id, person_id, actor, wish, condition), seal)

    try:
        is_begun = await attempt(graph.write, work)
    except UnknownThing:
        raise await missing_person(graph, person_id) from None
    return await get_erasure(graph, id) if is_begun else None


async def _always(_tx: Transaction, _persons: Sequence[str]) -> bool:
    return True


async def finish_begun(graph: Graph) -> int:
    """Takes the events that begun erasures left over, until none is left; how many erasures were finished."""
    begun = await graph.rows(LIST_BEGUN)
    for row in begun:
        while not await _go_on(graph, row["id"], row["persons"]):
            pass
    return len(begun)


async def get_erasure(graph: Graph, id: str) -> Row:
    """How far an erasure is. `erasing`: events are left; `forgetting`: something outside the graph is; `done`.

    `expiring`: a run of the retention periods, which goes on or broke off.
    """
    rows = await graph.rows(GET_ERASURE, id=id)
    if not rows:
        raise UnknownThing("erasure", id)
    return {**_shown(rows[0]["erasure"]), "waiting": rows[0]["waiting"]}


async def list_erasures(graph: Graph) -> list[Row]:
    """Every erasure, oldest first."""
    return [_shown(row["erasure"]) for row in await graph.rows(LIST_ERASURES)]


def _shown(erasure: Row) -> Row:
    return {
        **{name: erasure.get(name) for name in _SHOWN},
        "at": erasure["at"].to_native().isoformat(),
        "disk": "clean" if erasure.get("compacted") else "to be compacted",
    }


async def close_unused(graph: Graph, evidence: Sequence[str]) -> None:
    """Evidence that no event refers to is not known any more."""
    await graph.write(lambda tx: close_evidence(tx, evidence))


async def get_traces(graph: Graph, id: str) -> dict[str, list[str]] | None:
    """What is to be forgotten outside the graph: `persons`, `identifiers` (keys), `evidence`. None: nothing (more)."""
    rows = await graph.rows(GET_ERASURE, id=id)
    return _left(rows[0]["erasure"]) if rows else None


async def close_erasure(graph: Graph, id: str, told: Mapping[str, Sequence[str]]) -> bool:
    """What `told` names was forgotten outside the graph: so is what that was, unless there is more by now.

    Whether nothing is left to be forgotten.
    """

    async def work(tx: Transaction) -> bool:
        locked = await tx.one(LOCK_ERASURE, id=id)
        left = _left(locked["erasure"]) if locked is not None else None
        if left is not None and left == told:
            await tx.run(RECORD_PROGRESS, id=id, changes={"status": "done", "forget": None})
        return left is None or left == told

    return await graph.write(work)


def _left(erasure: Row) -> dict[str, list[str]] | None:
    return None if erasure["status"] == "done" else dict(orjson.loads(erasure.get("forget", NOTHING)))


_SHOWN = ("id", "status", "actor", "actor_name", "persons", "identifiers", "events", "evidence", "suppressed", "entry")


@dataclass(frozen=True, slots=True)
class _Order:
    """Whom to erase, how, at whose word and on what condition; `id` is that of the erasure."""

    id: str
    person_id: str
    actor: Caller
    wish: Wish
    condition: Condition


async def _begin(tx: Transaction, order: _Order, seal: Seal) -> bool:
    """Whether the condition holds, and so it is begun."""
    fragments, held = await _read(tx, order)
    persons = [row["id"] for row in fragments]
    keys = held.keys()
    await close_in_reports(tx, persons)
    await lock_use(tx, [Identifier.parse(key) for key in keys], persons)
    # Again, under the locks: what counts is what is there now.
    fragments, held = await _read(tx, order)
    if [row["id"] for row in fragments] != persons or held.keys() != keys:
        raise Moved
    if not await order.condition(tx, persons):
        return False
    at = dt.datetime.now(dt.UTC)
    own = [key for key, row in held.items() if not row["is_shared"]]
    shared = [key for key, row in held.items() if row["is_shared"]]
    erasing = Erasing(tx, seal, order.id, at, persons, own, shared)
    await erasing.bury_verdicts()
    hashes = await erasing.bury(Sealed.PERSON, persons)
    hashes += await erasing.bury(Sealed.IDENTIFIER, own, suppressed=order.wish.suppress)
    await erasing.erase_candidates()
    are_left = await erasing.erase_events()
    await erasing.close_persons()
    await settle_identifiers(tx, shared, {key for key in shared if held[key]["binds"]}, at)
    account = {
        "erasure": order.id,
        "persons": len(persons),
        "identifiers": len(own),
        "events": sum(row["events"] for row in fragments),
        "tombstones": hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest(),
    }
    await _record(erasing, order, account, are_left)
    return True


async def _read(tx: Transaction, order: _Order) -> tuple[list[Row], dict[str, Row]]:
    """The fragments to be erased, and what they hold, by key."""
    fragments = await tx.run(LIST_FRAGMENTS, id=order.person_id, devices=order.wish.devices, hub=HUB)
    if not fragments:
        raise UnknownThing("person", order.person_id)
    held = await tx.run(LIST_HELD, ids=[row["id"] for row in fragments])
    return fragments, {row["key"]: row for row in held}


async def _record(erasing: Erasing, order: _Order, account: dict[str, Any], are_left: bool) -> None:
    tx, actor = erasing.tx, order.actor
    entry = new_entry(actor, account)
    forget = {"persons": erasing.persons, "identifiers": [*erasing.own, *erasing.shared], "evidence": erasing.evidence}
    erasure = {
        "id": erasing.id,
        "at": erasing.at,
        "actor": actor.id,
        "actor_name": actor.name,
        **{name: account[name] for name in ("persons", "identifiers", "events")},
        "evidence": len(erasing.evidence),
        "suppressed": order.wish.suppress,
        "entry": entry["id"],
        "status": "erasing" if are_left else "forgetting",
        "forget": orjson.dumps(forget).decode(),
    }
    if not are_left:
        await outbox.record(tx, AGGREGATE, erasing.id, 1)
    await append(tx, entry, erasure, erasing.seal, erasing.verdicts)


def new_entry(actor: Caller, account: dict[str, Any], verdict: str = "erase") -> Row:
    """What the log says of an erasure: who asked for it, when, and how much went; its evidence names nobody."""
    evidence = orjson.dumps(account, option=orjson.OPT_SORT_KEYS).decode()
    return {
        "id": f"d-{uuid_utils.uuid7()}",
        "entry": Entry.ERASURE.value,
        "verdict": verdict,
        "actor": actor.id,
        "actor_name": actor.name,
        "actor_role": actor.role.value,
        "holder": actor.holder,
        "evidence": evidence,
        "evidence_hash": evidence_hash(evidence),
        "concerns": [],
    }


async def append(tx: Transaction, entry: Row, erasure: Row, seal: Seal, verdicts: int) -> None:
    """Appends the entry to the log; its head is the last lock that is taken."""
    whole = chain(await lock_head(tx), entry | {"at": moment(dt.datetime.now(dt.UTC))})
    stored = {name: value for name, value in whole.items() if value is not None}
    await tx.run(RECORD_ERASURE, erasure=erasure, entry=stored, check=seal.check, verdicts=verdicts)


async def _go_on(graph: Graph, id: str, persons: Sequence[str]) -> bool:
    """Takes some more events of a begun erasure; whether that were the last."""
    seal = require_seal(graph)

    async def work(tx: Transaction) -> bool:
        locked = await tx.one(LOCK_ERASURE, id=id)
        if locked is None or locked["erasure"]["status"] != "erasing":
            return True
        erasing = Erasing(tx, seal, id, dt.datetime.now(dt.UTC), persons, [], [])
        is_last = not await erasing.erase_events()
        forget = orjson.loads(locked["erasure"]["forget"])
        forget["evidence"] += erasing.evidence
        changes = {"forget": orjson.dumps(forget).decode(), "evidence": len(forget["evidence"])}
        if is_last:
            await erasing.close_persons()
            await outbox.record(tx, AGGREGATE, id, 1)
            changes["status"] = "forgetting"
        await tx.run(RECORD_PROGRESS, id=id, changes=changes)
        return is_last

    return await graph.write(work)
