"""A limit on what is under way at once: whoever comes when it is reached is refused, and comes again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vitograph.resolver.errors import TooBusy


@dataclass(slots=True)
class Gate:
    """Lets `most` in at a time."""

    most: int
    inside: int = 0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Inside for as long as this is open. TooBusy when it is full."""
        if self.inside >= self.most:
            raise TooBusy(f"{self.most} such requests are under way; send this one again")
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
