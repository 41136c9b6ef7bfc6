"""Answers of a server that speaks just enough Bolt: what a row may hold, and whose fault a loop that stood is."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from vitograph.graph.analytics import query
from vitograph.graph.analytics.query import Limits, Question, Stop, Stuck, Told, rows
from vitograph.graph.driver import Graph, open_graph

HELLO = b"\xb1\x70\xa2\x86server\x8cNeo4j/5.26.0\x8dconnection_id\x81c"
FIELDS = b"\xb1\x70\xa1\x86fields\x91\x81x"
DONE = b"\xb1\x70\xa0"
RUN, PULL = 0x10, 0x3F


def framed(message: bytes) -> bytes:
    parts = [message[place : place + 65_535] for place in range(0, len(message), 65_535)]
    return b"".join(struct.pack(">H", len(part)) + part for part in parts) + b"\0\0"


async def read(reader: asyncio.StreamReader) -> bytes:
    message = b""
    while (size := struct.unpack(">H", await reader.readexactly(2))[0]) or not message:
        message += await reader.readexactly(size)
    return message


@asynccontextmanager
async def answering(value: bytes) -> AsyncIterator[Graph]:
    """A server that answers every query by one row of one value, in PackStream."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(20)
        writer.write(b"\0\0\4\5")
        while True:
            try:
                tag = (await read(reader))[1]
            except asyncio.IncompleteReadError:
                writer.close()
                return
            if tag == PULL:
                writer.write(framed(b"\xb1\x71\x91" + value) + framed(DONE))
            else:
                writer.write(framed(FIELDS if tag == RUN else HELLO))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, open_graph(f"bolt://127.0.0.1:{server.sockets[0].getsockname()[1]}", "n", "p") as graph:
        yield graph


def lists(count: int, inner: bytes = b"\x90") -> bytes:
    return b"\xd6" + struct.pack(">I", count) + inner * count


async def told_of(value: bytes, limits: Limits) -> tuple[Told, list[bytes]]:
    told = Told()
    async with answering(value) as graph:
        return told, [line async for line in rows(graph, Question("RETURN 1", {}), limits, told)]


async def test_a_row_that_fits_is_told() -> None:
    told, lines = await told_of(lists(3), Limits())
    assert (told.stopped, lines) == (None, [b"[[[],[],[]]]\n"])


async def test_a_row_that_is_too_large_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "to_json", None)
    told, lines = await told_of(lists(100, lists(100)), Limits(bytes=10_000))
    assert (told.stopped, lines) == (Stop.BYTES, [])


async def test_a_row_that_memory_does_not_suffice_for_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bool:
        raise MemoryError

    monkeypatch.setattr(query, "outgrows", full)
    told, lines = await told_of(lists(3), Limits())
    assert (told.stopped, lines) == (Stop.MEMORY, [])


@pytest.mark.parametrize("depth", [300, 3_000])
async def test_a_value_that_is_nested_deeper_than_json_is_written_is_an_error_of_the_query(depth: int) -> None:
    told, lines = await told_of(b"\x91" * depth + b"\x90", Limits())
    assert (told.stopped, lines) == (Stop.ERROR, [])


async def waiting_for(act: Callable[[socket.socket], None]) -> bytes:
    """What is waited for, for a moment only, while `act` has the loop."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        loop = asyncio.get_running_loop()
        asking = asyncio.create_task(query._within(time.monotonic() + 0.05, loop.sock_recv(ours, 10)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        act(theirs)
        return await asking


async def test_what_came_while_the_loop_stood_for_another_came_in_time() -> None:
    def stand(theirs: socket.socket) -> None:
        theirs.send(b"here")
        time.sleep(0.2)

    assert await waiting_for(stand) == b"here"


async def test_what_does_not_come_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "LOOK", 0.05)
    with pytest.raises(Stuck):
        await waiting_for(lambda _: None)
