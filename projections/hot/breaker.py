"""A circuit breaker: after a failure nobody asks for a while, then one caller tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Breaker:
    """Of one server. `rest`: seconds for which it is left alone after each failure."""

    rest: float = 0.5
    clock: Callable[[], float] = time.monotonic
    _until: float | None = field(default=None, init=False)

    def lets_through(self) -> bool:
        """Whether to ask the server now; after a rest, True for one caller, who says how it went."""
        if self._until is None:
            return True
        if self.clock() < self._until:
            return False
        self._until = self.clock() + self.rest
        return True

    def succeeded(self) -> None:
        """The server answered: everybody may ask again."""
        self._until = None

    def failed(self) -> None:
        """The server did not answer, or not in time."""
        self._until = self.clock() + self.rest
