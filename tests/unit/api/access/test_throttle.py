"""Buckets give what they have, and turns lock nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from vitograph.api.access import throttle
from vitograph.api.access.throttle import Buckets, Turns
from vitograph.resolver.errors import GraphUnavailable, TooBusy


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(throttle.time, "monotonic", lambda: now[0])
    return now


def test_a_bucket_fills_again(clock: list[float]) -> None:
    buckets = Buckets(rate=2.0, burst=3.0)
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    assert buckets.wait("a") == 1
    clock[0] += 0.5
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    clock[0] += 1_000
    assert buckets.left("a") == 3.0


def test_a_slow_bucket_says_how_long_to_wait(clock: list[float]) -> None:
    buckets = Buckets(rate=0.1, burst=1.0)
    assert buckets.take("a")
    assert buckets.wait("a") == 10


def test_many_strangers_do_not_fill_the_memory(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_BUCKETS", 10)
    buckets = Buckets(rate=1.0, burst=5.0)
    for number in range(95):
        assert buckets.take(number)
    assert len(buckets._left) <= 10


async def test_all_who_wait_are_looked_up_at_once() -> None:
    asked: list[Sequence[str]] = []

    async def look_up(keys: Sequence[str]) -> dict[str, str]:
        asked.append(keys)
        return {"good": "found"}

    turns = Turns(look_up, pause=0.01, most=3)
    found = await asyncio.gather(turns.wait("bad", "here"), turns.wait("good", "here"), turns.wait("good", "there"))
    assert found == [None, "found", "found"]
    assert asked == [["bad", "good"]]


async def test_no_address_fills_the_turns() -> None:
    async def look_up(keys: Sequence[str]) -> dict[str, str]:
        return {"good": "found"}

    turns = Turns(look_up, pause=0.01, most=2)
    waiting = [asyncio.ensure_future(turns.wait("bad", "here")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await turns.wait("good", "here")
    assert await turns.wait("good", "there") == "found"
    await asyncio.gather(*waiting)
    assert await turns.wait("good", "here") == "found"


async def test_a_graph_that_is_away_fails_who_waits_and_nobody_after() -> None:
    is_away = True

    async def look_up(keys: Sequence[str]) -> dict[str, str]:
        if is_away:
            raise GraphUnavailable("away")
        return {"good": "found"}

    turns = Turns(look_up, pause=0.01, most=2)
    with pytest.raises(GraphUnavailable):
        await turns.wait("good", "here")
    is_away = False
    assert await turns.wait("good", "here") == "found"
