"""Which campaigns go to a sink, what is wanted of them there, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.publishing.campaigns import Campaign, CampaignBody, CampaignStatus, Shown
from vitograph.resolver.publishing.sinks import Sink, SinkKind, Wish, hot_ended_at, next_change, read_sink, wish

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def campaign(status: CampaignStatus = CampaignStatus.ACTIVE, **body: Any) -> Campaign:
    return Campaign("summer", status, "north", 3, CampaignBody("Summer", **body))


def sink(kind: SinkKind = SinkKind.CMS, **scope: Any) -> Sink:
    return Sink("site", "static-site", kind, {}, **(scope or {"departments": ("north",)}))


@pytest.mark.parametrize(
    ("scope", "takes"),
    [
        ({"departments": ("north",)}, True),
        ({"departments": ("south",)}, False),
        ({"departments": ("*",)}, True),
        ({"campaigns": ("summer",)}, True),
        ({"campaigns": ("winter",)}, False),
        ({"departments": ("south",), "campaigns": ("summer",)}, True),
        ({"departments": ("*",), "leaving": True}, False),
    ],
)
def test_a_sink_takes_what_its_lists_name(scope: dict[str, Any], takes: bool) -> None:
    assert sink(**scope).takes(campaign()) is takes


@pytest.mark.parametrize("shown", Shown)
@pytest.mark.parametrize("status", CampaignStatus)
@pytest.mark.parametrize("kind", SinkKind)
def test_a_cms_shows_what_is_active_only(kind: SinkKind, status: CampaignStatus, shown: Shown) -> None:
    found = wish(sink(kind), campaign(status), shown)
    if status is CampaignStatus.DRAFT:
        assert found is Wish.REMOVE
    elif kind is SinkKind.CMS:
        assert (found is Wish.PLACE) is (shown is Shown.ACTIVE)
    else:
        assert found is Wish.PLACE
    assert wish(sink(kind), None, shown) is Wish.REMOVE
    assert wish(sink(kind, departments=("south",)), campaign(status), shown) is Wish.REMOVE


moments = st.none() | st.timedeltas(-dt.timedelta(days=9), dt.timedelta(days=9)).map(lambda wait: NOW + wait)


@given(moments, moments, st.sampled_from(CampaignStatus))
def test_what_is_shown_changes_at_the_next_change_and_not_before(
    starts_at: dt.datetime | None, ends_at: dt.datetime | None, status: CampaignStatus
) -> None:
    held = campaign(status, starts_at=starts_at, ends_at=ends_at)
    wait = next_change(held, NOW.timestamp())
    end = dt.timedelta(days=30) if wait is None else dt.timedelta(seconds=wait)
    for part in (0.25, 0.5, 0.999):
        assert held.shown(NOW + end * part) is held.shown(NOW)
    if wait is None:
        assert held.shown(NOW + end) is held.shown(NOW)
    else:
        assert wait > 0


@given(moments, st.sampled_from(CampaignStatus))
def test_the_hot_memory_says_ended_from_the_moment_that_is_noted(
    ends_at: dt.datetime | None, status: CampaignStatus
) -> None:
    held = campaign(status, ends_at=ends_at)
    at = hot_ended_at(held, NOW.timestamp())
    if at is None:
        assert status is CampaignStatus.DRAFT or (status is CampaignStatus.ACTIVE and ends_at is None)
    else:
        assert held.shown(dt.datetime.fromtimestamp(at, dt.UTC) + dt.timedelta(milliseconds=1)) is Shown.ENDED


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["adapter", "settings", "secret", "departments", "campaigns", "x"]), json))
def test_whatever_is_sent_is_read_or_refused_without_its_secret(raw: dict[str, Any]) -> None:
    raw["secret"] = "hush-hush"
    said = ""
    try:
        body = read_sink("site", raw)
        said = repr(body)
        assert body.departments or body.campaigns
    except InvalidInput as refused:
        said = str(refused)
    assert "hush-hush" not in said
