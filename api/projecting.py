"""The wiring between graph and projections, which do not know each other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from vitograph.graph import campaigns, erasures, outbox
from vitograph.graph.driver import Graph
from vitograph.projections.forgetting import ErasureProjection, ForgetfulHot, Traces
from vitograph.projections.hot import HotMemory, open_hot
from vitograph.projections.projector import CampaignProjection, Projector
from vitograph.projections.reader import CampaignReader
from vitograph.resolver.campaigns import Campaign
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.outbox import Entry

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

    async def is_settled(self) -> bool:
        return (await outbox.backlog(self.graph)).waiting == 0


@dataclass(frozen=True, slots=True)
class GraphOutbox:
    """The outbox as the projector uses it."""

    graph: Graph

    async def take(self) -> Sequence[Entry]:
        return await outbox.take(self.graph)

    async def done(self, entries: Iterable[Entry]) -> None:
        await outbox.done(self.graph, entries)

    async def failed(self, entries: Iterable[Entry], error: str) -> None:
        await outbox.failed(self.graph, entries, error)

    async def give_back(self, entries: Iterable[Entry], wait: float) -> None:
        await outbox.give_back(self.graph, entries, wait)


@dataclass(frozen=True, slots=True)
class GraphErasures:
    """Erasures as the projections read them."""

    graph: Graph

    async def traces(self, id: str) -> Traces | None:
        found = await erasures.get_traces(self.graph, id)
        return None if found is None else Traces(**found)

    async def close(self, id: str) -> None:
        await erasures.close_erasure(self.graph, id)


def make_projector(graph: Graph, hot: HotMemory) -> Projector:
    """A projector over this graph; several may run. Run it with `await projector.run()`, end it by cancelling."""
    forgetful = [ForgetfulHot(hot)]  # whatever holds something of persons outside the graph
    return Projector(
        GraphOutbox(graph),
        {
            campaigns.AGGREGATE: CampaignProjection(GraphCampaigns(graph), hot),
            erasures.AGGREGATE: ErasureProjection(GraphErasures(graph), forgetful),
        },
    )


@asynccontextmanager
async def open_reader(graph: Graph, redis_url: str | None) -> AsyncIterator[CampaignReader]:
    """What answers hot reads. Valkey need not be up."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        reader = CampaignReader(hot, GraphCampaigns(graph))
        try:
            yield reader
        finally:
            await reader.close()


@asynccontextmanager
async def open_projector(graph: Graph, redis_url: str | None) -> AsyncIterator[Projector]:
    """What a worker runs: `async with open_projector(graph, url) as projector: await projector.run()`."""
    async with open_hot(redis_url or DEFAULT_REDIS) as hot:
        yield make_projector(graph, hot)
