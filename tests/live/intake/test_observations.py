"""Recording on the real Neo4j: once each, whole or absent, the same for any number of writers."""

from __future__ import annotations

import asyncio
import dataclasses
import random

from tests.factories import observed
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record, warm
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.resolving.worker import warm as warm_resolver
from vitograph.resolver.errors import ReusedId
from vitograph.resolver.model import Observation
from vitograph.resolver.scoring.parameters_json import load_model

COUNTS = Statement(
    "test/counts",
    """
    RETURN COUNT { (:Event) } AS events, COUNT { (:Event)-[:OF]->(:Person) } AS of,
           COUNT { (:Identifier) } AS identifiers,
           COUNT { (:Event)-[:CARRIES]->() } AS carried, COUNT { (:Person {kind: 'known'}) } AS known
    """,
)
HELD = Statement("test/held", "MATCH (:Person)-[h:HAS]->() RETURN sum(h.count) AS held")
HOLDERS = Statement(
    "test/holders",
    "MATCH (p:Person)-[h:HAS]->(:Identifier {key: $key}) RETURN p.given_names AS names, h.count AS count",
)


async def one(graph: Graph, observation: Observation) -> Recorded:
    [outcome] = await record(graph, [observation])
    assert isinstance(outcome, Recorded)
    return outcome


async def test_the_missions_example_on_the_graph(graph: Graph) -> None:
    click = await one(graph, observed("cookie:c-1?", event="ad.clicked"))
    call = await one(graph, observed("phone:+34600100200?", event="call.received"))
    chat = await one(graph, observed("session:s-1?", event="chat.started"))
    typed = await one(graph, observed("session:s-1?", "phone:+34600100200", event="chat.said"))
    rest = await one(graph, observed("session:s-1?", event="chat.said", minutes=1))
    assert [r.rule for r in (click, call, chat, typed, rest)] == ["A3", "A4", "A3", "A1", "A2"]
    assert len({click.person_id, call.person_id, chat.person_id}) == 3
    assert typed.person_id == rest.person_id == call.person_id
    assert len(typed.candidates) == 1, "the phone's person and the session's device are a pair to score"


async def test_a_replay_is_answered_as_before_and_stores_nothing(graph: Graph) -> None:
    observation = observed("email:a@example.com!", given_name="ana", id="o-1")
    first = await one(graph, observation)
    before = await graph.rows(COUNTS), await graph.rows(HELD)
    again = await one(graph, observation)
    assert again.replayed
    assert again.reply() == first.reply()
    assert (await graph.rows(COUNTS), await graph.rows(HELD)) == before


async def test_an_id_with_another_body_is_refused(graph: Graph) -> None:
    await one(graph, observed("email:a@example.com", id="o-1"))
    before = await graph.rows(COUNTS)
    [outcome] = await record(graph, [observed("email:b@example.com", id="o-1")])
    assert isinstance(outcome, ReusedId)
    assert await graph.rows(COUNTS) == before


async def test_a_batch_is_its_singles_in_order(graph: Graph) -> None:
    observation = observed("email:a@example.com", id="o-1")
    other = dataclasses.replace(observation, body_hash="another")
    outcomes = await record(graph, [observation, observed("cookie:c?", id="o-2"), observation, other])
    assert [type(outcome) for outcome in outcomes] == [Recorded, Recorded, Recorded, ReusedId]
    assert [outcome.replayed for outcome in outcomes if isinstance(outcome, Recorded)] == [False, False, True]


async def test_a_role_mailbox_is_shared_from_the_start(graph: Graph) -> None:
    first = await one(graph, observed("email:info@example.com", given_name="maria"))
    second = await one(graph, observed("email:info@example.com", given_name="maria"))
    assert (first.rule, second.rule) == ("A5", "A5")
    assert first.person_id != second.person_id
    assert second.candidates == ()


async def test_a_login_that_arrives_after_its_logout_begins_no_sitting_on_the_graph(graph: Graph) -> None:
    await one(graph, observed("session:s-1?", event="user.logged_out", minutes=10))
    await one(graph, observed("session:s-1?", "user_id:app:1!", minutes=5))
    assert (await one(graph, observed("session:s-1?", event="campaign.enrolled", minutes=11))).rule == "A3"
    again = await one(graph, observed("session:s-1?", "user_id:app:1!", minutes=15))
    assert (await one(graph, observed("session:s-1?", minutes=16))).person_id == again.person_id


async def test_32_writers_of_the_same_identifiers_make_no_duplicate_and_lose_nothing(graph: Graph) -> None:
    names = ("maria", "jose")
    posted = [
        observed(
            "email:home@example.com",
            f"phone:+3460010000{n % 3}",
            f"cookie:k{n % 5}?",
            given_name=names[n % 2],
            id=f"o{n}",
        )
        for n in range(160)
    ]
    deliveries = posted * 3
    random.Random(7).shuffle(deliveries)
    gate = asyncio.Semaphore(32)

    async def deliver(observation: Observation) -> Recorded:
        async with gate:
            return await one(graph, observation)

    outcomes = await asyncio.gather(*map(deliver, deliveries))
    assert sum(not outcome.replayed for outcome in outcomes) == len(posted)
    by_id = {outcome.event_id: outcome.reply() for outcome in outcomes}
    assert all(outcome.reply() == by_id[outcome.event_id] for outcome in outcomes)
    counts = (await graph.rows(COUNTS))[0]
    assert counts == {"events": 160, "of": 160, "identifiers": 9, "carried": 480, "known": 2}
    assert (await graph.rows(HELD))[0]["held"] == 480
    holders = await graph.rows(HOLDERS, key="email:home@example.com")
    assert sorted((row["names"][0], row["count"]) for row in holders) == [("jose", 80), ("maria", 80)]


async def test_warming_up_leaves_no_trace(graph: Graph) -> None:
    await warm(graph)
    await warm_resolver(Resolver(graph, load_model()))
    assert (await graph.rows(Statement("test/all", "MATCH (n) WHERE NOT n:Migration RETURN count(n) AS n")))[0][
        "n"
    ] == 0
