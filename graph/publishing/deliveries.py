"""Deliveries: one campaign at one sink. What is wanted, what is there, and who works on it.

A delivery is brought to what the graph says now, however many changes led there. It is leased: one worker at a time
writes one campaign to one sink, so what was begun early cannot end late, over something newer. Times are the server's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from vitograph.graph import outbox
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.publishing.campaigns import Campaign, CampaignStatus
from vitograph.resolver.publishing.outbox import LONGEST_WAIT, MOST_ATTEMPTS, wait
from vitograph.resolver.publishing.sinks import Delivery, Sink, SinkState, hot_ended_at

UPSERT_DELIVERIES = load("delivery/upsert_deliveries")
MARK_DELIVERIES = load("delivery/mark_deliveries")
RECORD_ENTRIES = load("delivery/record_entries")
LOCK_DUE = load("delivery/lock_due")
CLAIM_DELIVERIES = load("delivery/claim_deliveries")
RECORD_BEGUN = load("delivery/record_begun")
CLOSE_DELIVERIES = load("delivery/close_deliveries")
CLOSE_LEFT = load("delivery/close_left")
RECORD_FAILURE = load("delivery/record_failure")
RECORD_RETURN = load("delivery/record_return")
MARK_AGAIN = load("delivery/mark_again")
LIST_OF_CAMPAIGN = load("delivery/list_of_campaign")
LIST_DEAD = load("delivery/list_dead")
RECORD_REVIVAL = load("delivery/record_revival")
COUNT_DELIVERIES = load("delivery/count_deliveries")
LIST_CAMPAIGNS = load("delivery/list_campaigns")

# Seconds. Longer than one attempt may take, so that its worker still holds it when it ends.
LEASE = 60.0
# What is wanted is not put off for longer, but by a clock that was set back since.
LONGEST = LONGEST_WAIT + LEASE
PAGE = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """How the deliveries of a sink stand. `lag`: how long the oldest that is due has been wanted, in seconds."""

    sink: str
    kind: str
    deliveries: int
    waiting: int
    dead: int
    failing: int
    teardown_failing: int
    lag: float


async def plan(graph: Graph, campaigns: Sequence[Campaign], now: float, *, anew: bool = False) -> int:
    """Makes campaigns that the hot memory shows as they are due at their sinks; how many places they have there.

    What is there already in that version is left alone, unless `anew`. `now`: seconds of the epoch.
    """
    rows = [
        {
            "campaign_id": campaign.id,
            "department": campaign.department,
            "version": campaign.version,
            "is_active": campaign.status is CampaignStatus.ACTIVE,
            "anew": anew,
            "is_hot": True,
            "is_over": campaign.status is CampaignStatus.ENDED,
            "hot_ended_at": hot_ended_at(campaign, now),
        }
        for campaign in sorted(campaigns, key=lambda campaign: campaign.id)
    ]
    return await _plan(graph, rows)


async def plan_sink(graph: Graph, sink_id: str) -> int:
    """Makes every campaign due at a sink, as it is set up now; how many have a place there.

    What is known of the hot memory is kept. A campaign with an end that is new there has a way through the hot memory
    before it: without, nobody would know when its end may be carried there.
    """
    count, after = 0, ""
    while rows := await graph.rows(LIST_CAMPAIGNS, after=after, limit=PAGE):
        count += await _plan(graph, [_known(row) for row in rows], sink_id)
        after = rows[-1]["campaign_id"]
    return count


async def take(graph: Graph, sink_id: str, limit: int, lasts: float = LEASE) -> list[Delivery]:
    """What has been due at a sink for longest, nobody else's for the length of the lease in seconds."""
    lease = str(uuid7())

    async def work(tx: Transaction) -> list[Row]:
        due = [row["id"] for row in await tx.run(LOCK_DUE, sink_id=sink_id, limit=limit, longest=LONGEST)]
        # A statement of its own: it reads what the locks protect, not what was read while waiting for them.
        return await tx.run(CLAIM_DELIVERIES, ids=due, lease=lease, lasts=lasts, longest=LONGEST) if due else []

    return [Delivery(**row | {"state": SinkState(row["state"])}) for row in await graph.write(work)]


