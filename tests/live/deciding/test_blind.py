"""Blind mode tells nothing of a score or a verdict, by whatever way: second looks stand among the rest unknown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.deciding import ANA, BEN, EVE, candidate, join, person, propose, saw, say
from tests.serving import Served
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.reviews import due_among, is_due, make_gold
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

Headers = dict[Role, dict[str, str]]
PROPENSITY = Statement("test/propensity", "MATCH (c:Candidate) SET c.propensity = 0.05")
TELLING = (
    "p_same", "p_household", "p_stranger", "bits", "band", "value", "proposed_as", "propensity", "groups", "reopened",
    "model", "verdict", "decision", "pending", "history", "weakened", "why_not", "missing_bits", "runner_up",
    "ambiguous", "counterfactuals", "created_at", "updated_at", "agrees",
)  # fmt: skip


def names(value: Any) -> Iterator[str]:
    """Every name in an answer, however deep, but for what persons hold, stated and did."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            if name not in ("links", "edges", "nodes", "identifiers", "traits", "timelines"):
                yield from names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names(inner)


def shape(value: Any) -> Any:
    """An answer without its content: what two pairs must have in common that nobody can tell apart."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in sorted(value.items()) if name not in ("identifiers", "traits")}
    return [] if isinstance(value, list) else type(value).__name__


async def gold(graph: Graph, verdict: Verdict) -> str:
    """A decided pair that everybody is due to look at, of two persons with an event each."""
    a, b = await person(graph, f"{verdict.value}-a"), await person(graph, f"{verdict.value}-b")
    id = await propose(graph, a, b)
    await say(graph, id, verdict, ANA)
    await make_gold(graph, id, is_gold=True)
    return id


@pytest.mark.parametrize("verdict", [Verdict.SAME, Verdict.DIFFERENT, Verdict.HOUSEHOLD])
async def test_a_second_look_is_told_from_nothing(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, verdict: Verdict
) -> None:
    headers = bearer[Role.SPECIALIST]
    fresh = await propose(graph, await person(graph, "fresh-a"), await person(graph, "fresh-b"))
    await graph.run(PROPENSITY)
    again = await gold(graph, verdict)
    seen: dict[str, list[Any]] = {fresh: [], again: []}
    listed = (await api.get("/v1/candidates?blind=true", headers=headers)).json()["items"]
    shown = (await api.get("/v1/candidates/bulk?blind=true", headers=headers)).json()["items"]
    for item in (*listed, *shown):
        seen[item["id"]].append(item)
    for id in (fresh, again):
        claim = f"/v1/candidates/{id}/claim?blind=true"
        claimed = await api.post(claim, headers=headers)
        assert claimed.status_code == 200, claimed.text
        whole = await api.get(f"/v1/candidates/{id}?blind=true&whole=true", headers=headers)
        released = await api.delete(claim, headers=headers)
        assert released.status_code == 200
        seen[id] += [claimed.json(), whole.json(), released.json()]
        assert whole.headers["etag"].strip('"').isalnum()
        left, right = whole.json()["timelines"]
        assert [len(left), len(right)] == [1, 1], "each side has its own events, as if nobody had joined them"
        for picture, side in zip(whole.json()["graphs"], ("left", "right"), strict=True):
            own = {node["id"] for node in picture["nodes"] if node["label"] == "Person"}
            assert own == {whole.json()[side]}
            assert [edge["type"] for edge in picture["edges"]] == ["HAS"]
        assert whole.json()["preview"]["fragments"] == 2
    for answers in seen.values():
        assert not {name for name in names(answers) if name.startswith(TELLING)}
    assert shape(seen[fresh]) == shape(seen[again])
    assert [shape(one) for one in seen[fresh]] == [shape(one) for one in seen[again]]
    versions = {id: {one["version"] for one in answers} for id, answers in seen.items()}
    assert all(len(found) == 1 and not next(iter(found)).isdecimal() for found in versions.values())
    assert {one["status"] for answers in seen.values() for one in answers} == {"open", "claimed"}


async def test_how_an_identifier_stands_tells_no_second_look(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    pairs = []
    for verdict, phone in ((None, "phone:+4930111111"), (Verdict.SHARED_IDENTIFIER, "phone:+4930222222")):
        persons = [
            (await saw(graph, f"email:{name}{phone[-1]}@example.com!", phone, given_name=name)).person_id
            for name in ("anna", "boris")
        ]
        pairs.append(id := await propose(graph, *persons))
        if verdict is not None:
            await say(graph, id, verdict, ANA)
            await make_gold(graph, id, is_gold=True)
    seen = []
    for id in pairs:
        pair = (await api.get(f"/v1/candidates/{id}?blind=true&whole=true", headers=headers)).json()
        held = [hold for side in ("left_person", "right_person") for hold in pair[side]["identifiers"]]
        nodes = [node for picture in pair["graphs"] for node in picture["nodes"]]
        assert len(held) == 4
        assert not {name for one in (*held, *nodes) for name in one if name in ("status", "since", "status_since")}
        seen.append(shape([pair, held, nodes]))
    assert seen[0] == seen[1]
    plain = (await api.get(f"/v1/candidates/{pairs[1]}", headers=headers)).json()
    assert {hold["status"] for hold in plain["left_person"]["identifiers"]} == {"exclusive", "shared"}


async def test_to_give_back_what_one_does_not_have_tells_no_second_look(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    fresh = await propose(graph, await person(graph, "fresh-a"), await person(graph, "fresh-b"))
    again = await gold(graph, Verdict.DIFFERENT)
    answers = [await api.delete(f"/v1/candidates/{id}/claim?blind=true", headers=headers) for id in (fresh, again)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert shape(answers[0].json()) == shape(answers[1].json())
    assert (await api.delete(f"/v1/candidates/{fresh}/claim", headers=headers)).status_code == 409


async def test_the_second_person_of_a_decision_is_not_asked_about_it_again(graph: Graph) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    await say(graph, id, Verdict.DIFFERENT, EVE)
    await propose(graph, a, b)
    waits = await say(graph, id, Verdict.SAME, ANA)
    assert waits.pending
    await confirm(graph, waits.decision["id"], BEN)
    await make_gold(graph, id, is_gold=True)
    assert [await is_due(graph, id, actor) for actor in (ANA, BEN, EVE)] == [False, False, True]
    assert [bool(await due_among(graph, [id], actor)) for actor in (ANA, BEN, EVE)] == [False, False, True]


async def test_the_next_blind_pair_says_by_nothing_what_it_is(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer[Role.SPECIALIST]
    fresh = await propose(graph, await person(graph, "fresh-a"), await person(graph, "fresh-b"))
    again = await gold(graph, Verdict.SAME)
    found = {}
    for share in (0.0, 1.0):
        monkeypatch.setattr("vitograph.api.routes.queue.CHECKS", share)
        pair = (await api.post("/v1/candidates/next", json={"blind": True}, headers=headers)).json()
        found[pair["id"]] = pair
    assert shape(found[fresh]) == shape(found[again])
    assert {pair["status"] for pair in found.values()} == {"open"}


async def test_blind_mode_has_the_order_of_ids_and_no_filter_that_tells(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    owner = await person(graph, "owner")
    devices = [(await saw(graph, f"cookie:{number}?")).person_id for number in range(3)]
    ids = sorted([await propose(graph, owner, device) for device in devices], reverse=True)
    other = await propose(graph, await person(graph, "b"), (await saw(graph, "cookie:9?")).person_id)
    values = Statement("test/values", "MATCH (c:Candidate {id: $id}) SET c.value = $value, c.band = 'B'")
    for number, id in enumerate(ids):
        await graph.run(values, id=id, value=float(number))
    asked = {"blind": "true", "kind": "device", "person": owner}
    for more in ({}, {"band": "A"}, {"evidence": "email"}, {"until": "2001-01-01T00:00:00Z"}):
        listed = (await api.get("/v1/candidates", params=asked | more, headers=headers)).json()["items"]
        assert [item["id"] for item in listed] == ids, more
    for status in ("decided", "reopened", "stored", "awaiting"):
        refused = await api.get("/v1/candidates", params={"blind": "true", "status": status}, headers=headers)
        assert refused.status_code == 422, status
    assert (await api.get("/v1/candidates?blind=true&weakened=true", headers=headers)).status_code == 422
    body = {"blind": True, "filter": {"kind": "device", "person": owner, "band": "A"}}
    taken = [(await api.post("/v1/candidates/next", json=body, headers=headers)).json()["id"] for _ in ids]
    assert set(taken) == set(ids)
    owners = (await api.get("/v1/candidates/by-person?blind=true", headers=headers)).json()["items"]
    assert all(one["value"] is None and one["ids"] == sorted(one["ids"]) for one in owners)
    assert other in {id for one in owners for id in one["ids"]}
    await graph.run(values, id=other, value=0.1)
    valued = await propose(graph, await person(graph, "c"), (await saw(graph, "cookie:8?")).person_id)
    for most in (other, valued):
        await graph.run(values, id=most, value=9.0)
        tied = (await api.get("/v1/candidates/by-person?blind=true", headers=headers)).json()["items"]
        assert [one["person_id"] for one in tied] == sorted(one["person_id"] for one in tied), "value tells of scores"
        await graph.run(values, id=most, value=0.1)


async def as_shown_blind(api: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, Any]:
    """A bulk act on all that is shown."""
    shown = (await api.get("/v1/candidates/bulk?blind=true", headers=headers)).json()
    items = [{"id": item["id"], "version": item["version"]} for item in shown["items"]]
    return {"verdict": "different", "reason": "seen", "items": items, "snapshot": shown["snapshot"], "blind": True}


async def test_many_are_decided_at_once_blind_and_second_looks_among_them_become_reviews(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    fresh = [await propose(graph, await person(graph, f"a{n}"), await person(graph, f"b{n}")) for n in range(3)]
    await graph.run(Statement("test/band", "MATCH (c:Candidate {id: $id}) SET c.band = 'B'"), id=fresh[0])
    again = await gold(graph, Verdict.SAME)
    body = await as_shown_blind(api, headers)
    items = body["items"]
    assert {item["id"] for item in items} == {*fresh, again}
    joined = await api.post("/v1/candidates/bulk", json=body | {"verdict": "same"}, headers=headers)
    assert (joined.status_code, "band" in joined.json()["detail"]) == (409, False)
    forged = await api.post("/v1/candidates/bulk", json=body | {"items": items[1:]}, headers=headers)
    assert forged.status_code == 422
    plain = await api.post("/v1/candidates/bulk", json=body | {"blind": False}, headers=headers)
    assert plain.status_code == 422, "what was read blind is said blind"
    done = (await api.post("/v1/candidates/bulk", json=body, headers=headers)).json()
    assert done["refused"] == []
    states = {row["candidate_id"]: row["state"] for row in done["decided"]}
    assert states == dict.fromkeys(fresh, "applied") | {again: "reviewed"}
    assert (await candidate(graph, again))["verdict"] == "same"
    log = (await api.get("/v1/decisions", headers=headers)).json()["items"]
    assert {entry["candidate_id"]: entry.get("blind") for entry in log} == dict.fromkeys(fresh, True) | {again: None}
    stale = await api.post("/v1/candidates/bulk", json=body, headers=headers)
    assert (stale.status_code, set(stale.json()["changed"])) == (412, set(fresh))
    assert await audit(graph) == []


async def test_a_second_look_at_somebody_erased_since_hides_nothing_of_what_was_decided(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer[Role.SPECIALIST]
    fresh = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    again = await gold(graph, Verdict.SAME)
    body = await as_shown_blind(api, headers)

    async def erased_since(*asked: Any) -> Any:
        due = await due_among(*asked)
        gone = await api.delete(f"/v1/persons/{(await candidate(graph, again))['left']}", headers=bearer[Role.ADMIN])
        assert gone.status_code == 202
        return due

    monkeypatch.setattr("vitograph.graph.deciding.reviews.due_among", erased_since)
    done = await api.post("/v1/candidates/bulk", json=body, headers=headers)
    assert done.status_code == 201, done.text
    assert [row["candidate_id"] for row in done.json()["decided"]] == [fresh]
    assert [row["candidate_id"] for row in done.json()["refused"]] == [again]


async def test_a_blind_verdict_is_on_what_was_read(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    headers = bearer[Role.SPECIALIST]
    a, b, c = [await person(graph, name) for name in "abc"]
    id, other = await propose(graph, a, b), await propose(graph, b, c)
    read = await api.get(f"/v1/candidates/{id}?blind=true", headers=headers)
    body = {"verdict": "different", "reason": "seen", "blind": True}
    tag = headers | {"If-Match": read.headers["etag"]}
    assert (await api.post(f"/v1/candidates/{other}/decisions", json=body, headers=tag)).status_code == 412
    await join(graph, b, c, BEN)
    assert (await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=tag)).status_code == 412
    assert (await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=headers)).status_code == 428
    assert (await candidate(graph, id))["status"] == "open"


async def test_the_blind_stream_tells_no_band_no_verdict_and_no_version(graph: Graph, settings: Settings) -> None:
    _, secret = await create_key(graph, "eve", Role.SPECIALIST)
    headers = {"Authorization": f"Bearer {secret}"}
    served = Served(settings)
    await served.start()
    told: list[dict[str, Any]] = []
    try:
        async with (
            asyncio.timeout(60),
            httpx.AsyncClient(base_url=served.address, headers=headers, timeout=60, trust_env=False) as client,
            client.stream("GET", "/v1/candidates/stream?blind=true") as stream,
        ):
            lines = stream.aiter_lines()
            await anext(lines)
            id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
            await say(graph, id, Verdict.HOUSEHOLD, BEN)
            async for line in lines:
                if line.startswith("data: "):
                    told.append(json.loads(line[6:]))
                if told and told[-1]["type"] == "decided":
                    break
    finally:
        await served.stop()
    assert {name for change in told for name in change} <= {
        "type", "id", "kind", "status", "claimed_by", "claimed_by_name", "claimed_until",
    }  # fmt: skip
