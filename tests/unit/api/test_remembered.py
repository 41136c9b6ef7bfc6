"""What is remembered holds all that had changed `seconds` before somebody asked."""

from __future__ import annotations

import asyncio

import pytest

from vitograph.api import remembered
from vitograph.api.remembered import Remembered


async def test_what_changed_while_it_was_computed_is_told_to_who_asks_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now, truth = [100.0], ["before"]
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now[0])
    computed = asyncio.Event()
    counted = []

    async def compute() -> str:
        seen = truth[0]
        counted.append(seen)
        await computed.wait()
        return seen

    kept = Remembered(compute, 1.0)
    first = asyncio.create_task(kept.get())
    await asyncio.sleep(0)
    truth[0] = "after"
    soon = asyncio.create_task(kept.get())
    await asyncio.sleep(0)
    now[0] += 1.2
    late = [asyncio.create_task(kept.get()) for _ in range(5)]
    await asyncio.sleep(0)
    computed.set()
    assert await first == await soon == "before"
    assert await asyncio.gather(*late) == ["after"] * 5
    assert counted == ["before", "after"], "all who are late share one"
