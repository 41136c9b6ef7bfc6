"""A secret that is held does not follow a changed address."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.graph.publishing import sinks
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.publishing.sinks import Sink, SinkKind


class Held:
    """A graph that holds one sink with a secret, and a transaction of it."""

    async def write(self, work: Any) -> Any:
        return await work(self)

    async def one(self, statement: Any, **parameters: Any) -> dict[str, Any]:
        settings = '{"url": "https://old"}'
        return {"version": 1, "leaving": False, "adapter": "ghost", "settings": settings, "sealed": "x", "standing": 0}


async def test_another_address_takes_its_secret_anew() -> None:
    graph: Any = Held()
    with pytest.raises(InvalidInput, match="must be said anew"):
        await sinks.put(graph, Sink("site", "ghost", SinkKind.CMS, {"url": "https://new"}, ("north",)), "k")
