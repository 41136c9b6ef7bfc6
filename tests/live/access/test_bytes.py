"""Whatever bytes come on the socket: every call is asked with bodies of its kind, spoilt; none fails, and all goes on.

`VITO_FUZZ_BYTES` (requests: a few hundred) makes it longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.live.access.masks import Masks
from tests.serving import serving
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.api.wire.http import BoundedHttp
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit

REQUESTS = int(os.environ.get("VITO_FUZZ_BYTES", "400"))
WITHIN = 60.0  # seconds for an answer, on a busy machine
LEFT_OUT = {"stream_changes", "run_cypher", "run_named_query"}
"""An answer without an end; what starts a Neo4j of its own."""

OBSERVATION = {
    "channel": "web_form",
    "identifiers": [{"kind": "email", "value": "maria@example.com", "assurance": "verified"}],
    "traits": {"given_name": "Maria", "date_of_birth": "1990-03-02"},
    "event": {"type": "page.viewed", "target_id": "summer", "properties": {"plan": "gold"}},
}
BODIES: list[Any] = [
    OBSERVATION,
    {"verdict": "same", "reason": "sure"},
    {"name": "summer", "role": "channel", "department": "north", "starts_at": "2026-01-01T00:00:00Z"},
    {"kind": "copy", "content": {"headline": "Summer"}},
    {"type": "track", "event": "Seen", "userId": "u-1", "batch": [{"type": "identify", "userId": "u-1"}]},
    {"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": OBSERVATION},
    {"email": "maria@example.com", "session": "s-1", "text": "hello", "query": "RETURN 1"},
    [],
    None,
    10**400,
    "\ud800",
]
PLACES = ("summer", "email:maria@example.com", "", "\x00", "\udcff", "..", "%", "9" * 300, "c-" + "0" * 32)
SPOILT = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"[" * 90, b'"', b"\r\n", b"\r\n\r\n", b"1e999", b"%00", "١".encode())
HEADERS = (
    "If-Match: *",
    'If-Match: "1"',
    "Range: bytes=5-1",
    "Content-Encoding: gzip",
    "Transfer-Encoding: chunked",
    "Content-Type: multipart/form-data",
    "Content-Type: \xff",
    "Expect: 100-continue",
    "Upgrade: websocket",
    "ce-id: 1",
)


def message(method: str, path: str, dice: random.Random) -> bytes:
    """A request of this call, with parts of it anything."""
    place = re.sub(r"\{[^}]*\}", lambda _: quote(dice.choice(PLACES), safe="", errors="surrogateescape"), path)
    body = json.dumps(dice.choice(BODIES)).encode()
    asked = dice.choice(("", "", "?limit=1", "?cursor=x", "?since=9", "?%ff"))
    lines = [f"{method} {place}{asked} HTTP/1.1", "Host: vito"]
    lines += [dice.choice(HEADERS)] if dice.random() < 0.3 else []
    lines += [f"Content-Length: {len(body)}", "Connection: close"]
    return spoilt("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, dice)


def spoilt(raw: bytes, dice: random.Random) -> bytes:
    """The same with some bytes turned, lost, doubled or put between; every third as it is."""
    for _ in range(dice.choice((0, 1, 3))):
        at, end = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
        other = dice.choice((*SPOILT, dice.randbytes(3), raw[at : at + 40]))
        raw = raw[:at] + other + raw[dice.choice((at, at + 1, min(end, at + 20))) :]
    return raw


async def ask(address: str, raw: bytes) -> bytes:
    """What is answered until the connection is closed, on which nothing more is sent."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(WITHIN):
            return await reader.read(-1)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("seed", [1])
async def test_no_bytes_break_a_call(graph: Graph, settings: Settings, secrets: dict[Role, str], seed: int) -> None:
    dice = random.Random(seed)
    app = create_app(settings)
    masks = Masks(app, secrets)
    calls = [
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method, call in methods.items()
        if call.get("operationId") not in LEFT_OUT
    ]
    async with serving(masks, http=BoundedHttp, server_header=False) as address:
        for number in range(max(REQUESTS, len(calls))):
            raw = message(*calls[number % len(calls)], dice)
            answer = await ask(address, raw)
            assert not re.match(rb"HTTP/1\.1 5", answer), (raw, answer)
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
            assert (await client.get("/readyz", timeout=WITHIN)).status_code == 200
    assert masks.told == []
    assert {status for _, status in masks.statuses} >= {200, 400, 401, 403, 404, 422}
    # Nobody carries changes elsewhere here, and on a busy machine they may wait for long.
    assert [finding for finding in await audit(graph) if not finding.is_warning] == []
