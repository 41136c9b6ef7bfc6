"""What one observation costs the resolver: bounded, whoever it is about; fair; and nobody is counted in advance."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EMPTY
from tests.factories import observed
from tests.live.instances import wait_for_async
from tests.live.plans import db_hits, plan
from vitograph.api.recording import FEW, record_group
from vitograph.api.running.children import Child
from vitograph.api.wiring.projecting import open_reader
from vitograph.api.wiring.visiting import GraphVisitors
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.people.holdings import HUB
from vitograph.graph.people.marks import BULK
from vitograph.graph.people.views import load_marked, load_profiles
from vitograph.graph.queries import Statement, load, names
from vitograph.graph.resolving import resolution
from vitograph.graph.resolving.pairing import LIST_PARTNERS, MOST_KEYS, MOST_LIKELY, MOST_PARTNERS, compare
from vitograph.graph.resolving.population import EXACT, LIST_CONTEXT, GraphPopulation, load_population
from vitograph.graph.resolving.resolution import END_OF_TIME, UPSERT_KEYS, Resolver
from vitograph.projections.bell import NAME, Bell
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.visitors import VisitorReader
from vitograph.resolver.blocking import MOST_VIEWS, blocking_keys
from vitograph.resolver.scoring.frequencies import stated_values
from vitograph.resolver.scoring.parameters_json import load_model

MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
PHONE, DATE = "phone:+34600100200", "date:1990-02-03"
LIMITS = {"most": MOST_VIEWS, "keys": MOST_KEYS, "hub": HUB, "likely": MOST_LIKELY, "partners": MOST_PARTNERS}
ASKED = {"values": ["given_name:maria"], "identifiers": [], "pairs": [], "apart": []}
VIEWS = Statement("test/views", "MATCH (p:Person {kind: 'known'}) RETURN DISTINCT p.view_id AS id")
HUNG = Statement("test/hung", "MATCH (k:BlockingKey) RETURN k.key AS key")
JOIN = Statement("test/join", "MATCH (p:Person {id: $id}) SET p.view_id = $view")
ONE_VIEW = Statement(
    "test/one_view", "UNWIND range(1, 5000) AS n CREATE (:Person {id: 'of-one-' + n, view_id: 'of-one', kind: 'known'})"
)
MARKED_BEFORE = Statement("test/marked_before", "MATCH (p:Person) SET p.resolve_at = p.resolve_at - $by")
SAMPLE = Statement("test/sample", "CALL db.resampleOutdatedIndexes()")
SAMPLED = Statement(
    "test/sampled",
    "CALL db.stats.retrieve('GRAPH COUNTS') YIELD data UNWIND data.indexes AS one WITH one "
    "WHERE one.labels = ['Person'] AND one.properties = ['view_id'] RETURN one.estimatedUniqueSize AS unique",
)
CROWD = Statement(
    "test/crowd",
    """
    UNWIND range(1, $persons) AS n
    CREATE (p:Person {id: 'crowd-' + n, view_id: 'crowd-' + n, kind: 'known'})
    WITH p, n
    MERGE (i:Identifier {key: $phone})
    ON CREATE SET i.kind = 'phone', i.value = $phone, i.status = 'exclusive'
    MERGE (k:BlockingKey {key: $key})
    MERGE (v:Value {key: 'given_name:maria'})
    CREATE (p)-[:HAS {assurance: 'asserted', first_seen: $at, last_seen: $at, count: 1, ambiguous: false}]->(i)
    CREATE (p)-[:KEYED]->(k)
    CREATE (p)-[:STATED]->(v)
    """,
)


async def crowd(graph: Graph, persons: int, name: str = "crowd", phone: str = PHONE, key: str = DATE) -> None:
    """So many persons on one phone, one blocking key and one value."""
    statement = Statement("test/crowd", CROWD.text.replace("crowd-", f"{name}-"))
    await graph.run(statement, persons=persons, phone=phone, key=key, at=dt.datetime.now(dt.UTC))


async def the_first(graph: Graph) -> str:
    """A view that holds a phone and a key like the crowd's."""
    [recorded] = await record(graph, [observed("user_id:shop:1!", "phone:+34600100200", **MARIA)])
    await Resolver(graph, load_model()).finish()
    return recorded.view_id  # type: ignore[union-attr]


