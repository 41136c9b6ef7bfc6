"""The outbox: what changed and is not projected yet. An entry is written with its change and deleted when carried out.

`take` leases entries, so two projectors share the work; a projector that dies leaves its entries to the next one when
the lease ends. Times are the server's, so that projectors on several machines agree on what is due.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from uuid_utils import uuid7

from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.publishing.outbox import LONGEST_WAIT, MANY, MOST_ATTEMPTS, Backlog, Entry, wait

RECORD_ENTRY = load("outbox/record_entry")
LOCK_URGENT = load("outbox/lock_urgent")
LOCK_DUE = load("outbox/lock_due")
CLAIM_ENTRIES = load("outbox/claim_entries")
CLOSE_ENTRIES = load("outbox/close_entries")
RECORD_FAILURES = load("outbox/record_failures")
RECORD_RETURN = load("outbox/record_return")
RECORD_REVIVAL = load("outbox/record_revival")
LIST_DEAD = load("outbox/list_dead")
COUNT_ENTRIES = load("outbox/count_entries")
LIST_UNSETTLED = load("outbox/list_unsettled")

# Seconds. Longer than a batch takes, short enough that a dead projector's entries do not wait for long.
LEASE = 10.0
# No entry is put off for longer, but by a clock that was set back since.
LONGEST = LONGEST_WAIT + LEASE

URGENT = "campaign"
"""What is carried before everything else: a page waits for it to go dark, and intake leaves entries by the thousand."""


async def record(tx: Transaction, aggregate: str, key: str, version: int) -> None:
    """Notes a change in the transaction that makes it."""
    await tx.run(RECORD_ENTRY, id=str(uuid7()), aggregate=aggregate, key=key, version=version, trace=tx.trace())


async def take(graph: Graph, limit: int = 200, lease: float = LEASE) -> list[Entry]:
    """Campaigns that are due, then what has been due for longest; nobody else's for the length of the lease."""

    async def work(tx: Transaction) -> list[Entry]:
        due = [row["id"] for row in await tx.run(LOCK_URGENT, aggregate=URGENT, limit=limit)]
        if len(due) < limit:
            rest = await tx.run(LOCK_DUE, limit=limit - len(due), longest=LONGEST)
            due += [row["id"] for row in rest if row["id"] not in due]
        if not due:
            return []
        # A statement of its own: it reads what the locks protect, not what was read while waiting for them.
        return [Entry(**row) for row in await tx.run(CLAIM_ENTRIES, ids=due, lease=lease, longest=LONGEST)]

    return await graph.write(work)


async def done(graph: Graph, entries: Iterable[Entry]) -> None:
    """Forgets entries that were carried out."""
    ids = sorted(entry.id for entry in entries)
    await graph.write(lambda tx: tx.run(CLOSE_ENTRIES, ids=ids))


async def failed(graph: Graph, entries: Iterable[Entry], error: str, most: int | None = MOST_ATTEMPTS) -> None:
    """Counts an attempt and waits longer before the next. `error` is a name.

    `most`: failures of its own after which an entry is dead; None: this is none of them.
    """
    rows = [
        {"id": entry.id, "wait": wait(entry.attempts, random.random()), "error": error}
        for entry in sorted(entries, key=lambda entry: entry.id)
    ]
    await graph.write(lambda tx: tx.run(RECORD_FAILURES, rows=rows, most=most))


async def give_back(graph: Graph, entries: Iterable[Entry], wait: float) -> None:
    """Returns entries untried: the target was away, which is no fault of theirs and never kills one."""
    ids = sorted(entry.id for entry in entries)
    await graph.write(lambda tx: tx.run(RECORD_RETURN, ids=ids, wait=wait))


async def revive(graph: Graph, id: str | None = None) -> int:
    """Tries what is dead, or failed too often, at once: all, or one of it; how many there were."""
    rows = await graph.write(lambda tx: tx.run(RECORD_REVIVAL, id=id, most=MOST_ATTEMPTS))
    return int(rows[0]["count"])


async def dead(graph: Graph, limit: int = 100) -> Sequence[dict[str, Any]]:
    """Entries that are dead, or failed too often, oldest first."""
    rows = await graph.rows(LIST_DEAD, most=MOST_ATTEMPTS, limit=limit)
    return [row | {"at": row["at"].to_native()} for row in rows]


async def backlog(graph: Graph) -> Backlog:
    """How far the projections are behind."""
    return Backlog(**(await graph.rows(COUNT_ENTRIES, most=MOST_ATTEMPTS))[0])


async def unsettled(graph: Graph, aggregate: str, within: float) -> list[str]:
    """Keys of an aggregate's entries that were written more than so many seconds ago and are not carried, the dead too.

    `MANY` at most.
    """
    rows = await graph.rows(LIST_UNSETTLED, aggregate=aggregate, within=within, limit=MANY)
    return [row["key"] for row in rows]
