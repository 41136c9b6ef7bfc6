"""The line to the hot memory that all hot reads of a process share. What is not held, or not to be had, the graph says.

Reads of one turn of the event loop are one round trip. A Valkey that was away may have come back with what was true
before: it is doubted, and the graph answers, until all that was committed meanwhile has been carried to it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from typing import Any, TypeVar

from vitograph.projections.breaker import Breaker
from vitograph.projections.hot import HotMemory
from vitograph.resolver.errors import GraphUnavailable, HotMemoryUnavailable

T = TypeVar("T")

# Seconds. What a silent Valkey may cost a read, and what a read may cost altogether beyond that.
HOT_PATIENCE = 0.04
GRAPH_PATIENCE = 1.0
MOST_ASKING = 16
SETTLE_PAUSE = 0.25


class Origin(StrEnum):
    """Where an answer comes from, as Server-Timing says it."""

    REDIS = "redis"
    GRAPH = "graph"


class Missing(StrEnum):
    """Why Valkey gave no answer."""

    ABSENT = "absent"
    AWAY = "away"


class HotLine:
    """`is_settled(within)`: whether all that was committed more than so many seconds ago has been carried to Valkey."""

    def __init__(
        self,
        hot: HotMemory,
        is_settled: Callable[[float], Awaitable[bool]],
        breaker: Breaker | None = None,
        patience: float = HOT_PATIENCE,
    ) -> None:
        self.hot = hot
        self._is_settled = is_settled
        self._breaker = breaker or Breaker()
        self._patience = patience
        self._gathering: dict[str, list[asyncio.Future[bytes | Missing]]] = {}
        self._places = asyncio.Semaphore(MOST_ASKING)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._doubt: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | Missing:
        """What is held under a key."""
        if self._doubt or not self._breaker.lets_through():
            return Missing.AWAY
        loop = asyncio.get_running_loop()
        if not self._gathering:
            loop.call_soon(self._send)
        future: asyncio.Future[bytes | Missing] = loop.create_future()
        self._gathering.setdefault(key, []).append(future)
        return await future

    async def write(self, work: Callable[[], Awaitable[object]]) -> None:
        """Writes to Valkey if it can be had at once; if not, all that is held there is doubted."""
        if not self._breaker.lets_through():
            self._fail()
            return
        try:
            async with asyncio.timeout(self._patience):
                await work()
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()

    async def ask(self, work: Callable[[], Awaitable[T]]) -> T:
        """What the graph says within a second, GraphUnavailable else; a few are asked at a time."""
        try:
            async with asyncio.timeout(GRAPH_PATIENCE), self._places:
                return await work()
        except TimeoutError as error:
            raise GraphUnavailable(f"the graph did not answer within {GRAPH_PATIENCE:g} s") from error

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begins something that nobody need wait for; `close` ends it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Ends what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _send(self) -> None:
        gathered, self._gathering = self._gathering, {}
        self.start(self._fetch(gathered))

    async def _fetch(self, gathered: dict[str, list[asyncio.Future[bytes | Missing]]]) -> None:
        answers: dict[str, bytes | Missing] = {}
        try:
            async with asyncio.timeout(self._patience):
                held = await self.hot.fetch(list(gathered))
            answers = {
                key: Missing.ABSENT if value is None else value for key, value in zip(gathered, held, strict=True)
            }
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()
        finally:
            for key, futures in gathered.items():
                for future in futures:
                    if not future.done():
                        future.set_result(answers.get(key, Missing.AWAY))

    def _fail(self) -> None:
        self._breaker.failed()
        if self._doubt is None:
            self._doubt = self.start(self._wait_settled())

    async def _wait_settled(self) -> None:
        """Ends the doubt once Valkey answers again and nothing waits that was committed before it did."""
        loop = asyncio.get_running_loop()
        back: float | None = None
        while True:
            await asyncio.sleep(SETTLE_PAUSE)
            try:
                async with asyncio.timeout(GRAPH_PATIENCE):
                    await self.hot.fetch([""])
                    back = back or loop.time()
                    with contextlib.suppress(GraphUnavailable):
                        if await self._is_settled(loop.time() - back):
                            break
            except HotMemoryUnavailable:
                back = None
            except TimeoutError:
                continue
        self._breaker.succeeded()
        self._doubt = None

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # Whoever waits sees the error; when nobody waits any more, nobody is told.
        with contextlib.suppress(asyncio.CancelledError):
            task.exception()
