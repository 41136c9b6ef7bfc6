"""The bell by which whoever has work for a worker says so; without it the worker looks by itself, more often.

A list in Valkey that holds one element at most: what is rung while nobody listens is heard by the next who does, who
takes it away. Nothing depends on it: who is not told finds the same work a little later (docs/adr/0012).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import HotMemoryUnavailable

NAME = "vito:bell:resolver"  # the key of the list

# Seconds. For how long one command listens (less than a client waits for an answer); between two tries while Valkey is
# away, and for how long whoever waits then trusts that it will be told.
LISTENS = 1.0
AWAY = 0.5
DEAF = 0.02

log = logging.getLogger(__name__)


class Bell:
    """Rung by one process, heard by another."""

    def __init__(self, hot: HotMemory) -> None:
        self._hot = hot
        self._rung = asyncio.Event()
        self._is_wanted = False
        self._ringing: asyncio.Task[None] | None = None
        self.is_listening = False

    def ring(self) -> None:
        """Rings beside the work. Ringing while it rings is ringing once more afterwards, however often."""
        self._is_wanted = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def close(self) -> None:
        """What was rung is rung, or Valkey is away."""
        if self._ringing is not None:
            await self._ringing

    async def listen(self) -> None:
        """Hears what is rung, for as long as it is not cancelled."""
        try:
            while True:
                try:
                    is_rung = await self._hot.take(NAME, LISTENS)
                except Exception as error:
                    self.is_listening = False
                    _tell(error)
                    await asyncio.sleep(AWAY)
                else:
                    self.is_listening = True
                    if is_rung:
                        self._rung.set()
        finally:
            self.is_listening = False

    async def wait(self, most: float) -> bool:
        """Waits until it is rung, for so many seconds at most; whether it was. Who cannot hear waits for `DEAF` only.

        For one waiter.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most if self.is_listening else min(most, DEAF)):
                await self._rung.wait()
        is_rung = self._rung.is_set()
        self._rung.clear()
        return is_rung

    async def _ring(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            try:
                await self._hot.leave(NAME)
            except Exception as error:
                _tell(error)


def _tell(error: Exception) -> None:
    """Whatever goes wrong ends no process that does without the bell; what was not to be expected is told."""
    if not isinstance(error, HotMemoryUnavailable):
        log.warning("the bell goes on after %s", type(error).__name__)
