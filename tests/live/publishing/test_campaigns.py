"""Campaigns in the real graph: whose they are, their versions, their leads, and the outbox."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt

import pytest

from tests.factories import observed
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.publishing import campaigns, removals
from vitograph.graph.publishing.campaigns import Writer
from vitograph.graph.queries import Statement, load
from vitograph.graph.reach import EVERYTHING
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import Forbidden, StaleVersion, UnknownThing, WrongState
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, CampaignBody, CampaignStatus

NORTH = Writer("north")
BODY = CampaignBody("Summer", dt.datetime(2026, 6, 1, tzinfo=dt.UTC), None, "It was warm.")
COPY = Artifact("hero", ArtifactKind.COPY, {"headline": "Warm", "lines": ["a", {"b": None}]})

TARGETS = Statement("test/targets", "MATCH (:Event)-[t:TARGETS]->(:Campaign {id: $id}) RETURN count(t) AS links")
OWNERS = Statement("test/owners", "MATCH (d:Department)-[:OWNS]->(:Campaign {id: $id}) RETURN d.id AS id")
JOIN = Statement("test/join", "MATCH (p:Person) WHERE p.id IN $ids SET p.view_id = $view")
EARLY = Statement(
    "test/early",
    "CREATE (p:Person {id: 'p-1', view_id: 'p-1', kind: 'known'}) WITH p UNWIND range(0, $count - 1) AS number "
    "CREATE (:Event {id: 'early-' + number, type: 'page.viewed', target_id: 'summer', channel: 'web', "
    "occurred_at: datetime() + duration({seconds: number}), received_at: datetime()})-[:OF]->(p)",
)
# The event that is read last, in an order that is the index's own.
HOLD_LAST = (
    "MATCH (e:Event {target_id: 'summer'}) WHERE e.type IS NOT NULL WITH collect(e) AS found WITH last(found) AS e "
    "SET e.id = e.id"
)
LINKED = Statement("test/linked", "MATCH (c:Campaign) RETURN c.linked_at AS linked_at")
FUNNEL = load("analytics/funnel_per_campaign")
LEFT = Statement("test/left", "MATCH (c:Campaign) RETURN count(c) AS count")


async def test_a_campaign_goes_its_way_and_every_write_is_a_version(graph: Graph) -> None:
    made, is_new = await campaigns.put(graph, "summer", NORTH, BODY)
    assert is_new
    assert (made.status, made.version, made.department, made.body) == (CampaignStatus.DRAFT, 1, "north", BODY)
    assert (await campaigns.put_artifact(graph, "summer", NORTH, COPY)).version == 2
    assert (await campaigns.activate(graph, "summer", NORTH)).status is CampaignStatus.ACTIVE
    assert (await campaigns.activate(graph, "summer", NORTH)).version == 3
    renamed, is_new = await campaigns.put(graph, "summer", NORTH, CampaignBody("Late summer"))
    assert not is_new
    assert (renamed.status, renamed.version, renamed.body.closing) == (CampaignStatus.ACTIVE, 4, None)
    assert (await campaigns.end(graph, "summer", NORTH)).version == 5
    last = await campaigns.get(graph, "summer")
    assert last.status is CampaignStatus.ENDED
    assert last.artifacts == (COPY,)
    for forbidden in (
        campaigns.put(graph, "summer", NORTH, BODY),
        campaigns.put_artifact(graph, "summer", NORTH, COPY),
        campaigns.activate(graph, "summer", NORTH),
    ):
        with pytest.raises(WrongState):
            await forbidden
    assert await campaigns.get(graph, "summer") == last
    assert await graph.rows(OWNERS, id="summer") == [{"id": "north"}]
    assert [entry.version for entry in await outbox.take(graph)] == [1, 2, 3, 4, 5]


async def test_an_artifact_is_taken_away_again(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    await campaigns.put_artifact(graph, "summer", NORTH, COPY)
    await campaigns.activate(graph, "summer", NORTH)
    with pytest.raises(UnknownThing):
        await removals.remove_artifact(graph, "summer", NORTH, "none")
    with pytest.raises(StaleVersion):
        await removals.remove_artifact(graph, "summer", Writer("north", {2}), COPY.key)
    left = await removals.remove_artifact(graph, "summer", Writer("north", {3}), COPY.key)
    assert (left.version, left.status, left.artifacts) == (4, CampaignStatus.ACTIVE, ())
    assert await campaigns.get(graph, "summer") == left
    assert (await campaigns.put_artifact(graph, "summer", NORTH, COPY)).artifacts == (COPY,)
    await campaigns.end(graph, "summer", NORTH)
    with pytest.raises(WrongState):
        await removals.remove_artifact(graph, "summer", NORTH, COPY.key)
    assert [entry.version for entry in await outbox.take(graph)] == [1, 2, 3, 4, 5, 6]


async def test_a_draft_is_discarded_and_what_comes_under_its_id_is_another(graph: Graph, hot: HotMemory) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    await campaigns.put_artifact(graph, "summer", NORTH, COPY)
    await make_projector(graph, hot).step()
    with pytest.raises(StaleVersion):
        await removals.discard(graph, "summer", Writer("north", {1}), "k-1")
    assert await removals.discard(graph, "summer", Writer("north", {2}), "k-1") == 3
    with pytest.raises(UnknownThing):
        await campaigns.get(graph, "summer")
    assert (await graph.rows(LEFT), await graph.rows(OWNERS, id="summer")) == ([{"count": 0}], [])
    await make_projector(graph, hot).step()
    [held] = await hot.get(["summer"])
    assert held is not None
    assert held.startswith(b"3 - ")
    with pytest.raises(StaleVersion):
        await campaigns.put(graph, "summer", Writer("south", {2}), BODY)
    made, is_new = await campaigns.put(graph, "summer", Writer("south"), CampaignBody("Another"))
    assert (is_new, made.version, made.department, made.artifacts) == (True, 4, "south", ())
    await make_projector(graph, hot).step()
    [held] = await hot.get(["summer"])
    assert held is not None
    assert held.startswith(b"4 draft ")
    assert await audit(graph) == []


async def test_what_was_shown_or_happened_is_not_discarded(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    await record(graph, [observed("email:a@example.com!", event="page.viewed", target="summer")])
    with pytest.raises(WrongState, match="targets campaign 'summer'"):
        await removals.discard(graph, "summer", NORTH, "k-1")
    await campaigns.put(graph, "winter", NORTH, BODY)
    await campaigns.activate(graph, "winter", NORTH)
    with pytest.raises(WrongState, match="is active; only a draft"):
        await removals.discard(graph, "winter", NORTH, "k-1")
    assert await graph.rows(LEFT) == [{"count": 2}]


async def test_who_makes_a_campaign_while_its_draft_is_discarded_makes_a_later_one(graph: Graph) -> None:
    for _ in range(5):
        before, _ = await campaigns.put(graph, "summer", NORTH, BODY)
        outcomes = await asyncio.gather(
            removals.discard(graph, "summer", NORTH, "k-1"), campaigns.put(graph, "summer", NORTH, BODY)
        )
        with contextlib.suppress(UnknownThing):
            assert (await campaigns.get(graph, "summer")).version > outcomes[0] > before.version


async def test_another_department_changes_nothing(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    for attempt in (
        campaigns.put(graph, "summer", Writer("south"), BODY),
        campaigns.put_artifact(graph, "summer", Writer("south"), COPY),
        campaigns.activate(graph, "summer", Writer("south")),
        campaigns.end(graph, "summer", Writer("south")),
        removals.remove_artifact(graph, "summer", Writer("south"), COPY.key),
        removals.discard(graph, "summer", Writer("south"), "k-1"),
    ):
        with pytest.raises(Forbidden):
            await attempt
    assert (await campaigns.get(graph, "summer")).version == 1
    assert len(await outbox.take(graph)) == 1


async def test_what_was_read_is_what_is_written_over(graph: Graph) -> None:
    with pytest.raises(StaleVersion):
        await campaigns.put(graph, "summer", Writer("north", {1}), BODY)
    with pytest.raises(UnknownThing):
        await campaigns.activate(graph, "summer", NORTH)
    assert await graph.rows(LEFT) == [{"count": 0}]
    await campaigns.put(graph, "summer", NORTH, BODY)
    await campaigns.put(graph, "summer", Writer("north", {1}), BODY)
    with pytest.raises(StaleVersion):
        await campaigns.activate(graph, "summer", Writer("north", {1}))


async def test_concurrent_writers_lose_no_version(graph: Graph) -> None:
    artifacts = [Artifact(f"a-{number}", ArtifactKind.OFFER, {"n": number}) for number in range(12)]
    await asyncio.gather(*(campaigns.put(graph, "summer", NORTH, BODY) for _ in range(8)))
    await asyncio.gather(*(campaigns.put_artifact(graph, "summer", NORTH, artifact) for artifact in artifacts))
    held = await campaigns.get(graph, "summer")
    assert held.version == 20
    assert {artifact.key for artifact in held.artifacts} == {artifact.key for artifact in artifacts}
    assert sorted(entry.version for entry in await outbox.take(graph)) == list(range(1, 21))


async def test_of_writers_who_read_the_same_version_one_succeeds(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    for version in range(1, 6):
        writer = Writer("north", {version})
        attempts = [campaigns.put_artifact(graph, "summer", writer, COPY) for _ in range(4)]
        attempts += [campaigns.put(graph, "summer", writer, BODY) for _ in range(4)]
        outcomes = await asyncio.gather(*attempts, return_exceptions=True)
        assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 7
    assert (await campaigns.get(graph, "summer")).version == 6


async def test_leads_are_views_each_once_by_first_enrolment(graph: Graph) -> None:
    enrol = {"event": "campaign.enrolled", "target": "summer"}
    early, late, again, viewer, elsewhere = (
        observed("email:a@example.com!", minutes=5, **enrol),
        observed("email:b@example.com!", minutes=1, **enrol),
        observed("email:a@example.com!", minutes=9, **enrol),
        observed("email:c@example.com!", minutes=0, event="page.viewed", target="summer"),
        observed("email:d@example.com!", minutes=0, event="campaign.enrolled", target="winter"),
    )
    premature = observed("email:e@example.com!", minutes=0, **enrol)
    await record(graph, [premature])
    await campaigns.put(graph, "summer", NORTH, BODY)
    await campaigns.activate(graph, "summer", NORTH)
    recorded = await record(graph, [early, late, viewer])
    await record(graph, [again, elsewhere])
    assert await graph.rows(TARGETS, id="summer") == [{"links": 5}]

    leads = await campaigns.leads(graph, "summer", EVERYTHING, None, 10)
    assert [(lead.event_id, lead.enrolments) for lead in leads] == [(late.id, 1), (early.id, 2)]
    assert leads[0].enrolled_at == late.occurred_at
    first = await campaigns.leads(graph, "summer", EVERYTHING, None, 1)
    second = await campaigns.leads(graph, "summer", EVERYTHING, (first[0].enrolled_at, first[0].event_id), 1)
    assert first + second == leads
    assert await campaigns.leads(graph, "summer", EVERYTHING, (second[0].enrolled_at, second[0].event_id), 1) == []

    persons = [outcome.person_id for outcome in recorded if not isinstance(outcome, Exception)]
    await graph.write(lambda tx: tx.run(JOIN, ids=persons, view=persons[0]))
    (joined,) = await campaigns.leads(graph, "summer", EVERYTHING, None, 10)
    assert (joined.view_id, joined.person_id, joined.enrolments) == (persons[0], persons[1], 3)


async def test_what_came_before_a_campaign_is_linked_in_parts_and_counted_as_a_whole_meanwhile(graph: Graph) -> None:
    await graph.run(EARLY, count=5_000)
    async with graph.driver.session() as session, await session.begin_transaction() as holding:
        await holding.run(HOLD_LAST)
        putting = asyncio.create_task(campaigns.put(graph, "summer", NORTH, BODY))
        links = 0
        async with asyncio.timeout(20):
            while not links:
                await asyncio.sleep(0.05)
                [found] = await graph.rows(TARGETS, id="summer")
                links = found["links"]
        assert (await campaigns.get(graph, "summer")).version == 1
        assert links < 5_000
        assert await graph.rows(LINKED) == [{"linked_at": None}]
        [told] = await graph.rows(FUNNEL, campaign="summer", enrolled="campaign.enrolled")
        assert told["met"] == 1
        await holding.rollback()
    assert (await putting)[0].version == 1
    assert await graph.rows(TARGETS, id="summer") == [{"links": 5_000}]
    [linked] = await graph.rows(LINKED)
    assert linked["linked_at"] is not None


async def test_two_projectors_share_the_outbox_without_doubling(graph: Graph) -> None:
    await asyncio.gather(*(campaigns.put(graph, f"c-{number}", NORTH, BODY) for number in range(30)))
    taken = await asyncio.gather(*(outbox.take(graph, limit=10) for _ in range(6)))
    ids = [entry.id for entries in taken for entry in entries]
    assert len(ids) == len(set(ids))
    while more := await outbox.take(graph, limit=10):
        ids += [entry.id for entry in more]
    assert len(set(ids)) == len(ids) == 30


async def test_a_lease_ends_and_what_is_done_is_gone(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    (entry,) = await outbox.take(graph, lease=5.0)
    assert await outbox.take(graph) == []
    while not (again := await outbox.take(graph)):  # noqa: ASYNC110  the server's clock has no event for it
        await asyncio.sleep(0.1)
    assert again == [entry]
    await outbox.done(graph, [entry])
    assert await outbox.backlog(graph) == outbox.Backlog(0, 0, 0.0)


async def test_what_keeps_failing_is_dead_listed_and_can_be_revived(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    for _ in range(3):
        (entry,) = await outbox.take(graph, lease=0.0)
        await outbox.failed(graph, [entry], "ResponseError", most=3)
        await outbox.give_back(graph, [entry], 0.0)
    assert await outbox.take(graph) == []
    (dead,) = await outbox.dead(graph)
    assert (dead["key"], dead["attempts"], dead["error"]) == ("summer", 3, "ResponseError")
    assert (await outbox.backlog(graph)).dead == 1
    assert await outbox.unsettled(graph, "campaign", 0.0) == ["summer"], "it was not carried"
    assert await outbox.revive(graph) == 1
    assert len(await outbox.take(graph)) == 1


async def test_what_fails_by_no_fault_of_its_own_is_listed_and_tried_for_ever(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    for _ in range(outbox.MOST_ATTEMPTS + 1):
        (entry,) = await outbox.take(graph, lease=0.0)
        await outbox.failed(graph, [entry], "LaggingSource", most=None)
        await outbox.give_back(graph, [entry], 0.0)
    backlog = await outbox.backlog(graph)
    assert (backlog.waiting, backlog.dead) == (1, 1)
    assert [one["key"] for one in await outbox.dead(graph)] == ["summer"]
    await outbox.failed(graph, [entry], "ValueError")
    assert (await outbox.backlog(graph)).waiting == 1, "one fault of its own is not twelve"
    assert await outbox.revive(graph) == 1
    assert (await outbox.backlog(graph)).dead == 0


async def test_the_backlog_says_how_old_its_oldest_is(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, BODY)
    await asyncio.sleep(0.1)
    backlog = await outbox.backlog(graph)
    assert backlog.waiting == 1
    assert 0.1 <= backlog.lag < 60.0
