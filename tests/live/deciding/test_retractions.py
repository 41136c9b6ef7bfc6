"""Taking back more than one decision: shown first, done as a whole, and the graph is what it was."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EMPTY
from tests.deciding import ANA, BEN, EDGES, EVE, join, person, propose, propose_fragments, saw, say, view
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.acknowledging import acknowledge
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import verify_log
from vitograph.graph.deciding.queue import LAST_ID, list_weakened
from vitograph.graph.deciding.retractions import Wish, rehearse, retract_all
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.models import record_comparison, record_model
from vitograph.graph.training.comparing import compare_models
from vitograph.graph.training.promotion import promote
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.retraction import Scope
from vitograph.resolver.errors import Conflict, StaleVersion, UnknownThing, WrongState
from vitograph.resolver.scoring.parameters_json import load_model

PEOPLE = [ANA, BEN, EVE]
IDA = Caller("k-ida", "ida", Role.ADMIN)
OTHERS = Statement(
    "test/others", "MATCH (d:Decision) WHERE d.entry IN ['model', 'erasure'] RETURN d.id AS id ORDER BY d.seq"
)


async def joined(graph: Graph, a: str, b: str, actor: Caller = ANA) -> str:
    """Joins two persons, with a second one where that is due; the decision's id."""
    outcome = await join(graph, a, b, actor)
    if outcome.pending:
        await confirm(graph, outcome.decision["id"], PEOPLE[PEOPLE.index(actor) - 1])
    return str(outcome.decision["id"])


async def test_all_that_a_decision_caused_is_shown_and_then_taken_back_as_a_whole(graph: Graph) -> None:
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    before = await digest(graph)
    first = await joined(graph, a, b)
    second = await joined(graph, a, c)
    apart = (await say(graph, await propose(graph, a, d), Verdict.DIFFERENT)).decision["id"]
    wish = Wish("not her", scope=Scope.CAUSED, keep_apart=False)
    state = await digest(graph), await verify_log(graph)
    plan = await rehearse(graph, first, wish, BEN)
    assert (await digest(graph), await verify_log(graph)) == state, "a dry run changes nothing"
    assert [row["id"] for row in plan.decisions] == [apart, second, first]
    [parted] = plan.views
    assert {tuple(part["fragments"]) for part in parted["parts"]} == {(a,), (b,), (c,)}
    assert [part["events"] for part in parted["parts"]] == [1, 1, 1]
    await retract_all(graph, first, wish, BEN)
    assert await digest(graph) == before
    assert {await view(graph, id) for id in (a, b, c)} == {a, b, c}
    assert await audit(graph) == []


@pytest.mark.parametrize("shape", ["chain", "star"])
async def test_a_deep_tree_is_taken_back_from_its_root_and_from_its_middle(graph: Graph, shape: str) -> None:
    people = [await person(graph, f"p{number}") for number in range(14)]
    before = await digest(graph)
    ids = []
    for number in range(1, len(people)):
        pair = await propose_fragments(graph, people[0 if shape == "star" else number - 1], people[number])
        outcome = await say(graph, pair, Verdict.SAME)
        if outcome.pending:
            await confirm(graph, outcome.decision["id"], BEN)
        ids.append(str(outcome.decision["id"]))
    whole = await digest(graph)
    middle = Wish("not her", scope=Scope.SUBTREE, keep_apart=False, stays=people[0])
    plan = await rehearse(graph, ids[6], middle, BEN)
    assert len(plan.decisions) == (1 if shape == "star" else 7)
    assert await digest(graph) == whole
    await retract_all(graph, ids[6], middle, BEN)
    assert len({await view(graph, id) for id in people}) == 1 + len(plan.decisions)
    await retract_all(graph, ids[0], Wish("not her", scope=Scope.CAUSED, keep_apart=False), BEN)
    assert await digest(graph) == before
    assert await audit(graph) == []


