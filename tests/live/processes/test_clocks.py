"""What was noted by a clock that ran an hour ahead and was set back does not wait for that hour."""

from __future__ import annotations

import time

from tests.deciding import saw
from tests.live.publishing.test_sinks import NORTH, activate, put_sink
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns, deliveries
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.publishing.sinks import SinkState
from vitograph.resolver.scoring.parameters_json import load_model

HOUR = 3600.0
AHEAD = Statement(
    "test/ahead",
    "MATCH (n) WHERE n:Outbox OR n:Delivery "
    "SET n.next_at = datetime() + duration('PT1H'), n.leased_until = datetime() + duration('PT1H')",
)
MARKS_AHEAD = Statement(
    "test/marks_ahead", "MATCH (p:Person) SET p.resolve_at = p.resolve_at + $minutes * 60 * 1000000 RETURN p.id AS id"
)


async def test_an_entry_of_the_outbox_is_due(graph: Graph) -> None:
    await activate(graph)
    entries = await outbox.take(graph)
    assert entries
    assert await outbox.take(graph) == [], "they are leased"
    await graph.run(AHEAD)
    assert {entry.id for entry in await outbox.take(graph)} == {entry.id for entry in entries}


async def test_what_is_wanted_at_a_sink_is_due_and_what_is_planned_is_not(graph: Graph) -> None:
    site = await put_sink(graph, "site", "static-site", {"url": "memory:///"})
    await activate(graph)
    campaign = await campaigns.get(graph, "summer")
    await deliveries.plan(graph, [campaign], time.time())
    await graph.run(AHEAD)
    [due] = await deliveries.take(graph, "site", 9)
    assert await deliveries.take(graph, "site", 9) == [], "it is leased"
    assert await deliveries.begin(graph, site, due, SinkState.PUBLISHING, "", campaign.version)
    await deliveries.done(graph, due, SinkState.LIVE, campaign.version, again=2 * HOUR)
    assert await deliveries.take(graph, "site", 9) == [], "its campaign ends in two hours"


async def test_a_teardown_begins_though_the_clock_of_the_worker_is_ahead(graph: Graph) -> None:
    site = await put_sink(graph, "site", "static-site", {"url": "memory:///"})
    await activate(graph)
    await deliveries.plan(graph, [await campaigns.get(graph, "summer")], time.time())
    ended = await campaigns.end(graph, "summer", NORTH)
    await deliveries.plan(graph, [ended], time.time() + HOUR)
    [due] = await deliveries.take(graph, "site", 9)
    assert await deliveries.begin(graph, site, due, SinkState.REMOVING, "ended", ended.version)


async def test_whoever_waits_to_be_scored_is_scored(graph: Graph) -> None:
    await saw(graph, "email:a@example.com!")
    resolver = Resolver(graph, load_model())
    await graph.run(MARKS_AHEAD, minutes=29)
    assert (await resolver.step()).persons == 0, "somebody put it off"
    await graph.run(MARKS_AHEAD, minutes=31)
    assert (await resolver.step()).persons == 1
