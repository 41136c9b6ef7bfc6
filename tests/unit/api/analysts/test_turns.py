"""Whose turn it is."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.api.analysts.turns import Turns

FOREVER = 60.0


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_has_a_turn_waits_for_whoever_has_none() -> None:
    turns, dealt = Turns(2), list[str]()

    async def take(who: str) -> None:
        await turns.take(who, FOREVER)
        dealt.append(who)

    waiting = []
    for who in ("a", "a", "a", "a", "b", "c"):
        waiting.append(asyncio.create_task(take(who)))
        await settled()
    for who in ("a", "a", "b", "c"):
        turns.give_back(who)
        await settled()
    await asyncio.gather(*waiting)
    assert dealt == ["a", "a", "b", "a", "c", "a"]


async def test_a_wait_has_an_end() -> None:
    turns = Turns(1)
    await turns.take("a", FOREVER)
    with pytest.raises(TimeoutError):
        await turns.take("b", 0.01)
    turns.give_back("a")
    await turns.take("c", 0.01)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "leave", "end"])), max_size=40))
def test_no_turn_is_lost_and_none_is_dealt_twice(steps: list[tuple[str, str]]) -> None:
    async def run() -> None:
        turns = Turns(2)
        waiting: list[tuple[str, asyncio.Task[None]]] = []
        running: list[str] = []
        for who, step in steps:
            if step == "take":
                waiting.append((who, asyncio.create_task(turns.take(who, FOREVER))))
            elif step == "leave" and waiting:
                waiting[0][1].cancel()
            elif step == "end" and running:
                turns.give_back(running.pop(0))
            if len(waiting) % 2:
                await settled()
            running += [who for who, task in waiting if task.done() and not task.cancelled()]
            waiting = [(who, task) for who, task in waiting if not task.done()]
            assert len(running) <= 2
        for who in running:
            turns.give_back(who)
        for _ in range(len(waiting)):
            await settled()
            for who, task in [one for one in waiting if one[1].done()]:
                waiting.remove((who, task))
                if not task.cancelled():
                    turns.give_back(who)
        assert waiting == []
        for _ in range(2):
            await turns.take("d", 0.0)

    asyncio.run(run())
