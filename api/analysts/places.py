"""Where a copy is kept: on an embedded Neo4j of its own, which may be ended at any time, or on one that was named."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from vitograph.api.running.children import Child
from vitograph.api.running.instances import is_alive
from vitograph.api.settings import Settings
from vitograph.graph.analytics.copy import State, count_foreign
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.resolver.errors import ServerFailed

# Two processors, the quick compiler and the simplest collector: a start takes 5 s of processor time instead of 9, and
# recording keeps its share of the machine.
JAVA = ("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=2", "-XX:TieredStopAtLevel=1")
PAGE_CACHE = "64m"
EMPTIED = 15.0  # seconds that queries on a copy get to end when another takes its place

ENDED = 5.0  # seconds from the loss of its connections to its end
OUT_OF_MEMORY = 3  # exit status of a JVM that ends itself (-XX:+ExitOnOutOfMemoryError)

_numbers = count(1)


@dataclass(slots=True)
class Place:
    """A running copy. `child` is its process, none where the server is somebody else's."""

    graph: Graph
    child: Child | None
    stack: AsyncExitStack
    state: State | None = None
    users: int = 0

    @property
    def is_dead(self) -> bool:
        """Whether its process has ended."""
        return self.child is not None and (self.child.process is None or self.child.process.returncode is not None)

    async def ran_out_of_memory(self) -> bool:
        """Whether its process ends by itself within a moment because its heap was full."""
        if self.child is None or self.child.process is None:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDED):
                return await self.child.process.wait() == OUT_OF_MEMORY
        return False

    async def kill(self) -> None:
        """Its process is gone, whatever it was doing; a server that is somebody else's is left alone."""
        if self.child is not None and self.child.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.child.process.kill()
            await self.child.process.wait()

    async def wait_left(self) -> None:
        """No query runs on it any more, or has had the time to end."""
        for _ in range(int(EMPTIED / 0.05)):
            if not self.users:
                break
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """It is stopped, and nothing of an embedded one is left on the disk."""
        await self.wait_left()
        await self.stack.aclose()


async def open_place(settings: Settings) -> Place:
    """A server for a copy, open and reached. Raises `ServerFailed`, `GraphUnavailable`."""
    async with AsyncExitStack() as stack:
        if settings.analytics_neo4j_uri:
            graph, child = await stack.enter_async_context(_named(settings)), None
        else:
            child = await stack.enter_async_context(_embedded(settings))
            server = child.recipe
            assert isinstance(server, Neo4jServer)
            graph = await stack.enter_async_context(open_graph(server.uri, server.user, server.password))
        return Place(graph, child, stack.pop_all())
    raise AssertionError("unreachable")


def forget_old(folder: Path) -> None:
    """Copies of processes that are gone are removed."""
    for entry in folder.glob("*-*"):
        pid = entry.name.partition("-")[0]
        if not pid.isdigit() or not is_alive(int(pid)) or int(pid) == os.getpid():
            shutil.rmtree(entry, ignore_errors=True)


@asynccontextmanager
async def _embedded(settings: Settings) -> AsyncIterator[Child]:
    home = settings.data.resolve() / "analytics" / f"{os.getpid()}-{next(_numbers)}"
    home.mkdir(parents=True, mode=0o700)
    child = Child(
        Neo4jServer(
            home,
            settings.cache.resolve(),
            settings.maven_url,
            settings.analytics_heap,
            PAGE_CACHE,
            java_options=JAVA,
        )
    )
    try:
        await child.start()
        yield child
    finally:
        if child.process is not None and child.process.returncode is None:
            child.process.kill()  # nothing in it is worth a clean end
            await child.process.wait()
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def _named(settings: Settings) -> AsyncIterator[Graph]:
    password = settings.analytics_neo4j_password.get_secret_value()
    uri = settings.analytics_neo4j_uri or ""
    async with open_graph(uri, settings.analytics_neo4j_user, password, settings.analytics_neo4j_database) as graph:
        if foreign := await count_foreign(graph):
            raise ServerFailed(
                f"VITO_ANALYTICS_NEO4J_URI names a database with {foreign} nodes that are none of a copy's: "
                "it would be emptied, so name an empty one"
            )
        yield graph
