"""One connection to Valkey that is also told what changes: copies of what was read, while they are certain.

Valkey notes what it told this connection and says, on the same connection and in order, when that is no longer so
(CLIENT TRACKING, RESP3). So a copy is wrong for no longer than such a word is under way; and where nothing has
proved within `CERTAIN` that none is, a copy is not used.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from vitograph.projections.hot.unavailable import translated
from vitograph.resolver.errors import HotMemoryUnavailable

# Seconds. For how long an answer proves that nothing was under way before its question; how often that is proved anew
# while copies are used; how old a copy may become (what lapses is not always said at once); and after how long a
# connection that owes an answer is given up.
CERTAIN = 0.15
PROVE_EVERY = 0.05
COPY_LASTS = 1.0
SILENT_FOR = 2.0

MOST_COPIED = 131_072
MOST_BYTES = 32 << 20

_HEARD = object()


@dataclass(slots=True)
class _Question:
    """A command that was sent; `keep`: those of its keys that have not been dropped since."""

    future: asyncio.Future[Any]
    keys: Sequence[str]
    keep: set[str]
    at: float


class Tracked:
    """What Valkey holds, by one connection that is made when it is needed. `on_lost`: it was lost, all copies with it.

    `mark` is the key of the run id of the server that was filled; another one is not read until it is filled, too.
    A server that does not track is read all the same, and nothing is copied.
    """

    def __init__(self, client: Redis, mark: str, on_lost: Callable[[], None]) -> None:
        self._client = client
        self._mark = mark
        self._on_lost = on_lost
        self._opening = asyncio.Lock()
        self._connection: AbstractConnection | None = None
        self._tracks = False
        self.losses = 0
        self._questions: deque[_Question] = deque()
        self._copies: dict[str, tuple[bytes, float]] = {}
        self._bytes = 0
        self._certain_until = 0.0
        self._is_used = False
        self._tasks: list[asyncio.Task[None]] = []

    def copy(self, key: str) -> bytes | None:
        """What is held under a key, where that is certain without asking."""
        held = self._copies.get(key)
        if held is None:
            return None
        self._is_used = True
        now = time.monotonic()  # a loop's own clock stands still while the loop is busy
        return held[0] if now < self._certain_until and now < held[1] else None

    def drop(self, keys: Iterable[str]) -> None:
        """Keeps no copy of what was asked for before now under these keys."""
        gone = set(keys)
        for question in self._questions:
            question.keep -= gone
        for key in gone:
            self._forget(key)

    async def fetch(self, keys: Sequence[str]) -> list[bytes | None]:
        """What is held under these keys, in one round trip. HotMemoryUnavailable."""
        answer: list[bytes | None] = await self._ask(keys, "MGET", *keys)
        return answer

    async def close(self) -> None:
        """Ends the connection."""
        tasks = list(self._tasks)
        self._lose(self._connection)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, keys: Sequence[str], *command: str) -> Any:
        with translated():
            try:
                connection = await self._connected()
                loop, keep = asyncio.get_running_loop(), set(keys) if self._tracks else set()
                question = _Question(loop.create_future(), keys, keep, time.monotonic())
                self._questions.append(question)
                await connection.send_command(*command, check_health=False)
            except BaseException:
                self._lose(self._connection)  # what was sent of the command nobody knows
                raise
            return await question.future

    async def _connected(self) -> AbstractConnection:
        async with self._opening:
            if self._questions and time.monotonic() - self._questions[0].at > SILENT_FOR:
                self._lose(self._connection)
            if self._connection is None:
                self._connection = await self._open()
                loop = asyncio.get_running_loop()
                self._tasks = [
                    loop.create_task(self._listen(self._connection)),
                    loop.create_task(self._prove(self._connection)),
                ]
            return self._connection

    async def _open(self) -> AbstractConnection:
        connection: AbstractConnection = self._client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            # There is no public way to hear of it.
            connection._parser.set_invalidation_push_handler(self._hear)  # type: ignore[attr-defined]
            await connection.send_command("CLIENT", "TRACKING", "ON", check_health=False)
            try:
                await connection.read_response()
                self._tracks = True
            except exceptions.ResponseError:
                self._tracks = False
            await self._check_filled(connection)
            connection.socket_timeout = None  # the listener waits for as long as nothing is said
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        return connection

    async def _check_filled(self, connection: AbstractConnection) -> None:
        """HotMemoryUnavailable where this is another process than the one that was filled: it may hold old things."""
        await connection.send_command("GET", self._mark, check_health=False)
        filled = await connection.read_response()
        if filled is None:
            return
        await connection.send_command("INFO", "server", check_health=False)
        with contextlib.suppress(exceptions.ResponseError):
            said = await connection.read_response()
            if filled not in (said if isinstance(said, bytes) else said.encode()):
                raise HotMemoryUnavailable("Valkey was restarted and is not filled yet")

    async def _listen(self, connection: AbstractConnection) -> None:
        """Takes the answers in their order, and between them what is said of changes."""
        try:
            while True:
                try:
                    said = await connection.read_response(disconnect_on_error=False, push_request=True)
                    if said is not _HEARD:
                        self._answer(said)
                except exceptions.ResponseError as error:
                    self._refuse(error)
        except (exceptions.RedisError, OSError):
            self._lose(connection)

    async def _prove(self, connection: AbstractConnection) -> None:
        """While copies are used, asks something now and then: the answer proves that no word was under way."""
        while connection is self._connection:
            await asyncio.sleep(PROVE_EVERY)
            if self._is_used and not self._questions:
                self._is_used = False
                with contextlib.suppress(HotMemoryUnavailable):
                    await self._ask((), "PING")

    def _answer(self, answer: Any) -> None:
        question = self._questions.popleft()
        self._certain_until = question.at + CERTAIN
        for key, value in zip(question.keys, answer, strict=False):
            if value is not None and key in question.keep and len(value) <= MOST_COPIED:
                self._keep(key, value, question.at + COPY_LASTS)
        if not question.future.done():
            question.future.set_result(answer)

    def _refuse(self, error: exceptions.ResponseError) -> None:
        question = self._questions.popleft()
        if not question.future.done():
            question.future.set_exception(error)

    async def _hear(self, said: Sequence[Any]) -> object:
        """That keys have changed, or, after a flush, all of them."""
        if said[1] is None:
            self.losses += 1
            self._forget_all()
        else:
            for key in said[1]:
                self._forget(key.decode(errors="replace"))
        return _HEARD

    def _keep(self, key: str, value: bytes, until: float) -> None:
        self._forget(key)
        if self._bytes + len(value) > MOST_BYTES:
            self._forget_all()
        self._copies[key] = value, until
        self._bytes += len(value)

    def _forget(self, key: str) -> None:
        held = self._copies.pop(key, None)
        if held is not None:
            self._bytes -= len(held[0])

    def _forget_all(self) -> None:
        self._copies.clear()
        self._bytes = 0

    def _lose(self, connection: AbstractConnection | None) -> None:
        """Nothing is certain any more, and nobody is left waiting; once for each connection."""
        if connection is None or connection is not self._connection:
            return
        self._connection = None
        self.losses += 1
        self._forget_all()
        self._certain_until = 0.0
        left, self._questions = self._questions, deque()
        for question in left:
            if not question.future.done():
                question.future.set_exception(HotMemoryUnavailable("the connection to Valkey broke"))
                question.future.exception()  # who gave up is not told
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            if task is not asyncio.current_task():
                task.cancel()
        closing = asyncio.ensure_future(connection.disconnect(nowait=True))
        closing.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._on_lost()
