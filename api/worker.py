"""The worker's process: the loops of resolver, projector, deliverer and the rest, until SIGTERM."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from vitograph.api.running.stopping import run_until_stopped, told_in_a_sentence
from vitograph.api.settings import Settings, read_settings
from vitograph.api.telemetry.answering import answer
from vitograph.api.telemetry.logs import configure_logs
from vitograph.api.telemetry.traces import Traces, open_traces
from vitograph.api.wiring.calls import make_desk
from vitograph.api.wiring.evidence import BROKE_OFF, list_forgetful, open_evidence, purge
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
from vitograph.resolver.errors import VitoError
from vitograph.resolver.scoring.parameters_json import load_model

HOUSEKEEPING = 5.0  # seconds
PURGING = 600.0  # seconds
EXPIRES_EVERY = 3_600.0  # seconds
SWEEPING = 3_600.0  # seconds
AUDIT_LOOKS_EVERY = 300.0  # seconds
AUDITS_AGAIN = 3_600.0  # seconds, where it could not be done: it reads the whole graph

log = logging.getLogger(__name__)

Act = Callable[[], Awaitable[object]]
"""What a loop does, once or for ever."""


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
    found: dict[str, Act] = {}
    if "resolver" in settings.loops:
        found["the resolver"] = partial(resolve_always, Resolver(graph, load_model()), bell.wait)
        found["the bell"] = bell.listen
    if "projector" in settings.loops:
        found |= {"the projector": projector.run, "the filler": filler.run}
    if "deliverer" in settings.loops:
        found["the deliverer"] = make_deliverer(graph, seals(settings)).run
    if "calls" in settings.loops:
        found["the desk of calls"] = make_desk(settings, graph).run
    loops: list[Coroutine[Any, Any, None]] = [keep(what, act, HOUSEKEEPING) for what, act in found.items()]
    if "housekeeping" in settings.loops:
        loops += [keep_house(graph), keep_evidence(settings, graph), keep_periods(graph), keep_images(settings, graph)]
        loops.append(clear_evidence(settings))
        if settings.audit_hours:
            loops.append(keep_audited(settings, graph))
    return loops


async def keep(what: str, act: Act, every: float, after_failure: float | None = None) -> None:
    """Acts for ever, with so many seconds between. What goes wrong is logged, ends nothing else, and is tried again."""
    while True:
        pause = every
        try:
            await act()
        except Exception as error:
            # What was foreseen needs no places; the text of neither is told, as it may hold what somebody posted.
            log.warning("%s: %s; it goes on", what, type(error).__name__, exc_info=not isinstance(error, VitoError))
            pause = every if after_failure is None else after_failure
        await asyncio.sleep(pause)


async def keep_house(graph: Graph) -> None:
    """Returns to the queue what was claimed and left, and goes on where a promotion or an erasure broke off."""
    acts = {
        "candidates that were claimed and left": return_lapsed,
        "a promotion that broke off": follow_promotion,
        "erasures that broke off": finish_begun,
    }
    await asyncio.gather(*(keep(what, partial(act, graph), HOUSEKEEPING) for what, act in acts.items()))


async def keep_evidence(settings: Settings, graph: Graph) -> None:
    """Deletes evidence whose retention period is over."""
    store = open_evidence(settings)
    await keep("evidence whose time is over", lambda: purge(graph, store, dt.datetime.now(dt.UTC)), PURGING)


async def clear_evidence(settings: Settings) -> None:
    """Deletes what posts of evidence that broke off left, a day later."""
    store = open_evidence(settings)
    await keep("posts of evidence that broke off", lambda: store.clear(dt.datetime.now(dt.UTC) - BROKE_OFF), SWEEPING)


async def keep_periods(graph: Graph) -> None:
    """Erases events whose time to be kept is over."""
    await keep("events whose time is over", partial(expire, graph), EXPIRES_EVERY)


async def keep_images(settings: Settings, graph: Graph) -> None:
    """Clears away images that no artifact names any more."""
    images = Images(settings.images_url, settings.data / "images")
    named = partial(list_images, graph)
    await keep("images that nobody names", lambda: images.sweep(named, dt.datetime.now(dt.UTC)), SWEEPING)


async def keep_audited(settings: Settings, graph: Graph) -> None:
    """Audits when nobody has for `VITO_AUDIT_HOURS`, for `/metrics` to tell of it."""

    async def look() -> None:
        for finding in await audit_if_due(graph, settings.audit_hours) or ():
            log.warning("%s does not hold: %s", finding.invariant, finding.sentence)

    await asyncio.sleep(AUDIT_LOOKS_EVERY)
    await keep("the audit", look, AUDIT_LOOKS_EVERY, AUDITS_AGAIN)


def main() -> None:
    """Ends with status 0 when asked to."""
    settings = read_settings()
    configure_logs("worker", settings.log_level)
    with told_in_a_sentence(), open_traces("vito-worker") as traces:
        run_until_stopped(work(settings, traces))


if __name__ == "__main__":
    main()
