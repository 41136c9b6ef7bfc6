"""Hot reads of campaigns: from Valkey, else from the graph. Never `active` by default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot.breaker import Breaker
from vitograph.projections.hot.doubt import Kind
from vitograph.projections.hot.line import HOT_PATIENCE, HotLine, Missing, Origin
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.ready import Ready, Remembered, ready, unknown
from vitograph.projections.hot.sharing import Shared
from vitograph.resolver.publishing.campaigns import Campaign

__all__ = ["CampaignReader", "CampaignSource", "Found", "Origin"]

# Seconds for which a reader's own copy stays: a reader may have read before a write and put after a flush.
REFILL_LASTS = 60.0
UNKNOWN_LASTS = 5.0


class CampaignSource(Protocol):
    """The graph, as far as reading campaigns goes. GraphUnavailable when it does not answer."""

    async def campaign(self, id: str) -> Campaign | None: ...

    async def campaign_ids(self, after: str) -> list[str]: ...

    async def unsettled(self, aggregate: str, within: float) -> list[str]:
        """What of an aggregate was committed more than so many seconds ago and is not carried; `MANY` of it at most."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    ready: Ready
    origin: Origin


class CampaignReader:
    """Reads campaigns, by a line to the hot memory that other readers may share."""

    def __init__(
        self, hot: HotMemory, source: CampaignSource, breaker: Breaker | None = None, patience: float = HOT_PATIENCE
    ) -> None:
        self.line = HotLine(hot, source.unsettled, breaker, patience)
        self._hot = hot
        self._source = source
        self._parsed = Remembered()
        self._asking: Shared[Ready] = Shared(self.line)
        self._pushed = 0

    def glance(self, id: str) -> Ready | None:
        """What the hot memory is known to hold of a campaign without asking it."""
        held = self.line.copy(Kind.CAMPAIGN, id)
        return None if held is None else self._parsed.of(id, held)

    async def read(self, id: str) -> Found:
        """What there is to reply about a campaign. GraphUnavailable when neither store can say."""
        if (known := self.glance(id)) is not None:
            return Found(known, Origin.REDIS)
        held = await self.line.read(Kind.CAMPAIGN, id, lambda missing: self._shared(id, missing))
        if isinstance(held, bytes):
            found = self._parsed.of(id, held)
            if found is not None:
                return Found(found, Origin.REDIS)
            held = await self._shared(id, Missing.ABSENT)
        return Found(held, Origin.GRAPH)

    async def push(self, campaign: Campaign) -> None:
        """Shows a change that was just committed, if Valkey can be had at once; the outbox sees to it in any case."""
        await self._show(campaign.id, ready(campaign))

    async def push_end(self, id: str, version: int) -> None:
        """The same of a campaign that was discarded, by the version of its end."""
        await self._show(id, unknown(version))

    async def _show(self, id: str, shown: Ready) -> None:
        self._asking.drop(id)
        self._pushed += 1
        await self.line.write(Kind.CAMPAIGN, [id], lambda: self._hot.put(id, shown))

    async def close(self) -> None:
        """Ends what is under way."""
        await self.line.close()

    async def _shared(self, id: str, missing: Missing) -> Ready:
        return await self._asking.ask(id, lambda: self._ask(id, refill=missing is Missing.ABSENT))

    async def _ask(self, id: str, *, refill: bool) -> Ready:
        began = self._era()
        campaign = await self.line.ask(lambda: self._source.campaign(id))
        answer = unknown() if campaign is None else ready(campaign)
        if refill:
            lasts = UNKNOWN_LASTS if campaign is None else REFILL_LASTS

            async def put() -> None:
                # What was read before a change may only be put where the change still is, to be told from it.
                if self._era() == began:
                    await self._hot.put(id, answer, lasts)

            self.line.start(self.line.write(Kind.CAMPAIGN, [id], put))
        return answer

    def _era(self) -> tuple[int, int]:
        """Changes with every change of this process, and whenever Valkey has lost what it held."""
        return self._pushed, self.line.era
