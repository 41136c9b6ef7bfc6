"""Anybody may ask for figures, as often as they like: the graph is not counted for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from vitograph.api.telemetry import figures
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.graph.people.marks import Pending
from vitograph.projections.hot.line import Missing
from vitograph.resolver.publishing.outbox import Backlog


async def test_whoever_asks_often_has_everything_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: Counter[str] = Counter()

    def counting(name: str, answer: object) -> Callable[[object], Awaitable[object]]:
        async def count(_: object) -> object:
            counted[name] += 1
            return answer

        return count

    async def fetch(_: object) -> None:
        """Valkey answers."""

    monkeypatch.setattr(figures, "COUNTED", 60.0)
    monkeypatch.setattr(figures.outbox, "backlog", counting("outbox", Backlog(0, 0, 0.0)))
    monkeypatch.setattr(figures.deliveries, "figures", counting("deliveries", []))
    monkeypatch.setattr(figures.sinks, "abandoned", counting("abandoned", []))
    monkeypatch.setattr(figures, "count_pending", counting("pending", Pending(0, 0.0)))
    for name in ("list_ages", "list_acts"):
        monkeypatch.setattr(figures, name, counting(name, []))
    line = SimpleNamespace(hot=SimpleNamespace(fetch=fetch), held=0, missed=dict.fromkeys(Missing, 0))
    rest: tuple[Any, ...] = (SimpleNamespace(waiting=0), SimpleNamespace(inside=0), RequestFigures())
    seen = figures.Figures(cast("Any", None), cast("Any", line), *rest)
    for _ in range(5):
        assert "vito_outbox_lag_seconds 0" in await seen.lines()
        assert await seen.degraded() == []
    await seen.close()
    assert set(counted.values()) == {1}
    assert len(counted) == 6
