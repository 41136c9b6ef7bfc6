"""Segment's calls on the real app and graph: what libraries send arrives once each, in order, and merges nobody."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from vitograph.api.recording import FEW
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.terms import Terms

# A constraint that nobody foresaw, and the end of it.
ONCE = Statement("test/once", "CREATE CONSTRAINT test_once FOR (e:Event) REQUIRE (e.channel, e.type) IS UNIQUE")
MORE = Statement("test/more", "DROP CONSTRAINT test_once IF EXISTS")
EVENTS = Statement(
    "test/events",
    "MATCH (e:Event)-[:OF]->(p:Person) RETURN e.id AS id, e.type AS type, p.id AS person, p.view_id AS view, "
    "toString(e.occurred_at) AS at, e.properties AS properties ORDER BY e.occurred_at, e.id",
)
HELD = Statement(
    "test/held",
    "MATCH (p:Person)-[h:HAS]->(i:Identifier) RETURN i.key AS key, h.assurance AS assurance, p.id AS person "
    "ORDER BY key, person",
)
SAME = Statement("test/same", "MATCH ()-[r:SAME_AS]->() RETURN count(r) AS count")
Headers = dict[Role, dict[str, str]]


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}


@pytest.fixture
def source(secrets: dict[Role, str]) -> dict[str, str]:
    return basic(secrets[Role.CHANNEL])


async def send(api: httpx.AsyncClient, source: dict[str, str], *messages: dict[str, Any]) -> httpx.Response:
    answer = await api.post("/segment/v1/batch", json={"batch": list(messages)}, headers=source)
    assert (answer.status_code, answer.json()["success"]) == (200, True), answer.text
    return answer


async def holders(graph: Graph) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for row in await graph.rows(HELD):
        found.setdefault(row["key"], set()).add((row["person"], row["assurance"]))
    return found


async def test_a_batch_arrives_once_each_in_the_order_of_its_times(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph
) -> None:
    messages = [
        {"type": "track", "userId": "u-1", "event": "Order Completed", "messageId": "m-3", "timestamp": at(3)},
        {"type": "identify", "userId": "u-1", "anonymousId": "a-1", "messageId": "m-2", "timestamp": at(2),
         "traits": {"email": "Maria@Example.com", "firstName": "Maria", "birthday": "1990-03-02T00:00:00Z",
                    "address": {"city": "Madrid", "postalCode": "28001"}}},
        {"type": "page", "anonymousId": "a-1", "messageId": "m-1", "name": "Home", "originalTimestamp": at(1)},
    ]  # fmt: skip
    for _ in range(2):
        await send(api, source, *messages)
    events = await graph.rows(EVENTS)
    assert [event["type"] for event in events] == ["page.viewed", "person.identified", "order_completed"]
    assert json.loads(events[0]["properties"])["segment"]["name"] == "Home"
    held = await holders(graph)
    [(maria, _)] = held["user_id:u-1"]
    assert held["email:maria@example.com"] == {(maria, "asserted")}
    assert (maria, "observed") in held["cookie:a-1"]
    assert len(held["cookie:a-1"]) == 2  # the device's own person beside her


def at(minute: int) -> str:
    return f"2026-11-24T10:{minute:02}:00.000Z"


@pytest.mark.parametrize("prefix", ["/segment", ""])
async def test_a_browser_may_send_text_with_its_key_in_the_body(
    api: httpx.AsyncClient, secrets: dict[Role, str], graph: Graph, prefix: str
) -> None:
    body = {"type": "track", "event": "Clicked", "anonymousId": "a-1", "messageId": "ajs-next-1", "sentAt": now(),
            "writeKey": secrets[Role.CHANNEL], "_metadata": {"bundled": []}}  # fmt: skip
    headers = {"content-type": "text/plain", "origin": "https://shop.example"}
    answer = await api.post(f"{prefix}/v1/t", content=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert answer.headers["access-control-allow-origin"] == "*"
    asks = {"origin": "https://shop.example", "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type"}  # fmt: skip
    preflight = await api.options(f"{prefix}/v1/t", headers=asks)
    assert preflight.status_code == 200
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    assert [event["type"] for event in await graph.rows(EVENTS)] == ["clicked"]


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


@pytest.mark.parametrize("encoding", ["gzip", None])
async def test_a_body_is_unpacked_by_what_it_is(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph, encoding: str | None
) -> None:
    packed = gzip.compress(json.dumps({"batch": [{"type": "page", "anonymousId": "a-1"}]}).encode())
    headers = {**source, "content-type": "application/x-www-form-urlencoded"}
    if encoding:
        headers["content-encoding"] = encoding
    answer = await api.post("/segment/v1/batch", content=packed, headers=headers)
    assert answer.json() == {"success": True}
    assert len(await graph.rows(EVENTS)) == 1


UNREADABLE = [
    (b"", "", 400),
    (b"{", "", 400),
    (b"[]", "", 400),
    (b'{"batch": {}}', "", 400),
    (b"\x1f\x8bnot gzip", "gzip", 400),
    (b"no gzip", "gzip", 400),
    (gzip.compress(b"{}")[:-4], "gzip", 400),
    (gzip.compress(b" " * (64 << 20)), "gzip", 413),
    (gzip.compress(gzip.compress(b" " * 1000)), "gzip", 400),
    (b" " * (3 << 20), "", 413),
    (b"[" * 200_000, "", 400),
]


async def test_what_cannot_be_read_is_refused_as_segment_refuses(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph
) -> None:
    for content, encoding, status in UNREADABLE:
        headers = {**source, **({"content-encoding": encoding} if encoding else {})}
        answer = await api.post("/segment/v1/batch", content=content, headers=headers)
        assert answer.status_code == status, content[:20]
        assert {"success", "code", "message"} <= set(answer.json())
    deflated = await api.post("/segment/v1/batch", content=zlib.compress(b'{"batch": []}'), headers=source)
    assert deflated.json()["message"] == "malformed JSON: the body is neither UTF-8 nor gzip"
    assert await graph.rows(EVENTS) == []


async def test_a_key_is_asked_for(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    body = {"userId": "u-1", "event": "x"}
    unknown = await api.post("/segment/v1/track", json=body)
    assert (unknown.status_code, unknown.headers["www-authenticate"]) == (401, 'Bearer realm="vito"')
    assert (await api.post("/segment/v1/track", json=body, headers=basic("nobody"))).status_code == 401
    assert (await api.post("/segment/v1/track", json={**body, "writeKey": "nobody"})).status_code == 401
    assert (await api.post("/segment/v1/track", json=body, headers=bearer[Role.ADMIN])).status_code == 403
    assert await graph.rows(EVENTS) == []
    assert (await api.post("/segment/v1/track", json=body, headers=bearer[Role.CHANNEL])).status_code == 200


async def test_a_bad_message_sinks_no_other(api: httpx.AsyncClient, source: dict[str, str], graph: Graph) -> None:
    good = [{"type": "track", "userId": f"u-{n}", "event": "Kept"} for n in range(2)]
    bad: list[Any] = [
        7,
        {"type": "dance", "userId": "u"},
        {"type": "track", "userId": "u"},
        {"type": "track", "event": "nobody"},
        {"type": "track", "userId": "null", "event": "a placeholder"},
        {"type": "track", "userId": "u", "event": "x", "properties": {"n": "a\0b"}},
        {"type": "track", "userId": "u", "event": "x", "properties": {"n": "x" * 40_000}},
        {"type": "alias", "userId": "u"},
    ]
    answer = await send(api, source, good[0], *bad, good[1])
    assert [one["index"] for one in answer.json()["rejected"]] == list(range(1, 9))
    assert len(await graph.rows(EVENTS)) == 2
    lines = (
        b'{"type": "track", "userId": "u-9", "event": "\\ud800"}',
        b'{"type": "track", "userId": "u-8", "event": "Kept", "properties": {"n": NaN}}',
        b'{"type": "track", "userId": "u-7", "event": "Kept"}',
    )
    not_json = b'{"batch": [' + b",".join(lines) + b"]}"
    answer = await api.post("/segment/v1/batch", content=not_json, headers=source)
    assert [one["index"] for one in answer.json()["rejected"]] == [0, 1]
    assert len(await graph.rows(EVENTS)) == 3


async def test_a_trait_that_cannot_be_read_is_left_out(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph
) -> None:
    traits = {"email": "nobody", "phone": "600", "birthday": "the 31st of April", "firstName": "Ana"}
    await send(api, source, {"type": "identify", "userId": "u-1", "traits": traits})
    [event] = await graph.rows(EVENTS)
    unread = {"email": "nobody", "phone": "600", "date_of_birth": "the 31st of April"}
    assert json.loads(event["properties"])["unread"] == unread
    assert set(await holders(graph)) == {"user_id:u-1"}


async def test_a_clock_that_is_wrong_is_put_right(api: httpx.AsyncClient, source: dict[str, str], graph: Graph) -> None:
    hour = dt.timedelta(hours=1)
    moment = dt.datetime.now(dt.UTC)
    message = {"type": "page", "anonymousId": "a", "originalTimestamp": (moment - hour).isoformat()}
    body = {"batch": [message], "sentAt": (moment - hour + dt.timedelta(minutes=1)).isoformat()}
    assert (await api.post("/segment/v1/batch", json=body, headers=source)).status_code == 200
    [event] = await graph.rows(EVENTS)
    happened = dt.datetime.fromisoformat(event["at"].replace("Z", "+00:00"))
    assert dt.timedelta(seconds=30) < moment - happened <= dt.timedelta(minutes=1)


async def propose(graph: Graph) -> list[set[str]]:
    """The pairs that wait for a specialist."""
    await Resolver(graph, load_model()).finish()
    rows = await graph.rows(
        Statement("test/pairs", "MATCH (c:Candidate) RETURN c.left AS left, c.right AS right, c.kind AS kind")
    )
    return [{row["left"], row["right"]} for row in rows]


@pytest.mark.parametrize("order", ["before", "after"])
async def test_an_alias_proposes_and_merges_nobody(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph, order: str
) -> None:
    known = [
        {"type": "identify", "userId": id, "traits": {"firstName": "Ana", "lastName": "Ruiz"}} for id in ("old", "new")
    ]
    alias = {"type": "alias", "previousId": "old", "userId": "new", "messageId": "m-1"}
    await send(api, source, *([alias, *known] if order == "before" else [*known, alias]))
    await send(api, source, alias)
    await send(api, source, {"type": "track", "userId": "old", "event": "x"})
    rows = await graph.rows(EVENTS)
    held = await holders(graph)
    [new] = {person for person, assurance in held["user_id:new"]}
    [old] = {person for person, assurance in held["user_id:old"] if assurance != "observed"}
    assert old != new
    assert {row["person"] for row in rows if row["type"] == "x"} == {old}
    assert len({row["view"] for row in rows}) == 2
    assert {old, new} in await propose(graph)
    assert (await graph.rows(SAME))[0]["count"] == 0


async def test_an_alias_of_an_anonymous_id_is_a_device(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph
) -> None:
    device = "9f6f2a86-4a2c-4b55-8d6f-0b3f1c7f4a11"
    await send(api, source, {"type": "page", "anonymousId": device})
    await send(api, source, {"type": "alias", "previousId": device, "userId": "u-1"})
    held = await holders(graph)
    assert set(held) == {f"cookie:{device}", "user_id:u-1"}
    assert {person for person, _ in held[f"cookie:{device}"]} in await propose(graph)


@pytest.mark.parametrize("terms", [Terms(), Terms(accounts="asserted"), Terms(publishable=True)], ids=str)
async def test_a_conflicting_identify_proposes_and_merges_nobody(
    api: httpx.AsyncClient, graph: Graph, terms: Terms
) -> None:
    _, secret = await create_key(graph, "segment", Role.CHANNEL, terms=terms)
    for id in ("u-1", "u-2"):
        traits = {"email": "ana@example.com", "firstName": "Ana"}
        await send(api, basic(secret), {"type": "identify", "userId": id, "anonymousId": "a-1", "traits": traits})
    held = await holders(graph)
    [(one, assurance)] = held["user_id:u-1"]
    [(other, _)] = held["user_id:u-2"]
    assert one != other
    assert assurance == terms.account_assurance
    assert {one, other} in await propose(graph)
    assert (await graph.rows(SAME))[0]["count"] == 0


async def test_a_key_of_a_web_page_may_do_nothing_else(api: httpx.AsyncClient, graph: Graph) -> None:
    terms = Terms(publishable=True, campaigns=("summer",), origins=("https://shop.example",))
    _, secret = await create_key(graph, "page", Role.CHANNEL, terms=terms)
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"userId": "u-1", "event": "campaign.enrolled", "properties": {"target_id": "winter"}}
    assert (await api.post("/segment/v1/track", json=body, headers=headers)).status_code == 403
    at_home = {**headers, "origin": "https://shop.example"}
    assert (await api.post("/segment/v1/track", json=body, headers=at_home)).status_code == 400
    assert (await api.post("/v1/observations/batch", content=b"{}", headers=at_home)).status_code == 403
    body["properties"] = {"target_id": "summer"}
    of_an_account = await api.post("/segment/v1/track", json=body, headers=at_home)
    assert (of_an_account.status_code, "of its own visitor" in of_an_account.text) == (400, True)
    body = {**body, "anonymousId": "a-1"}
    del body["userId"]
    assert (await api.post("/segment/v1/track", json=body, headers=at_home)).status_code == 200
    statuses = {(await api.post("/segment/v1/m", json={}, headers=at_home)).status_code}
    for _ in range(80):
        statuses.add((await api.post("/segment/v1/track", json={"event": "x"}, headers=at_home)).status_code)
    assert 429 in statuses


async def test_a_batch_of_which_one_fails_is_not_acknowledged_and_loses_nothing_sent_again(
    api: httpx.AsyncClient, source: dict[str, str], graph: Graph
) -> None:
    """A constraint that the last message breaks: whatever nobody foresaw, in the middle of a transaction."""
    messages = [
        {"type": "track", "event": f"Seen {number % (2 * FEW)}", "messageId": f"m-{number}", "anonymousId": "a-1"}
        for number in range(2 * FEW + 1)
    ]
    await graph.run(ONCE)
    try:
        failed = await api.post("/segment/v1/batch", json={"batch": messages}, headers=source)
        few = await api.post("/segment/v1/batch", json={"batch": messages[-2:]}, headers=source)
    finally:
        await graph.run(MORE)
    assert (failed.status_code, failed.json()["success"], few.status_code) == (500, False, 500)
    assert len(await graph.rows(EVENTS)) == len(messages) - 1
    await send(api, source, *messages)
    assert len(await graph.rows(EVENTS)) == len(messages)
