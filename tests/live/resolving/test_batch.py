"""A whole graph resolved at once gives what the resolver at work gives, and loses nothing when it dies."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Generator
from typing import Any

import pytest

from benchmarks.world import build
from tests.deciding import score_again
from tests.factories import observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.batch import run
from vitograph.graph.batch.engines import Found
from vitograph.graph.batch.inprocess import InProcess
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.deciding.changes import Changes
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.ingest.observations import parse
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.scoring.rates import Population

CANDIDATES = Statement(
    "test/candidates",
    "MATCH (c:Candidate) RETURN c.id AS id, c.kind AS kind, c.left AS left, c.right AS right, c.status AS status, "
    "c.band AS band, c.p_same AS p_same, c.p_household AS p_household, c.bits_stranger AS bits_stranger, "
    "c.bits_household AS bits_household, c.version AS version ORDER BY id",
)
FORGET = Statement("test/forget", "MATCH (c:Candidate) DETACH DELETE c")
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN count(p) AS waiting")
OUTDATE = Statement(
    "test/outdate",
    "MATCH (p:Person {kind: 'known'}) MERGE (k:BlockingKey {key: 'rule-of-old:x'}) CREATE (p)-[:KEYED]->(k)",
)
KEYED = Statement("test/keyed", "MATCH (:Person)-[k:KEYED]->() RETURN count(k) AS keyed")
UNUSED = Statement("test/unused", "MATCH (k:BlockingKey) WHERE NOT EXISTS { (k)--() } RETURN count(k) AS unused")
KEPT_APART = Statement("test/kept", "MATCH (p)-[:NOT_SAME_AS]->(q) RETURN p.view_id AS p, q.view_id AS q")
MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
ANA = Caller("k-1", "ana", Role.SPECIALIST)


class Long(InProcess):
    """An engine that takes its time."""

    def find(self, frame: Frame, population: Population, model: Model) -> Generator[Found]:
        time.sleep(5)
        yield from super().find(frame, population, model)


async def record_world(graph: Graph, persons: int) -> None:
    """The demo world, as its channels post it."""
    now = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
    bodies = {body["id"]: body for body in build(persons).observations}
    observations = [parse(body, received_at=now, default_region=None) for body in bodies.values()]
    for start in range(0, len(observations), 200):
        await record(graph, observations[start : start + 200])


async def rows(graph: Graph, statement: Statement) -> list[dict[str, Any]]:
    return await graph.rows(statement)


async def test_a_batch_proposes_what_the_resolver_at_work_proposes(graph: Graph) -> None:
    await record_world(graph, 120)
    await Resolver(graph, load_model()).finish()
    at_work = await rows(graph, CANDIDATES)
    assert {row["kind"] for row in at_work} == {"person", "device"}

    tally = await resolve_whole(graph, load_model())
    assert tally.proposed == 0, "what stands in the queue stays as it is"
    assert await rows(graph, CANDIDATES) == at_work

    await graph.run(FORGET)
    await resolve_whole(graph, load_model())
    in_batch = await rows(graph, CANDIDATES)
    assert [row["id"] for row in in_batch] == [row["id"] for row in at_work]
    for ours, theirs in zip(in_batch, at_work, strict=True):
        assert (ours["status"], ours["band"], ours["left"]) == (theirs["status"], theirs["band"], theirs["left"])
        # At work all pairs of the sample are looked at; in a batch some unlikely ones stand for all: m moves a little.
        for column, apart in (("p_same", 1e-2), ("p_household", 1e-2), ("bits_stranger", 0.1), ("bits_household", 0.1)):
            assert ours[column] == pytest.approx(theirs[column], abs=apart)


async def test_after_a_batch_nobody_waits_and_everybody_hangs_on_their_keys(graph: Graph) -> None:
    await record_world(graph, 30)
    await resolve_whole(graph, load_model())
    keyed, in_batch = (await rows(graph, KEYED))[0]["keyed"], await rows(graph, CANDIDATES)
    assert (await rows(graph, WAITING))[0]["waiting"] == 0
    await graph.run(OUTDATE)
    await score_again(graph)
    assert (await rows(graph, KEYED))[0]["keyed"] == keyed > 0, "keys of a rule that is no more are taken off"
    assert (await rows(graph, UNUSED))[0]["unused"] == 0, "and nothing is left of them"
    assert await rows(graph, CANDIDATES) == in_batch


async def test_a_batch_respects_what_was_decided(graph: Graph) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(4)])
    await resolve_whole(graph, load_model())
    first, *_ = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    await decide(graph, first["id"], Said(Verdict.SAME, "one person"), ANA, first["version"])
    await resolve_whole(graph, load_model())
    [other, *_] = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    await decide(graph, other["id"], Said(Verdict.DIFFERENT, "two persons"), ANA, other["version"])
    await resolve_whole(graph, load_model())
    found = {row["id"]: row for row in await rows(graph, CANDIDATES)}
    assert found[first["id"]]["status"] == found[other["id"]]["status"] == "decided"
    apart = {other["left"], other["right"]}
    assert not any({row["left"], row["right"]} == apart for row in found.values() if row["status"] == "open")


async def test_evidence_that_is_gone_takes_its_candidate_out_of_the_queue(graph: Graph) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", given_name="maria", family_name="lopez") for n in range(2)])
    await graph.run(
        Statement(
            "test/stale",
            "MATCH (p:Person) WITH collect(p) AS two CREATE (c:Candidate {id: 'c-stale', status: 'open', version: 1}) "
            "WITH c, two UNWIND two AS p CREATE (c)-[:PAIRS]->(p)",
        )
    )
    await resolve_whole(graph, load_model())
    stale = next(row for row in await rows(graph, CANDIDATES) if row["id"] == "c-stale")
    assert (stale["status"], stale["version"]) == ("superseded", 2)


async def test_a_batch_that_dies_in_the_middle_loses_nobody(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(4)])
    waiting = (await rows(graph, WAITING))[0]["waiting"]
    assert waiting == 4

    async def dies(*_: object) -> None:
        raise GraphUnavailable("Neo4j does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(run, "close_stale", dies)
        with pytest.raises(GraphUnavailable):
            await resolve_whole(graph, load_model())
    assert (await rows(graph, WAITING))[0]["waiting"] == waiting, "the marks are on still"
    written = await rows(graph, CANDIDATES)
    assert len(written) == 6
    await Resolver(graph, load_model()).finish()
    assert await rows(graph, CANDIDATES) == written


async def test_who_changes_during_a_batch_is_resolved_after_it(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    read = run.read_whole

    async def read_and_change(graph: Graph) -> object:
        whole = await read(graph)
        [changed] = await record(graph, [observed("user_id:shop:1!", given_name="maria", gender="f", minutes=5)])
        assert isinstance(changed, Recorded)
        return whole

    monkeypatch.setattr(run, "read_whole", read_and_change)
    await resolve_whole(graph, load_model())
    assert (await rows(graph, WAITING))[0]["waiting"] == 1


async def test_who_looks_at_the_queue_hears_what_a_long_batch_writes(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who listens looks back over one transaction, not over a whole run."""
    monkeypatch.setattr("vitograph.graph.deciding.changes.OVERLAP", dt.timedelta(seconds=2))
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    listening = Changes(graph, interval=0.05).listen()
    first = asyncio.ensure_future(anext(listening))
    await resolve_whole(graph, load_model(), Long())
    [candidate] = await rows(graph, CANDIDATES)
    told = await asyncio.wait_for(first, 20)
    assert (told["id"], told["type"]) == (candidate["id"], "created")
    await listening.aclose()  # type: ignore[attr-defined]


