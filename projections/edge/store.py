"""What an edge key-value store does for us: write, unless something newer is held, and delete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from vitograph.resolver.errors import UnfitAdapter

# Seconds. No store of today keeps a value for less.
SHORTEST = 60
TIMEOUT = 10.0


class EdgeSettings(BaseModel):
    """What every edge store is told. `lasts`: seconds after which an active campaign is dark there unless refreshed."""

    model_config = ConfigDict(extra="forbid")

    lasts: int = Field(default=900, ge=SHORTEST, le=30 * 86_400)


class EdgeStore(Protocol):
    """A key-value store at the edge. Every call may raise SinkFailed; each is harmless when repeated."""

    settings_model: ClassVar[type[EdgeSettings]]
    needs_secret: ClassVar[bool]

    def __init__(self, settings: Any, secret: str) -> None: ...

    async def put(self, key: str, value: bytes, version: int, lasts: int | None) -> bool:
        """Writes a JSON object that has a `version`, for so many seconds or for good. False: a later one is held."""
        ...

    async def delete(self, key: str) -> None:
        """Nothing is held under a key any more; nor was anything, perhaps."""
        ...

    async def close(self) -> None:
        """Ends its connections."""
        ...


@contextmanager
def needs_extra(module: str) -> Iterator[None]:
    """What a missing optional package means: UnfitAdapter that names the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UnfitAdapter(f"{module} is not installed: pip install 'vitograph[edge]'") from error
