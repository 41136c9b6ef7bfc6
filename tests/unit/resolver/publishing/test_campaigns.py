"""What may be written about a campaign, and what it shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.errors import InvalidInput, WrongState
from vitograph.resolver.publishing.artifacts import read_artifact
from vitograph.resolver.publishing.campaigns import (
    Campaign,
    CampaignBody,
    CampaignStatus,
    Shown,
    activated,
    check_open,
    ended,
    read_body,
    shown,
)
from vitograph.resolver.publishing.layout import LAYOUT_KEYS, LAYOUT_WORDS, is_layout_key, layout_key
from vitograph.resolver.storable import escaped

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)

MEANING = [
    "headline",
    "alt",
    "asset",
    "price",
    "class",
    "color",
    "size",
    "rows",
    "discount_percent",
    "paid",
    "a/b~c",
    "",
]
texts = st.sampled_from(["buy", "layout", "css: none", "template", "<b style='x'>"]) | st.text(max_size=8)
documents = st.recursive(
    texts | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEANING), inner, max_size=3),
    max_leaves=12,
)
layout_keys = st.sampled_from(
    [
        *sorted(LAYOUT_KEYS | LAYOUT_WORDS),
        "layout_id",
        "color_scheme",
        "colorScheme",
        "COLOR-SCHEME",
        "heroLayout",
        "customCSS",
        "z_index",
        "className",
    ]
)
# How to get to the place where the key is put: a key of an object, or a list.
paths = st.lists(st.sampled_from(MEANING) | st.just(0), max_size=6)


def campaign(status: CampaignStatus = CampaignStatus.DRAFT, **body: Any) -> Campaign:
    return Campaign("summer", status, "north", 1, CampaignBody("Summer", **body))


@given(documents)
def test_copy_may_say_anything(document: object) -> None:
    assert layout_key(document) is None


@given(documents, layout_keys, paths, documents)
def test_a_layout_key_is_found_at_any_depth(inner: object, key: str, path: list[str | int], beside: object) -> None:
    content: Any = {"alt": beside, key: inner}
    pointer = f"/{escaped(key)}"
    for step in path:
        content = [content] if step == 0 else {step: content}
        pointer = f"/{escaped(str(step))}{pointer}"
    assert layout_key(content) == pointer


def test_depth_exhausts_nothing() -> None:
    content: Any = {"css": 1}
    for _ in range(3_000):
        content = [content]
    assert layout_key(content) == "/0" * 3_000 + "/css"


@pytest.mark.parametrize("key", ["style", "Style", "ＣＳＳ", "html", "bodyHTML", "template_id", "width", "theme-id"])
def test_layout_is_recognised_however_it_is_written(key: str) -> None:
    assert is_layout_key(key)


@pytest.mark.parametrize(
    "key", ["lifestyle", "travel_class", "color", "positioning", "paid", "themed_offer", "width_of_choice"]
)
def test_meaning_is_let_through(key: str) -> None:
    assert not is_layout_key(key)


def test_a_refusal_names_the_rule_and_the_place() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_artifact("hero", {"kind": "copy", "content": {"blocks": [{"layout_id": 3}]}})
    (fault,) = refused.value.faults
    assert fault.pointer == "/content/blocks/0/layout_id"
    assert "I10" in fault.detail


@pytest.mark.parametrize("raw", [{"name": "Summer", "css": "x"}, {"name": "Summer", "closing": {"template": 1}}])
def test_a_campaign_holds_no_layout_either(raw: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="I10"):
        read_body(raw)


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({}, "/name"),
        ({"name": "  "}, "/name"),
        ({"name": 3}, "/name"),
        ({"name": "x" * 1001}, "/name"),
        ({"name": "Summer", "color": "red"}, "/color"),
        ({"name": "Summer", "starts_at": "2026-11-24T12:00:00"}, "/starts_at"),
        ({"name": "Summer", "starts_at": "0001-01-01T00:00:00+14:00"}, "/starts_at"),
        ({"name": "Summer", "ends_at": 5}, "/ends_at"),
        ({"name": "Summer", "starts_at": "2026-11-24T12:00:00Z", "ends_at": "2026-11-24T12:00:00Z"}, "/ends_at"),
        ({"name": "Sum\0mer"}, "/name"),
        ({"name": "Sum\ud800mer"}, "/name"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_with_the_place(raw: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_body(raw)
    assert pointer in [fault.pointer for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("key", "raw", "pointer"),
    [
        ("hero", {"kind": "video", "content": {}}, "/kind"),
        ("hero", {"kind": "copy", "content": "text"}, "/content"),
        ("hero", {"kind": "copy", "content": {}, "version": 1}, "/version"),
        ("hero", {"kind": "copy", "content": {"count": 2**63}}, "/content/count"),
        ("hero", {"kind": "copy", "content": {"n": float("nan")}}, "/content/n"),
        ("hero", {"kind": "copy", "content": {"a\0": 1}}, "/content/a\\u0000"),
        ("Hero!", {"kind": "copy", "content": {}}, "/key"),
        ("layout", {"kind": "copy", "content": {}}, "/key"),
    ],
)
def test_an_artifact_that_cannot_be_is_refused_with_the_place(key: str, raw: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_artifact(key, raw)
    assert pointer in [fault.pointer for fault in refused.value.faults]


def test_times_are_read_with_their_offset() -> None:
    body = read_body({"name": " Summer ", "starts_at": "2026-11-24T13:00:00+01:00", "ends_at": None})
    assert body == CampaignBody("Summer", NOON)


def test_states_go_one_way() -> None:
    assert activated(campaign(), NOON) is CampaignStatus.ACTIVE
    assert activated(campaign(CampaignStatus.ACTIVE), NOON) is CampaignStatus.ACTIVE
    assert ended(campaign(CampaignStatus.ACTIVE)) is ended(campaign(CampaignStatus.ENDED)) is CampaignStatus.ENDED
    with pytest.raises(WrongState):
        ended(campaign())
    with pytest.raises(WrongState):
        activated(campaign(CampaignStatus.ENDED), NOON)
    with pytest.raises(WrongState):
        check_open(campaign(CampaignStatus.ENDED))
    with pytest.raises(WrongState, match="past"):
        activated(campaign(ends_at=NOON), NOON)


def test_the_schedule_is_obeyed_to_the_second() -> None:
    active = campaign(CampaignStatus.ACTIVE, starts_at=NOON, ends_at=NOON + dt.timedelta(seconds=2))
    says = [active.shown(NOON + dt.timedelta(seconds=seconds)) for seconds in (-0.001, 0, 1.999, 2, 3)]
    assert says == [Shown.SCHEDULED, Shown.ACTIVE, Shown.ACTIVE, Shown.ENDED, Shown.ENDED]


@given(
    st.sampled_from(CampaignStatus),
    st.none() | st.floats(0, 100),
    st.none() | st.floats(0, 100),
    st.floats(0, 100),
)
def test_only_an_active_campaign_in_its_time_shows_as_active(
    status: CampaignStatus, starts_at: float | None, ends_at: float | None, now: float
) -> None:
    is_on = (starts_at is None or starts_at <= now) and (ends_at is None or now < ends_at)
    expected = status is CampaignStatus.ACTIVE and is_on
    assert (shown(status, starts_at, ends_at, now) is Shown.ACTIVE) == expected
