"""What stands at the edge of a campaign, and in which order it is written.

    campaign:<id>:status   {"version", "status", "starts_at", "ends_at", "until"}
    campaign:<id>:reply    {"version", "live", "over"}

Times are seconds of the epoch or null. A reader shows `live` while `status` is `active`, `starts_at ≤ now < ends_at`,
`now < until` and the reply is of the same version; anything else is dark. What says `active` expires: when ViTo stops
refreshing it, the edge goes dark by itself. What says `ended` stays, so that a late write of something older is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from vitograph.projections.edge.store import EdgeStore
from vitograph.projections.hot.ready import ready
from vitograph.resolver.publishing.campaigns import Campaign, CampaignStatus, Shown
from vitograph.resolver.publishing.sinks import SinkState, next_change

# An active campaign is written anew this often within its time, so that one failure does not make it dark.
REFRESHES = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """How a campaign stands at a sink now, and in how many seconds it has to be looked at again."""

    state: SinkState
    again: float | None = None


def status_key(id: str) -> str:
    """Where the status of a campaign is."""
    return f"campaign:{id}:status"


def reply_key(id: str) -> str:
    """Where what a page shows of a campaign is."""
    return f"campaign:{id}:reply"


@dataclass(frozen=True, slots=True)
class EdgePlace:
    """Campaigns in an edge store. `lasts`: seconds for which `active` is believed."""

    store: EdgeStore
    lasts: int

    async def place(self, campaign: Campaign, shown: Shown, now: float) -> Placed:
        """The edge says of a campaign what the graph says."""
        active = campaign.status is CampaignStatus.ACTIVE and shown is not Shown.ENDED
        lasts = self.lasts if active else None
        status = self._status(campaign, shown, now + self.lasts if active else None)
        pair = [(status_key(campaign.id), status), (reply_key(campaign.id), _reply(campaign, active))]
        # Lit last, dark first: between the two writes nobody sees an offer that is not on.
        for key, value in reversed(pair) if active else pair:
            await self.store.put(key, orjson.dumps(value), campaign.version, lasts)
        waits = [wait for wait in (next_change(campaign, now), self.lasts / REFRESHES if active else None) if wait]
        return Placed(SinkState.LIVE if shown is Shown.ACTIVE else SinkState.GONE, min(waits, default=None))

    async def remove(self, id: str) -> None:
        """The edge knows nothing of a campaign."""
        for key in (status_key(id), reply_key(id)):
            await self.store.delete(key)

    async def close(self) -> None:
        """Ends the connections of the store."""
        await self.store.close()

    def _status(self, campaign: Campaign, shown: Shown, until: float | None) -> dict[str, object]:
        body = campaign.body
        return {
            "version": campaign.version,
            "status": Shown.ENDED.value if shown is Shown.ENDED else campaign.status.value,
            "starts_at": None if body.starts_at is None else body.starts_at.timestamp(),
            "ends_at": None if body.ends_at is None else body.ends_at.timestamp(),
            "until": until,
        }


def _reply(campaign: Campaign, active: bool) -> dict[str, object]:
    """What a page shows; of a campaign that is over, only its last words."""
    replies = ready(campaign)
    live = orjson.loads(replies.live) if active else None
    return {"version": campaign.version, "live": live, "over": orjson.loads(replies.over)}
