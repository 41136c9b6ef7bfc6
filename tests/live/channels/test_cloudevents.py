"""CloudEvents as the CNCF's own library makes them, in each mode of the HTTP binding."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from cloudevents.v1.conversion import to_binary, to_structured
from cloudevents.v1.http import CloudEvent

from tests.live.channels.test_segment import EVENTS, MORE, ONCE, holders
from vitograph.api.recording import FEW
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

Headers = dict[Role, dict[str, str]]
DATA = {
    "identifiers": [{"kind": "email", "value": "Maria@Example.com"}],
    "traits": {"given_name": "Maria"},
    "total": 12.5,
}
MODES = ("structured", "binary", "binary without a content type")


def event(**changes: Any) -> CloudEvent:
    attributes = {
        "id": "42",
        "source": "https://shop.example/orders",
        "type": "Order.Placed",
        "time": "2026-11-24T10:00:00Z",
    }
    attributes = {name: value for name, value in (attributes | changes).items() if value is not None}
    return CloudEvent(attributes, DATA)


def encoded(sent: CloudEvent, mode: str) -> tuple[dict[str, str], bytes]:
    if mode == "structured":
        headers, body = to_structured(sent)
    else:
        if mode == "binary":
            sent["datacontenttype"] = "application/json"
        headers, body = to_binary(sent)
    return {name: str(value) for name, value in headers.items()}, body


@pytest.mark.parametrize("mode", MODES)
async def test_an_event_is_accepted_once_by_its_source_and_id(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, mode: str
) -> None:
    statuses = []
    for sent in (event(), event(), event(id="43"), event(source="https://other.example")):
        headers, body = encoded(sent, mode)
        answer = await api.post("/v1/cloudevents", content=body, headers=headers | bearer[Role.CHANNEL])
        statuses.append(answer.status_code)
    assert statuses == [201, 200, 201, 201]
    rows = await graph.rows(EVENTS)
    assert {(row["type"], row["at"]) for row in rows} == {("order.placed", "2026-11-24T10:00:00Z")}
    assert len({row["person"] for row in rows}) == 1
    assert json.loads(rows[0]["properties"])["total"] == 12.5
    assert set(await holders(graph)) == {"email:maria@example.com"}


async def test_a_batch_is_answered_one_by_one(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    good = json.loads(to_structured(event())[1])
    packed = {**good, "id": "44", "data_base64": base64.b64encode(json.dumps(DATA).encode()).decode()}
    del packed["data"]
    bad = [
        7,
        {**good, "specversion": "0.3"},
        {**good, "id": ""},
        {**good, "data": None},
        {**packed, "data_base64": "!"},
    ]
    headers = {"content-type": "application/cloudevents-batch+json; charset=utf-8"} | bearer[Role.CHANNEL]
    answer = await api.post("/v1/cloudevents", content=json.dumps([good, *bad, packed, good]), headers=headers)
    assert answer.status_code == 200
    assert [one.get("status", 0) for one in answer.json()] == [0, 422, 422, 422, 422, 422, 0, 0]
    assert len(await graph.rows(EVENTS)) == 2


async def test_a_batch_of_which_one_fails_is_not_acknowledged_and_loses_nothing_sent_again(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    """A constraint that the last event breaks: whatever nobody foresaw, in the middle of a transaction."""
    one = json.loads(to_structured(event())[1])
    batch = [{**one, "id": str(number), "type": f"seen.{number % (2 * FEW)}"} for number in range(2 * FEW + 1)]
    headers = bearer[Role.CHANNEL] | {"content-type": "application/cloudevents-batch+json"}
    await graph.run(ONCE)
    try:
        failed = await api.post("/v1/cloudevents", json=batch, headers=headers)
        few = await api.post("/v1/cloudevents", json=batch[-2:], headers=headers)
    finally:
        await graph.run(MORE)
    assert (failed.status_code, few.status_code) == (500, 500)
    assert len(await graph.rows(EVENTS)) == len(batch) - 1
    again = await api.post("/v1/cloudevents", json=batch, headers=headers)
    assert (again.status_code, len(again.json())) == (200, len(batch))
    assert len(await graph.rows(EVENTS)) == len(batch)


async def test_an_event_of_a_batch_has_the_limit_of_one(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    good = json.loads(to_structured(event())[1])
    large = {**good, "id": "44", "data": DATA | {"note": "x" * (300 << 10)}}
    headers = {"content-type": "application/cloudevents-batch+json"} | bearer[Role.CHANNEL]
    answer = await api.post("/v1/cloudevents", content=json.dumps([large, good]), headers=headers)
    assert [one.get("status") for one in answer.json()] == [413, None]
    assert len(await graph.rows(EVENTS)) == 1


async def test_what_is_no_event_is_a_problem_and_stores_nothing(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    structured = {"content-type": "application/cloudevents+json"}
    for headers, content, status in (
        (structured, b"", 422),
        (structured, b"{", 400),
        (structured, b"[]", 422),
        (structured, json.dumps({"specversion": "1.0"}).encode(), 422),
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-source": "x", "ce-type": "t"}, b"", 422),
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-source": "x"}, json.dumps(DATA).encode(), 422),
        ({"content-type": "application/cloudevents-batch+json"}, b"{}", 400),
        ({"content-type": "application/cloudevents-batch+json"}, b"", 400),
    ):
        answer = await api.post("/v1/cloudevents", content=content, headers=headers | bearer[Role.CHANNEL])
        assert answer.status_code == status, content
        assert answer.headers["content-type"] == "application/problem+json"
    headers, body = encoded(event(), "structured")
    assert (await api.post("/v1/cloudevents", content=body, headers=headers)).status_code == 401
    assert await graph.rows(EVENTS) == []


async def test_what_is_wrong_with_an_event_is_told_of_its_own_places(api: httpx.AsyncClient, bearer: Headers) -> None:
    whole = {"specversion": "1.0", "id": "42", "source": "/orders", "type": "order.placed"}
    phone = {"identifiers": [{"kind": "phone", "value": "12"}]}
    for sent, pointer in (
        ({**whole, "data": phone}, "/data/identifiers/0/value"),
        ({**whole, "data": {**DATA, "traits": {"date_of_birth": "2026-02-30"}}}, "/data/traits/date_of_birth"),
        ({**whole, "data": {**DATA, "event": {"type": "A B"}}}, "/data/event/type"),
        ({**whole, "data": DATA, "time": "yesterday"}, "/time"),
    ):
        headers = {"content-type": "application/cloudevents+json"} | bearer[Role.CHANNEL]
        refused = (await api.post("/v1/cloudevents", content=json.dumps(sent), headers=headers)).json()
        assert [one["pointer"] for one in refused["errors"]] == [pointer]


async def test_a_broker_that_asks_first_is_agreed_to(api: httpx.AsyncClient, settings: Settings) -> None:
    asked = {"WebHook-Request-Origin": "eventemitter.example.com", "WebHook-Request-Rate": "120"}
    answer = await api.options("/v1/cloudevents", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["WebHook-Allowed-Origin"] == "eventemitter.example.com"
    assert answer.headers["WebHook-Allowed-Rate"] == str(settings.key_rate * 60)
    assert "POST" in answer.headers["Allow"]
    headers, body = encoded(event(), "structured")
    assert (await api.post("/v1/cloudevents", content=body, headers=headers | asked)).status_code == 401


async def test_who_does_not_say_who_asks_is_not_agreed_to(api: httpx.AsyncClient) -> None:
    preflight = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    for headers in ({}, {"WebHook-Request-Origin": " "}, preflight):
        answer = await api.options("/v1/cloudevents", headers=headers)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")
        assert not {"webhook-allowed-origin", "access-control-allow-origin"} & set(answer.headers)
