"""When the analysts' copy is made anew, on a graph and a server that are none."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from vitograph.api.analysts import keeper as keeping
from vitograph.api.analysts.client import Analysts
from vitograph.api.analysts.keeper import IDLE, Keeper
from vitograph.api.analysts.places import Place
from vitograph.api.settings import Settings
from vitograph.graph.analytics.copy import State
from vitograph.graph.analytics.masking import Mask
from vitograph.graph.driver import Graph

GRAPH = cast(Graph, None)
MASK = Mask(bytes(64))


@dataclass
class World:
    """How often somebody was erased, how often a copy was made, and what a server had of one before."""

    erasures: int = 0
    made: int = 0
    found: State | None = None
    places: list[Place] = field(default_factory=list)

    def state(self, erasures: int) -> State:
        now = dt.datetime.now(dt.UTC)
        return State(now, now, 0, erasures)

    async def count_erasures(self, *_: Any) -> int:
        return self.erasures

    async def make(self, *_: Any) -> State:
        self.made += 1
        return self.state(self.erasures)

    async def refresh(self, source: Graph, copy: Graph, mask: Mask, state: State) -> State:
        return state

    async def find_state(self, *_: Any) -> State | None:
        return self.found

    async def open_place(self, settings: Settings) -> Place:
        child: Any = None if settings.analytics_neo4j_uri else _Running()
        self.places.append(Place(GRAPH, child, AsyncExitStack()))
        return self.places[-1]


class _Running:
    def __init__(self) -> None:
        self.process = self
        self.returncode = None


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    for name in ("count_erasures", "make", "refresh", "find_state", "open_place"):
        monkeypatch.setattr(keeping, name, getattr(world, name))
    return world


def keeper(data: Path, uri: str | None = "bolt://named") -> Keeper:
    return Keeper(Settings(data=data, analytics_neo4j_uri=uri), GRAPH, MASK)


async def updated(keeper: Keeper) -> None:
    while keeper._updating is not None:
        await asyncio.wait([keeper._updating])


@pytest.mark.parametrize("uri", ["bolt://named", None], ids=["named", "embedded"])
async def test_who_is_erased_is_gone_from_a_copy_that_nobody_asks(
    world: World, tmp_path: Path, uri: str | None
) -> None:
    kept = keeper(tmp_path, uri)
    await kept.copy()
    world.erasures += 1
    await kept._look()
    await updated(kept)
    assert world.made == 2
    assert (await kept.copy())[1].erasures == 1
    await kept.close()


async def test_a_named_copy_stays_in_the_care_of_its_process_and_an_embedded_one_is_given_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for uri, is_kept in (("bolt://named", True), (None, False)):
        kept = keeper(tmp_path, uri)
        await kept.copy()
        monkeypatch.setattr(kept, "_asked", kept._asked - IDLE - 1)
        await kept._look()
        assert (kept._place is not None) == is_kept
        await kept.close()


async def test_a_named_copy_from_before_an_erasure_is_made_anew_though_nobody_asks(
    world: World, tmp_path: Path
) -> None:
    world.erasures, world.found = 3, world.state(2)
    kept = keeper(tmp_path)
    house = asyncio.create_task(kept.keep_house())
    await asyncio.sleep(0)
    await updated(kept)
    assert world.made == 1
    house.cancel()
    await kept.close()


async def test_a_named_copy_that_lacks_nothing_is_taken_up_again(world: World, tmp_path: Path) -> None:
    world.erasures, world.found = 3, world.state(3)
    kept = keeper(tmp_path)
    assert (await kept.copy())[1] is world.found
    assert world.made == 0
    await kept.close()


async def test_a_named_copy_is_not_emptied_under_a_query(world: World, tmp_path: Path) -> None:
    kept = keeper(tmp_path)
    place, state = await kept.copy()
    place.users += 1
    world.erasures += 1
    await kept._look()
    await asyncio.sleep(0.2)
    assert (world.made, place.state) == (1, None)
    place.users -= 1
    await updated(kept)
    assert (world.made, place.state is state) == (2, False)
    await kept.close()


@pytest.mark.parametrize("start", [lambda data: Analysts(Settings(data=data)), keeper], ids=["API", "process"])
def test_what_a_killed_process_left_is_removed_when_the_api_starts_or_another_does(
    tmp_path: Path, start: Callable[[Path], object]
) -> None:
    left = tmp_path / "analytics" / "4194999-1"
    left.mkdir(parents=True)
    start(tmp_path)
    assert not left.exists()
