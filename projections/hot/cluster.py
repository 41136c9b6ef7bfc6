"""Reading a cluster: while the servers that answer are those that were filled, and without copies of what they say.

Each server would have to be listened to for copies. That another one took over says a connection that breaks, and
nobody's but its own: so who reads looks at the run ids of all of them, once a second and after whatever failed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vitograph.resolver.errors import HotMemoryUnavailable

if TYPE_CHECKING:
    from vitograph.projections.hot.memory import HotMemory

LOOK_EVERY = 1.0
"""Seconds between two looks: less than any cluster takes to see that a server is gone."""


class Checked:
    """What a cluster holds. It may be read as what one connection is told (`Tracked`), and has no copy of anything."""

    def __init__(self, hot: HotMemory) -> None:
        self._hot = hot
        self._looked_at: float | None = None
        self._was_filled = True
        self.losses = 0

    def copy(self, key: str) -> bytes | None:
        """Nothing is certain without asking."""
        return None

    def drop(self, keys: Iterable[str]) -> None:
        """There are no copies."""

    async def fetch(self, keys: Sequence[str]) -> list[bytes | None]:
        """What is held under these keys. HotMemoryUnavailable, also where a server took over and is not filled yet."""
        now = time.monotonic()
        try:
            if self._looked_at is None or now - self._looked_at >= LOOK_EVERY:
                await self._look()
                self._looked_at = now
            return await self._hot.fetch(keys)
        except BaseException:
            self._looked_at = None
            raise

    async def close(self) -> None:
        """Its connections are the client's."""

    async def _look(self) -> None:
        filled = await self._hot.filled()
        is_filled = filled is None or filled == await self._hot.server()
        if is_filled != self._was_filled:
            self._was_filled = is_filled
            self.losses += 1
        if not is_filled:
            raise HotMemoryUnavailable("another server of the cluster took over and is not filled yet")
