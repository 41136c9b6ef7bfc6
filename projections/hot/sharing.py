"""One question to the graph for all who ask the same at the same moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from vitograph.projections.hot.line import HotLine
from vitograph.projections.hot.tracking import CERTAIN

T = TypeVar("T")


class Shared(Generic[T]):
    """Questions to the graph that are under way: who asks the same in the next moment is told the same.

    No later than that: what was committed meanwhile may be known to who asks, and not to an answer that is on its way.
    """

    def __init__(self, line: HotLine) -> None:
        self._line = line
        self._asked: dict[str, tuple[asyncio.Task[T], float]] = {}

    async def ask(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer to the question that is under way, else to one that begins now."""
        now = time.monotonic()
        task, began = self._asked.get(key, (None, 0.0))
        if task is None or now - began > CERTAIN:
            task = self._line.start(work())
            self._asked[key] = task, now
            task.add_done_callback(lambda done: self._ended(key, done))
        # A reader that hangs up does not take the answer from the others.
        return await asyncio.shield(task)

    def drop(self, key: str) -> None:
        """Who asks from now on does not wait for an answer from before."""
        self._asked.pop(key, None)

    def _ended(self, key: str, task: asyncio.Task[T]) -> None:
        if self._asked.get(key, (None, 0.0))[0] is task:
            del self._asked[key]