@pytest.mark.parametrize("scope", Scope)
async def test_what_is_no_decision_is_not_taken_back_and_says_so(graph: Graph, scope: Scope) -> None:
    a, b, c, d, e = [await person(graph, name) for name in "abcde"]
    await join(graph, a, b)
    await join(graph, c, d)
    bridge = await join(graph, a, c)
    confirmed = await confirm(graph, bridge.decision["id"], BEN)
    live, other = load_model(), replace(load_model(), name="other")
    await record_model(graph, other, "a test", live.name, {})
    await record_comparison(graph, "other", live.name, {"comparison": await compare_models(graph, other, live)})
    await promote(graph, "other", ANA)
    await erase(graph, e, IDA)
    log = await verify_log(graph)
    promoted, erased = (row["id"] for row in await graph.rows(OTHERS))
    for id in (confirmed.decision["id"], promoted, erased):
        for take_back in (rehearse, retract_all):
            with pytest.raises(WrongState):
                await take_back(graph, id, Wish("wrong", scope=scope), EVE)
    assert await verify_log(graph) == log
    assert len({await view(graph, one) for one in (a, b, c, d)}) == 1


async def test_a_subtree_comes_apart_and_the_rest_stays(graph: Graph) -> None:
    a, b, c, d = sorted([await person(graph, name) for name in "abcd"])
    await joined(graph, a, b)
    middle = await joined(graph, c, d)
    bridge = await joined(graph, a, c)
    wish = Wish("a sister", scope=Scope.SUBTREE)
    assert [row["id"] for row in (await rehearse(graph, bridge, wish, BEN)).decisions] == [bridge, middle]
    await retract_all(graph, bridge, wish, BEN)
    assert [await view(graph, id) for id in (a, b, c, d)] == [a, a, c, d]
    assert await audit(graph) == []


async def test_links_that_rest_on_what_is_taken_back_are_told_of_and_flagged(graph: Graph) -> None:
    a, b, c, d = sorted([await person(graph, name) for name in "abcd"])
    first = await joined(graph, a, b)
    second = await joined(graph, a, c)
    apart = (await say(graph, await propose(graph, a, d), Verdict.DIFFERENT)).decision["id"]
    plan = await rehearse(graph, first, Wish("not her"), BEN)
    assert [[row["id"] for row in rows] for rows in (plan.decisions, plan.resting)] == [[first], [apart, second]]
    assert [row["weakened"] for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"] == [None, None]
    assert (await rehearse(graph, first, Wish("not her", scope=Scope.CAUSED), BEN)).resting == ()
    [back] = await retract_all(graph, first, Wish("not her", snapshot=plan.snapshot), BEN)
    [weak] = await list_weakened(graph, "person", LAST_ID, 9)
    found = await get_candidate(graph, weak["id"])
    assert (found["decision"], found["weakened_by"]) == (second, [back.decision["id"]])
    assert await audit(graph) == []
    await acknowledge(graph, weak["id"], found["weakened_by"], ("it is her", None), ANA, found["version"])
    assert await list_weakened(graph, "person", LAST_ID, 9) == []


async def test_a_decision_rests_on_what_stood_when_it_took_effect(graph: Graph) -> None:
    """While it waited for a second person, nobody was in another view by it."""
    a, b = await person(graph, "a"), await person(graph, "b")
    first = await joined(graph, a, b)
    news = {"purpose": "news"}
    await saw(graph, "email:a@example.com!", event="consent.granted", properties=news)
    c = (await saw(graph, "email:c@example.com!", event="consent.withdrawn", properties=news)).person_id
    waits = await join(graph, a, c)
    assert waits.pending
    e = await person(graph, "e")
    apart = (await say(graph, await propose(graph, c, e), Verdict.DIFFERENT)).decision["id"]
    await confirm(graph, waits.decision["id"], BEN)
    later = (await say(graph, await propose_fragments(graph, b, e), Verdict.DIFFERENT)).decision["id"]
    caused = await rehearse(graph, first, Wish("not her", scope=Scope.CAUSED), EVE)
    assert [row["id"] for row in caused.decisions] == [later, waits.decision["id"], first]
    assert apart not in {row["id"] for row in caused.resting}


async def test_what_an_identifier_became_is_shown_and_taken_back(graph: Graph) -> None:
    phone = "phone:+4930123456"
    a, b = [
        (await saw(graph, f"email:{name}@example.com!", phone, given_name=name)).person_id for name in ("ann", "bob")
    ]
    before = await digest(graph)
    decided = await say(graph, await propose(graph, a, b), Verdict.SHARED_IDENTIFIER)
    plan = await rehearse(graph, decided.decision["id"], Wish("one uses it"), BEN)
    assert plan.identifiers == ({"key": phone, "status": "shared", "becomes": "suspected"},)
    await retract_all(graph, decided.decision["id"], Wish("one uses it"), BEN)
    assert await digest(graph) == before


async def test_another_plan_than_was_shown_is_refused(graph: Graph) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    first = await joined(graph, a, b)
    shown = (await rehearse(graph, first, Wish("no", scope=Scope.CAUSED), BEN)).snapshot
    await joined(graph, a, c)
    state = await digest(graph)
    with pytest.raises(StaleVersion):
        await retract_all(graph, first, Wish("no", scope=Scope.CAUSED, snapshot=shown), BEN)
    assert await digest(graph) == state
    with pytest.raises(UnknownThing):
        await rehearse(graph, "d-none", Wish("no"), BEN)
    with pytest.raises(UnknownThing):
        await rehearse(graph, first, Wish("no", scope=Scope.SUBTREE, stays="p-none"), BEN)


acts = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.sampled_from([Verdict.SAME] * 3 + [Verdict.DIFFERENT, Verdict.HOUSEHOLD]),
        st.sampled_from(PEOPLE),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts, st.integers(0, 99), st.sampled_from(list(Scope)), st.booleans())
