"""Campaigns in a CMS, as deliveries bring them there; a teardown is verified here, whatever the adapter."""

from __future__ import annotations

from dataclasses import dataclass

from vitograph.projections.cms.sink import CmsSink, document
from vitograph.projections.edge.placement import Placed
from vitograph.resolver.errors import StillPublic
from vitograph.resolver.publishing.campaigns import Campaign, Shown
from vitograph.resolver.publishing.sinks import SinkState, next_change


@dataclass(frozen=True, slots=True)
class CmsPlace:
    """Campaigns in a CMS."""

    sink: CmsSink

    async def place(self, campaign: Campaign, shown: Shown, now: float) -> Placed:
        """The CMS shows the campaign."""
        await self.sink.publish(document(campaign))
        return Placed(SinkState.LIVE, next_change(campaign, now))

    async def remove(self, id: str) -> None:
        """The CMS has nothing of the campaign, and nobody sees it there."""
        await self.sink.teardown(id)
        if await self.sink.is_public(id):
            raise StillPublic("it was torn down, and the public still sees it")

    async def close(self) -> None:
        """Ends what the adapter has open."""
        await self.sink.close()
