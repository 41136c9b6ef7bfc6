"""Every call by every kind of caller, on the real API, against a table that people can read."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.live.access.table import BODIES, COLUMNS, Line, lines
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Limits, Role, create_key, revoke_key
from vitograph.graph.driver import Graph
from vitograph.resolver.terms import Terms

Headers = dict[str, dict[str, str]]
DEPARTMENTS = {"marketing": "north", "other": "south"}


async def bearer(graph: Graph, role: str, **terms: Any) -> dict[str, str]:
    kind = {"other": Role.MARKETING, "page": Role.CHANNEL}.get(role) or Role(role)
    if role == "page":
        terms["terms"] = Terms(publishable=True, campaigns=("summer",))
    _, secret = await create_key(graph, f"a {role}", kind, DEPARTMENTS.get(role), **terms)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
async def callers(graph: Graph) -> Headers:
    return {"nobody": {}} | {role: await bearer(graph, role) for role in COLUMNS if role != "nobody"}


@pytest.fixture
async def world(api: httpx.AsyncClient, callers: Headers) -> dict[str, str]:
    """A lead of `north`, somebody who negotiates, and somebody who does neither, by their ids."""
    made = await api.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=callers["marketing"])
    assert made.status_code == 201
    events = {
        "lead": {"type": "campaign.enrolled", "target_id": "summer"},
        "buyer": {"type": "negotiation.opened"},
        "stranger": {"type": "page.viewed"},
    }
    found = {}
    for name, event in events.items():
        identifiers = [{"kind": "email", "value": f"{name}@x.org", "assurance": "verified"}]
        body = {"channel": "form", "identifiers": identifiers, "event": event}
        posted = await api.post("/v1/observations", json=body, headers=callers["channel"])
        assert posted.status_code == 201
        found[name] = str(posted.json()["person_id"])
    return found


START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {},
    },
}


async def open_stream(app: Any, path: str, headers: dict[str, str]) -> int:
    """101 when a call's stream is let in, else the code that it is closed with (RFC 6455)."""
    said = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": json.dumps(START)}]
    status = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal status
        if said:
            return said.pop(0)
        status = status or 101  # it waits for what is spoken
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "websocket.close":
            status = status or message["code"]

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "scheme": "ws", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": raw, "client": ("127.0.0.1", 1), "server": ("vito", 80), "root_path": "",
             "subprotocols": []}  # fmt: skip
    await app(scope, receive, send)
    return status


async def call(app: Any, line: Line, path: str, headers: dict[str, str], address: str = "127.0.0.1") -> int:
    """The status of a call, as soon as the answer begins: a stream has no end to wait for."""
    if line.method == "WS":
        return await open_stream(app, path, headers)
    started = asyncio.Event()
    status = 0
    request = httpx.Request(
        line.method, f"http://vito{path}", json=BODIES.get(line.operation), headers=headers | {"If-None-Match": '"x"'}
    )
    bodies = [{"type": "http.request", "body": request.content, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if bodies:
            return bodies.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            started.set()

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": line.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": (address, 1),
        "server": ("vito", 80),
        "root_path": "",
    }
    running = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait([running, waiting := asyncio.create_task(started.wait())], return_when="FIRST_COMPLETED")
    if line.operation == "stream_changes" and status == 200:
        running.cancel()
    waiting.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)
    return status


def app_of(api: httpx.AsyncClient) -> FastAPI:
    transport = api._transport
    assert isinstance(transport, httpx.ASGITransport)
    assert isinstance(transport.app, FastAPI)
    return transport.app


async def test_every_call_answers_every_caller_as_the_table_says(
    api: httpx.AsyncClient, callers: Headers, world: dict[str, str]
) -> None:
    wrong = []
    for line in lines():
        path = line.path.format(**world)
        for caller, expected in line.statuses.items():
            found = await call(app_of(api), line, path, callers[caller])
            if found != expected:
                wrong.append(f"{line.method} {line.path} by {caller}: {found}, not {expected}")
    assert wrong == []


async def test_a_key_that_is_over_is_no_key(api: httpx.AsyncClient, graph: Graph, world: dict[str, str]) -> None:
    """Revoked, expired, and one that never was: on every call that needs one."""
    id, revoked = await create_key(graph, "was", Role.ADMIN)
    await revoke_key(graph, id)
    over = Limits(expires_at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    _, expired = await create_key(graph, "was too", Role.ADMIN, limits=over)
    for number, line in enumerate(lines()):
        for secret in (revoked, expired, "never"):
            headers = {"Authorization": f"Bearer {secret}"}
            status = await call(app_of(api), line, line.path.format(**world), headers, f"10.0.0.{number}")
            assert status == line.statuses["nobody"], line


def test_every_route_has_a_row(settings: Settings) -> None:
    """Fails when a route is added without saying in the table who may call it."""
    routes = {
        (method, operation, _form(str(route.path)))
        for route in iter_route_contexts(create_app(settings).routes)
        for method in (route.methods or {"WS"}) - {"HEAD"}
        for operation in [getattr(route, "operation_id", None) or str(route.name)]
    }
    rows = {(line.method, line.operation) for line in lines() if line.method != "HEAD"}
    assert {(method, operation) for method, operation, _ in routes} == rows
    for method, operation, form in routes:
        paths = [
            line.path.partition("?")[0] for line in lines() if (line.method, line.operation) == (method, operation)
        ]
        assert any(re.fullmatch(form, path) for path in paths), (method, form)


def test_every_role_has_a_column() -> None:
    assert set(COLUMNS) == set(Role) | {"nobody", "page", "other"}


def _form(path: str) -> str:
    """A path as an expression that the rows' paths match."""
    return re.sub(r"\\\{\w+(:path)?\\\}", "[^/]+", re.escape(path))
