"""A worker writes to a sink as it is set up now, whoever carried its removal."""

from __future__ import annotations

from typing import Any

from vitograph.projections.deliverer import Deliverer
from vitograph.resolver.publishing.sinks import Sink, SinkKind


class Opened:
    """A place that knows its address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


class Sinks:
    """No sink is there any more."""

    def open(self, sink: Sink) -> Opened:
        return Opened(sink.settings["url"])

    async def sinks(self) -> list[Sink]:
        return []


def sink(url: str) -> Sink:
    return Sink("site", "ghost", SinkKind.CMS, {"url": url}, ("north",))


async def test_a_sink_of_the_same_id_and_version_elsewhere_is_another_one() -> None:
    given: Any = Sinks()
    deliverer = Deliverer(given, given)
    old: Any = await deliverer._opened(sink("https://old"))
    assert await deliverer._opened(sink("https://old")) is old
    new: Any = await deliverer._opened(sink("https://new"))
    assert (new.url, old.is_closed) == ("https://new", True)


async def test_what_is_open_of_a_sink_ends_with_its_lane() -> None:
    given: Any = Sinks()
    deliverer = Deliverer(given, given)
    place: Any = await deliverer._opened(sink("https://old"))
    await deliverer._lane("site")
    assert place.is_closed
    assert deliverer._open == {}
