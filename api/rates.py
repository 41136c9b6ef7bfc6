"""How often a key may call: a bucket that holds some calls at once and fills again."""

from __future__ import annotations

import time

from vitograph.api.errors import Problem

MOST_KEYS = 10_000


class Rates:
    """`burst` calls at once, `per_second` of them on the long run, for each key and in each API process."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Counts a call. Raises `Problem` 429, with the seconds to wait, when the key has none left."""
        now = time.monotonic()
        left, at = self._left.get(key, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_second)
        if left < 1:
            wait = max(1, round((1 - left) / self._per_second))
            raise Problem(429, "this key asks too often", {"Retry-After": str(wait)})
        if len(self._left) >= MOST_KEYS:
            self._left.clear()
        self._left[key] = (left - 1, now)
