"""The composition root: the one place that knows every concrete part."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from vitograph import __version__
from vitograph.api.access.callers import Callers
from vitograph.api.access.signing_in import SigningIn
from vitograph.api.access.throttle import Buckets
from vitograph.api.analysts.client import Analysts
from vitograph.api.description import complete
from vitograph.api.guard import check_guarded
from vitograph.api.hot import HotApp
from vitograph.api.hot.glances import Glances
from vitograph.api.recording import record_group
from vitograph.api.remembered import Remembered
from vitograph.api.routes import (
    batches,
    campaigns,
    candidates,
    chat,
    cloudevents,
    cypher,
    decisions,
    erasures,
    evidence,
    forms,
    health,
    identifiers,
    images,
    keys,
    login,
    metrics,
    models,
    observations,
    pages,
    persons,
    phone,
    projections,
    quality,
    queue,
    retention,
    scripts,
    segment,
    sinks,
    voice,
)
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.api.state import State
from vitograph.api.telemetry import TELEMETRY
from vitograph.api.telemetry.figures import Figures
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.api.telemetry.traces import Traces
from vitograph.api.telemetry.watching import Routed, Watched
from vitograph.api.wire import errors
from vitograph.api.wire.bodies import JsonBodies
from vitograph.api.wire.cross_origin import CrossOrigin
from vitograph.api.wire.hardening import Hardened
from vitograph.api.wire.methods import Heads
from vitograph.api.wire.straight import Straight
from vitograph.api.wiring.calls import open_spool
from vitograph.api.wiring.evidence import open_evidence
from vitograph.api.wiring.projecting import open_bell, open_reader
from vitograph.api.wiring.visiting import GraphVisitors
from vitograph.graph.access.keys import Role, record_key
from vitograph.graph.deciding.candidates import count_all, count_evidence, get_candidate
from vitograph.graph.deciding.changes import Changes
from vitograph.graph.deciding.quality import measure
from vitograph.graph.deciding.queue import FIRST, Filter, list_items, list_queue
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.intake.observations import warm
from vitograph.graph.people.tombstones import check_seal
from vitograph.graph.people.visitors import warm as warm_visitors
from vitograph.graph.schema import migrate
from vitograph.graph.tracing import traced
from vitograph.ingest.gate import Gate
from vitograph.ingest.groups import Groups
from vitograph.ingest.identities import Identities
from vitograph.ingest.images import Images
from vitograph.projections.bell import Bell
from vitograph.projections.hot.reader import CampaignReader
from vitograph.projections.hot.visitors import VisitorReader
from vitograph.resolver.errors import GraphUnavailable, UnknownThing, VitoError

# Seconds for which an API process remembers the counts of the queue, and the figures of the quality page.
COUNTED = 1.0
COUNTED_BY_EVIDENCE = 15.0
MEASURED = 30.0

MOST_BATCHES = 16
MOST_UPLOADS = 16
"""Batches that one process takes in at once, of up to 16 MiB each."""

PAGE_RATE, PAGE_BURST = 10.0, 60.0
"""Posts of a web page, by its key and the address: a second in the long run, and at once."""

NOBODY = "-"  # no id of ours

ROUTES = (
    observations,
    health,
    login,
    keys,
    persons,
    erasures,
    retention,
    queue,
    batches,
    candidates,
    identifiers,
    images,
    decisions,
    models,
    quality,
    campaigns,
    sinks,
    projections,
    metrics,
    evidence,
    voice,
    pages,
    scripts,
    segment,
    chat,
    forms,
    phone,
    cloudevents,
    cypher,
)


class Application(HotApp):
    """The app with our hardening outside of everything it does, its own answer to a bug included.

    A hot read that is known already is answered before: whole, with the same headers.
    """

    def __init__(self, hsts: int, requests: RequestFigures, traces: Traces | None, **described: Any) -> None:
        super().__init__(telemetry=TELEMETRY, **described)
        straight = Straight(self, super().__call__, observations.router.routes)
        hardened = Hardened(CrossOrigin(JsonBodies(Routed(straight))), hsts)
        self._watched = Watched(hardened, requests, traces)
        # What is traced is traced whole.
        self._glances = Glances(hardened.harden, requests) if traces is None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = None
        if self._glances is not None and scope["type"] == "http":
            known = self._glances.answer(self.state.vito, scope)
        if known is None:
            await self._watched(scope, receive, send)
        else:
            await send(known[0])
            await send(known[1])

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            complete(super().openapi())
        return super().openapi()


def create_app(settings: Settings | None = None, traces: Traces | None = None) -> FastAPI:
    """The API over the servers that the settings name, which must run already; traced where it is said where to."""
    settings = settings or Settings()
    requests = RequestFigures()

    app = Application(
        settings.hsts,
        requests,
        traces,
        title="ViTo",
        version=__version__,
        lifespan=partial(_serving, settings, requests, traces),
        docs_url=None,
        redoc_url=None,
        routes=_routes(),
    )
    errors.install(app)
    app.add_middleware(Routed)
    app.add_middleware(Heads)
    check_guarded(app)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """What the framework derives of each route is the same for every app of a process, and takes long."""
    every = APIRouter(responses=errors.RESPONSES)
    for routes in ROUTES:
        every.include_router(routes.router)
    return every.routes


@asynccontextmanager
async def _serving(
    settings: Settings, requests: RequestFigures, traces: Traces | None, app: FastAPI
) -> AsyncIterator[None]:
    """What the app answers with is open, from its start to its end."""
    async with (
        open_graph(*settings.login, settings.seal) as untraced,
        # Connections of their own: a page does not wait until intake has left one.
        open_graph(*settings.login, settings.seal) as untraced_hot,
        open_reader(hot_graph := traced(untraced_hot, traces), settings.redis_url, traces) as reader,
        open_bell(settings.redis_url) as bell,
    ):
        graph = traced(untraced, traces)
        try:
            await migrate(graph)
            await check_seal(graph)
        except VitoError as error:  # the framework tells of it by a traceback alone
            app.state.refused = error
            raise
        if settings.admin_key is not None:
            await record_key(graph, settings.admin_key.get_secret_value(), "first admin", Role.ADMIN)
        app.state.vito = state = _state(settings, graph, hot_graph, reader, bell, requests)
        warming = asyncio.gather(_warm(graph), state.analysts.watch())
        # A full collection walks all that was imported, and every request waits for it: a p99 of 28 ms, as measured.
        gc.collect()
        gc.freeze()
        yield
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settings.drain_seconds):
                await state.groups.drain()
                await bell.close()
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)  # what it opened is closed before the driver is
        await state.figures.close()
        await state.analysts.close()
        await state.callers.close()


def _state(
    settings: Settings,
    graph: Graph,
    hot_graph: Graph,
    reader: CampaignReader,
    bell: Bell,
    requests: RequestFigures,
) -> State:
    """What the routes share, made of what is open."""
    visitors = VisitorReader(reader.line, GraphVisitors(hot_graph))
    groups = Groups(partial(record_group, graph, visitors, bell))
    batches = Gate(MOST_BATCHES)
    callers = Callers(graph, settings)
    signing = Signing(settings)
    return State(
        settings,
        graph,
        callers,
        reader,
        visitors,
        Images(settings.images_url, settings.data / "images"),
        open_evidence(settings),
        groups,
        batches,
        Gate(MOST_UPLOADS),
        Buckets(PAGE_RATE, PAGE_BURST),
        Identities(signing.of_key),
        signing,
        Remembered(partial(count_all, graph), COUNTED),
        Remembered(partial(count_evidence, graph), COUNTED_BY_EVIDENCE),
        Remembered(partial(measure, graph), MEASURED),
        Changes(graph),
        Analysts(settings),
        SigningIn(settings, signing, callers.tokens),
        Figures(graph, reader.line, groups, batches, open_spool(settings), requests),
    )


async def _warm(graph: Graph) -> None:
    with contextlib.suppress(GraphUnavailable):
        await warm_visitors(graph)
        await warm(graph)
        await list_queue(graph, Filter(), FIRST, 1)
        await list_items(graph, [NOBODY])
        with contextlib.suppress(UnknownThing):
            await get_candidate(graph, NOBODY)
