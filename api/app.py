"""The composition root: the one place that knows every concrete part."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from vitograph import __version__
from vitograph.api import errors
from vitograph.api.access import Callers
from vitograph.api.bodies import JsonBodies
from vitograph.api.hot import HotReads
from vitograph.api.projecting import open_reader
from vitograph.api.remembered import Remembered
from vitograph.api.routes import (
    batches,
    campaigns,
    candidates,
    decisions,
    erasures,
    health,
    identifiers,
    keys,
    models,
    observations,
    persons,
    quality,
    queue,
    retention,
    review,
)
from vitograph.api.settings import Settings
from vitograph.api.state import State
from vitograph.graph.candidates import count_all, count_evidence, get_candidate
from vitograph.graph.changes import Changes
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.keys import Role, record_key
from vitograph.graph.observations import record, warm
from vitograph.graph.quality import measure
from vitograph.graph.queue import FIRST, Filter, list_items, list_queue
from vitograph.graph.schema import migrate
from vitograph.graph.tombstones import check_seal
from vitograph.ingest.groups import Groups
from vitograph.resolver.errors import GraphUnavailable, UnknownThing

# Seconds for which an API process remembers the counts of the queue, and the figures of the quality page.
COUNTED = 1.0
COUNTED_BY_EVIDENCE = 15.0
MEASURED = 30.0

NOBODY = "-"  # no id of ours


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API over the servers that the settings name; both must run already."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_graph(
                settings.neo4j_uri or "bolt://127.0.0.1:7687",
                settings.neo4j_user,
                settings.neo4j_password.get_secret_value(),
                settings.neo4j_database,
                settings.seal,
            ) as graph,
            open_reader(graph, settings.redis_url) as reader,
        ):
            await migrate(graph)
            await check_seal(graph)
            if settings.admin_key is not None:
                await record_key(graph, settings.admin_key.get_secret_value(), "first admin", Role.ADMIN)
            warming = asyncio.create_task(_warm(graph))
            app.state.vito = State(
                settings,
                graph,
                Callers(graph),
                reader,
                Groups(partial(record, graph)),
                Remembered(partial(count_all, graph), COUNTED),
                Remembered(partial(count_evidence, graph), COUNTED_BY_EVIDENCE),
                Remembered(partial(measure, graph), MEASURED),
                Changes(graph),
            )
            # Full collections of the imported framework are what makes a p99 of 28 ms (performance.md §3).
            gc.collect()
            gc.freeze()
            yield
            warming.cancel()

    app = FastAPI(title="ViTo", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    errors.install(app)
    app.add_middleware(JsonBodies)
    app.add_middleware(HotReads)
    for routes in (
        health,
        keys,
        observations,
        persons,
        erasures,
        retention,
        queue,
        batches,
        candidates,
        identifiers,
        decisions,
        models,
        quality,
        campaigns,
        review,
    ):
        app.include_router(routes.router)
    return app


async def _warm(graph: Graph) -> None:
    with contextlib.suppress(GraphUnavailable):
        await warm(graph)
        await list_queue(graph, Filter(), FIRST, 1)
        await list_items(graph, [NOBODY])
        with contextlib.suppress(UnknownThing):
            await get_candidate(graph, NOBODY)
