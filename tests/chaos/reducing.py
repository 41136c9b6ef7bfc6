"""A run that fails, made as small as it can be while it still fails (Zeller's ddmin, over rounds, faults and acts)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from tests.chaos.plans import Round

T = TypeVar("T")
Fails = Callable[[list[Round]], Awaitable[bool]]


async def reduce(rounds: Sequence[Round], fails: Fails) -> list[Round]:
    """Fewer rounds with fewer faults and fewer acts that fail as well; `fails` runs some and says whether they do."""
    left = await _fewest(list(rounds), fails)
    for place in range(len(left)):
        faults = await _fewest(list(left[place].faults), partial(_fails_with, left, place, fails, "faults"))
        left = _with(left, place, "faults", faults)
        acts = await _fewest(list(left[place].acts), partial(_fails_with, left, place, fails, "acts"))
        left = _with(left, place, "acts", acts)
    return left


def _with(rounds: list[Round], place: int, name: str, some: list[Any]) -> list[Round]:
    """The rounds, of one of which only some faults or some acts are left."""
    return [*rounds[:place], replace(rounds[place], **{name: tuple(some)}), *rounds[place + 1 :]]


async def _fails_with(rounds: list[Round], place: int, fails: Fails, name: str, some: list[Any]) -> bool:
    return await fails(_with(rounds, place, name, some))


async def _fewest(things: list[T], fails: Callable[[list[T]], Awaitable[bool]]) -> list[T]:
    """A part of the things that fails, none of whose pieces can be left out."""
    pieces = 2
    while things:
        size = max(1, len(things) // pieces)
        for start in range(0, len(things), size):
            rest = things[:start] + things[start + size :]
            if await fails(rest):
                things, pieces = rest, max(2, pieces - 1)
                break
        else:
            if size == 1:
                break
            pieces = min(len(things), pieces * 2)
    return things