async def test_what_is_read_of_a_hub_does_not_grow_with_its_holders(graph: Graph) -> None:
    view = await the_first(graph)
    costs = []
    for persons in (1_000, 9_000):
        await crowd(graph, persons, f"of-{persons}")
        costs.append(
            (
                await db_hits(graph, LIST_PARTNERS, views=[view], **LIMITS),
                await db_hits(graph, LIST_CONTEXT, asked=ASKED, exact=EXACT, hub=HUB),
            )
        )
    # The server may have planned anew between the two.
    assert costs[1][0] < costs[0][0] + 50 < 500
    assert costs[1][1] < costs[0][1] + 5 < 20


async def test_a_plan_that_is_kept_is_the_same_in_an_empty_graph_and_in_a_full_one(graph: Graph) -> None:
    kept = [load(name) for name in names() if "CYPHER replan=skip" in load(name).text]
    assert LIST_PARTNERS in kept

    async def plans() -> dict[str, set[str]]:
        return {statement.name: await plan(graph, statement) for statement in kept}

    async def is_sampled() -> bool:
        return (await graph.rows(SAMPLED))[0]["unique"] == 1

    empty = await plans()
    await graph.run(ONE_VIEW)
    await graph.run(SAMPLE)
    await wait_for_async(is_sampled, 60)
    lopsided = await plans()
    await graph.run(EMPTY)
    await the_first(graph)
    for number in range(3):
        await crowd(graph, 2_000, f"of-{number}", f"phone:+3460010030{number}", f"date:1990-02-0{number + 1}")
    for other in (lopsided, await plans()):
        assert {name: other[name] ^ empty[name] for name in other if other[name] != empty[name]} == {}


async def test_nothing_is_hung_of_somebody_who_changed_since_they_were_read(graph: Graph) -> None:
    [recorded] = await record(graph, [observed("user_id:shop:1!", **MARIA)])
    id = recorded.person_id  # type: ignore[union-attr]
    for changes, hung in ((True, []), (False, [DATE])):
        mark = (await load_marked(graph, [id]))[id][1]
        if changes:
            await record(graph, [observed("user_id:shop:1!", given_name="maria", family_name="garcia")])
        keys = [{"key": DATE, "id": id, "mark": mark}]
        await graph.ensure(UPSERT_KEYS, ids=[id], keys=keys, values=[], rules=["date"])
        assert [row["key"] for row in await graph.rows(HUNG)] == hung


async def test_a_key_with_too_many_holders_pairs_nobody_and_is_counted_by_its_rule(graph: Graph) -> None:
    view = await the_first(graph)
    await crowd(graph, MOST_VIEWS["date"] - 1, phone="phone:+34600100299")
    within = await compare(graph, {view}, {})
    assert within.dropped_keys == Counter()
    assert len(within.pairs) == MOST_VIEWS["date"] - 1
    await crowd(graph, 1, "one-more", phone="phone:+34600100299")
    beyond = await compare(graph, {view}, {})
    assert beyond.dropped_keys == Counter({"date": 1})
    assert beyond.pairs == []


async def test_a_common_key_does_not_hide_a_pair_that_another_key_shows(graph: Graph) -> None:
    await crowd(graph, MOST_VIEWS["date"] + 1)
    await record(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in (1, 2)])
    tally = await Resolver(graph, load_model()).finish()
    assert tally.dropped_keys == Counter({"date": 2})
    assert len(await list_queue(graph, Filter("open", "person"), FIRST, 10)) == 1


