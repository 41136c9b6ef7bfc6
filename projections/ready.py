"""What the hot memory holds of a campaign: the replies to a read as ready bytes, and what decides between them.

    <version> <status> <starts_at> <ends_at>
    <the reply once it is over>
    <the reply while it is active>

The schedule is in the head, so each read obeys it to the second and nothing has to be written when the time comes.
Version 0 says that the graph knew no such campaign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.resolver.campaigns import Campaign, CampaignStatus, Shown, shown

REPLIES = {word: orjson.dumps({"status": word.value}) for word in Shown}


@dataclass(frozen=True, slots=True)
class Ready:
    """The replies of one version of a campaign. Times are seconds of the epoch."""

    version: int
    status: CampaignStatus | None
    starts_at: float | None = None
    ends_at: float | None = None
    over: bytes = b""
    live: bytes = b""

    def shown(self, now: float) -> Shown:
        """What the campaign shows at a moment."""
        if self.status is None:
            return Shown.UNKNOWN
        return shown(self.status, self.starts_at, self.ends_at, now)

    def state(self, now: float) -> bytes:
        """The reply that says nothing but the status."""
        return REPLIES[self.shown(now)]

    def reply(self, now: float) -> bytes:
        """The reply with everything a page shows; no content but while the campaign is active."""
        match word := self.shown(now):
            case Shown.ACTIVE:
                return self.live
            case Shown.ENDED:
                return self.over
            case _:
                return REPLIES[word]

    def to_bytes(self) -> bytes:
        """As it is stored. JSON as it is written here has no line break outside its strings, nor raw in them."""
        times = " ".join("-" if moment is None else repr(moment) for moment in (self.starts_at, self.ends_at))
        head = f"{self.version} {self.status.value if self.status else '-'} {times}"
        return b"\n".join((head.encode(), self.over, self.live))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Ready | None:
        """The reverse of `to_bytes`; None for what is not ours."""
        try:
            head, over, live = stored.split(b"\n")
            version, status, starts_at, ends_at = head.decode().split(" ")
            return cls(
                int(version),
                None if status == "-" else CampaignStatus(status),
                None if starts_at == "-" else float(starts_at),
                None if ends_at == "-" else float(ends_at),
                over,
                live,
            )
        except ValueError:
            return None


def unknown(version: int = 0) -> Ready:
    """What stands for a campaign that is not there."""
    return Ready(version, None)


def ready(campaign: Campaign) -> Ready:
    """A campaign as the hot memory holds it. Its department is nobody's business outside."""
    body = campaign.body
    over: dict[str, Any] = {"status": Shown.ENDED.value}
    if body.closing is not None:
        over["closing"] = body.closing
    live = {
        "id": campaign.id,
        "status": Shown.ACTIVE.value,
        "name": body.name,
        "version": campaign.version,
        "starts_at": body.starts_at,
        "ends_at": body.ends_at,
        "artifacts": {
            artifact.key: {"kind": artifact.kind.value, "content": artifact.content} for artifact in campaign.artifacts
        },
    }
    return Ready(
        campaign.version,
        campaign.status,
        None if body.starts_at is None else body.starts_at.timestamp(),
        None if body.ends_at is None else body.ends_at.timestamp(),
        orjson.dumps(over),
        orjson.dumps(live, option=orjson.OPT_UTC_Z),
    )
