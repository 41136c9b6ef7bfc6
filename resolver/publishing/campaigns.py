"""A campaign: its states, what may be written about it, and what it shows at a moment.

States go one way, draft → active → ended. The schedule is not a state: an active campaign shows as scheduled before it
starts and as ended after it ends, worked out at each read, so nothing has to run on the second for a page to go dark.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vitograph.resolver.errors import Fault, InvalidInput, WrongState
from vitograph.resolver.publishing.layout import RULE, layout_key, walk
from vitograph.resolver.storable import escaped, why_unstorable

MOST_TEXT = 1_000
MOST_ARTIFACTS = 100
MOST_VALUES = 2_000
MOST_DEPTH = 24

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_FIELDS = ("name", "starts_at", "ends_at", "closing")


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


class Shown(StrEnum):
    """What the public sees. Anything but `active` makes a page dark."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    UNKNOWN = "unknown"


class ArtifactKind(StrEnum):
    COPY = "copy"
    IMAGE = "image"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class CampaignBody:
    """What its department says about a campaign. `closing` is shown once it is over."""

    name: str
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    closing: str | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A piece of meaning that a campaign offers."""

    key: str
    kind: ArtifactKind
    content: Mapping[str, Any]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as the graph holds it. Its version grows with every write to it or to its artifacts."""

    id: str
    status: CampaignStatus
    department: str
    version: int
    body: CampaignBody
    artifacts: tuple[Artifact, ...] = field(default=())

    def shown(self, now: dt.datetime) -> Shown:
        """What it shows at a moment."""
        return shown(self.status, seconds(self.body.starts_at), seconds(self.body.ends_at), now.timestamp())


def shown(status: CampaignStatus, starts_at: float | None, ends_at: float | None, now: float) -> Shown:
    """What a campaign shows at a moment: from `starts_at` on, up to `ends_at` and not longer. Seconds of the epoch."""
    if status is not CampaignStatus.ACTIVE:
        return Shown(status.value)
    if ends_at is not None and now >= ends_at:
        return Shown.ENDED
    if starts_at is not None and now < starts_at:
        return Shown.SCHEDULED
    return Shown.ACTIVE


def activated(campaign: Campaign, now: dt.datetime) -> CampaignStatus:
    """The status after activation, the same for one that is active. WrongState when its time is over."""
    if campaign.status is CampaignStatus.ENDED:
        raise WrongState(f"campaign {campaign.id!r} has ended and stays so")
    if campaign.body.ends_at is not None and campaign.body.ends_at <= now:
        raise WrongState(f"campaign {campaign.id!r} was to end at {campaign.body.ends_at.isoformat()}, which is past")
    return CampaignStatus.ACTIVE


def ended(campaign: Campaign) -> CampaignStatus:
    """The status after the end, the same for one that has ended. WrongState for one that never was active."""
    if campaign.status is CampaignStatus.DRAFT:
        raise WrongState(f"campaign {campaign.id!r} is a draft; only an active campaign can be ended")
    return CampaignStatus.ENDED


def check_open(campaign: Campaign) -> None:
    """WrongState when nothing may be changed about it any more."""
    if campaign.status is CampaignStatus.ENDED:
        raise WrongState(f"campaign {campaign.id!r} has ended; what it said stays as it was")


def check_draft(campaign: Campaign) -> None:
    """WrongState when it has been active."""
    if campaign.status is not CampaignStatus.DRAFT:
        raise WrongState(f"campaign {campaign.id!r} is {campaign.status}; only a draft can be discarded")


def is_id(id: str) -> bool:
    """Whether this can be the id of a campaign or the key of an artifact."""
    return _ID.fullmatch(id) is not None


def check_id(id: str, pointer: str = "/id") -> None:
    """InvalidInput when this cannot be the id of a campaign or the key of an artifact."""
    if not is_id(id):
        raise InvalidInput(
            [Fault(pointer, "must be 1 to 64 of a-z, 0-9, '-' and '_', and start with a letter or digit")]
        )


def read_body(raw: Mapping[str, Any]) -> CampaignBody:
    """The body of a campaign as it was sent. InvalidInput naming everything that is wrong with it."""
    check_meaning(raw)
    faults = find_strangers(raw, _FIELDS)
    name = _text(raw, "name", faults)
    if not (name or "").strip() and not faults:
        faults.append(Fault("/name", "must not be empty"))
    closing = _text(raw, "closing", faults)
    starts_at, ends_at = _moment(raw, "starts_at", faults), _moment(raw, "ends_at", faults)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        faults.append(Fault("/ends_at", "must be after starts_at"))
    if faults:
        raise InvalidInput(sorted(faults, key=lambda fault: fault.pointer))
    return CampaignBody((name or "").strip(), starts_at, ends_at, closing)


def find_strangers(raw: Mapping[str, Any], fields: tuple[str, ...]) -> list[Fault]:
    """Faults for what is none of the fields that there are."""
    return [
        Fault(f"/{escaped(name)}", f"is none of the fields {', '.join(fields)}") for name in raw if name not in fields
    ]


def check_meaning(raw: Mapping[str, Any]) -> None:
    """InvalidInput for a layout key, or for what no store takes."""
    for count, (pointer, name, value) in enumerate(walk(raw)):
        if count > MOST_VALUES or pointer.count("/") > MOST_DEPTH:
            raise InvalidInput(
                [Fault(pointer, f"is beyond {MOST_VALUES} values or {MOST_DEPTH} levels; keep what is large elsewhere")]
            )
        if (reason := why_unstorable(name) or why_unstorable(value)) is not None:
            raise InvalidInput([Fault(pointer, reason)])
    if (found := layout_key(raw)) is not None:
        raise InvalidInput([Fault(found, f"{found.rpartition('/')[2]!r} is a layout key; {RULE}")])


def _text(raw: Mapping[str, Any], name: str, faults: list[Fault]) -> str | None:
    value = raw.get(name)
    if value is None and name != "name":
        return None
    if not isinstance(value, str):
        faults.append(Fault(f"/{name}", "must be a string"))
        return None
    if len(value) > MOST_TEXT:
        faults.append(Fault(f"/{name}", f"must not be longer than {MOST_TEXT} characters"))
    return value


def _moment(raw: Mapping[str, Any], name: str, faults: list[Fault]) -> dt.datetime | None:
    value = raw.get(name)
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    faults.append(Fault(f"/{name}", "must be a date and time with its offset, e.g. 2026-12-01T09:00:00+01:00"))
    return None


def seconds(moment: dt.datetime | None) -> float | None:
    """A moment in seconds since 1970."""
    return None if moment is None else moment.timestamp()
