"""Whatever the order of reads, changes and bars: what is held of a visitor is what is true, or nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from vitograph.projections.hot.cluster import Checked
from vitograph.projections.hot.line import HotLine, Origin
from vitograph.projections.hot.memory import BARRED, HotMemory, visitor_key
from vitograph.projections.hot.visitors import NOBODY, VisitorProjection, VisitorReader, reply_to
from vitograph.resolver.errors import HotMemoryUnavailable
from vitograph.resolver.publishing.visitors import Visitor


@dataclass
class Held:
    """A hot memory in this process, with the rules of the real one; it is away when it is told so."""

    chance: random.Random
    held: dict[str, bytes] = field(default_factory=dict)
    away: bool = False

    def track(self, on_lost: Callable[[], None]) -> Checked:
        return Checked(cast("HotMemory", self))

    def call(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()

    async def filled(self) -> str | None:
        return None

    async def fetch(self, keys: Sequence[str]) -> list[bytes | None]:
        await self._wait()
        return [self.held.get(key) for key in keys]

    async def put_visitor(self, cookie: str, value: bytes, lasts: float) -> None:
        await self._wait()
        self.held.setdefault(visitor_key(cookie), value)

    async def forget_visitors(self, cookies: Sequence[str]) -> None:
        await self._wait()
        for cookie in cookies:
            self.held[visitor_key(cookie)] = BARRED

    async def _wait(self) -> None:
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(0)
        if self.away:
            raise HotMemoryUnavailable("away")


@dataclass
class Graph:
    """One cookie, whose person states another name again and again."""

    chance: random.Random
    version: int = 0

    async def visitor(self, cookie: str) -> Visitor | None:
        found = self.version
        for _ in range(self.chance.randrange(12)):
            await asyncio.sleep(0)
        return Visitor(str(found)) if found else None

    async def cookies(self, views: Sequence[str]) -> list[str]:
        return ["c-1"]


async def settled(aggregate: str, within: float) -> bool:
    return True


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(["read", "change", "project", "lapse"]), max_size=40))
def test_no_reader_sees_what_was_before_a_change_that_is_answered(seed: int, script: list[str]) -> None:
    chance = random.Random(seed)
    hot, graph = Held(chance), Graph(chance)

    async def read(reader: VisitorReader) -> None:
        answered = graph.version  # each change below has barred the cookie when it is counted
        greeting = await reader.read("c-1")
        seen = greeting.visitor()
        assert int(seen.first_name or 0) >= answered if seen else answered == 0

    async def run() -> None:
        line = HotLine(cast(HotMemory, hot), settled, patience=30.0)
        reader = VisitorReader(line, graph)
        projection = VisitorProjection(graph, cast(HotMemory, hot))
        tasks = []
        for step in script:
            if step == "read":
                tasks.append(asyncio.ensure_future(read(reader)))
            elif step == "change":
                # Who reads while the change is committed and not answered yet may see either.
                await asyncio.gather(*tasks)
                tasks.clear()
                loose = asyncio.ensure_future(reader.read("c-1"))
                await asyncio.sleep(0)
                graph.version += 1
                await reader.forget(["c-1"])
                await loose
            elif step == "project":
                await projection.project("view", 1)
            else:  # a bar outlasts every read that was under way
                await asyncio.gather(*tasks)
                tasks.clear()
                for _ in range(10):
                    await asyncio.sleep(0)
                hot.held.pop(visitor_key("c-1"), None)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        await asyncio.sleep(0)
        held = hot.held.get(visitor_key("c-1"), BARRED)
        assert held in (BARRED, reply_to(await graph.visitor("c-1")))
        await line.close()

    asyncio.run(run())


async def test_a_hot_memory_that_is_away_costs_no_answer() -> None:
    chance = random.Random(1)
    hot, graph = Held(chance, away=True), Graph(chance)
    line = HotLine(cast(HotMemory, hot), settled, patience=30.0)
    reader = VisitorReader(line, graph)
    assert (await reader.read("c-1")).reply == NOBODY
    graph.version = 1
    await reader.forget(["c-1"])
    greeting = await reader.read("c-1")
    assert (greeting.visitor(), greeting.origin) == (Visitor("1"), Origin.GRAPH)
    await line.close()
