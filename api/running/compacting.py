"""The store of the embedded Neo4j without a byte of the erased: built beside the old one, then put in its place."""

from __future__ import annotations

import datetime as dt
import shutil
import sys

from vitograph.api.running.addresses import Addresses
from vitograph.api.running.children import Child
from vitograph.api.secret_files import write_secret
from vitograph.api.settings import Settings
from vitograph.api.wiring.evidence import list_forgetful
from vitograph.api.wiring.projecting import make_erasures
from vitograph.graph.driver import open_graph
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.graph.erasing.erasures import finish_begun, list_erasures
from vitograph.graph.erasing.retention import close_runs
from vitograph.graph.keeping.compaction import Due, copy, count_due
from vitograph.projections.hot.memory import open_hot
from vitograph.resolver.errors import VitoError

# Events up to which a store is compacted as its instance stops; that of a larger graph takes minutes, at a time that
# somebody chooses.
MOST_EVENTS = 20_000


async def compact(settings: Settings, addresses: Addresses) -> None:
    """Builds the new store of the running embedded Neo4j, which nobody else may write to; `settle` puts it in place."""
    data = settings.data.resolve()
    part = data / "neo4j.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    write_secret(part / "password", (data / "neo4j/password").read_text())
    child = Child(Neo4jServer(part, settings.cache.resolve(), settings.maven_url, settings.heap, settings.page_cache))
    login = (addresses.neo4j_user, addresses.neo4j_password, addresses.neo4j_database)
    try:
        await child.start()
        assert isinstance(child.recipe, Neo4jServer)
        async with (
            open_graph(addresses.neo4j_uri, *login, addresses.seal) as source,
            open_graph(child.recipe.uri, *login, addresses.seal) as target,
        ):
            await copy(source, target)
    except BaseException:
        await child.stop()
        shutil.rmtree(part, ignore_errors=True)
        raise
    await child.stop()
    part.rename(data / "neo4j.ready")


async def compact_if_due(settings: Settings, addresses: Addresses, most: int | None = MOST_EVENTS) -> None:
    """Compacts as the instance stops, when somebody was erased; what goes wrong is told, and tried at the next stop.

    `most`: events up to which it does; None for any number.
    """
    if settings.neo4j_uri:
        return
    try:
        found = await finish_erasures(settings, addresses)
        if found.due and (most is None or found.events <= most):
            _tell(f"writing the store anew, without the bytes of {found.due} erasures; this may take minutes")
            await compact(settings, addresses)
        elif found.due:
            _tell(f"bytes of {found.due} erasures are still on the disk: run `vito compact`")
    except (VitoError, ValueError, OSError) as error:
        _tell(f"bytes of the erased are still on the disk: {error}")


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


async def finish_erasures(settings: Settings, addresses: Addresses) -> Due:
    """What begun erasures left is forgotten, where that can be: until then they name the erased. What is due then."""
    async with open_graph(*addresses.login, addresses.seal) as graph:
        if (await count_due(graph)).unfinished:
            async with open_hot(addresses.redis_url) as hot:
                forgetting = make_erasures(graph, hot, list_forgetful(graph, settings))
                await finish_begun(graph)
                await close_runs(graph, dt.datetime.now(dt.UTC))
                for erasure in await list_erasures(graph):
                    if erasure["status"] == "forgetting":
                        await forgetting.project(erasure["id"], 1)
        return await count_due(graph)
