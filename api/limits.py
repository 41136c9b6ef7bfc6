"""How often a web page may post: a bucket of tokens for each key and address, in this process's memory."""

from __future__ import annotations

import time

from vitograph.resolver.errors import TooBusy

BURST = 60.0
A_SECOND = 10.0
MOST_BUCKETS = 50_000


class Limits:
    """Tokens that a visitor has left; a full bucket is forgotten when there are too many."""

    def __init__(self, burst: float = BURST, a_second: float = A_SECOND) -> None:
        self._burst = burst
        self._rate = a_second
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, key: str, address: str) -> None:
        """Takes a token. TooBusy when none is left."""
        now = time.monotonic()
        left, at = self._buckets.get((key, address), (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        if left < 1.0:
            raise TooBusy("too many requests from this address; try again shortly", wait=1)
        if len(self._buckets) >= MOST_BUCKETS:
            self._buckets = {who: bucket for who, bucket in self._buckets.items() if not self._is_full(bucket, now)}
            if len(self._buckets) >= MOST_BUCKETS:
                self._buckets.clear()
        self._buckets[key, address] = (left - 1.0, now)

    def _is_full(self, bucket: tuple[float, float], now: float) -> bool:
        left, at = bucket
        return left + (now - at) * self._rate >= self._burst
