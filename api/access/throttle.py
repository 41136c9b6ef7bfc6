"""How often: buckets of tokens (a rate and a burst) in this process's memory, and turns for who has none left."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from vitograph.resolver.errors import TooBusy

Found = TypeVar("Found")

MOST_BUCKETS = 50_000


class Buckets:
    """Tokens left, by whoever takes them. Who was not here for long has a full bucket, which need not be kept."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left: dict[Hashable, tuple[float, float]] = {}

    def left(self, who: Hashable) -> float:
        """Tokens that are left now."""
        left, at = self._left.get(who, (self._burst, 0.0))
        return min(self._burst, left + (time.monotonic() - at) * self._rate) if at else left

    def take(self, who: Hashable) -> bool:
        """Takes a token; False, and nothing taken, when none is left."""
        left = self.left(who)
        if left < 1.0:
            return False
        if len(self._left) >= MOST_BUCKETS:
            self._forget()
        self._left[who] = (left - 1.0, time.monotonic())
        return True

    def give_back(self, who: Hashable) -> None:
        """A token that was taken and not used."""
        self._left[who] = (min(self._burst, self.left(who) + 1.0), time.monotonic())

    def wait(self, who: Hashable) -> int:
        """Whole seconds until there is a token, at least one."""
        return max(1, math.ceil((1.0 - self.left(who)) / self._rate))

    def _forget(self) -> None:
        """Full buckets first; all of them when none is full, since an attack must not fill the memory."""
        self._left = {who: bucket for who, bucket in self._left.items() if self.left(who) < self._burst}
        if len(self._left) >= MOST_BUCKETS:
            self._left.clear()


class Turns(Generic[Found]):
    """Look-ups that wait for the next turn, where all are done by one statement: slow for all, impossible for none."""

    def __init__(
        self, look_up: Callable[[Sequence[str]], Awaitable[Mapping[str, Found]]], pause: float, most: int
    ) -> None:
        self._look_up = look_up
        self._pause = pause
        self._most = most
        self._waiting: list[tuple[str, asyncio.Future[Found | None]]] = []
        self._by_address: Counter[str] = Counter()
        self._turning: asyncio.Task[None] | None = None

    async def wait(self, key: str, address: str) -> Found | None:
        """What is found in the next turn. TooBusy when as many from this address wait as may."""
        if self._by_address[address] >= self._most:
            raise TooBusy("too many unknown keys came from this address; try again shortly")
        answer: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        self._by_address[address] += 1
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn())
        try:
            return await answer
        finally:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    async def _turn(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._pause)
            waiting, self._waiting = self._waiting, []
            try:
                found = await self._look_up(sorted({key for key, _ in waiting}))
            except Exception as error:
                for _, answer in waiting:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for key, answer in waiting:
                if not answer.done():
                    answer.set_result(found.get(key))
