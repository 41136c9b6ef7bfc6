"""One graph with a resolver on it, and observations that come one by one."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from uuid_utils import uuid7

from benchmarks.online.parts import TimedGraph
from benchmarks.online.seeding import PER_HOME, forget, seed
from benchmarks.online.town import Resident, double, household
from benchmarks.shares import at_share
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.graph.intake.observations import record
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.resolving.worker import warm
from vitograph.graph.schema import LIST_INDEXES, migrate, migrations
from vitograph.resolver.model import Happening, Observation
from vitograph.resolver.scoring.parameters_json import load_model

STRANGERS = 5  # one observation in so many
FRESH = 10_000_000  # homes from here on are in no graph


@dataclass(slots=True)
class Measured:
    """Seconds of each observation from its turn to its candidates, seconds of CPU, and by part."""

    taken: list[float] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seconds_of_cpu: float = 0.0
    all_pairs: int = 0
    all_proposed: int = 0
    all_dropped: int = 0

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the observations took at most."""
        return 1e3 * at_share(self.taken, share)

    def part(self, name: str) -> float:
        return 1e3 * self.parts[name] / len(self.taken)

    @property
    def cpu(self) -> float:
        return 1e3 * self.seconds_of_cpu / len(self.taken)

    @property
    def pairs(self) -> float:
        return self.all_pairs / len(self.taken)

    @property
    def proposed(self) -> float:
        return self.all_proposed / len(self.taken)

    @property
    def dropped(self) -> float:
        return self.all_dropped / len(self.taken)


@dataclass(slots=True)
class Site:
    """A graph of so many homes, its resolver, and the Neo4j process behind it."""

    graph: TimedGraph
    resolver: Resolver
    homes: int
    pid: int
    random: Random
    measured: Measured = field(default_factory=Measured)

    async def observe(self, count: int) -> None:
        """So many observations, each scored before the next comes."""
        for number in range(count):
            await record(self.graph, [self.draw(number)])
            self.graph.taken.clear()
            started, cpu = time.perf_counter(), self.cpu()
            tally = await self.resolver.step()
            self.measured.taken.append(time.perf_counter() - started)
            self.measured.seconds_of_cpu += self.cpu() - cpu
            if not tally.persons:
                raise RuntimeError("nobody was scored for an observation")
            self.measured.all_pairs += tally.pairs
            self.measured.all_proposed += tally.proposed
            self.measured.all_dropped += tally.dropped_keys.total()
            for name, seconds in self.graph.taken.items():
                self.measured.parts[name] += seconds

    def draw(self, number: int) -> Observation:
        """An observation of a stranger now and then, else of somebody who is there, under a new account."""
        return _observation(self._somebody(number))

    def _somebody(self, number: int) -> Resident:
        if number % STRANGERS == 0:
            return next(household(FRESH + self.random.randrange(FRESH)))
        there = list(household(self.random.randrange(self.homes)))
        return double(self.random.choice(there), f"new-{uuid7()}", self.random)

    def cpu(self) -> float:
        """Seconds of CPU that this process and Neo4j have used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def open_site(folder: Path, persons: int, events: int = 0) -> AsyncIterator[Site]:
    """The graph of that folder, made first where there is none, with so many events of each person."""
    settings = Settings()
    server = Neo4jServer(
        folder / "neo4j", settings.cache.resolve(), settings.maven_url, settings.heap, settings.page_cache
    )
    if not server.home.exists():
        rows = folder / "rows"
        for place in (server.home, rows):
            place.mkdir(parents=True)
        await seed(server, persons, rows, events)
        forget(rows)
    child = Child(server)
    await child.start()
    try:
        assert child.process is not None
        async with open_graph(server.uri, server.user, server.password) as graph:
            timed = TimedGraph(graph.driver, graph.database)
            await fill_indexes(timed)
            resolver = Resolver(timed, load_model())
            await warm(resolver)
            homes = round(persons / PER_HOME)
            yield Site(timed, resolver, homes, child.process.pid, Random(time.time_ns()))
    finally:
        await child.stop()


async def fill_indexes(graph: Graph) -> None:
    """Constraints and indexes are online: filling those of a large graph outlasts the wall clock of a migration."""
    for migration in migrations():
        await graph.run(migration.statement, wall_clock=1_800.0)
    wanted = {migration.creates for migration in migrations()}
    while not wanted <= {row["name"] for row in await graph.rows(LIST_INDEXES)}:  # noqa: ASYNC110 – Neo4j tells nobody
        await asyncio.sleep(1.0)
    await migrate(graph)


def _observation(someone: Resident) -> Observation:
    now = dt.datetime.now(dt.UTC)
    id = str(uuid7())
    return Observation(id, "bench", now, someone.carried, someone.traits, {}, Happening("form.sent", None, {}), id)
