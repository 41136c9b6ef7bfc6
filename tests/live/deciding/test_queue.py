"""The queue over HTTP: its order, filters, counts, claims, and what changes in it."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from tests.deciding import ANA, join, person, propose, saw, say
from vitograph.api.app import create_app
from vitograph.api.serve import Server
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.deciding import queue
from vitograph.graph.deciding.candidates import count_all
from vitograph.graph.deciding.changes import MANY, Changes
from vitograph.graph.deciding.queue import Filter
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.scoring.parameters_json import load_model

Headers = dict[Role, dict[str, str]]
SET = Statement("test/set", "MATCH (c:Candidate {id: $id}) SET c += $properties")
WEAKEN = Statement("test/weaken", "MATCH ()-[r:SAME_AS]->() SET r.weakened = true")


async def pairs(graph: Graph, *properties: dict[str, Any]) -> list[str]:
    """One pair of two new persons for each set of properties; their ids."""
    ids = []
    for number, each in enumerate(properties):
        a, b = await person(graph, f"a{number}"), await person(graph, f"b{number}")
        ids.append(await propose(graph, a, b))
        await graph.run(SET, id=ids[-1], properties=each)
    return ids


async def listed(api: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[str]:
    answer = await api.get("/v1/candidates", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_every_filter_finds_what_it_names(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    headers = bearer[Role.SPECIALIST]
    first, second, third = await pairs(
        graph,
        {"value": 0.3, "band": "A", "groups": ["email", "name"]},
        {"value": 0.2, "band": "B", "groups": ["name"], "reopened": "{}", "reopened_at": dt.datetime.now(dt.UTC)},
        {"value": 0.1, "band": "B", "groups": []},
    )
    await saw(graph, "email:a0@example.com", event="campaign.enrolled", target="summer")
    assert await listed(api, headers) == [first, second, third]
    assert await listed(api, headers, band="B") == [second, third]
    assert await listed(api, headers, evidence="name") == [first, second]
    assert await listed(api, headers, evidence="gender") == []
    assert await listed(api, headers, status="reopened") == [second]
    assert await listed(api, headers, campaign="summer") == [first]
    assert await listed(api, headers, campaign="winter") == []
    assert await listed(api, headers, until="2020-01-01T00:00:00Z") == []
    assert await listed(api, headers, since="2020-01-01T00:00:00+02:00", band="A") == [first]
    counted = await api.get("/v1/candidates/matching", params={"evidence": "name"}, headers=headers)
    assert counted.json() == {"count": 2, "more": False}
    counts = (await api.get("/v1/candidates/counts", headers=headers)).json()
    assert counts["evidence"]["person"] == {"email": 1, "name": 2, "reopened": 1}
    assert {(row["band"], row["count"]) for row in counts["items"]} == {("A", 1), ("B", 2)}
    assert counts["doubtful"] == 0


async def test_who_came_in_bulk_waits_to_be_scored_as_who_came_alone(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    lines = [
        orjson.dumps({"channel": "crm", "identifiers": [{"kind": "email", "value": f"{n}@example.com"}]})
        for n in range(30)
    ]
    headers = bearer[Role.CHANNEL]
    answer = await api.post("/v1/observations/batch", content=b"\n".join(lines), headers=headers)
    assert answer.status_code == 200
    assert (await api.post("/v1/observations", content=lines[0], headers=headers)).status_code == 201
    assert (await count_all(graph))["waiting"] == 30
    await Resolver(graph, load_model()).finish()
    assert (await count_all(graph))["waiting"] == 0


async def test_a_campaign_with_many_events_is_read_along_the_queue(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = await pairs(graph, {"value": 0.3}, {"value": 0.2}, {"value": 0.1})
    for name in ("a0", "b0", "b1"):
        await saw(graph, f"email:{name}@example.com", event="campaign.enrolled", target="summer")
    headers = bearer[Role.SPECIALIST]
    few = await listed(api, headers, campaign="summer")
    for events, many, examined in ((1, 100, 1), (1, 100, 2), (1, 100, 2_000), (1, 1, 2_000)):
        monkeypatch.setattr("vitograph.graph.deciding.queue.FEW_EVENTS", events)
        monkeypatch.setattr("vitograph.graph.deciding.queue.MANY_EVENTS", many)
        monkeypatch.setattr("vitograph.graph.deciding.queue.EXAMINED", examined)
        assert await listed(api, headers, campaign="summer") == few == [first, second]
        assert await listed(api, headers, campaign="summer", limit=1) == [first]
        assert await listed(api, headers, campaign="summer", band="B") == []
        assert sorted(await listed(api, headers, campaign="summer", blind=True)) == sorted(few)
        counted = await api.get("/v1/candidates/matching", params={"campaign": "summer"}, headers=headers)
        assert counted.json() == {"count": 2, "more": False}


@pytest.mark.parametrize(
    "query",
    ["band=Z", "status=gone", "kind=cat", "since=yesterday", "since=2020-01-01T00:00:00", "limit=0", "cursor=x",
     "evidence=", "since=9999-12-31T23:59:59-14:00"],
)  # fmt: skip
async def test_a_filter_that_is_none_is_refused(api: httpx.AsyncClient, bearer: Headers, query: str) -> None:
    for path in ("/v1/candidates", "/v1/candidates/matching", "/v1/candidates/bulk"):
        if query.startswith(("limit", "cursor")) and path != "/v1/candidates":
            continue
        assert (await api.get(f"{path}?{query}", headers=bearer[Role.SPECIALIST])).status_code == 422, path


async def test_pages_of_every_order_hold_each_pair_once(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    ids = await pairs(graph, *({"value": value} for value in (0.3, 0.3, 0.2, 0.1, 0.1)))
    for blind in (False, True):
        found: list[str] = []
        cursor = None
        while True:
            query = {"limit": 2, "blind": blind} | ({"cursor": cursor} if cursor else {})
            page = (await api.get("/v1/candidates", params=query, headers=bearer[Role.SPECIALIST])).json()
            found += [item["id"] for item in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert sorted(found) == sorted(ids)


def scans(plan: Any) -> list[str]:
    """What of a plan reads all nodes of a label, or all there are."""
    own = [plan["operatorType"]] if "Scan" in plan["operatorType"] and "Index" not in plan["operatorType"] else []
    return own + [one for child in plan.get("children", ()) for one in scans(child)]


@pytest.mark.parametrize(
    "statement",
    [queue.LIST_CANDIDATES, queue.LIST_FILTERED, queue.LIST_HEAD, queue.LIST_REOPENED, queue.LIST_TARGETED,
     queue.LIST_OF_PERSON, queue.LIST_BLIND, queue.COUNT_TARGETING, queue.COUNT_MATCHING],
    ids=lambda statement: statement.name,
)  # fmt: skip
async def test_no_page_of_the_queue_reads_all_that_there_is(graph: Graph, statement: Statement) -> None:
    asked = Filter(campaign="summer", person="p-1").parameters()
    more = {"value": 1e300, "id": "~", "blind": False, "limit": 50, "most": 50, "examined": 50}
    async with graph.driver.session(database=graph.database) as session:
        result = await session.run(f"EXPLAIN {statement.text}", asked | more)  # type: ignore[arg-type]
        plan = (await result.consume()).plan
    assert scans(plan) == []


async def test_value_is_chance_times_what_a_decision_changes(
    graph: Graph, api: httpx.AsyncClient, bearer: Headers
) -> None:
    maria = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    jose = {"given_name": "jose", "family_name": "garcia", "date_of_birth": "1980-05-06"}
    for number in (1, 2):
        await saw(graph, f"user_id:shop:m{number}!", "phone:+34600100200", **maria)
        await saw(graph, f"user_id:shop:j{number}!", "phone:+34600100300", **jose)
    for number in (1, 2) * 20:
        await saw(graph, f"user_id:shop:j{number}!")
    await Resolver(graph, load_model()).finish()
    items = (await api.get("/v1/candidates", headers=bearer[Role.SPECIALIST])).json()["items"]
    assert [item["left_name"] for item in items] == ["jose garcia", "maria lopez"]
    assert abs(items[0]["value"] / items[0]["p_same"] - 1.4914) < 0.01, "log10(10 + 21)"
    assert "name" in items[0]["groups"]


async def test_weakened_links_are_a_queue(graph: Graph, api: httpx.AsyncClient, bearer: Headers) -> None:
    joined = await join(graph, await person(graph, "a"), await person(graph, "b"))
    assert await listed(api, bearer[Role.SPECIALIST], weakened=True) == []
    await graph.run(WEAKEN)
    assert await listed(api, bearer[Role.SPECIALIST], weakened=True) == [joined.decision["candidate_id"]]


async def test_everybody_gets_a_pair_of_their_own(api: httpx.AsyncClient, graph: Graph) -> None:
    ids = await pairs(graph, *({"value": 0.1 * number} for number in range(1, 7)))
    made = [await create_key(graph, f"s{number}", Role.SPECIALIST) for number in range(6)]
    headers = [{"Authorization": f"Bearer {secret}"} for _, secret in made]
    answers = await asyncio.gather(*(api.post("/v1/candidates/next", json={}, headers=each) for each in headers))
    assert sorted(answer.json()["id"] for answer in answers) == sorted(ids)
    assert all(answer.headers["ETag"] and answer.json()["left_person"]["identifiers"] for answer in answers)
    assert (await api.post("/v1/candidates/next", headers=headers[0])).status_code == 204
    mine = answers[0].json()["id"]
    assert (await api.delete(f"/v1/candidates/{mine}/claim", headers=headers[1])).status_code == 409
    assert (await api.delete(f"/v1/candidates/{mine}/claim", headers=headers[0])).status_code == 200
    again = await api.post("/v1/candidates/next", json={"skip": [mine]}, headers=headers[1])
    assert again.status_code == 204
    wrong = await api.post("/v1/candidates/next", json={"filter": {"status": "decided"}}, headers=headers[1])
    assert wrong.status_code == 422


async def test_a_pair_comes_whole_in_one_call(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    [id] = await pairs(graph, {})
    pair = (await api.get(f"/v1/candidates/{id}?whole=true", headers=bearer[Role.SPECIALIST])).json()
    assert [len(timeline) for timeline in pair["timelines"]] == [1, 1]
    assert [node["label"] for node in pair["graphs"][0]["nodes"]] == ["Person", "Identifier"]
    assert (await api.get("/v1/candidates/c-none", headers=bearer[Role.SPECIALIST])).status_code == 404


async def test_who_listens_is_told_what_changes_once(graph: Graph) -> None:
    [before] = await pairs(graph, {})
    changes = Changes(graph, interval=0.05)
    told: list[dict[str, Any]] = []

    async def listen() -> None:
        async for change in changes.listen():
            told.append(change)

    listening = [asyncio.create_task(listen()) for _ in range(2)]
    await asyncio.sleep(0.3)
    await say(graph, before, Verdict.DIFFERENT, ANA)
    for _ in range(200):
        if len(told) >= 2:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    assert [(change["id"], change["type"], change["verdict"]) for change in told] == [
        (before, "decided", "different")
    ] * 2
    assert changes._poller is None, "nobody listens, nobody asks"


async def test_who_is_flooded_is_told_to_look_again(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitograph.graph.deciding.changes.MOST", 2)
    ids = await pairs(graph, {}, {}, {})
    changes = Changes(graph, interval=0.05)
    listening = changes.listen()
    first = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0.3)
    for id in ids:
        await say(graph, id, Verdict.UNSURE, ANA)
    seen = [await asyncio.wait_for(first, 20)]
    while MANY not in seen:
        seen.append(await asyncio.wait_for(anext(listening), 20))
    await listening.aclose()  # type: ignore[attr-defined]


async def test_the_stream_tells_a_page_and_lets_the_server_go(
    graph: Graph, settings: Settings, bearer: Headers
) -> None:
    """Over a real socket: an in-process transport would wait for the end of what has none. Nothing cuts it."""
    [id] = await pairs(graph, {})
    config = uvicorn.Config(create_app(settings), port=0, log_level="error", timeout_graceful_shutdown=None, ws="none")
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    for _ in range(400):
        if server.started:
            break
        await asyncio.sleep(0.05)
    address = server.servers[0].sockets[0].getsockname()
    headers = bearer[Role.SPECIALIST]
    events: list[tuple[str, dict[str, Any]]] = []
    async with httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}", timeout=30, trust_env=False) as client:
        assert (await client.get("/v1/candidates/stream")).status_code == 401
        async with client.stream("GET", "/v1/candidates/stream?kind=person", headers=headers) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            assert (await client.post(f"/v1/candidates/{id}/claim", headers=headers)).status_code == 200
            async for line in lines:
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    events.append((name, orjson.loads(line[6:])))
                    break
            server.should_exit = True
            await asyncio.wait_for(serving, 20)
    [(name, change)] = events
    assert (name, change["id"], change["status"]) == ("claimed", id, "claimed")
    assert change["claimed_by"].startswith("k-")
