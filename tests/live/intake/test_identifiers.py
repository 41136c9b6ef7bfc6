"""How identifiers stand on the real graph: written with what changes it, the same for any batch, and undone with it."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest

from tests.deciding import ANA, EDGES, IDENTIFIER, PERSON, join, propose, retract, saw, say
from tests.factories import observed
from tests.live.plans import db_hits
from vitograph.graph.access.keys import Role
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.people.holdings import HUB, LOCK_FRAGMENTS
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Observation
from vitograph.resolver.scoring.parameters_json import load_model

PHONE = "phone:+34600100200"
COOKIE = "cookie:c-1"
STRANGERS = (("maria", "lopez"), ("peter", "schmidt"), ("chidi", "okafor"), ("yuki", "tanaka"), ("anna", "nowak"))
HOLD = Statement(
    "test/hold",
    """
    MATCH (p:Person)-[h:HAS]->(:Identifier {key: $key})
    WHERE p.kind = 'known'
    RETURN p.id AS id, toString(h.first_bound) AS first_bound, toString(h.last_bound) AS last_bound,
           toString(h.first_out) AS first_out ORDER BY id
    """,
)
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN p.id AS id")
STATE = Statement(
    "test/state",
    """
    MATCH (i:Identifier)
    RETURN i.key AS key, i.status AS status, COLLECT {
      MATCH (i)<-[h:HAS]-(p:Person) RETURN [p.id, properties(h)] ORDER BY p.id
    } AS holds
    ORDER BY key
    """,
)
EMPTY = Statement("test/empty", "MATCH (n) WHERE NOT n:Migration DETACH DELETE n")


async def stands(graph: Graph, key: str = PHONE) -> str:
    return str((await graph.rows(IDENTIFIER, key=key))[0]["i"]["status"])


async def waiting(graph: Graph) -> set[str]:
    return {row["id"] for row in await graph.rows(WAITING)}


async def strangers(graph: Graph, number: int, key: str = PHONE) -> list[str]:
    """So many persons of as many households on one identifier; their ids."""
    return [
        (await saw(graph, key, f"email:{given}@example.com!", given_name=given, family_name=family)).person_id
        for given, family in STRANGERS[:number]
    ]


async def test_a_phone_rises_with_its_households_and_then_anchors_nothing(graph: Graph) -> None:
    seen = []
    for given, family in STRANGERS:
        await saw(graph, PHONE, f"email:{given}@example.com!", given_name=given, family_name=family)
        seen.append(await stands(graph))
    assert seen == ["exclusive", "suspected", "suspected", "suspected", "shared"]
    assert (await saw(graph, PHONE)).rule == "A5"
    properties = (await graph.rows(IDENTIFIER, key=PHONE))[0]["i"]
    assert len(properties["status_history"]) == 2
    assert properties["shared_since"] == properties["status_since"]
    assert await audit(graph) == []


async def test_a_transition_has_the_holders_scored_again(graph: Graph) -> None:
    people = await strangers(graph, 4)
    resolver = Resolver(graph, load_model())
    await resolver.finish()
    assert await waiting(graph) == set()
    given, family = STRANGERS[4]
    await saw(graph, PHONE, given_name=given, family_name=family)
    assert await stands(graph) == "shared"
    assert await waiting(graph) > set(people)


async def test_who_comes_again_on_a_hub_is_not_scored_again(graph: Graph) -> None:
    """Of so many holders none is listed, so that it is not known whether this one is among them."""
    await record(graph, [observed(COOKIE + "?"), *(observed(f"email:{n}@example.com!", COOKIE) for n in range(HUB))])
    assert len(await waiting(graph)) == HUB + 1
    await Resolver(graph, load_model()).finish()
    assert (await saw(graph, COOKIE + "?")).rule == "A3"
    await saw(graph, "email:1@example.com!", COOKIE)
    assert await waiting(graph) == set()
    last = (await saw(graph, "email:1@example.com!", COOKIE, "cookie:c-2?")).person_id
    assert await waiting(graph) == {last}


async def test_what_is_locked_of_a_device_does_not_grow_with_its_sessions(graph: Graph) -> None:
    hits = []
    for number in (1, 300):
        await record(graph, [observed(COOKIE + "?", f"session:{number}-{one}?") for one in range(number)])
        [row] = await graph.rows(Statement("test/device", "MATCH (p:Person {kind: 'device'}) RETURN p.id AS id"))
        hits.append(await db_hits(graph, LOCK_FRAGMENTS, views=[], ids=[row["id"]]))
    assert hits[1] < hits[0] + 50


async def test_open_candidates_that_leaned_on_it_are_scored_without_it(graph: Graph) -> None:
    await strangers(graph, 2)
    resolver = Resolver(graph, load_model())
    await resolver.finish()
    [pair] = await graph.rows(Statement("test/all", "MATCH (c:Candidate) RETURN c.id AS id"))
    before = await get_candidate(graph, pair["id"])
    await strangers(graph, 5)
    await resolver.finish()
    after = await get_candidate(graph, pair["id"])
    assert (bits(before), bits(after)) == (pytest.approx(bits(before)), 0.0)
    assert bits(before) > 5
    assert after["version"] > before["version"]


def bits(candidate: dict[str, Any]) -> float:
    """What the phone says against strangers."""
    rows = candidate["evidence"]["evidence"]
    return float(next(row["bits_stranger"] for row in rows if row["left"] == PHONE))


async def test_an_approved_link_is_flagged_and_not_split_and_the_flag_goes_with_its_reason(graph: Graph) -> None:
    [maria, _] = await strangers(graph, 2)
    again = (await saw(graph, PHONE, "user_id:shop:9!", given_name="maria", family_name="lopez")).person_id
    if again == maria:
        again = (await saw(graph, "user_id:shop:8!", PHONE + "?", given_name="marie", family_name="lopes")).person_id
    await join(graph, maria, again)
    assert [row["weakened"] for row in await graph.rows(EDGES)] == [None]
    later = [
        (await saw(graph, PHONE, f"email:{given}@example.com!", given_name=given, family_name=family)).person_id
        for given, family in (*STRANGERS[2:], ("omar", "haddad"))
    ]
    assert await stands(graph) == "shared"
    assert [row["weakened"] for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"] == [True]
    assert (await graph.rows(PERSON, id=maria))[0]["p"]["view_id"] == (await graph.rows(PERSON, id=again))[0]["p"][
        "view_id"
    ]
    # Two of the strangers turn out to be one person each with somebody: households are gone, and so is the flag.
    await join(graph, later[0], later[1])
    await join(graph, later[2], later[3])
    assert await stands(graph) == "suspected"
    assert [row["weakened"] for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"] == [None, None, None]
    assert await audit(graph) == []


async def test_a_join_takes_away_the_contradiction_and_its_retraction_restores_every_byte(graph: Graph) -> None:
    [maria, peter] = await strangers(graph, 2)
    assert await stands(graph) == "suspected"
    before = await digest(graph)
    joined = await join(graph, maria, peter)
    assert await stands(graph) == "exclusive"
    await retract(graph, joined.decision["id"], "no", ANA, keep_apart=False)
    assert await stands(graph) == "suspected"
    assert await digest(graph) == before


async def test_a_retracted_verdict_leaves_what_the_rest_says(graph: Graph) -> None:
    [maria, peter, *_] = await strangers(graph, 3)
    said = await say(graph, await propose(graph, maria, peter), Verdict.SHARED_IDENTIFIER, identifier=PHONE)
    assert await stands(graph) == "shared"
    for given, family in STRANGERS[3:]:
        await saw(graph, PHONE, f"email:{given}@example.com!", given_name=given, family_name=family)
    await retract(graph, said.decision["id"], "no", ANA)
    assert await stands(graph) == "shared", "five households are enough without the verdict"


async def test_what_somebody_states_elsewhere_decides_how_their_phone_stands(graph: Graph) -> None:
    await saw(graph, PHONE, "email:a@example.com!", given_name="maria")
    await saw(graph, "email:b@example.com!")
    await saw(graph, PHONE, "email:b@example.com!")
    assert await stands(graph) == "exclusive", "who said nothing contradicts nobody"
    await saw(graph, "email:b@example.com!", given_name="peter")
    assert await stands(graph) == "suspected"
    assert await audit(graph) == []


def log(seed: int) -> list[Observation]:
    """Names, numbers and devices of a few persons, mixed."""
    dice = random.Random(seed)
    return [
        observed(
            *dice.sample(
                [
                    f"email:{given}@example.com!",
                    PHONE,
                    f"{COOKIE}?",
                    f"phone:+346001002{dice.randrange(10, 13)}",
                    "session:s-1?",
                ],
                dice.randrange(1, 4),
            ),
            id=f"o-{seed}-{number}",
            minutes=number * 3,
            event=dice.choice(("page.viewed", "user.logged_in", "user.logged_out")),
            **({"given_name": given, "family_name": family} if dice.random() < 0.6 else {}),
        )
        for number in range(40)
        for given, family in [dice.choice(STRANGERS)]
    ]


async def test_one_by_one_and_in_batches_statuses_and_logins_come_out_the_same(graph: Graph) -> None:
    for seed in range(3):
        found = []
        for size in (1, 7, 40):
            await graph.run(EMPTY)
            whole = log(seed)
            for start in range(0, len(whole), size):
                await record(graph, whole[start : start + size])
            found.append(await graph.rows(STATE))
            assert await audit(graph) == []
        for row in zip(*found, strict=True):
            assert row[0] == row[1] == row[2], (seed, row[0]["key"])
        assert {row["status"] for row in found[0]} > {"exclusive"}


async def test_logins_and_logouts_are_kept_whatever_the_order_of_arrival(graph: Graph) -> None:
    facts: list[Any] = []
    events = [
        (0, "user.logged_in", ("user_id:shop:1!", COOKIE, "session:s-1?")),
        (10, "user.logged_out", ("user_id:shop:1!", COOKIE, "session:s-1?")),
        (20, "user.logged_in", ("user_id:shop:2!", COOKIE, "session:s-1?")),
        (90, "user.logged_in", ("user_id:shop:1!", COOKIE, "session:s-2?")),
    ]
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        await graph.run(EMPTY)
        for number in order:
            minutes, event, keys = events[number]
            await saw(graph, *keys, id=f"o-{number}", event=event, minutes=minutes)
        rows = await graph.rows(HOLD, key=COOKIE)
        facts.append(sorted((row["first_bound"], row["last_bound"], row["first_out"] or "") for row in rows))
    assert facts[0] == facts[1] == facts[2]
    assert facts[0][0][2], "the logout is kept"


async def test_many_at_once_on_one_kiosk_end_where_one_by_one_do(graph: Graph) -> None:
    kiosk = "cookie:kiosk"
    writers = [
        saw(graph, f"user_id:shop:{number}!", f"{kiosk}?", given_name=given, family_name=family, minutes=number)
        for number, (given, family) in enumerate(STRANGERS * 2)
    ]
    await asyncio.gather(*writers)
    assert await stands(graph, kiosk) == "shared"
    assert await audit(graph) == []


async def test_a_specialist_reads_how_an_identifier_stands_and_why(
    graph: Graph, api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    people = await strangers(graph, 5)
    await strangers(graph, 2, COOKIE)

    async def read(**query: Any) -> Any:
        return (await api.get("/v1/identifiers", params=query, headers=bearer[Role.SPECIALIST])).json()

    [found] = (await read(key="phone:+34 600 100 200"))["items"]
    assert (found["key"], found["status"], found["why"]) == (PHONE, "shared", "strangers")
    assert (found["persons"], found["households"], found["degree"]) == (5, 5, 5)
    assert found["sentence"].startswith("Persons of several households")
    assert {holder["person_id"] for holder in found["holders"]} == set(people)
    assert [step["status"] for step in found["history"]] == ["shared", "suspected"]
    assert found["history"][0]["at"][:19] == found["since"][:19]
    assert [one["key"] for one in (await read())["items"]] == [PHONE]
    assert [one["key"] for one in (await read(status="suspected"))["items"]] == [COOKIE]
    assert (await read(key="phone:+34600999999"))["items"] == []


async def test_the_list_goes_on_where_it_stopped_and_the_one_that_most_hold_comes_first(
    graph: Graph, api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    for number in range(3):
        await strangers(graph, 2, f"phone:+3460010020{number}")
    await strangers(graph, 3, "phone:+34600100202")
    seen, cursor = [], None
    while True:
        query = {"status": "suspected", "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/v1/identifiers", params=query, headers=bearer[Role.SPECIALIST])).json()
        seen += [one["key"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == ["phone:+34600100202", "phone:+34600100200", "phone:+34600100201"]


async def test_what_is_no_identifier_and_who_is_no_specialist_is_refused(
    api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    async def status(role: Role, **query: str) -> int:
        return (await api.get("/v1/identifiers", params=query, headers=bearer[role])).status_code

    assert await status(Role.SPECIALIST, key="email:nobody") == 422
    assert await status(Role.SPECIALIST, key="shoe:42") == 422
    assert await status(Role.SPECIALIST, status="exclusive") == 422
    assert await status(Role.SPECIALIST, cursor="forged") == 422
    assert await status(Role.MARKETING, key=PHONE) == 403


async def test_a_candidate_and_a_person_show_what_their_link_leaned_on(
    graph: Graph, api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    maria = (await saw(graph, "email:maria@example.com!", PHONE, given_name="maria")).person_id
    again = (await saw(graph, "email:m@example.com!", given_name="maria")).person_id
    await saw(graph, "email:m@example.com!", PHONE)
    joined = await join(graph, maria, again)
    peter = (await saw(graph, "email:peter@example.com!", given_name="peter")).person_id
    await saw(graph, "email:peter@example.com!", PHONE)
    said = await say(graph, await propose(graph, maria, peter), Verdict.SHARED_IDENTIFIER, identifier=PHONE)

    async def shown(path: str) -> Any:
        return (await api.get(path, headers=bearer[Role.SPECIALIST])).json()

    link = joined.decision["candidate_id"]
    assert (await shown(f"/v1/candidates/{link}"))["weakened_by"] == [PHONE]
    [shown_link] = (await shown(f"/v1/persons/{maria}"))["links"]
    assert (shown_link["decision"], shown_link["weakened_by"]) == (joined.decision["id"], [PHONE])
    await retract(graph, said.decision["id"], "no", ANA)
    assert (await shown(f"/v1/candidates/{link}"))["weakened_by"] == []
