"""The worker's process: the loops of resolver, projector and deliverer, until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging

from vitograph.api.calls import make_desk
from vitograph.api.evidence import ForgetfulEvidence, open_evidence, purge
from vitograph.api.mailing import open_confirmations
from vitograph.api.projecting import make_deliverer, open_projector
from vitograph.api.sealing import seals
from vitograph.api.settings import Settings
from vitograph.api.stopping import run_until_stopped
from vitograph.graph.candidates import return_lapsed
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.erasures import finish_begun
from vitograph.graph.promotion import follow_promotion
from vitograph.graph.resolution import Resolver
from vitograph.graph.resolving import run as resolve_always
from vitograph.graph.retention import expire
from vitograph.resolver.errors import EvidenceUnavailable, GraphUnavailable
from vitograph.resolver.parameters import load_model

HOUSEKEEPING = 5.0  # seconds
PURGING = 600.0  # seconds
EXPIRES_EVERY = 3_600.0  # seconds


async def work(settings: Settings) -> None:
    """Scores what changes and projects it, for as long as it is not cancelled."""
    login = (settings.neo4j_uri or "", settings.neo4j_user, settings.neo4j_password.get_secret_value())
    async with (
        open_graph(*login, settings.neo4j_database, settings.seal) as graph,
        open_projector(
            graph, settings.redis_url, open_confirmations(graph, settings), [ForgetfulEvidence(open_evidence(settings))]
        ) as projector,
        asyncio.TaskGroup() as loops,
    ):
        loops.create_task(resolve_always(Resolver(graph, load_model())))
        loops.create_task(projector.run())
        loops.create_task(make_deliverer(graph, seals(settings)).run())
        loops.create_task(keep_house(graph))
        loops.create_task(make_desk(settings, graph).run())
        loops.create_task(keep_evidence(settings, graph))
        loops.create_task(keep_periods(graph))


async def keep_house(graph: Graph) -> None:
    """Returns to the queue what was claimed and left, and goes on where a promotion or an erasure broke off."""
    while True:
        with contextlib.suppress(GraphUnavailable):
            await return_lapsed(graph)
            await follow_promotion(graph)
            await finish_begun(graph)
        await asyncio.sleep(HOUSEKEEPING)


async def keep_evidence(settings: Settings, graph: Graph) -> None:
    """Deletes evidence whose retention period is over."""
    store = open_evidence(settings)
    while True:
        with contextlib.suppress(GraphUnavailable, EvidenceUnavailable):
            await purge(graph, store, dt.datetime.now(dt.UTC))
        await asyncio.sleep(PURGING)


async def keep_periods(graph: Graph) -> None:
    """Erases events whose time to be kept is over."""
    while True:
        with contextlib.suppress(GraphUnavailable):
            await expire(graph)
        await asyncio.sleep(EXPIRES_EVERY)


def main() -> None:
    """Ends with status 0 when asked to."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    run_until_stopped(work(settings))


if __name__ == "__main__":
    main()
