"""The resolver on the real graph: what it proposes, when, and that it never does more than propose."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from functools import partial

import orjson
import pytest

from tests.deciding import score_again
from tests.factories import observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.keeping.digest import digest
from vitograph.graph.people.marks import PUT_OFF
from vitograph.graph.queries import Statement
from vitograph.graph.resolving import worker as resolving
from vitograph.graph.resolving.priors import Priors, get_priors, record_priors
from vitograph.graph.resolving.proposing import propose_rows
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.schema import migrate
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Observation
from vitograph.resolver.scoring.parameters_json import load_model

MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
LINKS = Statement("test/links", "MATCH ()-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]->() RETURN count(r) AS links")
CANDIDATES = Statement(
    "test/candidates",
    "MATCH (c:Candidate) RETURN c.id AS id, c.status AS status, c.p_same AS p, c.evidence AS evidence, "
    "c.version AS version ORDER BY id",
)
PROPERTIES = Statement("test/properties", "MATCH (c:Candidate) RETURN properties(c) AS c")
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN count(p) AS waiting")


async def post(graph: Graph, *observations: Observation) -> list[Recorded]:
    outcomes = await record(graph, observations)
    assert all(isinstance(outcome, Recorded) for outcome in outcomes)
    return [outcome for outcome in outcomes if isinstance(outcome, Recorded)]


async def test_one_person_with_two_accounts_is_proposed_and_not_joined(graph: Graph) -> None:
    left, right = await post(
        graph,
        observed("user_id:shop:1!", "phone:+34600100200!", **MARIA),
        observed("user_id:shop:2!", "phone:+34600100200", **MARIA),
    )
    assert right.rule == "A6"
    await Resolver(graph, load_model()).finish()
    [item] = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    assert {item["left"], item["right"]} == {left.person_id, right.person_id}
    assert [item["id"]] == list(right.candidates), "the reply named the pair before it was scored"
    assert item["p_same"] > 0.9
    assert (await graph.rows(LINKS))[0]["links"] == 0


async def test_a_couple_with_one_phone_is_not_in_the_queue_of_one_person(graph: Graph) -> None:
    await post(
        graph,
        observed("email:maria@example.com!", "phone:+34600100200", **MARIA),
        observed("email:jose@example.com!", "phone:+34600100200", given_name="jose", family_name="lopez"),
    )
    await Resolver(graph, load_model()).finish()
    assert await list_queue(graph, Filter("open", "person"), FIRST, 10) == []
    [stored] = await list_queue(graph, Filter("stored", "person"), FIRST, 10)
    assert stored["p_household"] > stored["p_same"]


async def test_a_pair_that_is_drawn_or_not_any_more_is_written_at_the_same_odds(graph: Graph) -> None:
    """It is by its chance of being asked that it stands in the queue or beside it."""
    await post(graph, *(observed(f"user_id:shop:{number}!", "phone:+34600100200!", **MARIA) for number in "12"))
    await Resolver(graph, load_model()).finish()
    [kept] = [row["c"] for row in await graph.rows(PROPERTIES)]
    now = dt.datetime.now(dt.UTC)
    for status, propensity in (("stored", None), ("open", 0.05), ("stored", None)):
        row = {**kept, "band": "-", "status": status, "propensity": propensity}
        assert await graph.write(partial(propose_rows, [row], now)) == 1
        assert await graph.write(partial(propose_rows, [row], now)) == 0
        assert [one["status"] for one in await graph.rows(CANDIDATES)] == [status]


async def test_a_login_after_browsing_is_a_device_pair_in_a_queue_of_its_own(graph: Graph) -> None:
    browsing, login = await post(
        graph, observed("cookie:c-1?"), observed("cookie:c-1?", "user_id:shop:1!", event="user.logged_in")
    )
    await Resolver(graph, load_model()).finish()
    assert await list_queue(graph, Filter("open", "person"), FIRST, 10) == []
    found = [
        item for status in ("open", "stored") for item in await list_queue(graph, Filter(status, "device"), FIRST, 9)
    ]
    assert [(item["left"], item["right"]) for item in found] == [(login.person_id, browsing.person_id)]


async def test_the_waterfall_adds_up_to_the_bits_shown(graph: Graph) -> None:
    await post(
        graph,
        observed("email:maria.lopez@example.com!", **MARIA),
        observed("email:marialopez@example.org!", **MARIA),
    )
    await Resolver(graph, load_model()).finish()
    [item] = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    candidate = await get_candidate(graph, item["id"])
    rows = candidate["evidence"]["evidence"]
    for column in ("bits_stranger", "bits_household"):
        assert abs(sum(row[column] for row in rows) - candidate[column]) < 1e-9
    assert candidate["preview"] == {"fragments": 2, "events": 2, "identifiers": 2, "campaigns": []}


async def test_resolving_again_changes_nothing(graph: Graph) -> None:
    await post(graph, *(observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(6)))
    resolver = Resolver(graph, load_model())
    await resolver.finish()
    await score_again(graph)
    before = await graph.rows(CANDIDATES), await digest(graph)
    await score_again(graph)
    await score_again(graph)
    assert (await graph.rows(CANDIDATES), await digest(graph)) == before
    assert len(before[0]) == 15
    assert (await graph.rows(WAITING))[0]["waiting"] == 0


async def test_evidence_that_is_gone_takes_its_candidate_out_of_the_queue(graph: Graph) -> None:
    await post(
        graph,
        observed("user_id:shop:1!", "phone:+34600100200", given_name="maria"),
        observed("user_id:shop:2!", "phone:+34600100200", given_name="maria"),
    )
    await Resolver(graph, load_model()).finish()
    assert len(await list_queue(graph, Filter("open", "person"), FIRST, 10)) == 1
    await post(
        graph,
        observed("user_id:shop:1!", given_name="maria", date_of_birth="1961-01-15", family_name="lopez"),
        observed("user_id:shop:2!", given_name="maria", date_of_birth="1999-12-07", family_name="schmidt"),
    )
    await Resolver(graph, load_model()).finish()
    # One in twenty of those just below the bar is asked all the same; then it is in no band.
    assert [c for c in await list_queue(graph, Filter("open", "person"), FIRST, 10) if c["band"] != "-"] == []


async def test_a_running_worker_learns_what_others_estimated(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "COUNTED_EVERY", 0.05)
    resolver = Resolver(graph, load_model())
    working = asyncio.create_task(resolving.run(resolver))
    try:
        await asyncio.sleep(1)
        await record_priors(graph, Priors(0.5, 3.0, 100))
        for _ in range(200):
            if resolver.current.prior_same == 0.5:
                break
            await asyncio.sleep(0.05)
    finally:
        working.cancel()
    assert (resolver.current.prior_same, resolver.current.prior_household) == (0.5, 3.0)


async def test_a_running_worker_estimates_priors_that_the_graph_outgrew(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "COUNTED_EVERY", 0.05)
    monkeypatch.setattr(resolving, "ESTIMATED_EVERY", 0.05)
    await post(graph, *(observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(12)))
    await record_priors(graph, Priors(0.1, 1.5, 10))
    working = asyncio.create_task(resolving.run(Resolver(graph, load_model())))
    try:
        for _ in range(400):
            priors = await get_priors(graph)
            if priors is not None and priors.persons == 12:
                break
            await asyncio.sleep(0.05)
    finally:
        working.cancel()
    assert priors is not None
    assert (priors.persons, priors.fitted) == (12, load_model().name)
    assert priors.same > 0.1, "one person with twelve accounts"


async def test_the_worker_has_each_pair_in_the_queue_soon(graph: Graph) -> None:
    working = asyncio.create_task(resolving.run(Resolver(graph, load_model())))
    try:
        for n in range(4):
            await post(graph, observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA))
            started = time.monotonic()
            while len(await list_queue(graph, Filter("open", "person"), FIRST, 50)) < n * (n + 1) // 2:
                assert time.monotonic() - started < 60
                await asyncio.sleep(0.02)
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def test_a_worker_leaves_alone_what_an_import_will_resolve(graph: Graph) -> None:
    await record(graph, [observed("user_id:shop:1!", **MARIA)], put_off=PUT_OFF)
    resolver = Resolver(graph, load_model())
    assert (await resolver.step()).persons == 0
    assert (await resolver.finish()).persons == 1


async def test_the_frozen_evidence_names_its_model(graph: Graph) -> None:
    await post(graph, *(observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)))
    await Resolver(graph, load_model()).finish()
    [row] = await graph.rows(CANDIDATES)
    assert orjson.loads(row["evidence"])["model"] == load_model().name


async def test_a_decision_has_its_persons_scored_again(graph: Graph) -> None:
    await post(graph, *(observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(3)))
    resolver = Resolver(graph, load_model())
    await resolver.finish()
    first, *_ = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    ana = Caller("k-1", "ana", Role.SPECIALIST)
    await decide(graph, first["id"], Said(Verdict.SAME, "one person"), ana, first["version"])
    assert (await resolver.step()).persons == 2
    assert (await graph.rows(WAITING))[0]["waiting"] == 0
    assert len(await list_queue(graph, Filter("open", "person"), FIRST, 10)) == 1, "the joined view and the third"


async def test_a_lost_constraint_is_made_again(graph: Graph) -> None:
    await graph.run(Statement("test/drop", "DROP CONSTRAINT event_id"))
    assert [migration.name for migration in await migrate(graph)] == ["event_id"]
