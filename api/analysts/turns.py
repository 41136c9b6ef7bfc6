"""Turns of questions: so many at once, those of whoever has fewest first."""

from __future__ import annotations

import asyncio
from collections import Counter


class Turns:
    """So many at once. Whoever has none comes before who has one, however many of theirs wait."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._held: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    async def take(self, who: str, seconds: float) -> None:
        """Waits for a turn, which is kept until it is given back. TimeoutError when there was none in time."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waits = (who, turn)
        self._waiting.append(waits)
        self._deal()
        try:
            async with asyncio.timeout(seconds):
                await turn
        except BaseException:
            if waits in self._waiting:
                self._waiting.remove(waits)
            else:  # it was dealt at the moment at which nobody waited for it any more
                self.give_back(who)
            raise

    def give_back(self, who: str) -> None:
        self._free += 1
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
        self._deal()

    def _deal(self) -> None:
        while self._free and self._waiting:
            waits = min(self._waiting, key=lambda waits: self._held[waits[0]])  # the first of these
            self._waiting.remove(waits)
            who, turn = waits
            self._free -= 1
            self._held[who] += 1
            if not turn.done():  # else its wait has just ended, and gives it back
                turn.set_result(None)
