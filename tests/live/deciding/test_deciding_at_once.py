"""Many who decide at once, and any sequence of observations and decisions: the invariants hold after each step."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EMPTY
from tests.deciding import ANA, BEN, EDGES, EVE, candidate, person, propose, propose_fragments, retract, say, view
from tests.factories import observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding import cases
from vitograph.graph.deciding.decisions import Outcome, confirm
from vitograph.graph.deciding.log import list_decisions, verify_log
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.people.holdings import HUB, LOCK_IDENTIFIERS
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.ledger import Head
from vitograph.resolver.errors import Conflict, Forbidden, InvalidInput, StaleVersion, WrongState

PERSONS = Statement(
    "test/persons", "MATCH (p:Person) RETURN p.id AS id, p.view_id AS view_id, p.kind AS kind ORDER BY id"
)
PEOPLE = [ANA, BEN, EVE]

observations = st.tuples(
    st.just("observe"),
    st.lists(
        st.sampled_from(["email:a@x.org!", "email:b@x.org", "phone:+4930111111", "phone:+4930222222?", "cookie:c?",
                         "session:s?", "user_id:crm:1!", "user_id:crm:2!"]),
        min_size=1, max_size=3, unique=True,
    ),
    st.sampled_from([None, "anna", "boris", "clara"]),
)  # fmt: skip
verdicts = st.sampled_from([Verdict.SAME] * 3 + [v for v in Verdict if v is not Verdict.RETRACT])
decisions = st.tuples(st.just("decide"), st.integers(0, 99), st.tuples(verdicts, st.sampled_from(PEOPLE)))
second = st.tuples(
    st.sampled_from(["confirm", "retract"]), st.integers(0, 99), st.tuples(st.booleans(), st.sampled_from(PEOPLE))
)


async def decide_some_pair(graph: Graph, choice: int, verdict: Verdict, actor: Caller) -> None:
    persons = [row for row in await graph.rows(PERSONS) if row["kind"] != "unattributed"]
    pairs = [
        (a["id"], b["id"])
        for a, b in itertools.combinations(persons, 2)
        if a["view_id"] != b["view_id"] and "known" in (a["kind"], b["kind"])
    ]
    if not pairs:
        return
    a, b = pairs[choice % len(pairs)]
    try:
        id = await propose(graph, a, b, status="open")
    except AssertionError:
        return  # two views of devices make no pair
    await say(graph, id, verdict, actor)


async def act_on_the_log(graph: Graph, act: str, choice: int, flag: bool, actor: Caller) -> None:
    log = await list_decisions(graph, "", 0, 1000)
    if not log:
        return
    entry = log[choice % len(log)]
    if act == "confirm":
        await confirm(graph, entry["id"], actor)
        return
    before = await digest(graph)
    outcome = await retract(graph, entry["id"], "no", actor, keep_apart=flag)
    undoes_a_join = entry["verdict"] == "same" and entry["entry"] == "decision"
    # What the entry had called shared is no longer, or what it had replaced, which called something so, stands again.
    shared_changes = "shared_identifier" in (entry["verdict"], outcome.decision.get("keeps"))
    if entry["state"] == "pending" or not (undoes_a_join or shared_changes):
        assert await digest(graph) == before


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(observations, observations, decisions, decisions, second), min_size=4, max_size=14))
async def test_whatever_is_observed_and_decided_the_audit_is_clean(migrated: Graph, acts: list) -> None:  # type: ignore[type-arg]
    await migrated.run(EMPTY)
    for act, subject, detail in acts:
        if act == "observe":
            await record(migrated, [observed(*subject, given_name=detail)])
        else:
            try:
                if act == "decide":
                    await decide_some_pair(migrated, subject, *detail)
                else:
                    await act_on_the_log(migrated, act, subject, *detail)
            except (Conflict, Forbidden, InvalidInput):
                pass
        assert await audit(migrated) == [], (act, subject, detail)


said = st.tuples(
    st.integers(0, 99), st.sampled_from([Verdict.SAME, Verdict.SAME, Verdict.DIFFERENT]), st.sampled_from(PEOPLE)
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(said, min_size=5, max_size=12))
async def test_no_chain_of_verdicts_joins_whom_one_of_them_keeps_apart(migrated: Graph, acts: list) -> None:  # type: ignore[type-arg]
    await migrated.run(EMPTY)
    ids = [await person(migrated, name) for name in "abcdef"]
    for choice, verdict, actor in acts:
        try:
            pairs = list(itertools.combinations(ids, 2))
            outcome = await say(
                migrated, await propose_fragments(migrated, *pairs[choice % len(pairs)]), verdict, actor
            )
            if outcome.pending:
                second = PEOPLE[PEOPLE.index(actor) - 1]
                await confirm(migrated, outcome.decision["id"], second)
        except Conflict:
            pass
        assert await audit(migrated) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
async def test_any_joins_undone_in_any_order_restore_the_graph(migrated: Graph, data: st.DataObject) -> None:
    await migrated.run(EMPTY)
    ids = [await person(migrated, name) for name in "abcde"]
    before = await digest(migrated)
    made = []
    for a, b in data.draw(st.permutations(list(itertools.combinations(ids, 2)))):
        if await view(migrated, a) == await view(migrated, b):
            continue
        outcome = await say(migrated, await propose(migrated, a, b), Verdict.SAME, ANA)
        if outcome.pending:
            await confirm(migrated, outcome.decision["id"], BEN)
        made.append(outcome.decision["id"])
    assert len({await view(migrated, id) for id in ids}) == 1
    for id in data.draw(st.permutations(made)):
        await retract(migrated, id, "no", EVE, keep_apart=data.draw(st.booleans()))
    assert await digest(migrated) == before
    assert await audit(migrated) == []


async def test_sixteen_deciders_on_overlapping_pairs_lose_and_double_nothing(graph: Graph) -> None:
    chance = random.Random(7)
    ids = [await person(graph, name) for name in "abcdefgh"]
    pairs = list(itertools.combinations(ids, 2))
    candidates = [await propose(graph, a, b) for a, b in pairs]
    deciders = [Caller(f"k-{n}", f"decider {n}", Role.SPECIALIST) for n in range(16)]
    acknowledged: list[Outcome] = []
    refusals: Counter[str] = Counter()

    async def work(actor: Caller, order: list[str]) -> None:
        for id in order:
            try:
                verdict = chance.choice([Verdict.SAME, Verdict.SAME, Verdict.DIFFERENT, Verdict.HOUSEHOLD])
                acknowledged.append(await say(graph, id, verdict, actor))
                if chance.random() < 0.3:
                    acknowledged.append(await retract(graph, acknowledged[-1].decision["id"], "no", actor))
            except (Conflict, StaleVersion, Forbidden) as refusal:
                refusals[type(refusal).__name__] += 1

    await asyncio.gather(*(work(actor, chance.sample(candidates, len(candidates))) for actor in deciders))
    log = await list_decisions(graph, "", 0, 10_000)
    assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
    assert {entry["id"] for entry in log} == {outcome.decision["id"] for outcome in acknowledged}
    assert len(log) == len(acknowledged)
    verification = await verify_log(graph)
    assert verification.broken is None
    assert verification.head == Head(len(log), log[-1]["hash"])
    of_effect = Counter(e["candidate_id"] for e in log if e["entry"] == "decision" and e["state"] == "applied")
    assert max(of_effect.values()) == 1, "a candidate has one decision of effect"
    assert await audit(graph) == []
    assert refusals["WrongState"] > 0


async def test_of_sixteen_who_decide_one_candidate_at_once_one_does(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    version = (await candidate(graph, id))["version"]
    assert version == 1
    deciders = [Caller(f"k-{n}", f"decider {n}", Role.SPECIALIST) for n in range(16)]
    outcomes = await asyncio.gather(*(say(graph, id, Verdict.SAME, d) for d in deciders), return_exceptions=True)
    assert sum(isinstance(outcome, Outcome) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Outcome | StaleVersion | WrongState) for outcome in outcomes)
    assert len(await graph.rows(EDGES)) == 1
    assert await audit(graph) == []


async def test_observations_and_decisions_at_once_strand_nothing(graph: Graph) -> None:
    ids = [await person(graph, name) for name in "abcd"]
    pairs = list(itertools.combinations(ids, 2))

    async def observe(n: int) -> None:
        for step in range(10):
            names = [f"email:{'abcd'[(n + step) % 4]}@example.com!", f"cookie:{n}?"]
            await record(graph, [observed(*names, id=f"o-{n}-{step}")])

    async def decide(actor: Caller) -> None:
        for a, b in pairs * 2:
            try:
                outcome = await say(graph, await propose(graph, a, b), Verdict.SAME, actor)
                await retract(graph, outcome.decision["id"], "no", actor, keep_apart=False)
            except (Conflict, StaleVersion, AssertionError):
                pass

    await asyncio.gather(*(observe(n) for n in range(8)), *(decide(actor) for actor in PEOPLE))
    persons = await graph.rows(PERSONS)
    assert {row["id"] for row in persons if row["kind"] == "known"} == set(ids), "nobody was founded twice"
    assert await audit(graph) == []


async def join_when_read(graph: Graph, id: str, actor: Caller) -> None:
    """Joins a pair; whose view was changed by another meanwhile is read again, as a specialist would."""
    try:
        await say(graph, id, Verdict.SAME, actor)
    except StaleVersion:
        await say(graph, id, Verdict.SAME, actor)


async def test_two_who_join_a_chain_in_opposite_directions_end_in_one_view(graph: Graph) -> None:
    for _ in range(5):
        await graph.run(EMPTY)
        a, b, c = [await person(graph, name) for name in "abc"]
        ab, bc = await propose(graph, a, b), await propose(graph, b, c)
        await asyncio.gather(join_when_read(graph, ab, ANA), join_when_read(graph, bc, BEN))
        assert {await view(graph, id) for id in (a, b, c)} == {min(a, b, c)}
        assert await audit(graph) == []


async def test_a_decision_waits_for_an_observation_that_reads_the_view(graph: Graph) -> None:
    """It reads views under the locks of its identifiers: a join before it locks the persons would hide the holder."""
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    deciding: asyncio.Task[Outcome] | None = None

    async def observe(tx: Transaction) -> bool:
        nonlocal deciding
        row = {"key": "email:b@example.com", "kind": "email", "value": "b@example.com", "status": "exclusive"}
        await tx.run(LOCK_IDENTIFIERS, identifiers=[row], hub=HUB)
        deciding = asyncio.create_task(say(graph, id, Verdict.SAME))
        await asyncio.sleep(0.5)
        return deciding.done()

    assert not await graph.write(observe)
    assert deciding is not None
    assert not (await deciding).pending


async def test_a_view_that_grows_before_it_is_locked_is_locked_anew(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    ab, bc = await propose(graph, a, b), await propose(graph, b, c)
    read = cases._lock_scope
    sizes: list[int] = []

    async def read_then_grow(tx: Transaction, asked: Row, locks: cases.Locks) -> cases._Scope:
        scope = await read(tx, asked, locks)
        sizes.append(len(scope.members))
        if len(sizes) == 1:
            await say(graph, bc, Verdict.SAME)
        return scope

    monkeypatch.setattr(cases, "_lock_scope", read_then_grow)
    with pytest.raises(StaleVersion):
        await say(graph, ab, Verdict.SAME)
    assert sizes == [2, 2, 2, 3, 3, 3], "read, (the other join: twice), seen to have grown, and twice from the start"
    await say(graph, ab, Verdict.SAME)
    assert {await view(graph, id) for id in (a, b, c)} == {min(a, b, c)}
    assert await audit(graph) == []
