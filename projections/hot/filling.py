"""Filling the hot memory: all of it by command, and by itself where Valkey is not the one that was filled.

Valkey says by its run id which process answers. After a restart, a failover or a flush what it holds may be of before,
or nothing; whoever reads it finds out by the mark (`memory.py`) and asks the graph until it is filled anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot.memory import VISITOR_PREFIX, HotMemory
from vitograph.projections.hot.reader import CampaignSource
from vitograph.projections.hot.ready import ready
from vitograph.resolver.batched import batched
from vitograph.resolver.publishing.campaigns import Campaign

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks."""

AT_ONCE = 50
"""Campaigns that are read and written at once."""


class Plan(Protocol):
    """What makes campaigns due at their sinks."""

    async def __call__(self, campaigns: Sequence[Campaign]) -> object:
        """Of campaigns that the hot memory shows as they are given. May raise GraphUnavailable."""
        ...


async def no_plan(campaigns: Sequence[Campaign]) -> None:
    """There are no sinks."""


async def rebuild(source: CampaignSource, hot: HotMemory, plan: Plan = no_plan) -> int:
    """Fills the hot memory anew and makes every campaign due at its sinks; how many campaigns the hot memory holds now.

    Forgets first and reads then: what others put meanwhile is of the graph as it is, and versions put it in order.
    Reads fall back to the graph until their campaign is back.
    """
    await hot.clear()
    return await fill(source, hot, plan)


async def fill(source: CampaignSource, hot: HotMemory, plan: Plan = no_plan) -> int:
    """Writes every campaign over older versions of it and marks Valkey as filled; how many campaigns there are."""
    server = await hot.server()
    count, after = 0, ""
    while ids := await source.campaign_ids(after):
        for some in batched(ids, AT_ONCE):
            read = await asyncio.gather(*(source.campaign(id) for id in some))
            campaigns = [campaign for campaign in read if campaign is not None]
            await asyncio.gather(*(hot.put(campaign.id, ready(campaign)) for campaign in campaigns))
            await plan(campaigns)
            count += len(campaigns)
        after = ids[-1]
    await hot.mark_filled(server)
    return count


@dataclass(frozen=True, slots=True)
class Filler:
    """Sees to it that Valkey is filled, whatever happens to it; harmless where several do."""

    source: CampaignSource
    hot: HotMemory

    async def run(self) -> None:
        """Works until it is cancelled. What is logged are names, no values."""
        while True:
            try:
                await self.step()
            except Exception as error:
                log.warning("the hot memory was not filled: %s", type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def step(self) -> bool:
        """Fills Valkey unless it is filled already; whether it had to be."""
        filled = await self.hot.filled()
        if filled is not None and filled == await self.hot.server():
            return False
        if filled is not None:  # another process, which may not have seen what was forgotten last
            await self.hot.clear(VISITOR_PREFIX)
        count = await fill(self.source, self.hot)
        log.info("the hot memory was filled anew with %d campaigns", count)
        return True
