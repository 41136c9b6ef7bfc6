"""A closed-loop client: so many connections, each of which asks again when it has been answered."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from benchmarks.shares import at_share

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)

Measure = Callable[[bytes], int]
"""How long the answer at the start of a buffer is; 0 while it is not whole."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Answers a second, and what one of a hundred (or two) waits for at least, in milliseconds."""

    rate: float
    p50: float
    p99: float
    failed: int


class _Connection(asyncio.Protocol):
    def __init__(self, question: bytes, measure: Measure, good: bytes) -> None:
        self.took: list[float] = []
        self.failed = 0
        self.ended = asyncio.get_running_loop().create_future()
        self._question, self._measure, self._good = question, measure, good
        self._buffer = b""
        self._stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._measure(self._buffer):
            return
        self.took.append(time.perf_counter() - self._began)
        if not self._buffer.startswith(self._good):
            self.failed += 1
        self._buffer = b""
        if self._stopping:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def stop(self) -> None:
        self._stopping = True

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._question)


async def press(where: tuple[str, int] | str, question: bytes, connections: int, seconds: float) -> Figures:
    """Asks for so many seconds, over TCP or a unix socket."""
    loop = asyncio.get_running_loop()
    is_http = question.startswith(b"GET ")
    measure, good = (_http, b"HTTP/1.1 200") if is_http else (_resp, b"$")

    def protocol() -> _Connection:
        return _Connection(question, measure, good)

    opened: list[_Connection] = []
    started = time.perf_counter()
    for _ in range(connections):
        if isinstance(where, str):
            opened.append((await loop.create_unix_connection(protocol, where))[1])
        else:
            opened.append((await loop.create_connection(protocol, *where))[1])
    await asyncio.sleep(seconds)
    for one in opened:
        one.stop()
    await asyncio.gather(*(one.ended for one in opened))
    spent = time.perf_counter() - started
    took = [value for one in opened for value in one.took]
    return Figures(
        len(took) / spent,
        at_share(took, 0.5) * 1000 if took else 0.0,
        at_share(took, 0.99) * 1000 if took else 0.0,
        sum(one.failed for one in opened),
    )


def _http(buffer: bytes) -> int:
    head = buffer.find(b"\r\n\r\n")
    length = _LENGTH.search(buffer, 0, head + 2) if head > 0 else None
    whole = head + 4 + int(length.group(1)) if length else 0
    return whole if whole and len(buffer) >= whole else 0


def _resp(buffer: bytes) -> int:
    head = buffer.find(b"\r\n")
    if head < 0:
        return 0
    whole = head + 4 + int(buffer[1:head])
    return whole if len(buffer) >= whole else 0
