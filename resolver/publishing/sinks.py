"""A sink: a place outside that campaigns are written to, what is said about it, and which campaigns go there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.publishing.campaigns import Campaign, CampaignStatus, Shown, check_id
from vitograph.resolver.storable import why_unstorable

EVERY_DEPARTMENT = "*"
MOST_NAMED = 1_000
MOST_SETTINGS = 8_192  # bytes of JSON
MOST_SECRET = 4_096

_FIELDS = ("adapter", "settings", "secret", "departments", "campaigns")
_ADAPTER = re.compile(r"[a-z][a-z0-9-]{0,63}")


class SinkKind(StrEnum):
    EDGE = "edge"
    CMS = "cms"


class SinkState(StrEnum):
    """How a campaign stands at a sink. `publishing` and `removing` were begun and not confirmed yet."""

    WAITING = "waiting"
    PUBLISHING = "publishing"
    LIVE = "live"
    REMOVING = "removing"
    GONE = "gone"


class Wish(StrEnum):
    """What is wanted of a campaign at a sink."""

    PLACE = "place"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Sink:
    """A sink as it was set up. `sealed`: its secret, which only the processes that write to it can open.

    A campaign goes there when its id is in `campaigns` or its department in `departments` (`*`: any).
    """

    id: str
    adapter: str
    kind: SinkKind
    settings: Mapping[str, Any]
    departments: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    version: int = 1
    leaving: bool = False
    sealed: str | None = field(default=None, repr=False)

    def takes(self, campaign: Campaign) -> bool:
        """Whether a campaign goes to this sink."""
        if self.leaving:
            return False
        named = campaign.department in self.departments or EVERY_DEPARTMENT in self.departments
        return named or campaign.id in self.campaigns


@dataclass(frozen=True, slots=True)
class SinkBody:
    """What was sent about a sink. `secret`: None keeps the one that is held."""

    adapter: str
    settings: Mapping[str, Any]
    departments: tuple[str, ...]
    campaigns: tuple[str, ...]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One campaign at one sink, taken by one worker. `version`: what is wanted; `lease` names the taking."""

    id: str
    campaign_id: str
    version: int
    state: SinkState
    attempts: int
    lease: str


def wish(sink: Sink, campaign: Campaign | None, shown: Shown) -> Wish:
    """What is wanted there: a CMS shows what is active; an edge holds all but drafts, for its reader knows the time."""
    if campaign is None or not sink.takes(campaign) or campaign.status is CampaignStatus.DRAFT:
        return Wish.REMOVE
    if sink.kind is SinkKind.EDGE or shown is Shown.ACTIVE:
        return Wish.PLACE
    return Wish.REMOVE


def next_change(campaign: Campaign, now: float) -> float | None:
    """Seconds until the schedule changes what an active campaign shows; None when it does not."""
    if campaign.status is not CampaignStatus.ACTIVE:
        return None
    moments = (campaign.body.starts_at, campaign.body.ends_at)
    waits = [moment.timestamp() - now for moment in moments if moment is not None and moment.timestamp() > now]
    return min(waits, default=None)


def hot_ended_at(campaign: Campaign, now: float) -> float | None:
    """Since when, or from when, a hot memory that holds this campaign says `ended`: seconds of the epoch."""
    if campaign.status is CampaignStatus.ENDED:
        return now
    ends_at = campaign.body.ends_at
    return ends_at.timestamp() if campaign.status is CampaignStatus.ACTIVE and ends_at is not None else None


def read_sink(id: str, raw: Mapping[str, Any]) -> SinkBody:
    """A sink as it was sent. InvalidInput naming everything that is wrong with it; no text says a secret."""
    check_id(id)
    faults = [Fault("", f"takes none but the fields {', '.join(_FIELDS)}")] if set(raw) - set(_FIELDS) else []
    adapter, settings, secret = raw.get("adapter"), raw.get("settings", {}), raw.get("secret")
    if not isinstance(adapter, str) or _ADAPTER.fullmatch(adapter) is None:
        faults.append(Fault("/adapter", "must be the name of an adapter"))
    if not isinstance(settings, Mapping) or len(json.dumps(settings)) > MOST_SETTINGS:
        faults.append(Fault("/settings", f"must be an object of at most {MOST_SETTINGS} bytes"))
    if secret is not None and (not isinstance(secret, str) or not 0 < len(secret) <= MOST_SECRET):
        faults.append(Fault("/secret", f"must be a string of 1 to {MOST_SECRET} characters"))
    departments, campaigns = _names(raw, "departments", faults), _names(raw, "campaigns", faults)
    if not faults and not departments and not campaigns:
        faults.append(Fault("", "name departments or campaigns that go to this sink; ['*'] is every department"))
    if faults:
        raise InvalidInput(faults)
    return SinkBody(str(adapter), dict(settings), departments, campaigns, secret)


def _names(raw: Mapping[str, Any], field: str, faults: list[Fault]) -> tuple[str, ...]:
    value = raw.get(field, [])
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_NAMED:
        faults.append(Fault(f"/{field}", f"must be a list of at most {MOST_NAMED} names"))
        return ()
    wrong = [
        Fault(f"/{field}/{number}", "must be a name of 1 to 128 characters")
        for number, name in enumerate(value)
        if not isinstance(name, str) or not 0 < len(name) <= 128 or why_unstorable(name) is not None
    ]
    faults.extend(wrong)
    return () if wrong else tuple(sorted(set(value)))