async def begin(
    graph: Graph, sink: Sink, delivery: Delivery, state: SinkState, reason: str, version: int
) -> bool | None:
    """Notes that it is about to be written or removed. False: not yet, see `record_begun`; None: another has it now."""
    held = {"id": delivery.id, "lease": delivery.lease, "setup": sink.version}
    row = await graph.write(lambda tx: tx.one(RECORD_BEGUN, state=state.value, reason=reason, version=version, **held))
    return None if row is None else bool(row["may"])


async def done(graph: Graph, delivery: Delivery, state: SinkState, version: int, again: float | None) -> None:
    """It is there, or gone. `again`: seconds until it has to be looked at anew."""
    row = await graph.write(
        lambda tx: tx.one(
            CLOSE_DELIVERIES, id=delivery.id, lease=delivery.lease, state=state.value, version=version, again=again
        )
    )
    if row is None:
        await graph.write(lambda tx: tx.run(MARK_AGAIN, id=delivery.id))


async def forget(graph: Graph, delivery: Delivery) -> None:
    """It was removed from a sink where it does not belong any more."""
    row = await graph.write(lambda tx: tx.one(CLOSE_LEFT, id=delivery.id, lease=delivery.lease))
    if row is None:
        await graph.write(lambda tx: tx.run(MARK_AGAIN, id=delivery.id))


async def failed(graph: Graph, delivery: Delivery, error: str, version: int, most: int | None = MOST_ATTEMPTS) -> None:
    """Counts an attempt and waits longer before the next. `most`: attempts after which it is dead; None: never."""
    rest = wait(delivery.attempts, random.random())
    fields = {"id": delivery.id, "lease": delivery.lease, "wait": rest, "error": error}
    await graph.write(lambda tx: tx.run(RECORD_FAILURE, version=version, most=most, **fields))


async def give_back(graph: Graph, delivery: Delivery, wait: float) -> None:
    """Returns it untried, for this many seconds."""
    await graph.write(lambda tx: tx.run(RECORD_RETURN, id=delivery.id, lease=delivery.lease, wait=wait))


async def of_campaign(graph: Graph, campaign_id: str) -> list[dict[str, Any]]:
    """Where a campaign stands: `sink, kind, state, dead, attempts, last_error, since`, by sink.

    `state` is that of a SinkState, or `abandoned`: it may still stand at a sink that was given up.
    """
    rows = await graph.rows(LIST_OF_CAMPAIGN, campaign_id=campaign_id)
    return [row | {"since": row["since"].to_native()} for row in rows]


async def dead(graph: Graph, limit: int = 100) -> Sequence[dict[str, Any]]:
    """What was refused too often, oldest first."""
    return [row | {"at": row["at"].to_native()} for row in await graph.rows(LIST_DEAD, limit=limit)]


async def revive(graph: Graph, id: str | None = None) -> int:
    """Tries what is dead or fails at once, all or one; how many there were."""
    rows = await graph.write(lambda tx: tx.run(RECORD_REVIVAL, id=id))
    return int(rows[0]["count"])


async def figures(graph: Graph) -> list[Figures]:
    """How the deliveries stand, by sink."""
    return [Figures(**row) for row in await graph.rows(COUNT_DELIVERIES)]


async def _plan(graph: Graph, rows: Sequence[dict[str, Any]], sink_id: str | None = None) -> int:
    async def work(tx: Transaction) -> int:
        if active := [row for row in rows if row["is_active"]]:
            await tx.run(UPSERT_DELIVERIES, rows=active)
            if sink_id is not None:
                entries = [{"id": str(uuid7()), "campaign_id": row["campaign_id"]} for row in active]
                asked = {"sink_id": sink_id, "entries": entries, "aggregate": outbox.URGENT}
                await tx.run(RECORD_ENTRIES, trace=tx.trace(), **asked)
        return int((await tx.run(MARK_DELIVERIES, rows=rows, sink_id=sink_id))[0]["count"])

    return await graph.write(work)


def _known(row: Row) -> dict[str, Any]:
    active = row.pop("status") == CampaignStatus.ACTIVE.value
    return {**row, "is_active": active, "anew": True, "is_hot": False, "is_over": False, "hot_ended_at": None}
