"""Evidence where an erasure meets an observation that attaches it: it stays with its event, or nothing attaches it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from tests.deciding import saw
from tests.factories import NOON, observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.erasing.retention import expire, set_policy
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.people.holdings import lock_holdings
from vitograph.graph.queries import Statement
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Observation

IDA = Caller("k-ida", "ida", Role.ADMIN)

ATTACH = Statement(
    "test/attach",
    "MERGE (v:Evidence {sha256: 'v', status: 'stored'}) WITH v MATCH (e:Event {type: 'page.viewed'}) "
    "CREATE (e)-[:EVIDENCED_BY]->(v)",
)
REFERRING = Statement("test/referring", "MATCH (v:Evidence)<-[:EVIDENCED_BY]-(e) RETURN e.id AS id ORDER BY id")
EVENTS = Statement("test/events", "MATCH (e:Event) RETURN e.id AS id ORDER BY id")
BLOCKED = Statement("test/blocked", "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status")


def attaching() -> Observation:
    """Of somebody else, with the same evidence."""
    sent = observed("email:b@example.com!", id="o-new", event="call.recorded")
    return replace(sent, event=replace(sent.event, evidence=("v",)))


async def erase_old(graph: Graph, person_id: str) -> None:
    await erase(graph, person_id, IDA)


async def expire_old(graph: Graph, _person_id: str) -> None:
    await set_policy(graph, "page.viewed", 30, IDA)
    await expire(graph, NOON + dt.timedelta(days=100))


async def test_evidence_that_is_erased_before_it_is_attached_is_refused(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the observation looked for it, and not any more when its identifiers were locked."""
    old = await saw(graph, "email:a@example.com!", id="o-old")
    await graph.run(ATTACH)
    turns = iter([True])

    async def locked(*arguments: object) -> Holdings:
        if next(turns, False):
            await erase(graph, old.person_id, IDA)
        return await lock_holdings(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("vitograph.graph.intake.observations.lock_holdings", locked)
    [outcome] = await record(graph, [attaching()])
    assert isinstance(outcome, InvalidInput)
    assert await graph.rows(EVENTS) == []
    assert await audit(graph) == []


@pytest.mark.parametrize("take", [erase_old, expire_old], ids=["erased", "expired"])
async def test_evidence_that_is_attached_while_all_its_events_go_stays(
    graph: Graph, take: Callable[[Graph, str], Awaitable[None]]
) -> None:
    """So many that Neo4j locks no node for each edge that is drawn to it or taken off it."""
    old = await saw(graph, "email:a@example.com!", event="account.opened")
    await record(graph, [observed("email:a@example.com!") for _ in range(100)])
    await graph.run(ATTACH)
    going: list[asyncio.Task[None]] = []

    async def begin(_tx: Transaction, _ids: Sequence[str]) -> None:
        """The events go as far as they can while the observation has not ended."""
        going.append(asyncio.create_task(take(graph, old.person_id)))  # type: ignore[arg-type]
        async with asyncio.timeout(20):
            while not await graph.rows(BLOCKED):  # noqa: ASYNC110  Neo4j tells nobody
                await asyncio.sleep(0.1)

    [outcome] = await record(graph, [attaching()], also=begin)
    await going[0]
    assert isinstance(outcome, Recorded)
    assert [row["id"] for row in await graph.rows(REFERRING)] == ["o-new"]
    assert await audit(graph) == []