async def test_what_a_worker_writes_during_a_batch_stays(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    await resolve_whole(graph, load_model())
    await graph.run(Statement("test/drift", "MATCH (c:Candidate) SET c.bits_stranger = c.bits_stranger - 9.0"))
    read = run.read_whole

    async def read_and_resolve(graph: Graph) -> object:
        whole = await read(graph)
        await record(graph, [observed("user_id:shop:1!", given_name="jorge", family_name="ruiz", minutes=5)])
        await Resolver(graph, load_model()).finish()
        by_worker.append(await rows(graph, CANDIDATES))
        return whole

    by_worker: list[list[dict[str, Any]]] = []
    monkeypatch.setattr(run, "read_whole", read_and_resolve)
    await resolve_whole(graph, load_model())
    assert [await rows(graph, CANDIDATES)] == by_worker
    assert (await rows(graph, WAITING))[0]["waiting"] == 2, "both are scored again"


async def test_a_candidate_that_others_make_during_a_batch_is_scored_after_it(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    read = run.read_whole

    async def read_and_resolve(graph: Graph) -> object:
        whole = await read(graph)
        await Resolver(graph, load_model()).finish()
        return whole

    monkeypatch.setattr(run, "read_whole", read_and_resolve)
    await resolve_whole(graph, load_model())
    [candidate] = await rows(graph, CANDIDATES)
    assert candidate["version"] == 1
    assert (await rows(graph, WAITING))[0]["waiting"] == 2


async def test_after_a_batch_whoever_was_joined_meanwhile_is_apart_from_whom_either_was(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = "phone:+34600100200"
    await record(graph, [observed(f"user_id:shop:{n}!", phone, minutes=n, **MARIA) for n in range(3)])
    await resolve_whole(graph, load_model())
    pairs = {frozenset((row["left"], row["right"])): row for row in await rows(graph, CANDIDATES)}
    first, _, last = sorted({row["left"] for row in pairs.values()} | {row["right"] for row in pairs.values()})
    [middle] = {one for pair in pairs for one in pair} - {first, last}
    kept_apart = pairs[frozenset((middle, last))]
    await decide(graph, kept_apart["id"], Said(Verdict.DIFFERENT, "two persons"), ANA, kept_apart["version"])
    joined = pairs[frozenset((first, middle))]
    forget = Statement("test/forget_one", "MATCH (c:Candidate {id: $id}) DETACH DELETE c")
    await graph.run(forget, id=pairs[frozenset((first, last))]["id"])
    read_apart = run.read_apart

    async def read_and_join(graph: Graph) -> list[tuple[str, str]]:
        apart = await read_apart(graph)
        await decide(graph, joined["id"], Said(Verdict.SAME, "one person"), ANA, joined["version"])
        return apart

    monkeypatch.setattr(run, "read_apart", read_and_join)
    await resolve_whole(graph, load_model())
    await Resolver(graph, load_model()).finish()
    kept = await rows(graph, KEPT_APART)
    apart = {frozenset(row.values()) for row in kept}
    open_ones = [row for row in await rows(graph, CANDIDATES) if row["status"] in ("open", "claimed")]
    assert not any(frozenset((row["left"], row["right"])) in apart for row in open_ones)


async def test_everybody_waits_when_another_model_becomes_live_during_a_batch(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    await resolve_whole(graph, load_model())
    read = run.read_whole

    async def read_and_promote(graph: Graph) -> object:
        whole = await read(graph)
        await graph.run(Statement("test/promote", "CREATE (:Model {name: 'trained-1', status: 'live'})"))
        return whole

    monkeypatch.setattr(run, "read_whole", read_and_promote)
    await resolve_whole(graph, load_model())
    assert (await rows(graph, WAITING))[0]["waiting"] == 2


async def test_everybody_waits_when_another_model_became_live_before_a_batch_began(graph: Graph) -> None:
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(2)])
    await graph.run(Statement("test/promote", "CREATE (:Model {name: 'trained-1', status: 'live'})"))
    await resolve_whole(graph, load_model())
    assert (await rows(graph, WAITING))[0]["waiting"] == 2


async def test_an_empty_graph_is_resolved(graph: Graph) -> None:
    tally = await resolve_whole(graph, load_model())
    assert (tally.persons, tally.pairs, tally.proposed) == (0, 0, 0)
