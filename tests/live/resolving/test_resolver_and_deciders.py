"""Channels, the resolver and specialists at work on one graph, in any order: the queue is what it must be."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EMPTY
from tests.deciding import retract, score_again
from tests.factories import observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.log import list_decisions
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.graph.resolving import resolution
from vitograph.graph.resolving.pairing import compare
from vitograph.graph.resolving.proposing import PROPOSE_CANDIDATES, proposal
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import Conflict, ContradictoryDecision
from vitograph.resolver.scoring.parameters_json import load_model

ANA, BEN = (Caller(f"k-{name}", name, Role.SPECIALIST) for name in ("ana", "ben"))

# Whoever is in the queue is a view of its own, and nobody has said yet that the two are apart.
MISPLACED = Statement(
    "test/misplaced",
    """
    MATCH (l:Person)<-[:PAIRS]-(c:Candidate {status: 'open'})-[:PAIRS]->(r:Person)
    WHERE l.id = c.left AND r.id = c.right AND c.decision IS NULL
      AND (l.view_id <> l.id OR r.view_id <> r.id OR l.view_id = r.view_id OR EXISTS {
        MATCH (:Person {view_id: l.view_id})-[:NOT_SAME_AS]-(:Person {view_id: r.view_id})
      })
    RETURN c.id AS id
    """,
)
OPEN = Statement("test/open", "MATCH (c:Candidate {status: 'open'}) RETURN c.id AS id ORDER BY id")
SAID = Statement(
    "test/said",
    "MATCH (c:Candidate) RETURN c.id AS id, c.version AS version, c.bits_stranger AS bits ORDER BY id",
)
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN p.id AS id")

MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}

NAMES = ("maria", "jose", "peter")
SEEN = st.tuples(st.just("observe"), st.integers(0, 5), st.sampled_from(NAMES), st.integers(0, 2))
DECIDED = st.tuples(
    st.just("decide"), st.integers(0, 9), st.sampled_from([Verdict.SAME, Verdict.DIFFERENT, Verdict.HOUSEHOLD])
)
TAKEN_BACK = st.tuples(st.just("retract"), st.integers(0, 9), st.booleans())
STEPS = st.lists(st.one_of(SEEN, SEEN, DECIDED, TAKEN_BACK, st.tuples(st.just("resolve"))), min_size=4, max_size=14)


@dataclass
class Held:
    """A worker at the point of writing what it found."""

    resolver: Resolver
    compared: asyncio.Event = field(default_factory=asyncio.Event)
    may_write: asyncio.Event = field(default_factory=asyncio.Event)
    step: asyncio.Task[object] | None = None

    async def go_on(self) -> None:
        assert self.step
        self.may_write.set()
        await self.step


Hold = Callable[[], Awaitable[Held]]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_the_queue_follows_the_graph_whatever_is_done(migrated: Graph, steps: list[tuple[object, ...]]) -> None:
    graph = migrated
    await graph.run(EMPTY)
    resolver = Resolver(graph, load_model())
    for number, (act, *arguments) in enumerate(steps):
        match act, arguments:
            case "observe", (int(account), str(name), int(phone)):
                identifiers = (f"user_id:shop:{account}!", f"phone:+3460010020{phone}")
                await record(graph, [observed(*identifiers, id=f"o-{number}", given_name=name, family_name="lopez")])
            case "decide", (int(choice), Verdict() as verdict):
                await decide_one(graph, choice, verdict)
            case "retract", (int(choice), bool(keep_apart)):
                await retract_one(graph, choice, keep_apart)
            case _:
                await resolver.finish()
    await resolver.finish()
    assert await graph.rows(WAITING) == []
    assert await graph.rows(MISPLACED) == []
    assert await audit(graph) == []
    waiting = await graph.rows(OPEN)
    await score_again(graph)
    assert await graph.rows(OPEN) == waiting, "scoring everybody again finds what scoring the changed ones found"


async def decide_one(graph: Graph, choice: int, verdict: Verdict) -> None:
    queue = await list_queue(graph, Filter("open", "person"), FIRST, 50)
    if queue:
        pair = queue[choice % len(queue)]
        try:
            await decide(graph, pair["id"], Said(verdict, "as drawn"), ANA, pair["version"])
        except Conflict:
            return  # what a decision keeps apart cannot be joined by way of a third


async def retract_one(graph: Graph, choice: int, keep_apart: bool) -> None:
    log = await list_decisions(graph, "", 0, 100)
    if log:
        try:
            await retract(graph, log[choice % len(log)]["id"], "as drawn", BEN, keep_apart=keep_apart)
        except Conflict:
            return  # it has no effect any more


async def test_a_triad_is_refused_with_its_path_whatever_the_resolver_did_meanwhile(graph: Graph) -> None:
    identifiers = [(f"user_id:shop:{n}!", "phone:+34600100200") for n in range(3)]
    maria = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    await record(graph, [observed(*ids, **maria) for ids in identifiers])
    resolver = Resolver(graph, load_model())
    await resolver.finish()
    first, second, third = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    for pair, verdict in ((first, Verdict.SAME), (second, Verdict.DIFFERENT)):
        version = (await get_candidate(graph, pair["id"]))["version"]
        await decide(graph, pair["id"], Said(verdict, "by the papers"), ANA, version)
        await resolver.finish()
    with pytest.raises(ContradictoryDecision) as refused:
        await decide(graph, third["id"], Said(Verdict.SAME, "looks alike"), BEN, third["version"])
    assert len(refused.value.path) == 3


@pytest.fixture
def hold(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Starts a worker that compares, and does not write until it is told to."""
    helds, write = list[Held](), Resolver._write

    async def write_late(resolver: Resolver, *found: Any) -> int:
        for held in helds:
            if held.resolver is resolver:
                held.compared.set()
                await held.may_write.wait()
        return await write(resolver, *found)

    async def start() -> Held:
        held = Held(Resolver(graph, load_model()))
        helds.append(held)
        held.step = asyncio.create_task(held.resolver.step())
        await held.compared.wait()
        return held

    monkeypatch.setattr(Resolver, "_write", write_late)
    return start