async def test_of_many_partners_those_with_the_rarest_common_keys_are_looked_at(graph: Graph) -> None:
    view = await the_first(graph)
    profile = (await load_profiles(graph, [view]))[view]
    [full_name] = [key for key in blocking_keys(profile) if key.startswith("full_name:")]
    await crowd(graph, 2 * MOST_LIKELY, phone="phone:+34600100299", key=full_name)
    [recorded] = await record(graph, [observed("user_id:shop:2!", **MARIA)])
    await Resolver(graph, load_model()).finish()
    compared = await compare(graph, {view}, {})
    assert len(compared.pairs) == MOST_LIKELY
    assert view not in compared.standing
    assert recorded.view_id in {end for pair in compared.pairs for end in (pair.left, pair.right)}  # type: ignore[union-attr]


async def test_whoever_shares_an_identifier_is_looked_at_beyond_the_likely_ones(graph: Graph) -> None:
    view = await the_first(graph)
    await crowd(graph, HUB - 1)
    compared = await compare(graph, {view}, {})
    assert len(compared.pairs) == HUB - 1 > MOST_LIKELY
    assert view in compared.standing


async def test_who_comes_alone_goes_before_those_who_came_in_bulk_and_bulk_never_stands_still(graph: Graph) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in range(30)], dt.timedelta())
    await record(graph, [observed(f"user_id:alone:{n}!", given_name="jose") for n in range(5)])
    resolver = Resolver(graph, load_model(), batch=5)
    pending = await resolver.pending(5)
    assert [row["resolve_at"] < BULK for row in pending] == [True] * 5 + [False]
    assert (await resolver.step()).persons == 6
    assert all(row["resolve_at"] >= BULK for row in await resolver.pending(5))
    await resolver.finish()
    assert (await resolver.step()).persons == 0


async def test_many_who_come_at_once_let_others_go_first_and_few_do_not(
    graph: Graph, hot: HotMemory, valkey: Child
) -> None:
    assert isinstance(valkey.recipe, ValkeyServer)
    async with open_reader(graph, valkey.recipe.url) as reader:
        visitors = VisitorReader(reader.line, GraphVisitors(graph))
        bell = Bell(hot)
        await record_group(graph, visitors, bell, [observed("user_id:many:0!")], FEW + 1)
        await bell.close()
        assert not await hot.take(NAME, 0.1), "nobody is told of those who wait"
        await record_group(graph, visitors, bell, [observed(f"user_id:few:{n}!") for n in range(FEW)], FEW)
        await bell.close()
        assert await hot.take(NAME, 0.1)
    pending = await Resolver(graph, load_model()).pending(END_OF_TIME)
    assert Counter(row["resolve_at"] >= BULK for row in pending) == {False: FEW, True: 1}


