"""The line to the hot memory that all hot reads of a process share. What is not held, or not to be had, the graph says.

One round trip is under way at a time, and takes along all who came during the one before. A Valkey that was away may
have come back with what was true before: it is doubted, and the graph answers, until all that was committed meanwhile
has been carried to it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar

from vitograph.projections.breaker import Breaker
from vitograph.projections.hot import HotMemory
from vitograph.projections.patience import patience
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


Gathered = dict[str, list["asyncio.Future[bytes | Missing]"]]


class HotLine:
    """`is_settled(within)`: whether all that was committed more than so many seconds ago has been carried to Valkey.

    `held` and `missed` count the answers to `get`.
    """

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
        self._carrying = False
        self._gathering: Gathered = {}
        self._places = asyncio.Semaphore(MOST_ASKING)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._doubt: asyncio.Task[None] | None = None
        self.held = 0
        self.missed: dict[Missing, int] = dict.fromkeys(Missing, 0)

    async def get(self, key: str) -> bytes | Missing:
        """What is held under a key."""
        if self._doubt or not self._breaker.lets_through():
            self.missed[Missing.AWAY] += 1
            return Missing.AWAY
        future: asyncio.Future[bytes | Missing] = asyncio.get_running_loop().create_future()
        self._gathering.setdefault(key, []).append(future)
        if not self._carrying:
            self._carrying = True
            self.start(self._carry())
        answer = await future
        if isinstance(answer, Missing):
            self.missed[answer] += 1
        else:
            self.held += 1
        return answer

    async def write(self, work: Callable[[], Awaitable[object]]) -> None:
        """Writes to Valkey if it can be had at once; if not, all that is held there is doubted."""
        if not self._breaker.lets_through():
            self._fail()
            return
        try:
            async with patience(self._patience):
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

    async def _carry(self) -> None:
        """Round trips, one after another, for as long as somebody waits."""
        try:
            while self._gathering:
                gathered, self._gathering = self._gathering, {}
                await self._fetch(gathered)
        finally:
            self._carrying = False
            left, self._gathering = self._gathering, {}
            _tell(left, {})

    async def _fetch(self, gathered: Gathered) -> None:
        answers: dict[str, bytes | Missing] = {}
        try:
            if self._doubt:  # it failed those who went before
                return
            async with patience(self._patience):
                held = await self.hot.fetch(list(gathered))
            answers = {
                key: Missing.ABSENT if value is None else value for key, value in zip(gathered, held, strict=True)
            }
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()
        finally:
            _tell(gathered, answers)

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


class Shared(Generic[T]):
    """Questions to the graph that are under way: who asks the same meanwhile is told the same."""

    def __init__(self, line: HotLine) -> None:
        self._line = line
        self._asked: dict[str, asyncio.Task[T]] = {}

    async def ask(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer to the question that is under way, else to one that begins now."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = self._line.start(work())
            task.add_done_callback(lambda done: self._ended(key, done))
        # A reader that hangs up does not take the answer from the others.
        return await asyncio.shield(task)

    def drop(self, key: str) -> None:
        """Who asks from now on does not wait for an answer from before."""
        self._asked.pop(key, None)

    def _ended(self, key: str, task: asyncio.Task[T]) -> None:
        if self._asked.get(key) is task:
            del self._asked[key]


def _tell(gathered: Gathered, answers: Mapping[str, bytes | Missing]) -> None:
    """Answers all who wait; of what is not among the answers, that Valkey is away."""
    for key, futures in gathered.items():
        answer = answers.get(key, Missing.AWAY)
        for future in futures:
            if not future.done():
                future.set_result(answer)
