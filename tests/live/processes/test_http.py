"""The outside, through the whole app over the real servers: shapes, statuses, and nothing half stored."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import httpx
import pytest

from tests.conftest import ADMIN_KEY
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.resolver.terms import Terms

NODES = Statement("test/nodes", "MATCH (n) WHERE NOT n:Migration AND NOT n:ApiKey RETURN count(n) AS nodes")
Headers = dict[Role, dict[str, str]]


def body(**changes: Any) -> dict[str, Any]:
    return {
        "id": "o-1",
        "channel": "web_form",
        "occurred_at": dt.datetime.now(dt.UTC).isoformat(),
        "identifiers": [{"kind": "email", "value": "Maria@Example.com", "assurance": "verified"}],
        "traits": {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"},
        "event": {"type": "page.viewed", "properties": {"plan": "gold"}},
    } | changes


async def nodes(graph: Graph) -> int:
    return int((await graph.rows(NODES))[0]["nodes"])


async def test_an_observation_is_accepted_once(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    posted = body()
    first = await api.post("/v1/observations", json=posted, headers=bearer[Role.CHANNEL])
    assert first.status_code == 201
    assert first.json()["rule"] == "A4"
    assert set(first.json()) == {"event_id", "person_id", "view_id", "rule", "candidates", "warnings"}
    stored = await nodes(graph)
    again = await api.post("/v1/observations", json=posted, headers=bearer[Role.CHANNEL])
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert again.json() == first.json()
    other = await api.post("/v1/observations", json=body(channel="chat"), headers=bearer[Role.CHANNEL])
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert await nodes(graph) == stored


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"a": NaN}', 400),
        (b'{"id": "\\ud800"}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"[" * 100_000, 400),
        (b'{"id": "x", "channel": "c", "identifiers": []}', 422),
        (json.dumps(body(identifiers=[{"kind": "email", "value": "nobody"}])).encode(), 422),
        (json.dumps(body(identifiers=[{"kind": "phone", "value": "600 100 200"}])).encode(), 422),
        (json.dumps(body(identifiers=[{"kind": "email", "value": "noreply@example.com"}])).encode(), 422),
        (json.dumps(body(id="x\x00y")).encode(), 422),
        (json.dumps(body(event={"type": "x", "properties": {"n": 2**63}})).encode(), 422),
        (json.dumps(body(event={"type": "x", "properties": {"n": 2**70}})).encode(), 422),
        (json.dumps(body(event={"type": "x", "properties": {"n": [-(2**63) - 1]}})).encode(), 422),
        (json.dumps(body(event={"type": "x", "properties": {"n": "a" * 40_000}})).encode(), 422),
        (json.dumps(body(surprise=1)).encode(), 422),
        (b" " * (17 << 20), 413),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_bad_body_is_a_problem_and_stores_nothing(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, content: bytes, status: int
) -> None:
    before = await nodes(graph)
    answer = await api.post("/v1/observations", content=content, headers=bearer[Role.CHANNEL])
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["status"] == status
    if status == 422:
        assert all(fault["pointer"] == "" or fault["pointer"].startswith("/") for fault in problem["errors"])
        assert problem["errors"]
    assert await nodes(graph) == before


async def test_a_packed_body_is_refused_where_nothing_unpacks_it(
    api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    headers = {**bearer[Role.CHANNEL], "Content-Encoding": "gzip"}
    line = b'{"channel": "w", "identifiers": [{"kind": "email", "value": "g@example.com"}]}\n'
    paths = ("/v1/observations", "/v1/observations/batch", "/v1/cloudevents", "/v1/forms/summer", "/confirm")
    for path in paths:
        answer = await api.post(path, content=gzip.compress(line), headers=headers)
        assert (answer.status_code, "Content-Encoding" in answer.json()["detail"]) == (415, True), path
    marketing = bearer[Role.MARKETING]
    await api.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    image = await api.post("/v1/campaigns/summer/images", content=line, headers=marketing | {"Content-Encoding": "br"})
    assert image.status_code == 415


async def test_a_page_that_claims_what_it_cannot_prove_is_told_so(api: httpx.AsyncClient, graph: Graph) -> None:
    _, secret = await create_key(graph, "a page", Role.CHANNEL, terms=Terms(publishable=True))
    sent = body(identifiers=[{"kind": "cookie", "value": "c-1"}, *body()["identifiers"]])
    answers = [
        await api.post("/v1/observations", json=sent, headers={"Authorization": f"Bearer {secret}"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    for answer in answers:
        [warning] = answer.json()["warnings"]
        assert warning.startswith("/identifiers/1:")
        assert "asserted" in warning


@pytest.mark.parametrize("path", ["/v1/decisions?since=2027", "/v1/candidates?until=2027.5"])
async def test_a_year_is_no_moment(api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]], path: str) -> None:
    answer = await api.get(path, headers=bearer[Role.SPECIALIST])
    assert (answer.status_code, "2026-11-24T10:00:00Z" in answer.text) == (422, True)


async def test_a_bad_line_sinks_no_other(api: httpx.AsyncClient, bearer: Headers) -> None:
    lines = [json.dumps(body(id="b-1")), "{", json.dumps(body(id="b-2", channel=7)), json.dumps(body(id="b-3"))]
    answer = await api.post("/v1/observations/batch", content="\n".join(lines), headers=bearer[Role.CHANNEL])
    assert answer.status_code == 200
    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [result.get("event_id") or result["status"] for result in results] == ["b-1", 400, 422, "b-3"]
    assert results[2]["errors"][0]["pointer"] == "/channel"


async def test_keys_are_asked_for_and_roles_obeyed(api: httpx.AsyncClient, bearer: Headers) -> None:
    assert (await api.post("/v1/observations", json=body())).status_code == 401
    wrong = {"Authorization": "Bearer nobody"}
    assert (await api.post("/v1/observations", json=body(), headers=wrong)).status_code == 401
    assert (await api.post("/v1/observations", json=body(), headers=bearer[Role.SPECIALIST])).status_code == 403
    assert (await api.get("/v1/persons?identifier=email:a@b.org", headers=bearer[Role.CHANNEL])).status_code == 403
    admin = {"Authorization": f"Bearer {ADMIN_KEY}"}
    made = await api.post("/v1/keys", json={"name": "form", "role": "channel"}, headers=admin)
    assert made.status_code == 201
    fresh = {"Authorization": f"Bearer {made.json()['key']}"}
    assert (await api.post("/v1/observations", json=body(), headers=fresh)).status_code == 201
    assert (await api.post("/v1/keys", json={"name": "x", "role": "king"}, headers=admin)).status_code == 422


async def test_a_person_is_found_by_what_it_holds(api: httpx.AsyncClient, bearer: Headers) -> None:
    for number, channel in enumerate(("web_form", "phone_call")):
        await api.post("/v1/observations", json=body(id=f"o-{number}", channel=channel), headers=bearer[Role.CHANNEL])
    reader = bearer[Role.SPECIALIST]
    found = (await api.get("/v1/persons", params={"identifier": "email:MARIA@example.com"}, headers=reader)).json()
    [view] = found["items"]
    assert view["traits"]["given_name"]["value"] == "Maria"
    assert view["identifiers"][0]["count"] == 2
    page = (await api.get(f"/v1/persons/{view['id']}/timeline?limit=1", headers=reader)).json()
    rest = (await api.get(f"/v1/persons/{view['id']}/timeline?cursor={page['next']}", headers=reader)).json()
    assert {event["id"] for event in page["items"] + rest["items"]} == {"o-0", "o-1"}
    assert rest["next"] is None
    picture = (await api.get(f"/v1/persons/{view['id']}/graph", headers=reader)).json()
    assert {node["label"] for node in picture["nodes"]} == {"Person", "Identifier"}
    assert (await api.get("/v1/persons/nobody", headers=reader)).status_code == 404
    assert (await api.get(f"/v1/persons/{view['id']}", headers=bearer[Role.MARKETING])).status_code == 404


async def test_an_unknown_route_is_a_problem_too(api: httpx.AsyncClient) -> None:
    answer = await api.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "content",
    [
        b'{"\\ud800": 1}',
        b'{"name": "\\ud800", "role": "channel"}',
        b'{"name": "\\u0000", "role": "channel"}',
        b'{"' + b"a" * 100_000 + b'": 1}',
        b'{"a/b~": 1}',
        b"[" * 100_000,
        b'{"name": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
        b'{"name": NaN}',
    ],
    ids=lambda value: str(value)[:30],
)
async def test_no_key_of_a_body_breaks_the_answer(api: httpx.AsyncClient, content: bytes) -> None:
    admin = {"Authorization": f"Bearer {ADMIN_KEY}"}
    answer = await api.post("/v1/keys", content=content, headers=admin)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 5_000
    if content.startswith(b'{"a/b~'):
        assert "/a~1b~0" in [fault["pointer"] for fault in answer.json()["errors"]]
