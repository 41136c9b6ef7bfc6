"""What every answer says, what no request may do, and what no error tells: over real sockets where it matters."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.conftest import ADMIN_KEY
from tests.serving import serving
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.api.wire import hardening
from vitograph.api.wire import http as bounded
from vitograph.graph.driver import Graph

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
Asked = tuple[str, str, dict[str, Any]]

ANSWERS: list[tuple[Asked, int]] = [
    (("GET", "/healthz", {}), 200),
    (("GET", "/readyz", {}), 200),
    (("GET", "/openapi.json", {}), 200),
    (("GET", "/review", {}), 200),
    (("GET", "/review/assets/main.js", {}), 200),
    (("GET", "/review/assets/../../settings.py", {}), 404),
    (("GET", "/nowhere", {}), 404),
    (("PATCH", "/v1/keys", {}), 405),
    (("GET", "/v1/keys", {}), 401),
    (("GET", "/v1/keys", {"headers": ADMIN}), 200),
    (("GET", "/v1/persons?identifier=email:a@b.org", {"headers": ADMIN}), 403),
    (("POST", "/v1/keys", {"headers": ADMIN, "content": b"{"}), 400),
    (("GET", "/hot/campaigns/none", {}), 200),
    (("DELETE", "/hot/campaigns/none", {}), 405),
    (("OPTIONS", "/v1/keys", {"headers": {"Origin": "https://x.org", "Access-Control-Request-Method": "POST"}}), 405),
]


@pytest.fixture
async def address(graph: Graph, settings: Settings) -> AsyncIterator[str]:
    """The whole app on a socket, as `vito up` serves it."""
    app = create_app(settings.model_copy(update={"hsts": 86_400}))
    async with serving(app, http=bounded.BoundedHttp, server_header=False) as address:
        yield address


async def test_every_answer_has_its_headers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("a bug of ours, at /etc/vito/secret")

    monkeypatch.setattr("vitograph.api.remembered.Remembered.get", fails)
    bug: tuple[Asked, int] = (("GET", "/v1/quality", {"headers": ADMIN}), 500)
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        for (method, path, more), status in [*ANSWERS, bug]:
            answer = await client.request(method, path, **more)
            said = answer.headers
            assert answer.status_code == status, (method, path, answer.text)
            assert said["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in said["content-security-policy"]
            assert "default-src 'none'" in said["content-security-policy"]
            assert said["referrer-policy"] == "no-referrer"
            assert said["strict-transport-security"] == "max-age=86400; includeSubDomains"
            assert "server" not in said
            assert "x-powered-by" not in said
            if path.startswith("/v1/"):
                assert said["cache-control"] == "no-store"
            is_public = path.startswith("/hot/")
            assert ("access-control-allow-origin" in said) == is_public, path
            assert "access-control-allow-credentials" not in said
            if status >= 400:
                assert said["content-type"] == "application/problem+json"
                assert set(answer.json()) <= {"type", "title", "status", "detail", "errors"}
                assert not re.search(r"Traceback|\.py|/etc|RuntimeError|neo4j|pydantic", answer.text), answer.text


async def test_https_is_only_told_of_where_it_is_set(api: httpx.AsyncClient) -> None:
    assert "strict-transport-security" not in (await api.get("/healthz")).headers


async def speak(address: str, *parts: bytes) -> bytes:
    """What a server says to these bytes, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    try:
        async with asyncio.timeout(60):
            for part in parts:
                writer.write(part)
                await writer.drain()
            return await reader.read()
    except ConnectionError:
        return b"closed"
    finally:
        writer.close()


async def test_whoever_asks_by_head_gets_the_head_of_get(address: str) -> None:
    """As load balancers, caches and link checkers ask; a stream without an end is none by HEAD."""
    paths = ("/healthz", "/readyz", "/switch.js", "/vito.js", "/review", "/openapi.json", "/v1/campaigns/none")
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        made = await client.post("/v1/keys", json={"name": "one", "role": "specialist"}, headers=ADMIN)
        key = {"Authorization": f"Bearer {made.json()['key']}"}
        for path in paths:
            head, get = await client.head(path, headers=key), await client.get(path, headers=key)
            assert (head.status_code, head.content) == (get.status_code, b"")
            told = set(get.headers) - {"date", "x-request-id"}
            assert {name: head.headers.get(name) for name in told} == {name: get.headers[name] for name in told}
        assert (await client.head("/v1/candidates/stream", headers=key)).status_code == 200
        assert (await client.head("/v1/candidates/stream")).status_code == 401
        assert (await client.head("/v1/observations")).headers["allow"] == "POST"
        assert (await client.patch("/v1/campaigns/summer")).headers["allow"] == "DELETE, GET, HEAD, PUT"