async def test_bulk_rests_while_more_of_it_comes_and_never_for_long(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record(graph, [observed("user_id:shop:1!", **MARIA)], dt.timedelta())
    await record(graph, [observed("user_id:alone:1!", given_name="jose")])
    hour = 3_600_000_000
    resting, working = Resolver(graph, load_model(), quiet=hour), Resolver(graph, load_model())
    assert [row["resolve_at"] < BULK for row in await resting.pending(5)] == [True]
    assert len(await working.pending(5)) == 2
    assert len(await resting.pending(END_OF_TIME)) == 2  # `vito resolve` waits for nobody
    monkeypatch.setattr(resolution, "PATIENCE", 0)
    assert len(await resting.pending(5)) == 2


async def test_bulk_rests_as_well_while_many_come_who_are_known_and_whom_nobody_marks(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def known_again() -> None:
        await record(graph, [observed("user_id:shop:1!")], dt.timedelta())

    monkeypatch.setattr(resolution, "MANY", 4)
    monkeypatch.setattr(resolution, "PATIENCE", 24 * 3_600_000_000)
    await record(graph, [observed("user_id:shop:1!", **MARIA)], dt.timedelta())
    await graph.run(MARKED_BEFORE, by=2 * 3_600_000_000)
    resting = Resolver(graph, load_model(), quiet=3_600_000_000)
    [marked] = await resting.pending(5)
    for _ in range(2):
        await known_again()
    assert await resting.pending(5) == [marked]  # three came: these are few
    await known_again()
    assert await resting.pending(5) == []
    assert await Resolver(graph, load_model(), quiet=0).pending(5) == [marked]  # nobody comes any more
    assert await resting.pending(END_OF_TIME) == [marked]


async def test_while_many_wait_and_more_come_they_rest_for_some_seconds(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record(graph, [observed(f"user_id:alone:{n}!", given_name="jose") for n in range(5)])
    resting = Resolver(graph, load_model(), quiet=3_600_000_000)
    assert len(await resting.pending(9)) == 5  # few wait
    monkeypatch.setattr(resolution, "MANY", 5)
    assert await resting.pending(9) == []
    assert len(await Resolver(graph, load_model(), quiet=0).pending(9)) == 5  # nobody comes any more
    monkeypatch.setattr(resolution, "HURRY", 0)
    assert len(await resting.pending(9)) == 5


async def test_bulk_about_somebody_who_waits_alone_does_not_put_them_last(graph: Graph) -> None:
    await record(graph, [observed("user_id:shop:1!", **MARIA)])
    resolver = Resolver(graph, load_model())
    [before] = await resolver.pending(5)
    await record(graph, [observed("user_id:shop:1!", family_name="garcia")], dt.timedelta())
    [after] = await resolver.pending(5)
    assert after["resolve_at"] < BULK
    assert after["resolve_at"] != before["resolve_at"], "who has read the mark before does not take this one off"


NAMES = st.sampled_from(("maria", "jose", "peter", "maría"))
SAID = st.tuples(st.integers(0, 6), NAMES, NAMES, st.sampled_from(("1990-03-02", "1991-01-01", None)), st.booleans())


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(SAID, min_size=1, max_size=14), joined=st.sets(st.integers(0, 6)))
async def test_frequencies_are_those_of_a_full_count_whenever_they_are_asked(
    migrated: Graph, said: list[tuple[int, str, str, str | None, bool]], joined: set[int]
) -> None:
    graph = migrated
    await graph.run(EMPTY)
    resolver = Resolver(graph, load_model())
    persons: dict[int, str] = {}
    for account, given_name, family_name, born, now in said:
        traits = {"given_name": given_name, "family_name": family_name, "date_of_birth": born}
        [recorded] = await record(graph, [observed(f"user_id:shop:{account}!", **traits)])
        persons[account] = recorded.person_id  # type: ignore[union-attr]
        if now:
            await resolver.step()
    await resolver.finish()
    together = sorted(persons[account] for account in joined & persons.keys())
    for id in together:
        await graph.run(JOIN, id=id, view=together[0])
    views = [row["id"] for row in await graph.rows(VIEWS)]
    counted = Counter(key for one in (await load_profiles(graph, views)).values() for key in stated_values(one))
    asked, whole = GraphPopulation(), await load_population(graph)
    await asked.learn(graph, counted)
    for key, count in counted.items():
        field, _, value = key.partition(":")
        assert asked.frequency(field, value) == whole.frequency(field, value) == count
    assert asked.missed == 0


async def test_a_value_nobody_stated_is_missed_once_and_known_to_be_of_nobody(graph: Graph) -> None:
    population = GraphPopulation()
    assert population.frequency("given_name", "maria") == 0
    assert (population.missed, population.unknown) == (1, {"given_name:maria"})
    await population.learn(graph, ())
    assert population.frequency("given_name", "maria") == 0
    assert (population.missed, population.unknown) == (1, set())


@pytest.mark.parametrize("persons", [EXACT + 1, EXACT + 40])
async def test_a_common_value_is_believed_for_a_while_and_a_rare_one_is_read_anew(graph: Graph, persons: int) -> None:
    await crowd(graph, persons)
    population = GraphPopulation()
    await population.learn(graph, ["given_name:maria", "given_name:jose"])
    population.forget()
    assert population.frequency("given_name", "maria") == persons
    assert population.frequency("given_name", "jose") == 0
    assert population.unknown == {"given_name:jose"}