async def test_a_worker_that_was_overtaken_supersedes_nothing(graph: Graph, hold: Hold) -> None:
    """It compared a third with two who were one; they were parted, and another worker scored all three meanwhile."""
    await record(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in range(2)])
    await Resolver(graph, load_model()).finish()
    [pair] = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    said = Said(Verdict.SAME, "by the papers")
    joined = await decide(graph, pair["id"], said, ANA, (await get_candidate(graph, pair["id"]))["version"])
    await Resolver(graph, load_model()).finish()
    await record(graph, [observed("user_id:shop:2!", **MARIA)])
    slow = await hold()
    await retract(graph, joined.decision["id"], "they are two", BEN, keep_apart=False)
    await Resolver(graph, load_model()).finish()
    before = [row["id"] for row in await graph.rows(OPEN)]
    await slow.go_on()
    assert [row["id"] for row in await graph.rows(OPEN)] == before
    assert len(before) == 3
    assert await graph.rows(WAITING) == []


async def test_what_a_worker_saw_before_it_was_overtaken_is_looked_at_again(graph: Graph, hold: Hold) -> None:
    """The one that was quicker had not seen yet what made two of them alike."""
    await record(graph, [observed("user_id:shop:1!", **MARIA)])
    quick = await hold()
    await record(graph, [observed("user_id:shop:2!", **MARIA)])
    slow = await hold()
    await quick.go_on()
    await slow.go_on()
    await Resolver(graph, load_model()).finish()
    assert len(await graph.rows(OPEN)) == 1
    assert await graph.rows(WAITING) == []


async def test_what_another_worker_found_of_somebody_else_meanwhile_is_not_superseded(graph: Graph, hold: Hold) -> None:
    """One compared a second while a first was not like them yet; nothing sets the second's mark anew."""
    await record(graph, [observed("user_id:shop:1!")])
    await Resolver(graph, load_model()).finish()
    await record(graph, [observed("user_id:shop:2!", **MARIA)])
    slow = await hold()
    [first] = await record(graph, [observed("user_id:shop:1!", **MARIA)])
    quick = Resolver(graph, load_model())
    await quick.resolve([row for row in await quick.pending(10) if row["view_id"] == first.view_id])
    before = await graph.rows(OPEN)
    assert len(before) == 1
    await slow.go_on()
    assert await graph.rows(OPEN) == before


async def test_of_whom_another_worker_scored_since_nothing_is_written_in_whatever_transaction(
    graph: Graph, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that needs several had read a second before they gave the telephone number of the others."""
    monkeypatch.setattr(resolution, "WRITTEN", 1)
    await record(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100201", **MARIA) for n in range(2)])
    await Resolver(graph, load_model()).finish()
    await record(graph, [observed("user_id:shop:2!", **MARIA)])
    slow = await hold()
    await record(graph, [observed("user_id:shop:2!", "phone:+34600100201", **MARIA)])
    await Resolver(graph, load_model()).finish()
    before = await graph.rows(SAID)
    assert len(before) == 3
    await slow.go_on()
    assert await graph.rows(SAID) == before
    assert await graph.rows(WAITING) == []


@pytest.mark.parametrize("was_written_meanwhile", [False, True])
async def test_what_was_not_found_again_is_superseded_as_it_was_read(
    graph: Graph, *, was_written_meanwhile: bool
) -> None:
    """Who lost a candidate that somebody wrote meanwhile is scored again."""
    await record(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in range(2)])
    await Resolver(graph, load_model()).finish()
    await record(graph, [observed("user_id:shop:1!", "phone:+34600100201", **MARIA)])
    resolver = Resolver(graph, load_model())
    [mark] = await resolver.pending(10)
    read = (await compare(graph, {mark["view_id"]}, {})).standing
    [(id, version)] = read[mark["view_id"]].items()
    lost = [{"id": id, "version": version - was_written_meanwhile, "view_ids": [mark["view_id"]]}]
    await graph.ensure(PROPOSE_CANDIDATES, **proposal([], dt.datetime.now(dt.UTC), lost, [mark]))
    assert len(await graph.rows(OPEN)) == len(await graph.rows(WAITING)) == was_written_meanwhile