async def test_headers_have_an_end(address: str) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        long = await client.get("/healthz", headers={"X-Long": "a" * (hardening.MOST_HEADERS + 1)})
        assert (long.status_code, long.json()["status"]) == (431, 431)
        assert long.headers["x-content-type-options"] == "nosniff"
        assert (await client.get("/healthz", headers={"X-Long": "a" * 20_000})).status_code == 200
    endless = [b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[b"X-A: " + b"a" * 8_000 + b"\r\n"] * 200]
    assert (await speak(address, *endless)).startswith((b"HTTP/1.1 400", b"closed"))
    one = [b"GET /healthz HTTP/1.1\r\nX-A: ", *[b"a" * 8_000] * 200]
    assert (await speak(address, *one)).startswith((b"HTTP/1.1 400", b"closed"))


async def test_who_writes_headers_slowly_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WITHIN", 0.2)
    assert await speak(address) == b""
    assert await speak(address, b"GET /healthz HTTP/1.1\r\nX-A:") == b""


async def test_a_body_that_does_not_come_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardening, "SILENCE", 0.2)
    head = f"POST /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_KEY}\r\nContent-Length: 100\r\n\r\n"
    answer = await speak(address, head.encode(), b'{"name"')
    assert answer.startswith(b"HTTP/1.1 408"), answer
    assert b"connection: close" in answer.lower()


async def test_who_goes_on_with_a_body_that_was_answered_is_not_heard_for_ever(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who has no key holds a connection by a byte now and then; a body that is only late ends nothing."""
    monkeypatch.setattr(bounded, "LINGER", 4.0)
    head = b"POST /v1/observations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))

    async def drip() -> None:
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.1)

    async with asyncio.timeout(60):
        for _ in range(2):
            writer.write(head)
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 401")
            await asyncio.sleep(0.2)
            writer.write(b" " * 1000)
        await asyncio.sleep(4.5)
        monkeypatch.setattr(bounded, "LINGER", 0.5)
        writer.write(head)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 401")
        dripping = asyncio.create_task(drip())
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    dripping.cancel()
    writer.close()


async def test_what_follows_a_request_and_is_none_takes_nothing_from_its_answer(address: str) -> None:
    """Who is told 400 sends it again, though it was done."""
    body = b'{"name": "one", "role": "channel"}'
    head = (
        f"POST /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    whole = head.encode() + body
    for asked in (1, 2):
        answer = await speak(address, whole * asked + b"rubbish\r\n\r\n")
        assert answer.count(b"HTTP/1.1") == answer.count(b"HTTP/1.1 201") == asked, answer
        assert b"connection: close" in answer.lower()
    assert (await speak(address, head.encode().replace(b"34", b"3 4") + body)).startswith(b"HTTP/1.1 400")
    cut = head.encode().replace(b"Content-Length: 34", b"Transfer-Encoding: chunked") + b"22\r\n" + body + b"rubbish"
    assert (await speak(address, cut)).startswith(b"HTTP/1.1 400")


async def test_a_body_may_not_be_large_whoever_reads_it(address: str) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * (1 << 20)

    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        answer = await client.post("/v1/keys", content=large(), headers=ADMIN)
        assert answer.status_code == 413


@pytest.mark.parametrize("depth", [65, 900, 5_000, 100_000])
async def test_json_has_a_depth(api: httpx.AsyncClient, graph: Graph, depth: int) -> None:
    made = await api.post("/v1/keys", json={"name": "one", "role": "channel"}, headers=ADMIN)
    channel = {"Authorization": f"Bearer {made.json()['key']}"}
    nested = '{"a":' * depth + "1" + "}" * depth
    body = (
        '{"channel": "form", "identifiers": [{"kind": "cookie", "value": "c"}], "event": {"type": "x", "properties": '
    )
    answer = await api.post("/v1/observations", content=f"{body}{nested}}}}}", headers=channel)
    assert answer.status_code in (400, 413), answer.text
    batch = await api.post("/v1/observations/batch", content=f"{body}{nested}}}}}", headers=channel)
    assert json.loads(batch.text.splitlines()[0])["status"] in (400, 413)
    keys = await api.post("/v1/keys", content='{"name": ' + nested + "}", headers=ADMIN)
    assert keys.status_code in (400, 413, 422), keys.text


async def test_brackets_in_a_text_are_no_depth(api: httpx.AsyncClient) -> None:
    made = await api.post("/v1/keys", json={"name": "one", "role": "channel"}, headers=ADMIN)
    properties = {"text": '[[{"' * 500, "deep": json.loads("[" * 9 + "]" * 9)}
    event = {"type": "x", "properties": properties}
    body = {"channel": "form", "identifiers": [{"kind": "cookie", "value": "c"}], "event": event}
    answer = await api.post("/v1/observations", json=body, headers={"Authorization": f"Bearer {made.json()['key']}"})
    assert answer.status_code == 201, answer.text
