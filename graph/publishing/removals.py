"""What is taken away of campaigns again: artifacts, and drafts that were a mistake."""

from __future__ import annotations

from vitograph.graph import outbox
from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.publishing.campaigns import AGGREGATE, Writer, change, record
from vitograph.graph.queries import load
from vitograph.resolver.errors import UnknownThing, WrongState
from vitograph.resolver.publishing.campaigns import Campaign, check_draft, check_open

CLOSE_ARTIFACT = load("campaign/close_artifact")
LIST_TARGETING = load("campaign/list_targeting")
RECORD_DISCARD = load("campaign/record_discard")


async def remove_artifact(graph: Graph, id: str, writer: Writer, key: str) -> Campaign:
    """Takes an artifact away from a campaign that has not ended. UnknownThing where it has none of that key."""

    async def work(tx: Transaction, campaign: Campaign) -> Campaign:
        check_open(campaign)
        if key not in {held.key for held in campaign.artifacts}:
            raise UnknownThing("artifact", key)
        await tx.run(CLOSE_ARTIFACT, id=id, key=key)
        return await record(tx, campaign, campaign.status, campaign.body)

    return await change(graph, id, writer, work)


async def discard(graph: Graph, id: str, writer: Writer, by: str) -> int:
    """Discards a draft with its artifacts, on behalf of the caller of this id; the version of its end. The id is free.

    WrongState when it is no draft any more, or when an event targets it: what happened stays, and so does what it is
    about.
    """

    async def work(tx: Transaction, campaign: Campaign) -> int:
        check_draft(campaign)
        if events := await tx.run(LIST_TARGETING, id=id, limit=1):
            raise WrongState(
                f"event {events[0]['id']!r} targets campaign {id!r}, which stays therefore: leave it a draft"
            )
        [row] = await tx.run(RECORD_DISCARD, id=id, by=by)
        version = int(row["version"])
        await outbox.record(tx, AGGREGATE, id, version)
        return version

    return await change(graph, id, writer, work)
