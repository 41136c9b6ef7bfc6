"""Workers in processes of their own are killed at any moment while campaigns come and go: everything converges."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.counting import Counting
from tests.live.publishing.test_sinks import NORTH, activate, is_sound, put_sink
from vitograph.api.settings import Settings
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns, deliveries
from vitograph.projections import adapters
from vitograph.projections.hot.memory import open_hot
from vitograph.projections.hot.ready import ready

CARRY = Path(__file__).parents[1] / "carrying.py"
IDS = [f"c-{number}" for number in range(12)]


class Worker:
    """A process that carries, and that may be killed."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        settings = self._settings
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            CARRY,
            env=os.environ
            | {
                "PYTHONPATH": str(CARRY.parents[2]),
                "VITO_NEO4J_URI": settings.neo4j_uri or "",
                "VITO_NEO4J_USER": settings.neo4j_user,
                "VITO_NEO4J_PASSWORD": settings.neo4j_password.get_secret_value(),
                "VITO_REDIS_URL": settings.redis_url or "",
                "VITO_DATA": str(self._folder),
            },
        )

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()


@asynccontextmanager
async def working(settings: Settings, folder: Path, count: int) -> AsyncIterator[list[Worker]]:
    workers = [Worker(settings, folder) for _ in range(count)]
    for worker in workers:
        await worker.start()
    try:
        yield workers
    finally:
        for worker in workers:
            await worker.kill()


async def until(claim: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(180):
        while True:
            if await claim():
                return
            await asyncio.sleep(0.2)


def standing(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("c-*")}


def journal(folder: Path) -> Counter[str]:
    file = folder / "journal"
    return Counter(line.split()[0] for line in file.read_text().splitlines()) if file.exists() else Counter()


async def test_everything_converges_whoever_is_killed(
    graph: Graph, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "_registered", {})
    adapters.register("counting", Counting)
    await put_sink(graph, "counted", "counting", {"folder": str(tmp_path), "pause": 0.05})
    chance = random.Random(7)

    async def all_are(state: str) -> bool:
        found = [await deliveries.of_campaign(graph, id) for id in IDS]
        return all([row["state"] for row in rows] == [state] for rows in found)

    async with working(settings, tmp_path, 3) as workers:
        await asyncio.gather(*(activate(graph, id) for id in IDS))
        await until(lambda: all_are("live"))
        # Nobody was killed yet: each version was published once at most.
        lines = (tmp_path / "journal").read_text().splitlines()
        assert max(Counter(lines).values()) == 1
        ending = asyncio.gather(*(campaigns.end(graph, id, NORTH) for id in IDS))
        for _ in range(6):
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            victim = chance.choice(workers)
            await victim.kill()
            await victim.start()
        await ending
        await until(lambda: all_are("gone"))
        await until(lambda: _is_empty(graph))
    assert standing(tmp_path) == set()
    assert journal(tmp_path)["teardown"] >= len(IDS)
    async with open_hot(settings.redis_url or "") as hot:
        for id in IDS:
            assert await hot.get([id]) == [ready(await campaigns.get(graph, id)).to_bytes()]
    assert await is_sound(graph)


async def _is_empty(graph: Graph) -> bool:
    return (await outbox.backlog(graph)).waiting == 0
