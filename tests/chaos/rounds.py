"""A run of rounds on one instance: everybody acts while faults happen; then everything is looked at."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import faults
from tests.chaos.acknowledged import Acknowledged
from tests.chaos.checks import Places, come_back, find_wrong
from tests.chaos.crowd import Crowd
from tests.chaos.instance import ADMIN_KEY, Instance
from tests.chaos.lines import Ends, Line
from tests.chaos.plans import Round
from tests.wagtail import Site
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.graph.schema import migrate

LONGEST_LOG = 6_000
MOST_TOLD = 40

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """After which round something was wrong, what, and what the programs said last."""

    round: Round
    wrong: list[str]
    log: str

    def tell(self, say: Say) -> None:
        for line in self.wrong[:MOST_TOLD]:
            say(f"WRONG after round {self.round.number}: {line}")
        say(f"what the programs said last:\n{self.log}")


@dataclass
class Run:
    """One instance and all that is around it, and what was done to it so far."""

    stage: faults.Stage
    crowd: Crowd
    told: Acknowledged
    places: Places
    target: Graph
    happened: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    back_after: float = 0.0  # seconds of the last round from the end of its faults until nothing waited any more

    async def carry_out(self, round_: Round) -> list[str]:
        """A round, and what is wrong after it."""
        self.told.begin()
        acting = asyncio.create_task(self.crowd.act(round_.acts))
        try:
            await faults.happen(self.stage, round_.faults)
            await faults.mend(self.stage)
            mended = time.monotonic()
            await acting
        finally:
            acting.cancel()
        self.rounds += 1
        self.happened.update(fault.name for fault in round_.faults)
        wrong = await come_back(self.stage.instance)
        self.back_after = time.monotonic() - mended
        wrong = wrong or await find_wrong(self.stage.instance, self.crowd, self.told, self.places, self.target)
        found, self.told.wrong = [*self.told.wrong, *wrong], []
        return found


@asynccontextmanager
async def open_run(home: Path, target: Graph) -> AsyncIterator[Run]:
    """A new instance with its people, a folder and a CMS to write to; `target`: an empty graph to replay into."""
    async with AsyncExitStack() as stack:
        for name in ("cms", "site"):
            (home / name).mkdir(parents=True, exist_ok=True)
        site = Site(home / "cms")

        async def to_site() -> Ends:
            return await asyncio.open_connection("127.0.0.1", site.port)

        cms = Line(to_site)
        instance = Instance(home)
        stack.push_async_callback(site.stop)
        stack.push_async_callback(cms.stop)
        stack.push_async_callback(instance.stop)
        await asyncio.gather(site.start(), cms.start(), instance.start())
        told = Acknowledged()
        crowd = Crowd(instance.url, ADMIN_KEY, told)
        stack.push_async_callback(crowd.close)
        await crowd.enter()
        await crowd.set_up_sink("folder", _sink("static-site", url=f"file://{home / 'site'}"))
        address = f"http://127.0.0.1:{cms.port}"
        await crowd.set_up_sink(
            "cms", _sink("wagtail", url=address, type="landing.LandingPage") | {"secret": site.token}
        )
        yield Run(faults.Stage(instance, site, cms), crowd, told, Places(home / "site", site), target)


def _sink(adapter: str, **settings: str) -> dict[str, object]:
    return {"adapter": adapter, "settings": settings, "departments": ["north"]}


@asynccontextmanager
async def open_target(home: Path) -> AsyncIterator[Graph]:
    """A second Neo4j, to rebuild graphs in; the seal is that of whichever graph it is."""
    settings = Settings()
    child = Child(Neo4jServer(home, settings.cache.resolve(), settings.maven_url, "256m", "32m"))
    await child.start()
    try:
        assert isinstance(child.recipe, Neo4jServer)
        async with open_graph(child.recipe.uri, child.recipe.user, child.recipe.password) as graph:
            await migrate(graph)
            yield graph
    finally:
        await child.stop()


async def carry_out(run: Run, rounds: Iterable[Round], say: Say) -> Failure | None:
    """The first failure; None when nothing is ever wrong."""
    for round_ in rounds:
        begun = time.monotonic()
        wrong = await run.carry_out(round_)
        names = ", ".join(fault.name for fault in round_.faults)
        took = f"{time.monotonic() - begun:.1f} s, back after {run.back_after:.1f} s"
        say(f"round {round_.number}: {names}; {took}; {run.told.events} events acknowledged so far")
        if wrong:
            return Failure(round_, wrong, (run.stage.instance.home / "up.log").read_text()[-LONGEST_LOG:])
    return None
