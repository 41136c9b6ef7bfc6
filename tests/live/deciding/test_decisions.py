"""Deciding on the real Neo4j: effects, refusals, second persons, the way back."""

from __future__ import annotations

import pytest

from tests.deciding import (
    ANA,
    BEN,
    EDGES,
    EVE,
    IDENTIFIER,
    PERSON,
    candidate,
    join,
    person,
    propose,
    propose_fragments,
    retract,
    saw,
    say,
    view,
)
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import Said, confirm, decide
from vitograph.graph.deciding.log import list_decisions, verify_log
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import (
    ContradictoryDecision,
    Forbidden,
    InvalidInput,
    StaleVersion,
    UnknownThing,
    WrongState,
)

OUTBOX = Statement("test/outbox", "MATCH (o:Outbox {aggregate: 'view'}) RETURN o.key AS key, o.version AS version")
FORGET = Statement("test/forget", "MATCH (e:Event {id: $id})-[:OF]->(p) DETACH DELETE e, p")
CLAIM = Statement(
    "test/claim",
    "MATCH (c:Candidate {id: $id}) SET c.status = 'claimed', c.claimed_by = $actor, "
    "c.claimed_until = datetime() + duration({minutes: $minutes})",
)


async def edges(graph: Graph) -> list[tuple[str, str, str]]:
    return [(row["type"], row["left"], row["right"]) for row in await graph.rows(EDGES)]


async def sound(graph: Graph) -> bool:
    findings = await audit(graph)
    assert findings == []
    return not findings


