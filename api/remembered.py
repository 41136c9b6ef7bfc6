"""What many ask for at once and may be some seconds old: computed once, by the first who asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The latest answer of a function, for some seconds from when its computing began: what changed before is in it.

    Whoever asks meanwhile waits for that one, unless it began so long before that it would be too old for them.
    """

    def __init__(self, compute: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._compute = compute
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._found: tuple[float, T] | None = None

    async def get(self) -> T:
        asked = time.monotonic()
        async with self._lock:
            if self._found is None or self._found[0] < asked - self._seconds:
                began = time.monotonic()
                self._found = (began, await self._compute())
            return self._found[1]
