"""A line between two processes that can be cut, slowed, silenced and mended: a small TCP proxy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from enum import StrEnum

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class State(StrEnum):
    """How a line is."""

    OPEN = "open"
    CUT = "cut"  # what was connected is reset, what connects is closed at once
    SILENT = "silent"  # everything connects, nothing arrives
    SLOW = "slow"  # each piece arrives half a second late
    DRIP = "drip"  # ten bytes at a time
    HALF = "half"  # what is asked arrives, what is answered is lost with the connection


LATE = 0.5  # seconds
DRIP = 10  # bytes
DRIP_PAUSE = 0.05  # seconds


class Line:
    """Listens on a port of its own of 127.0.0.1 and passes on to wherever `connect` leads."""

    def __init__(self, connect: Callable[[], Awaitable[Ends]]) -> None:
        self._connect = connect
        self._state = State.OPEN
        self._is_heard = asyncio.Event()  # set unless the line is silent
        self._is_heard.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nothing is connected, and nothing connects any more."""
        self.become(State.CUT)
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)

    def become(self, state: State) -> None:
        """From now on the line is so; a silenced one delivers late what was sent meanwhile."""
        self._state = state
        if state is State.SILENT:
            self._is_heard.clear()
        else:
            self._is_heard.set()
        if state is State.CUT:
            self.reset()

    def reset(self) -> None:
        """Ends every connection there is, without a word."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._state is State.CUT:
                return
            there_reader, there_writer = await self._connect()
            self._open |= {writer, there_writer}
            asked = asyncio.create_task(self._pass(reader, there_writer, answers=False))
            answered = asyncio.create_task(self._pass(there_reader, writer, answers=True))
            try:
                await asyncio.wait((asked, answered), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task, end in ((asked, there_writer), (answered, writer)):
                    task.cancel()
                    end.close()
                    self._open.discard(end)
                await asyncio.gather(asked, answered, return_exceptions=True)
        except OSError:
            pass  # there is nobody at the other end
        finally:
            writer.close()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                await self._is_heard.wait()
                match self._state:
                    case State.SLOW:
                        await asyncio.sleep(LATE)
                    case State.DRIP:
                        data = await self._drip(data, target)
                    case State.HALF if answers:
                        return
                target.write(data)
                await target.drain()

    async def _drip(self, data: bytes, target: asyncio.StreamWriter) -> bytes:
        """What is left to be sent when the line drips no more."""
        while data and self._state is State.DRIP:
            target.write(data[:DRIP])
            await target.drain()
            data = data[DRIP:]
            await asyncio.sleep(DRIP_PAUSE)
        return data
