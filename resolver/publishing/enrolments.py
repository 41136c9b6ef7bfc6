"""Whether an enrolment counts: only while its campaign is active, to the second, and only for one that is there.

An enrolment for a campaign that is a draft, has not started or has ended is a `campaign.enrolment_refused`. Where there
is no campaign of its target, the event stays what the channel says, a fact about something that ViTo does not keep; it
is marked `premature` and counts for no campaign, also not for one that is made under that id later.

Who asks by a form to be enrolled is refused once the campaign has ended, since nothing can be confirmed any more; what
has not begun may have by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vitograph.resolver.model import ENROLLED, Observation
from vitograph.resolver.publishing.campaigns import CampaignStatus, Shown, seconds, shown

REQUESTED = "campaign.enrolment_requested"
REFUSED = "campaign.enrolment_refused"
_RECORDED = f": this is recorded as {REFUSED}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What decides whether a campaign takes enrolments at a moment."""

    status: CampaignStatus
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    def shown(self, now: dt.datetime) -> Shown:
        """What the campaign shows at a moment."""
        return shown(self.status, seconds(self.starts_at), seconds(self.ends_at), now.timestamp())


def is_to_judge(observation: Observation) -> bool:
    """Whether it is an enrolment, or asks for one, of which nobody has said yet whether it counts; a replayed one says
    it itself.
    """
    event = observation.event
    return event.type in (ENROLLED, REQUESTED) and event.target_id is not None and event.premature is None


def judge(observation: Observation, schedules: Mapping[str, Schedule], now: dt.datetime) -> Observation:
    """The observation as it is to be recorded, given the schedules of the campaigns that are there."""
    if not is_to_judge(observation):
        return observation
    event = observation.event
    schedule = schedules.get(event.target_id or "")
    word = None if schedule is None else schedule.shown(now)
    if event.type == REQUESTED and word is not Shown.ENDED:
        return observation
    if word is None:
        return replace(observation, event=replace(event, premature=True))
    if word is Shown.ACTIVE:
        return replace(observation, event=replace(event, premature=False))
    warning = f"campaign {event.target_id!r} is {word} and takes no enrolment{_RECORDED}"
    return replace(
        observation,
        event=replace(event, type=REFUSED, premature=False),
        warnings=(*observation.warnings, warning),
    )


def was_refused(warnings: Sequence[str]) -> bool:
    """Whether an answer with these warnings says that its enrolment does not count."""
    return any(warning.endswith(_RECORDED) for warning in warnings)
