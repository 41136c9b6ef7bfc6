"""Waiting for another server for so long, and not for one's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Seconds for which the graph may be silent to whoever reads.
GRAPH_PATIENCE = 5.0

# Seconds by which a timer may fire late before the loop itself counts as busy, and how often that is put up with.
LATE = 0.01
MOST_TIMES = 5


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """TimeoutError after so many seconds in which the loop could have heard an answer.

    A loop that was busy with something else has not looked at what came meanwhile: it is given the time once more.
    """
    loop = asyncio.get_running_loop()
    times = 0
    timer: asyncio.TimerHandle | None = None

    def expire(due: float) -> None:
        nonlocal timer, times
        times += 1
        if loop.time() - due > LATE and times < MOST_TIMES:
            due = loop.time() + seconds
            timer = loop.call_at(due, expire, due)
        else:
            limit.reschedule(loop.time())

    async with asyncio.timeout(None) as limit:
        end = loop.time() + seconds
        timer = loop.call_at(end, expire, end)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()
