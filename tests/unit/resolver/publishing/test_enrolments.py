"""An enrolment counts while its campaign is active, to the second; nothing else makes it count."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import NOON, observed
from vitograph.resolver.model import ENROLLED
from vitograph.resolver.publishing.campaigns import CampaignStatus, Shown
from vitograph.resolver.publishing.enrolments import REFUSED, REQUESTED, Schedule, judge, was_refused

moments = st.none() | st.integers(-5, 5).map(lambda seconds: NOON + dt.timedelta(seconds=seconds))
schedules = st.builds(Schedule, st.sampled_from(CampaignStatus), moments, moments)


def enrolment(target: str | None = "summer") -> object:
    return observed("email:a@example.com!", event=ENROLLED, target=target)


@settings(deadline=None)
@given(schedules)
def test_an_enrolment_is_recorded_as_one_only_while_its_campaign_is_active(schedule: Schedule) -> None:
    recorded = judge(enrolment(), {"summer": schedule}, NOON)  # type: ignore[arg-type]
    is_active = (
        schedule.status is CampaignStatus.ACTIVE
        and (schedule.starts_at is None or schedule.starts_at <= NOON)
        and (schedule.ends_at is None or schedule.ends_at > NOON)
    )
    assert recorded.event.type == (ENROLLED if is_active else REFUSED)
    assert recorded.event.premature is False
    assert len(recorded.warnings) == (0 if is_active else 1)


@settings(deadline=None)
@given(schedules)
def test_a_form_is_refused_once_its_campaign_has_ended_and_only_then(schedule: Schedule) -> None:
    form = observed("email:a@example.com", event=REQUESTED, target="summer")
    recorded = judge(form, {"summer": schedule}, NOON)
    if schedule.shown(NOON) is Shown.ENDED:
        assert (recorded.event.type, recorded.event.premature, was_refused(recorded.warnings)) == (REFUSED, False, True)
    else:
        assert recorded is form
    assert judge(form, {}, NOON) is form


@settings(deadline=None)
@given(schedules)
def test_only_enrolments_are_judged_and_each_once(schedule: Schedule) -> None:
    for other in (observed("email:a@example.com!", target="summer"), enrolment(None)):
        assert judge(other, {"summer": schedule}, NOON) is other  # type: ignore[arg-type]
    once = judge(enrolment(), {"summer": schedule}, NOON)  # type: ignore[arg-type]
    assert judge(once, {}, NOON) is once, "a replayed one says itself what became of it"


def test_an_enrolment_of_what_is_no_campaign_stays_what_it_is_and_counts_for_none() -> None:
    recorded = judge(enrolment(), {"winter": Schedule(CampaignStatus.ACTIVE)}, NOON)  # type: ignore[arg-type]
    assert (recorded.event.type, recorded.event.premature, recorded.warnings) == (ENROLLED, True, ())
