"""The line to the hot memory that all hot reads of a process share. What is not held, or not to be had, the graph says.

What was read a moment ago, and has certainly not changed, is told at once (`tracking.py`). For the rest one round trip
is under way at a time, and takes along all who came during the one before. A Valkey that was away may have come back
with what was true before: what it holds is doubted, and the graph answers, until all that was committed meanwhile has
been carried to it. So is a campaign whose change waits for long: a Valkey that takes no writes answers reads as ever.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from vitograph.projections.hot.breaker import Breaker
from vitograph.projections.hot.doubt import KEYS, Doubt, Kind, Unsettled, key_of
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.patience import GRAPH_PATIENCE, patience
from vitograph.resolver.errors import GraphUnavailable, HotMemoryUnavailable

T = TypeVar("T")

# Seconds. After how long the graph is asked as well; for how long Valkey may be silent to a read, and to a write (for
# longer than a copy is certain and a read waits then, so who reads all the time knows what a writer knows).
HEDGE = 0.04
HOT_PATIENCE = 0.2
WRITE_PATIENCE = 0.5
MOST_ASKING = 16
LOOKS_EVERY = 1.0


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
    """`unsettled(aggregate, within)`: ids of a kind that were committed more than so many seconds ago and have not been
    carried to Valkey. `held` and `missed` count the answers to `get` and `copy`.
    """

    def __init__(
        self,
        hot: HotMemory,
        unsettled: Unsettled,
        breaker: Breaker | None = None,
        patience: float = HOT_PATIENCE,
    ) -> None:
        self.hot = hot
        self._tracked = hot.track(self._fail)
        self._breaker = breaker or Breaker()
        self._doubt = Doubt(unsettled, self.start, lambda: self._ask([""]), self._breaker.succeeded)
        # That many cookies take their time is no sign of silence to others.
        self._write_breakers = {kind: Breaker() for kind in Kind}
        self._patience = patience
        self._carrying = False
        self._gathering: Gathered = {}
        self._places = asyncio.Semaphore(MOST_ASKING)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._looks: asyncio.Task[None] | None = None
        self.held = 0
        self.missed: dict[Missing, int] = dict.fromkeys(Missing, 0)

    @property
    def era(self) -> int:
        """How often it was heard that Valkey has lost what it held, or may have."""
        return self._tracked.losses

    def copy(self, kind: Kind, id: str) -> bytes | None:
        """What is held, where this process knows it without asking."""
        key = key_of(kind, id)
        if self._doubt.is_of(key):
            return None
        copy = self._tracked.copy(key)
        if copy is not None:
            self.held += 1
        return copy

    async def get(self, kind: Kind, id: str) -> bytes | Missing:
        """What is held."""
        key = key_of(kind, id)
        if self._doubt.is_of(key) or not self._breaker.lets_through():
            self.missed[Missing.AWAY] += 1
            return Missing.AWAY
        future: asyncio.Future[bytes | Missing] = asyncio.get_running_loop().create_future()
        self._gathering.setdefault(key, []).append(future)
        if not self._carrying:
            self._carrying = True
            self.start(self._carry())
        if self._looks is None:
            self._looks = self.start(self._look_always())
        answer = await future
        if isinstance(answer, Missing):
            self.missed[answer] += 1
        else:
            self.held += 1
        return answer

    async def read(self, kind: Kind, id: str, graph: Callable[[Missing], Coroutine[Any, Any, T]]) -> bytes | T:
        """What is held, else what the graph says. Where Valkey takes its time both are asked: one answer will do."""
        held = self.start(self.get(kind, id))
        await asyncio.wait({held}, timeout=HEDGE)
        if not held.done():
            asked = self.start(graph(Missing.AWAY))
            await asyncio.wait({held, asked}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done() and asked.exception() is not None:
                await asyncio.wait({held})
            if not held.done() or isinstance(held.result(), Missing):
                return await asked
        found = held.result()
        return await graph(found) if isinstance(found, Missing) else found

    async def write(self, kind: Kind, ids: Sequence[str], work: Callable[[], Awaitable[object]]) -> None:
        """Writes these to Valkey if it can be had; if not, what it holds of them is doubted.

        Of campaigns all are: what other processes could not write either is doubted with it.
        """
        keys = [key_of(kind, id) for id in ids]
        if not await self._is_written(self._write_breakers[kind], work):
            self._doubt.add(dict.fromkeys(keys if kind is Kind.VISITOR else [KEYS[kind]], kind))
        self._tracked.drop(keys)

    async def _is_written(self, breaker: Breaker, work: Callable[[], Awaitable[object]]) -> bool:
        if not breaker.lets_through():
            return False
        try:
            async with patience(max(self._patience, WRITE_PATIENCE)):
                await work()
        except (HotMemoryUnavailable, TimeoutError):
            breaker.failed()
            return False
        breaker.succeeded()
        return True

    async def ask(self, work: Callable[[], Awaitable[T]]) -> T:
        """What the graph says within its time, GraphUnavailable else; a few are asked at a time."""
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
        self._doubt.close()
        await self._tracked.close()
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
            asked = [key for key in gathered if not self._doubt.is_of(key)]  # those who went before may have failed
            if not asked:
                return
            async with patience(self._patience):
                held = await self._ask(asked)
            answers = {key: Missing.ABSENT if value is None else value for key, value in zip(asked, held, strict=True)}
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()
        finally:
            _tell(gathered, {key: answer for key, answer in answers.items() if not self._doubt.is_of(key)})

    async def _ask(self, keys: Sequence[str]) -> list[bytes | None]:
        with self.hot.call("MGET"):
            return await self._tracked.fetch(keys)

    def _fail(self) -> None:
        """Valkey is silent, or closed the connection: it may come back as it was before."""
        self._breaker.failed()
        self._doubt.add({prefix: kind for kind, prefix in KEYS.items()})

    async def _look_always(self) -> None:
        """Doubts campaigns whose change should have come to Valkey by now, for as long as somebody reads."""
        before = -1
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            if self.held == before:
                continue
            before = self.held
            await self._doubt.look()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # Whoever waits sees the error; when nobody waits any more, nobody is told.
        with contextlib.suppress(asyncio.CancelledError):
            task.exception()


def _tell(gathered: Gathered, answers: Mapping[str, bytes | Missing]) -> None:
    """Answers all who wait; of what is not among the answers, that Valkey is away."""
    for key, futures in gathered.items():
        answer = answers.get(key, Missing.AWAY)
        for future in futures:
            if not future.done():
                future.set_result(answer)