async def test_same_joins_two_views_and_moves_nothing(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    before = {id: (await graph.rows(PERSON, id=id))[0]["p"] for id in (a, b)}
    id = await propose(graph, a, b)
    outcome = await say(graph, id, Verdict.SAME)
    assert await view(graph, a) == await view(graph, b) == min(a, b)
    for person_id in (a, b):
        after = (await graph.rows(PERSON, id=person_id))[0]["p"]
        changed = {"view_id", "resolve_at"}
        assert {k: v for k, v in after.items() if k not in changed} == {
            k: v for k, v in before[person_id].items() if k not in changed
        }
    decided = await candidate(graph, id)
    assert (decided["status"], decided["verdict"], decided["decision"]) == ("decided", "same", outcome.decision["id"])
    assert decided["version"] == outcome.version == 2
    assert outcome.decision["actor_name"] == "ana"
    assert {row["key"] for row in await graph.rows(OUTBOX)} == {a, b}
    assert await sound(graph)


async def test_same_then_retract_restores_the_graph_and_keeps_the_two_apart(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    before = await digest(graph)
    outcome = await say(graph, id, Verdict.SAME)
    assert await digest(graph) != before
    retracted = await retract(graph, outcome.decision["id"], "it was her sister", BEN)
    assert await digest(graph) == before
    assert [row[0] for row in await edges(graph)] == ["NOT_SAME_AS"]
    assert retracted.decision["supersedes"] == outcome.decision["id"]
    assert (await candidate(graph, id))["status"] == "decided"
    assert [row["state"] for row in await list_decisions(graph, "", 0, 10)] == ["retracted", "applied"]
    with pytest.raises(WrongState):
        await retract(graph, outcome.decision["id"], "again", BEN)
    assert await sound(graph)


async def test_a_retraction_may_leave_the_pair_open(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    outcome = await say(graph, id, Verdict.SAME)
    retracted = await retract(graph, outcome.decision["id"], "too early", ANA, keep_apart=False)
    assert await edges(graph) == []
    assert (await candidate(graph, id))["status"] == "open"
    with pytest.raises(WrongState):
        await retract(graph, retracted.decision["id"], "nothing to take back", ANA)
    await say(graph, id, Verdict.SAME)
    assert await view(graph, a) == await view(graph, b)
    assert await sound(graph)


async def test_events_that_come_while_two_are_joined_stay_with_their_person(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    outcome = await join(graph, a, b)
    assert (await saw(graph, "email:b@example.com!")).person_id == b
    assert (await saw(graph, "email:b@example.com!")).view_id == min(a, b)
    await retract(graph, outcome.decision["id"], "wrong", BEN)
    assert (await saw(graph, "email:b@example.com!")).view_id == b
    assert await sound(graph)


async def test_a_device_joins_the_view_of_a_known_person(graph: Graph) -> None:
    device = (await saw(graph, "cookie:c-1?")).person_id
    for name in "abcdefgh":  # one of them has a greater id than the device
        known = await person(graph, name)
        if known > device:
            break
    await join(graph, device, known)
    assert await view(graph, device) == await view(graph, known) == known
    assert await sound(graph)


async def test_joining_across_a_pair_kept_apart_is_refused_with_the_path(graph: Graph) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    await join(graph, a, b)
    apart = await say(graph, await propose(graph, b, c), Verdict.DIFFERENT)
    id = await propose_fragments(graph, max(a, b), c)
    before = await digest(graph), await edges(graph), await verify_log(graph)
    with pytest.raises(ContradictoryDecision) as refused:
        await say(graph, id, Verdict.SAME)
    assert refused.value.decision == apart.decision["id"]
    assert {refused.value.path[0], refused.value.path[-1]} == {min(a, b), c}
    assert set(refused.value.path) == {a, b, c}
    assert (await digest(graph), await edges(graph), await verify_log(graph)) == before
    assert (await candidate(graph, id))["status"] == "open"


async def test_household_keeps_apart_and_says_why(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    outcome = await say(graph, await propose(graph, a, b), Verdict.HOUSEHOLD)
    assert [row[0] for row in await edges(graph)] == ["HOUSEHOLD_OF", "NOT_SAME_AS"]
    assert await sound(graph)
    await retract(graph, outcome.decision["id"], "they moved", ANA)
    assert await edges(graph) == []
    assert await sound(graph)


async def test_unsure_is_logged_and_draws_nothing(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    outcome = await say(graph, id, Verdict.UNSURE)
    assert await edges(graph) == []
    assert (await candidate(graph, id))["verdict"] == "unsure"
    with pytest.raises(WrongState):
        await say(graph, id, Verdict.SAME)
    await retract(graph, outcome.decision["id"], "we know more now", ANA)
    await say(graph, id, Verdict.SAME)
    assert await sound(graph)


PHONE = "phone:+4930123456"


async def family(graph: Graph) -> tuple[str, str, str]:
    """Three persons of other names who all state one phone number."""
    ids = []
    for name, first in zip("abc", ("anna", "boris", "clara"), strict=True):
        ids.append((await saw(graph, f"email:{name}@example.com!", PHONE, given_name=first)).person_id)
    return ids[0], ids[1], ids[2]


async def status(graph: Graph) -> str:
    return str((await graph.rows(IDENTIFIER, key=PHONE))[0]["i"]["status"])


async def test_a_shared_identifier_weakens_approved_links_and_anchors_nothing_any_more(graph: Graph) -> None:
    a, b, c = await family(graph)
    assert await status(graph) == "suspected"
    joined = await join(graph, a, b)
    before = await digest(graph)
    outcome = await say(graph, await propose(graph, a, c), Verdict.SHARED_IDENTIFIER)
    assert await status(graph) == "shared"
    assert outcome.decision["identifiers"] == [PHONE]
    weakened = [row["decision"] for row in await graph.rows(EDGES) if row["weakened"]]
    assert weakened == [joined.decision["id"]]
    assert (await saw(graph, PHONE, id="o-shared")).rule == "A5"
    assert await sound(graph)
    await graph.write(lambda tx: tx.run(FORGET, id="o-shared"))
    await retract(graph, outcome.decision["id"], "only one uses it", BEN)
    assert await status(graph) == "suspected"
    assert [row["weakened"] for row in await graph.rows(EDGES)] == [None]
    assert await digest(graph) == before
    assert await sound(graph)


async def test_a_shared_session_is_nobodys_sitting(graph: Graph) -> None:
    device = (await saw(graph, "session:kiosk?")).person_id
    known = (await saw(graph, "session:kiosk?", "email:a@example.com!", minutes=1)).person_id
    assert (await saw(graph, "session:kiosk?", minutes=2)).rule == "A2"
    await say(graph, await propose(graph, device, known), Verdict.SHARED_IDENTIFIER)
    after = await saw(graph, "session:kiosk?", minutes=3)
    assert (after.rule, after.person_id) == ("A3", device)
    assert await sound(graph)


async def test_an_identifier_stays_shared_while_another_decision_says_so(graph: Graph) -> None:
    a, b, c = await family(graph)
    first = await say(graph, await propose(graph, a, b), Verdict.SHARED_IDENTIFIER)
    second = await say(graph, await propose(graph, b, c), Verdict.SHARED_IDENTIFIER)
    await retract(graph, first.decision["id"], "no", ANA)
    assert await status(graph) == "shared"
    await retract(graph, second.decision["id"], "no", ANA)
    assert await status(graph) == "suspected"
    assert await sound(graph)


async def test_what_is_called_shared_must_be_held_by_both(graph: Graph) -> None:
    a, b, _ = await family(graph)
    id = await propose(graph, a, b)
    with pytest.raises(InvalidInput) as refused:
        await say(graph, id, Verdict.SHARED_IDENTIFIER, identifier="email:a@example.com")
    assert refused.value.faults[0].pointer == "/identifier"
    await say(graph, id, Verdict.SHARED_IDENTIFIER, identifier=PHONE)
    x, y = await person(graph, "x"), await person(graph, "y")
    with pytest.raises(InvalidInput):
        await say(graph, await propose(graph, x, y), Verdict.SHARED_IDENTIFIER)


async def test_a_bridge_waits_for_a_second_person(graph: Graph) -> None:
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    await join(graph, c, d)
    id = await propose(graph, a, c)
    outcome = await say(graph, id, Verdict.SAME, ANA)
    assert outcome.pending
    assert outcome.decision["concerns"] == ["bridge"]
    assert (await candidate(graph, id))["status"] == "awaiting"
    assert await view(graph, a) != await view(graph, c)
    with pytest.raises(Forbidden):
        await confirm(graph, outcome.decision["id"], ANA)
    with pytest.raises(WrongState):
        await say(graph, id, Verdict.DIFFERENT, BEN)
    assert await sound(graph)
    confirmed = await confirm(graph, outcome.decision["id"], BEN)
    assert confirmed.decision["confirms"] == outcome.decision["id"]
    assert len({await view(graph, one) for one in (a, b, c, d)}) == 1
    with pytest.raises(WrongState):
        await confirm(graph, outcome.decision["id"], EVE)
    with pytest.raises(WrongState, match="retract that one"):
        await retract(graph, confirmed.decision["id"], "wrong", EVE)
    assert await sound(graph)
    await retract(graph, outcome.decision["id"], "wrong", EVE)
    assert len({await view(graph, one) for one in (a, b, c, d)}) == 2
    assert await sound(graph)


async def test_a_second_person_may_refuse(graph: Graph) -> None:
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    await join(graph, c, d)
    id = await propose(graph, a, c)
    outcome = await say(graph, id, Verdict.SAME, ANA)
    before = await digest(graph)
    await retract(graph, outcome.decision["id"], "not on this evidence", BEN)
    assert await digest(graph) == before
    assert (await candidate(graph, id))["status"] == "open"
    with pytest.raises(WrongState):
        await confirm(graph, outcome.decision["id"], BEN)
    assert await sound(graph)


async def test_overriding_a_never_link_takes_a_second_person_and_replaces_it(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    first = await say(graph, id, Verdict.DIFFERENT)
    await propose(graph, a, b, status="open")
    outcome = await say(graph, id, Verdict.SAME)
    assert outcome.decision["concerns"] == ["override"]
    with pytest.raises(WrongState):
        await retract(graph, first.decision["id"], "while another waits", ANA)
    await confirm(graph, outcome.decision["id"], BEN)
    assert [row[0] for row in await edges(graph)] == ["SAME_AS"]
    states = {row["id"]: row["state"] for row in await list_decisions(graph, "", 0, 10)}
    assert states[first.decision["id"]] == "superseded"
    with pytest.raises(WrongState):
        await retract(graph, first.decision["id"], "too late", ANA)
    assert await sound(graph)


async def test_a_never_link_is_not_overridden_alone_in_two_steps(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    apart = await say(graph, id, Verdict.DIFFERENT, BEN)
    await retract(graph, apart.decision["id"], "they are one", EVE)
    outcome = await say(graph, id, Verdict.SAME, EVE)
    assert (outcome.pending, outcome.decision["concerns"]) == (True, ["override"])
    await retract(graph, outcome.decision["id"], "not yet", BEN)
    assert not (await say(graph, id, Verdict.SAME, ANA)).pending, "she took nothing away"
    assert await sound(graph)


async def test_nor_is_one_on_another_pair_of_the_two_views(graph: Graph) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    apart = await say(graph, await propose(graph, a, b), Verdict.DIFFERENT, BEN)
    await join(graph, b, c)
    pair = await propose_fragments(graph, a, c)
    with pytest.raises(ContradictoryDecision):
        await say(graph, pair, Verdict.SAME, EVE)
    await retract(graph, apart.decision["id"], "they are one", EVE)
    outcome = await say(graph, pair, Verdict.SAME, EVE)
    assert (outcome.pending, outcome.decision["concerns"]) == (True, ["override"])
    await retract(graph, outcome.decision["id"], "not yet", BEN)
    assert not (await say(graph, pair, Verdict.SAME, ANA)).pending, "she took nothing away"
    assert await sound(graph)


async def test_ones_own_slip_is_undone_alone_by_whichever_key(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    first, second = (Caller(f"k-{number}", "eve", Role.SPECIALIST, holder="eve") for number in (1, 2))
    apart = await say(graph, id, Verdict.DIFFERENT, first)
    await retract(graph, apart.decision["id"], "a slip", second)
    assert not (await say(graph, id, Verdict.SAME, second)).pending
    assert await sound(graph)


@pytest.mark.parametrize("slip", [Verdict.UNSURE, Verdict.SAME, Verdict.DIFFERENT])
@pytest.mark.parametrize("first", [Verdict.DIFFERENT, Verdict.HOUSEHOLD, Verdict.SHARED_IDENTIFIER])
async def test_what_a_verdict_replaced_stands_again_once_it_is_taken_back(
    graph: Graph, first: Verdict, slip: Verdict
) -> None:
    a, b, _ = await family(graph)
    id = await propose(graph, a, b)
    await say(graph, id, first)
    before = await digest(graph), await edges(graph), await status(graph)
    await propose(graph, a, b)
    outcome = await say(graph, id, slip, BEN)
    if slip is Verdict.SAME:
        await confirm(graph, outcome.decision["id"], EVE)
    if slip is Verdict.UNSURE:
        assert (await digest(graph), await edges(graph), await status(graph)) == before, "it says nothing against it"
    back = await retract(graph, outcome.decision["id"], "a slip", BEN, keep_apart=False)
    assert (await digest(graph), await edges(graph), await status(graph)) == before
    waits = await candidate(graph, id)
    assert (waits["status"], waits["decision"]) == ("open", back.decision["id"])
    assert await sound(graph)
    assert (await say(graph, id, Verdict.SAME, EVE)).decision["concerns"] == ["override"]
    assert (await verify_log(graph)).broken is None


async def test_a_never_link_that_stands_again_can_be_taken_back(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    await say(graph, id, Verdict.HOUSEHOLD)
    await propose(graph, a, b)
    outcome = await say(graph, id, Verdict.UNSURE, BEN)
    back = await retract(graph, outcome.decision["id"], "a slip", BEN)
    await retract(graph, back.decision["id"], "it was wrong from the start", ANA)
    assert await edges(graph) == []
    assert (await candidate(graph, id)).get("decision") is None
    assert (await say(graph, id, Verdict.SAME, BEN)).pending, "he replaced what she had said"
    assert await sound(graph)


async def state(graph: Graph, decision: str) -> str:
    """What became of a decision, as the log tells it."""
    return next(str(row["state"]) for row in await list_decisions(graph, "", 0, 100) if row["id"] == decision)


async def overtaken(graph: Graph) -> tuple[str, str, str, str]:
    """A pending `same` whose pair was joined through a third person and parted again: the two, candidate, decision."""
    news = {"purpose": "news"}
    a = (await saw(graph, "email:a@example.com!", event="consent.granted", properties=news)).person_id
    b = (await saw(graph, "email:b@example.com!", event="consent.withdrawn", properties=news)).person_id
    c = await person(graph, "c")
    id = await propose(graph, a, b)
    first = await say(graph, id, Verdict.SAME)
    assert first.decision["concerns"] == ["consent"]
    pairs = [await propose_fragments(graph, one, c) for one in (a, b)]
    joins = [(await say(graph, pair, Verdict.SAME)).decision["id"] for pair in pairs]
    await confirm(graph, joins[1], BEN)
    assert (await candidate(graph, id))["status"] == "superseded"
    for join_id in reversed(joins):
        await retract(graph, join_id, "somebody else", BEN, keep_apart=False)
    await propose(graph, a, b)
    return a, b, id, first.decision["id"]


async def test_what_pends_cannot_be_confirmed_after_a_later_verdict(graph: Graph) -> None:
    a, b, id, first = await overtaken(graph)
    apart = (await say(graph, id, Verdict.DIFFERENT, BEN)).decision["id"]
    await propose(graph, a, b)
    second = (await say(graph, id, Verdict.SAME)).decision["id"]
    with pytest.raises(WrongState, match="went on without it"):
        await confirm(graph, first, BEN)
    assert [row[0] for row in await edges(graph)] == ["NOT_SAME_AS"]
    await retract(graph, first, "outdated", BEN)
    waiting = await candidate(graph, id)
    assert (waiting["status"], waiting["verdict"], waiting["decision"]) == ("awaiting", "same", apart)
    await confirm(graph, second, BEN)
    assert [row[0] for row in await edges(graph)] == ["SAME_AS"]
    assert await sound(graph)


async def test_of_two_that_pend_on_one_candidate_the_later_is_confirmed(graph: Graph) -> None:
    _, _, id, first = await overtaken(graph)
    second = (await say(graph, id, Verdict.SAME, BEN)).decision["id"]
    assert [await state(graph, one) for one in (first, second)] == ["lapsed", "pending"]
    with pytest.raises(WrongState, match="went on without it"):
        await confirm(graph, first, BEN)
    assert (await confirm(graph, second, ANA)).decision["confirms"] == second
    assert await sound(graph)


async def test_taking_back_what_was_overtaken_leaves_the_later_verdict(graph: Graph) -> None:
    _, _, id, first = await overtaken(graph)
    assert await state(graph, first) == "lapsed"
    apart = await say(graph, id, Verdict.DIFFERENT, BEN)
    assert await state(graph, first) == "lapsed"
    taken_back = await retract(graph, first, "outdated", BEN)
    decided = await candidate(graph, id)
    assert (decided["status"], decided["verdict"], decided["decision"]) == (
        "decided",
        "different",
        apart.decision["id"],
    )
    assert decided["version"] == taken_back.version
    assert await state(graph, first) == "retracted"
    assert await sound(graph)


async def test_a_join_supersedes_what_it_answers(graph: Graph) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    ac, bc = await propose(graph, a, c), await propose(graph, b, c)
    ab = (await join(graph, a, b)).decision["id"]
    assert (await candidate(graph, ac))["status"] == "open"
    said = (await say(graph, ac, Verdict.SAME)).decision["id"]
    assert (await candidate(graph, bc))["status"] == "superseded"
    assert len({await view(graph, one) for one in (a, b, c)}) == 1
    for verdict in (Verdict.SAME, Verdict.DIFFERENT):
        with pytest.raises(WrongState, match="one person already, by decision ") as refused:
            await say(graph, bc, verdict)
        assert {ab, said} == set(str(refused.value).split("'")[1::2])
    assert await sound(graph)


@pytest.mark.parametrize("stood", [None, Verdict.UNSURE])
async def test_what_a_join_supersedes_says_what_stands_of_it_and_not_what_was_never_confirmed(
    graph: Graph, stood: Verdict | None
) -> None:
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    await join(graph, c, d)
    id, detour = await propose(graph, a, c), await propose_fragments(graph, b, d)
    if stood:
        await say(graph, id, stood)
        await propose(graph, a, c)
    assert (await say(graph, id, Verdict.SAME)).pending
    joined = (await say(graph, detour, Verdict.SAME)).decision["id"]
    await confirm(graph, joined, BEN)
    superseded = await candidate(graph, id)
    assert (superseded["status"], superseded.get("verdict")) == ("superseded", stood)
    await retract(graph, joined, "they are two", BEN, keep_apart=False)
    assert await sound(graph)


async def test_a_decision_is_on_what_was_read(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    await propose(graph, a, b)
    said = Said(Verdict.SAME, "looked at both")
    with pytest.raises(StaleVersion):
        await decide(graph, id, said, ANA, 1)
    with pytest.raises(UnknownThing):
        await decide(graph, "c-none", said, ANA, 1)
    with pytest.raises(UnknownThing):
        await retract(graph, "d-none", "none", ANA)
    with pytest.raises(InvalidInput):
        await decide(graph, id, Said(Verdict.RETRACT, "no"), ANA, 2)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SPECIALIST])
async def test_nobody_but_a_specialist_decides(graph: Graph, role: Role) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    with pytest.raises(Forbidden):
        await decide(graph, id, Said(Verdict.SAME, "sure"), Caller("k", "someone", role), 1)
    assert await edges(graph) == []


async def test_a_claim_is_honoured_while_it_lasts(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    await graph.write(lambda tx: tx.run(CLAIM, id=id, actor=BEN.id, minutes=5))
    with pytest.raises(WrongState):
        await say(graph, id, Verdict.SAME, ANA)
    await graph.write(lambda tx: tx.run(CLAIM, id=id, actor=BEN.id, minutes=-5))
    await say(graph, id, Verdict.SAME, ANA)
    assert "claimed_by" not in await candidate(graph, id)