async def test_a_dry_run_tells_what_will_be_and_the_invariants_hold(
    migrated: Graph, acts: list, choice: int, scope: Scope, keep_apart: bool
) -> None:  # type: ignore[type-arg]
    graph = migrated
    await graph.run(EMPTY)
    ids = [await person(graph, name) for name in "abcde"]
    before = await digest(graph)
    made = []
    for number, verdict, actor in acts:
        pairs = list(itertools.combinations(ids, 2))
        a, b = pairs[number % len(pairs)]
        if await view(graph, a) == await view(graph, b):
            continue
        try:
            outcome = await say(graph, await propose(graph, a, b), verdict, actor)
            if outcome.pending:
                await confirm(graph, outcome.decision["id"], PEOPLE[PEOPLE.index(actor) - 1])
            made.append(outcome.decision["id"])
        except Conflict:
            pass
    wish = Wish("no", scope=scope, keep_apart=keep_apart)
    named = made[choice % len(made)]
    try:
        plan = await rehearse(graph, named, wish, EVE)
    except Conflict:
        return
    await retract_all(graph, named, Wish("no", scope=scope, keep_apart=keep_apart, snapshot=plan.snapshot), EVE)
    for parted in plan.views:
        for part in parted["parts"]:
            assert {await view(graph, id) for id in part["fragments"]} == {part["view_id"]}
    assert await audit(graph) == []
    gone = {row["id"] for row in plan.decisions}
    for id in reversed([id for id in made if id not in gone]):
        with contextlib.suppress(Conflict):
            await retract_all(graph, id, Wish("all of it", scope=Scope.CAUSED), ANA)
    assert await digest(graph) == before, "nothing was moved, so all of it is where it was"
    assert await audit(graph) == []


async def test_over_http(api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]], graph: Graph) -> None:
    headers = bearer[Role.SPECIALIST]
    a, b, c = [await person(graph, name) for name in "abc"]
    first = await joined(graph, a, b)
    await joined(graph, a, c)
    body = {"reason": "not her", "scope": "caused", "keep_apart": False}
    shown = await api.post(f"/v1/decisions/{first}/retract?dry_run=true", json=body, headers=headers)
    assert shown.status_code == 200
    plan = shown.json()
    assert len(plan["decisions"]) == 2
    stale = await api.post(
        f"/v1/decisions/{first}/retract", json={"reason": "no"}, headers=headers | {"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    for dry in ("", "?dry_run=true"):
        old = await api.post(f"/v1/decisions/{first}/retract{dry}", json=body, headers=headers | {"If-Match": '"1"'})
        assert old.status_code == 412, "also where more than one decision goes"
    assert [row["type"] for row in await graph.rows(EDGES)] == ["SAME_AS", "SAME_AS"]
    wrong = await api.post(f"/v1/decisions/{first}/retract", json=body | {"snapshot": "0" * 32}, headers=headers)
    assert wrong.status_code == 412
    done = await api.post(f"/v1/decisions/{first}/retract", json=body | {"snapshot": plan["snapshot"]}, headers=headers)
    assert done.status_code == 201
    assert done.json()["supersedes"] == first
    assert set(done.json()["retracted"]) == {row["id"] for row in plan["decisions"]}
    for bad in ({"scope": "all"}, {"keep_apart": "perhaps"}, {"stays": ""}):
        assert (await api.post(f"/v1/decisions/{first}/retract", json=bad, headers=headers)).status_code == 422
