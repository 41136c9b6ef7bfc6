"""What a channel posts, in batches and one by one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import orjson

from benchmarks.instance import Running

BATCH = 1_000
PER_PERSON = 5
SHARED = 20  # of so many persons one uses the browser of another
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


def bodies(name: str, count: int) -> list[dict[str, Any]]:
    """Observations of which four in five come from somebody who was seen before, nearly all on their own browsers."""
    persons = max(count // PER_PERSON, 1)
    return [_body(name, n, n % persons) for n in range(count)]


def _body(name: str, n: int, person: int) -> dict[str, Any]:
    browser = person - 1 if person % SHARED == 1 else person
    return {
        "id": f"{name}-{n}",
        "channel": "bench",
        "occurred_at": "2026-11-24T10:00:00Z",
        "identifiers": [
            {"kind": "email", "value": f"{name}.{person}@example.com"},
            {"kind": "cookie", "value": f"{name}-{browser}"},
        ],
        "event": {"type": "page.viewed", "properties": {"page": n}},
    }


async def post_batches(vito: Running, key: str, each: list[dict[str, Any]]) -> None:
    """A thousand a request, one request after another."""
    async with aiohttp.ClientSession(vito.url, headers={"Authorization": f"Bearer {key}"}) as client:
        for start in range(0, len(each), BATCH):
            lines = b"\n".join(map(orjson.dumps, each[start : start + BATCH]))
            async with client.post("/v1/observations/batch", data=lines) as answer:
                taken = (await answer.read()).splitlines()
            if answer.status != 200 or not all(b'"event_id"' in line for line in taken):
                raise RuntimeError(f"{answer.status}: not all of a batch was taken")


async def post_single(vito: Running, key: str, connections: int, each: list[dict[str, Any]]) -> None:
    """Each in a request of its own, over so many connections, by a client that costs little beside what it measures."""
    where = urlsplit(vito.url)
    head = (
        f"POST /v1/observations HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    questions = (head + b"%d\r\n\r\n" % len(body) + body for body in map(orjson.dumps, each))
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: _Connection(questions), str(where.hostname), where.port or 80))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(one.ended for one in opened))


class _Connection(asyncio.Protocol):
    """Asks the next question once the last one was answered with 201, until none is left."""

    def __init__(self, questions: Iterator[bytes]) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._questions = questions
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, _, body = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n")
        if length is None or len(body) < int(length.group(1)):
            return
        if not head.startswith(b"HTTP/1.1 201"):
            self._end(RuntimeError(f"one was not taken: {self._answer[:500]!r}"))
            return
        self._answer = b""
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionError("the server closed before it had answered"))

    def _ask(self) -> None:
        question = next(self._questions, None)
        if question is None:
            self._end(None)
        else:
            self._transport.write(question)

    def _end(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        self._transport.close()
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
