"""The worker's process: the loops of resolver, projector, deliverer and the rest, until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any

from vitograph.api.running.stopping import run_until_stopped, told_in_a_sentence
from vitograph.api.settings import Settings, read_settings
from vitograph.api.telemetry.answering import answer
from vitograph.api.telemetry.logs import configure_logs
from vitograph.api.telemetry.traces import Traces, open_traces
from vitograph.api.wiring.calls import make_desk
from vitograph.api.wiring.evidence import list_forgetful, open_evidence, purge
from vitograph.api.wiring.mailing import open_confirmations
from vitograph.api.wiring.projecting import make_deliverer, open_bell, open_filler, open_projector
from vitograph.api.wiring.sealing import seals
from vitograph.graph.deciding.candidates import return_lapsed
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.erasing.erasures import finish_begun
from vitograph.graph.erasing.retention import expire
from vitograph.graph.keeping.upkeep import audit_if_due
from vitograph.graph.people.tombstones import check_seal
from vitograph.graph.publishing.campaigns import list_images
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.resolving.worker import run as resolve_always
from vitograph.graph.schema import migrate
from vitograph.graph.tracing import traced
from vitograph.graph.training.promotion import follow_promotion
from vitograph.ingest.images import Images
from vitograph.projections.bell import Bell
from vitograph.projections.hot.filling import Filler
from vitograph.projections.projector import Projector
from vitograph.resolver.errors import EvidenceUnavailable, GraphUnavailable, ImagesUnavailable
from vitograph.resolver.scoring.parameters_json import load_model

HOUSEKEEPING = 5.0  # seconds
PURGING = 600.0  # seconds
EXPIRES_EVERY = 3_600.0  # seconds
SWEEPING = 3_600.0  # seconds
AUDIT_LOOKS_EVERY = 300.0  # seconds

log = logging.getLogger(__name__)


async def work(settings: Settings, traces: Traces | None = None) -> None:
    """Does what `settings.loops` names, for as long as it is not cancelled."""
    async with (
        open_graph(*settings.login, settings.seal) as untraced,
        open_projector(
            graph := traced(untraced, traces),
            settings.redis_url,
            open_confirmations(graph, settings),
            list_forgetful(graph, settings),
            traces,
        ) as projector,
        open_filler(graph, settings.redis_url) as filler,
        open_bell(settings.redis_url) as bell,
    ):
        await migrate(graph)
        await check_seal(graph)
        async with asyncio.TaskGroup() as loops:
            for loop in _loops(settings, graph, projector, filler, bell):
                loops.create_task(loop)
            if settings.worker_port is not None:
                loops.create_task(answer(settings.host, settings.worker_port))


def _loops(
    settings: Settings, graph: Graph, projector: Projector, filler: Filler, bell: Bell
) -> list[Coroutine[Any, Any, None]]:
    found: list[Coroutine[Any, Any, None]] = []
    if "resolver" in settings.loops:
        found += [resolve_always(Resolver(graph, load_model()), bell.wait), bell.listen()]
    if "projector" in settings.loops:
        found += [projector.run(), filler.run()]
    if "deliverer" in settings.loops:
        found.append(make_deliverer(graph, seals(settings)).run())
    if "calls" in settings.loops:
        found.append(make_desk(settings, graph).run())
    if "housekeeping" in settings.loops:
        found += [keep_house(graph), keep_evidence(settings, graph), keep_periods(graph), keep_images(settings, graph)]
        if settings.audit_hours:
            found.append(keep_audited(settings, graph))
    return found


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
    """Erases events whose time to be kept is over. What goes wrong with that ends nothing else, and is tried again."""
    while True:
        try:
            await expire(graph)
        except GraphUnavailable:
            pass
        except Exception:
            log.exception("events whose time to be kept is over wait: they cannot be erased now")
        await asyncio.sleep(EXPIRES_EVERY)


async def keep_images(settings: Settings, graph: Graph) -> None:
    """Clears away images that no artifact names any more."""
    images = Images(settings.images_url, settings.data / "images")
    while True:
        with contextlib.suppress(GraphUnavailable, ImagesUnavailable):
            await images.sweep(partial(list_images, graph), dt.datetime.now(dt.UTC))
        await asyncio.sleep(SWEEPING)


async def keep_audited(settings: Settings, graph: Graph) -> None:
    """Audits when nobody has for `VITO_AUDIT_HOURS`, for `/metrics` to tell of it."""
    while True:
        await asyncio.sleep(AUDIT_LOOKS_EVERY)
        with contextlib.suppress(GraphUnavailable):
            for finding in await audit_if_due(graph, settings.audit_hours) or ():
                log.warning("%s does not hold: %s", finding.invariant, finding.sentence)


def main() -> None:
    """Ends with status 0 when asked to."""
    settings = read_settings()
    configure_logs("worker", settings.log_level)
    with told_in_a_sentence(), open_traces("vito-worker") as traces:
        run_until_stopped(work(settings, traces))


if __name__ == "__main__":
    main()
