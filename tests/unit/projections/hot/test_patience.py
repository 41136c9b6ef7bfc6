"""Who is asked has so long to answer; who asks may be busy meanwhile."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from vitograph.projections.hot.patience import patience


async def test_a_silent_server_is_waited_for_so_long() -> None:
    with pytest.raises(TimeoutError):
        async with patience(0.02):
            await asyncio.sleep(60)


async def test_an_answer_that_came_while_the_loop_was_busy_is_heard() -> None:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    theirs.send(b"answer")

    async def be_busy() -> None:
        time.sleep(0.2)  # noqa: ASYNC251  that is what is tested

    busy = asyncio.ensure_future(be_busy())
    async with patience(0.05):
        await busy
        assert await reader.readexactly(6) == b"answer"
    writer.close()
    theirs.close()


async def test_a_loop_that_is_always_busy_is_not_waited_for_for_ever() -> None:
    async def be_busy() -> None:
        while True:
            time.sleep(0.05)  # noqa: ASYNC251
            await asyncio.sleep(0)

    busy = asyncio.ensure_future(be_busy())
    with pytest.raises(TimeoutError):
        async with patience(0.01):
            await asyncio.sleep(60)
    busy.cancel()
