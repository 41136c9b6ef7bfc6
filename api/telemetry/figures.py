"""Figures of the whole instance, for `/metrics` and `/readyz`: of the graph, the hot memory and this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from vitograph.api.remembered import Remembered
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.graph import outbox
from vitograph.graph.deciding.call_reviews import Doubtful, count_doubtful
from vitograph.graph.deciding.quality import list_ages
from vitograph.graph.deciding.queue import KINDS
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.upkeep import AUDIT, Act, list_acts
from vitograph.graph.people.marks import Pending, count_pending
from vitograph.graph.publishing import deliveries, sinks
from vitograph.ingest.gate import Gate
from vitograph.ingest.groups import Groups
from vitograph.ingest.voice.spool import Spool
from vitograph.projections.hot.line import HotLine, Missing
from vitograph.resolver.errors import GraphUnavailable, HotMemoryUnavailable
from vitograph.resolver.publishing.outbox import Backlog

T = TypeVar("T")

log = logging.getLogger(__name__)

# Seconds: for how long what is counted holds, since anybody may ask for figures, as often as they like.
COUNTED = 1.0
AGED = 15.0
# What an answer of a server may take for `/metrics` and for `/readyz`, and from when on somebody is behind.
WITHIN = 5.0
PATIENCE = 0.5
BEHIND = 60.0

Samples = Sequence[tuple[str, float]]  # labels as they are written, and the figure
Family = tuple[str, str, str, Samples]  # name, type, sentence
Gauge = tuple[str, str, Samples]  # name, sentence


class Look(Generic[T]):
    """A look at the servers that all who ask meanwhile share, and that goes on when those who wait lose patience."""

    def __init__(self, at: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._at = at
        self._task: asyncio.Task[T] | None = None

    async def look(self, patience: float) -> T | None:
        """What is seen; None when that cannot be told, or not within so many seconds."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._at())
        task = self._task
        await asyncio.wait([task], timeout=patience)
        if not task.done() or task.cancelled():
            return None
        if (error := task.exception()) is not None:  # who asks how things stand is answered, whatever fails
            if not isinstance(error, GraphUnavailable):
                log.error("a look at the servers failed", exc_info=error)
            return None
        return task.result()

    async def close(self) -> None:
        """Ends the look that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


class Figures:
    """Of one API process over one graph and one hot memory."""

    def __init__(
        self, graph: Graph, line: HotLine, groups: Groups[Any], batches: Gate, spool: Spool, requests: RequestFigures
    ) -> None:
        self._line = line
        self._groups = groups
        self._batches = batches
        self._requests = requests
        self._backlog: Remembered[Backlog] = Remembered(partial(outbox.backlog, graph), COUNTED)
        self._pending: Remembered[Pending] = Remembered(partial(count_pending, graph), COUNTED)
        acts: Remembered[list[Act]] = Remembered(partial(list_acts, graph), COUNTED)
        standing: Remembered[list[deliveries.Figures]] = Remembered(partial(deliveries.figures, graph), COUNTED)
        abandoned: Remembered[list[sinks.Abandoned]] = Remembered(partial(sinks.abandoned, graph), AGED)
        ages: Remembered[list[dict[str, Any]]] = Remembered(partial(list_ages, graph), AGED)
        doubtful: Remembered[Doubtful] = Remembered(partial(count_doubtful, graph), AGED)
        unheard: Remembered[tuple[int, float]] = Remembered(partial(asyncio.to_thread, spool.backlog), AGED)
        # One that takes long holds up no other; the first is the quickest, and tells whether the graph answers.
        self._counts: list[tuple[Look[Any], Callable[[Any], list[Gauge]]]] = [
            (Look(acts.get), _of_upkeep),
            (Look(self._backlog.get), _of_outbox),
            (Look(self._pending.get), _of_resolver),
            (Look(standing.get), _of_sinks),
            (Look(abandoned.get), _of_abandoned),
            (Look(ages.get), _of_queue),
            (Look(doubtful.get), _of_doubtful),
            (Look(unheard.get), _of_calls),
        ]
        self._judging = Look(self._judge)
        self._degraded: list[str] = []

    async def lines(self) -> str:
        """All of them, in Prometheus's text format; of those of the graph, what it answers in time."""
        looks = [look.look(WITHIN) for look, _ in self._counts]
        has_hot_memory, *counted = await asyncio.gather(self._has_hot_memory(), *looks)
        families = self._of_process()
        for found, (_, gauges) in zip(counted, self._counts, strict=True):
            if found is not None:
                families += [(name, "gauge", sentence, samples) for name, sentence, samples in gauges(found)]
        families += [_up("graph", counted[0] is not None), _up("hot_memory", has_hot_memory)]
        return "".join(_lines(families)) + self._requests.lines()

    async def degraded(self) -> list[str]:
        """What does not work as it should though requests are answered, as far as it can be told at once."""
        if (judged := await self._judging.look(PATIENCE)) is not None:
            self._degraded = judged
        return self._degraded

    async def close(self) -> None:
        """Ends what is under way."""
        await asyncio.gather(self._judging.close(), *(look.close() for look, _ in self._counts))

    async def _judge(self) -> list[str]:
        pending, backlog, has_hot_memory = await asyncio.gather(
            self._pending.get(), self._backlog.get(), self._has_hot_memory()
        )
        told = {
            "Valkey does not answer": not has_hot_memory,
            "the resolver is behind": pending.lag > BEHIND,
            "the projections are behind": backlog.lag > BEHIND,
        }
        return [sentence for sentence, is_so in told.items() if is_so]

    async def _has_hot_memory(self) -> bool:
        try:
            async with asyncio.timeout(WITHIN):
                await self._line.hot.fetch([""])
        except (HotMemoryUnavailable, TimeoutError):
            return False
        return True

    def _of_process(self) -> list[Family]:
        reads = [('{answer="held"}', self._line.held)]
        reads += [(f'{{answer="{missing}"}}', self._line.missed[missing]) for missing in Missing]
        return [
            ("vito_intake_waiting", "gauge", "observations that wait for a transaction", [("", self._groups.waiting)]),
            ("vito_intake_batches", "gauge", "batches that are under way", [("", self._batches.inside)]),
            ("vito_hot_reads_total", "counter", "what Valkey answered to hot reads; else the graph was asked", reads),
        ]


