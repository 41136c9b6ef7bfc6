"""The wiring between graph and projections, which do not know each other."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial

from vitograph.api.wiring.sealing import Seals
from vitograph.api.wiring.visiting import GraphVisitors
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.erasing import erasures
from vitograph.graph.intake.confirmations import AGGREGATE
from vitograph.graph.publishing import campaigns, deliveries, sinks
from vitograph.projections.adapters import Place, adapter
from vitograph.projections.bell import Bell
from vitograph.projections.deliverer import AT_ONCE, Deliverer
from vitograph.projections.forgetting import ErasureProjection, Forgetful, ForgetfulHot, Traces
from vitograph.projections.hot.filling import Filler
from vitograph.projections.hot.memory import HotMemory, open_hot
from vitograph.projections.hot.reader import CampaignReader
from vitograph.projections.hot.tracing import Tracer, traced
from vitograph.projections.hot.visitors import VisitorProjection
from vitograph.projections.projector import CampaignProjection, Projection, Projector, SinkProjection
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.publishing.campaigns import Campaign
from vitograph.resolver.publishing.outbox import MOST_ATTEMPTS, Entry
from vitograph.resolver.publishing.sinks import Delivery, Sink, SinkState

DEFAULT_REDIS = "redis://127.0.0.1:6379/0"


@dataclass(frozen=True, slots=True)
class GraphCampaigns:
    """Campaigns as the projections read them."""

    graph: Graph

    async def campaign(self, id: str) -> Campaign | None:
        try:
            return await campaigns.get(self.graph, id)
        except UnknownThing:
            return None

    async def campaign_ids(self, after: str) -> list[str]:
        return await campaigns.list_ids(self.graph, after)

    async def unsettled(self, aggregate: str, within: float) -> list[str]:
        return await outbox.unsettled(self.graph, aggregate, within)


@dataclass(frozen=True, slots=True)
class GraphOutbox:
    """The outbox as the projector uses it."""

    graph: Graph

    async def take(self) -> Sequence[Entry]:
        return await outbox.take(self.graph)

    async def done(self, entries: Iterable[Entry]) -> None:
        await outbox.done(self.graph, entries)

    async def failed(self, entries: Iterable[Entry], error: str, mortal: bool) -> None:
        await outbox.failed(self.graph, entries, error, MOST_ATTEMPTS if mortal else None)

    async def give_back(self, entries: Iterable[Entry], wait: float) -> None:
        await outbox.give_back(self.graph, entries, wait)


@dataclass(frozen=True, slots=True)
class GraphErasures:
    """Erasures as the projections read them."""

    graph: Graph

    async def traces(self, id: str) -> Traces | None:
        found = await erasures.get_traces(self.graph, id)
        return None if found is None else Traces(**found)

    async def close(self, id: str, traces: Traces) -> bool:
        return await erasures.close_erasure(self.graph, id, asdict(traces))


@dataclass(frozen=True, slots=True)
class GraphDeliveries:
    """Deliveries and sinks as the deliverer uses them."""

    graph: Graph
    seals: Seals

    async def sinks(self) -> Sequence[Sink]:
        return await sinks.list_all(self.graph)

    def open(self, sink: Sink) -> Place:
        return adapter(sink.adapter).open(sink.settings, self.seals.open(sink.sealed))

    async def take(self, sink_id: str, limit: int) -> Sequence[Delivery]:
        return await deliveries.take(self.graph, sink_id, limit)

    async def begin(self, sink: Sink, delivery: Delivery, state: SinkState, reason: str, version: int) -> bool | None:
        return await deliveries.begin(self.graph, sink, delivery, state, reason, version)

    async def done(self, delivery: Delivery, state: SinkState, version: int, again: float | None) -> None:
        await deliveries.done(self.graph, delivery, state, version, again)

    async def forget(self, delivery: Delivery) -> None:
        await deliveries.forget(self.graph, delivery)

    async def failed(self, delivery: Delivery, error: str, version: int, mortal: bool) -> None:
        await deliveries.failed(self.graph, delivery, error, version, MOST_ATTEMPTS if mortal else None)

    async def give_back(self, delivery: Delivery, wait: float) -> None:
        await deliveries.give_back(self.graph, delivery, wait)

    async def forget_sink(self, id: str) -> None:
        await sinks.forget_left(self.graph, id)


@dataclass(frozen=True, slots=True)
class GraphPlan:
    """Makes campaigns due at their sinks; `anew`: whatever is there."""

    graph: Graph
    anew: bool = False

    async def __call__(self, campaigns: Sequence[Campaign]) -> int:
        return await deliveries.plan(self.graph, campaigns, time.time(), anew=self.anew)


def make_erasures(graph: Graph, hot: HotMemory, forgetful: Sequence[Forgetful] = ()) -> ErasureProjection:
    """What carries an erasure to the hot memory and to `forgetful`, and closes it."""
    return ErasureProjection(GraphErasures(graph), [ForgetfulHot(hot), *forgetful])


def make_projector(
    graph: Graph,
    hot: HotMemory,
    confirmations: Projection | None = None,
    forgetful: Sequence[Forgetful] = (),
    tracer: Tracer | None = None,
) -> Projector:
    """A projector over this graph; several may run. Run it with `await projector.run()`, end it by cancelling.

    `forgetful`: whatever holds something of persons outside the graph, beside the hot memory.
    """
    projections: dict[str, Projection] = {
        campaigns.AGGREGATE: CampaignProjection(GraphCampaigns(graph), hot, GraphPlan(graph)),
        sinks.AGGREGATE: SinkProjection(partial(deliveries.plan_sink, graph)),
        "view": VisitorProjection(GraphVisitors(graph), hot),
        erasures.AGGREGATE: make_erasures(graph, hot, forgetful),
    }
    if confirmations is not None:
        projections[AGGREGATE] = confirmations
    return Projector(GraphOutbox(graph), projections, tracer=tracer)


def make_deliverer(graph: Graph, seals: Seals, at_once: int = AT_ONCE) -> Deliverer:
    """What brings campaigns to their sinks; several may run. Run and end it as a projector."""
    return Deliverer(GraphDeliveries(graph, seals), GraphCampaigns(graph), at_once=at_once)


@asynccontextmanager
async def open_reader(
    graph: Graph, redis_url: str | None, tracer: Tracer | None = None
) -> AsyncIterator[CampaignReader]:
    """What answers hot reads. Valkey need not be up."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        reader = CampaignReader(traced(hot, tracer), GraphCampaigns(graph))
        try:
            yield reader
        finally:
            await reader.close()


@asynccontextmanager
async def open_projector(
    graph: Graph,
    redis_url: str | None,
    confirmations: Projection | None = None,
    forgetful: Sequence[Forgetful] = (),
    tracer: Tracer | None = None,
) -> AsyncIterator[Projector]:
    """What a worker runs: `async with open_projector(graph, url) as projector: await projector.run()`."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        yield make_projector(graph, traced(hot, tracer), confirmations, forgetful, tracer)


@asynccontextmanager
async def open_filler(graph: Graph, redis_url: str | None) -> AsyncIterator[Filler]:
    """What keeps the hot memory filled; a worker runs it beside its projector."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        yield Filler(GraphCampaigns(graph), hot)


@asynccontextmanager
async def open_bell(redis_url: str | None) -> AsyncIterator[Bell]:
    """What tells the resolver that somebody waits, for both ends: one rings, the other listens."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        yield Bell(hot)
