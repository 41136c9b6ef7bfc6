"""Anybody may ask for figures, as often as they like: the graph is not counted for each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from vitograph.api.telemetry import figures
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.graph.deciding.call_reviews import Doubtful
from vitograph.graph.people.marks import Pending
from vitograph.ingest.voice.spool import Spool
from vitograph.projections.hot.line import Missing
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.publishing.outbox import Backlog


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each was counted in a graph that answers."""
    counted: Counter[str] = Counter()

    def counting(name: str, answer: object) -> Callable[[object], Awaitable[object]]:
        async def count(_: object) -> object:
            counted[name] += 1
            return answer

        return count

    monkeypatch.setattr(figures, "COUNTED", 60.0)
    monkeypatch.setattr(figures.outbox, "backlog", counting("outbox", Backlog(0, 0, 0.0)))
    monkeypatch.setattr(figures.deliveries, "figures", counting("deliveries", []))
    monkeypatch.setattr(figures.sinks, "abandoned", counting("abandoned", []))
    monkeypatch.setattr(figures, "count_pending", counting("pending", Pending(0, 0.0)))
    monkeypatch.setattr(figures, "count_doubtful", counting("doubtful", Doubtful(0, 0.0)))
    for name in ("list_ages", "list_acts"):
        monkeypatch.setattr(figures, name, counting(name, []))
    return counted


@asynccontextmanager
async def seeing() -> AsyncIterator[figures.Figures]:
    async def fetch(_: object) -> None:
        """Valkey answers."""

    line = SimpleNamespace(hot=SimpleNamespace(fetch=fetch), held=0, missed=dict.fromkeys(Missing, 0))
    spool = Spool(Path("no-calls"))
    rest: tuple[Any, ...] = (SimpleNamespace(waiting=0), SimpleNamespace(inside=0), spool, RequestFigures())
    seen = figures.Figures(cast("Any", None), cast("Any", line), *rest)
    try:
        yield seen
    finally:
        await seen.close()


async def test_whoever_asks_often_has_everything_counted_once(counted: Counter[str]) -> None:
    async with seeing() as seen:
        for _ in range(5):
            assert "vito_outbox_lag_seconds 0" in await seen.lines()
            assert await seen.degraded() == []
    assert set(counted.values()) == {1}
    assert len(counted) == 7


@pytest.mark.usefixtures("counted")
async def test_a_count_that_takes_long_hides_no_other_and_is_no_graph_that_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ages(_: object) -> list[object]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(figures, "list_ages", ages)
    monkeypatch.setattr(figures, "WITHIN", 0.1)
    async with seeing() as seen:
        lines = await seen.lines()
    assert "vito_graph_up 1" in lines
    assert "vito_outbox_lag_seconds 0" in lines
    assert "vito_queue_open" not in lines


@pytest.mark.usefixtures("counted")
async def test_a_graph_that_is_away_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: object) -> object:
        raise GraphUnavailable("it is away")

    for name in ("list_acts", "list_ages", "count_pending"):
        monkeypatch.setattr(figures, name, away)
    monkeypatch.setattr(figures.outbox, "backlog", away)
    monkeypatch.setattr(figures.deliveries, "figures", away)
    monkeypatch.setattr(figures.sinks, "abandoned", away)
    async with seeing() as seen:
        lines = await seen.lines()
    assert "vito_graph_up 0" in lines
    assert "vito_outbox" not in lines