def _of_outbox(backlog: Backlog) -> list[Gauge]:
    return [
        ("vito_outbox_waiting", "changes that wait for their projection", [("", backlog.waiting)]),
        ("vito_outbox_dead", "changes that failed too often", [("", backlog.dead)]),
        ("vito_outbox_lag_seconds", "how long the oldest change has waited", [("", backlog.lag)]),
    ]


def _of_resolver(pending: Pending) -> list[Gauge]:
    return [
        ("vito_resolver_waiting", "persons who wait to be scored", [("", pending.waiting)]),
        ("vito_resolver_lag_seconds", "how long the first of them has waited", [("", pending.lag)]),
    ]


def _of_sinks(standing: Iterable[deliveries.Figures]) -> list[Gauge]:
    by_sink = [(f'{{sink="{one.sink}",kind="{one.kind}"}}', one) for one in standing]
    return [
        ("vito_delivery_waiting", "campaigns that are due at a sink", [(at, one.waiting) for at, one in by_sink]),
        ("vito_delivery_dead", "campaigns that a sink refused too often", [(at, one.dead) for at, one in by_sink]),
        ("vito_delivery_failing", "campaigns whose last try failed", [(at, one.failing) for at, one in by_sink]),
        ("vito_delivery_lag_seconds", "how long the oldest has been due", [(at, one.lag) for at, one in by_sink]),
        (
            "vito_teardown_failing",
            "campaigns that a sink still has though they are over",
            [(at, one.teardown_failing) for at, one in by_sink],
        ),
    ]


def _of_abandoned(abandoned: Iterable[sinks.Abandoned]) -> list[Gauge]:
    samples = [(f'{{sink="{one.sink}",kind="{one.kind}"}}', float(one.campaigns)) for one in abandoned]
    return [("vito_sink_abandoned", "campaigns that may still stand at a sink that was given up", samples)]


def _of_queue(ages: Iterable[Mapping[str, Any]]) -> list[Gauge]:
    known = {row["kind"]: row for row in ages}
    nobody = {"waiting": 0, "p95": 0, "oldest": 0}
    by_kind = [(f'{{kind="{kind}"}}', known.get(kind, nobody)) for kind in KINDS]
    return [
        ("vito_queue_open", "pairs that wait for a specialist", [(at, row["waiting"]) for at, row in by_kind]),
        ("vito_queue_age_p95_seconds", "age of 95 of 100 of them", [(at, row["p95"]) for at, row in by_kind]),
        ("vito_queue_age_max_seconds", "age of the oldest of them", [(at, row["oldest"]) for at, row in by_kind]),
    ]


def _of_doubtful(doubtful: Doubtful) -> list[Gauge]:
    return [
        ("vito_doubtful_open", "doubtful calls and other events for a specialist", [("", doubtful.waiting)]),
        ("vito_doubtful_age_max_seconds", "how long the oldest of them has waited", [("", doubtful.lag)]),
    ]


def _of_calls(unheard: tuple[int, float]) -> list[Gauge]:
    waiting, lag = unheard
    return [
        ("vito_calls_waiting", "calls that are over and not heard yet, on this machine", [("", waiting)]),
        ("vito_calls_lag_seconds", "how long ago the first of them ended", [("", lag)]),
    ]


def _of_upkeep(acts: Iterable[Act]) -> list[Gauge]:
    by_name = {act.name: act for act in acts}
    audits = [by_name[AUDIT]] if AUDIT in by_name else []
    ages = [(f'{{act="{name}"}}', act.age) for name, act in by_name.items()]
    return [
        ("vito_upkeep_age_seconds", "since the last audit, backup", ages),
        ("vito_audit_failed", "invariants that did not hold at the last audit", [("", act.failed) for act in audits]),
        ("vito_audit_warned", "invariants that were late at the last audit", [("", act.warned) for act in audits]),
    ]


def _up(store: str, is_up: bool) -> Family:
    return (f"vito_{store}_up", "gauge", "whether it answers this process", [("", float(is_up))])


def _lines(families: Iterable[Family]) -> Iterable[str]:
    for name, kind, sentence, samples in families:
        yield f"# HELP {name} {sentence}\n# TYPE {name} {kind}\n"
        for labels, figure in samples:
            yield f"{name}{labels} {figure:.15g}\n"
