"""Segment's messages as observation bodies: clocks, ids, traits, and what never merges."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitograph.ingest.lenient import parse_leniently
from vitograph.ingest.observations import LARGEST_PROPERTIES
from vitograph.ingest.segment.clocks import NETWORK, moment
from vitograph.ingest.segment.messages import (
    CALLS,
    Source,
    event_type,
    observation_bodies,
    observation_id,
)
from vitograph.ingest.segment.traits import our_traits, stated_traits, text
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Observation

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
SOURCE = Source("k-1")
UUID = "0192f3a4-5b6c-7d8e-9f00-112233445566"


def ago(**parts: float) -> str:
    return (NOW - dt.timedelta(**parts)).isoformat()


@pytest.mark.parametrize(
    ("message", "sent_at", "expected"),
    [
        ({}, None, NOW),
        ({"timestamp": ago(hours=1)}, None, NOW - dt.timedelta(hours=1)),
        ({"originalTimestamp": ago(hours=1)}, ago(seconds=2), NOW - dt.timedelta(hours=1)),
        ({"originalTimestamp": ago(hours=3)}, ago(hours=2), NOW - dt.timedelta(hours=1)),
        ({"originalTimestamp": ago(hours=3), "sentAt": ago(hours=2)}, ago(), NOW - dt.timedelta(hours=1)),
        ({"originalTimestamp": ago(hours=3), "timestamp": ago(hours=1)}, ago(hours=2), NOW - dt.timedelta(hours=1)),
        ({"originalTimestamp": ago(hours=-5)}, ago(hours=-6), NOW - dt.timedelta(hours=1)),
        ({"timestamp": ago(days=-30)}, None, NOW),
        ({"timestamp": "1969-07-20T20:17:40Z"}, None, NOW),
        ({"timestamp": "yesterday"}, "tomorrow", NOW),
        ({"timestamp": 1_764_000_000}, 7, NOW),
        ({"timestamp": "2026-11-24T10:00:00.000Z"}, None, NOW - dt.timedelta(hours=2)),
        ({"timestamp": "2026-11-24T10:00:00"}, None, NOW - dt.timedelta(hours=2)),
        ({"timestamp": "0001-01-01T00:00:00+23:59"}, None, NOW),
        ({"timestamp": "9999-01-01T00:00:00Z", "sentAt": "0001-01-02T00:00:00Z"}, None, NOW),
        ({"timestamp": "0001-01-02T00:00:00Z"}, "9999-01-01T00:00:00Z", NOW),
    ],
)
def test_a_message_happened_when_its_sender_says_unless_that_cannot_be(
    message: dict[str, Any], sent_at: object, expected: dt.datetime
) -> None:
    assert moment(message, sent_at, NOW) == expected


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=6), st.integers(0, int(NETWORK.total_seconds())))
def test_the_latency_of_requests_never_shuffles_the_events_of_a_sender(seconds: list[int], latency: int) -> None:
    happened = [moment({"timestamp": ago(seconds=n)}, ago(seconds=latency * (n % 2)), NOW) for n in sorted(seconds)]
    assert happened == sorted(happened, reverse=True)


def test_an_id_is_the_messages_own_or_made_of_it_and_its_source() -> None:
    assert observation_id(UUID.upper(), SOURCE) == UUID
    assert observation_id("ajs-next-1", SOURCE) == observation_id("ajs-next-1", SOURCE)
    assert observation_id("ajs-next-1", SOURCE) != observation_id("ajs-next-1", Source("k-2"))
    assert observation_id(None, SOURCE) != observation_id(None, SOURCE)
    for given_id in ("x" * 36, "x" * 5_000, 7, {"a": 1}, ""):
        assert uuid.UUID(observation_id(given_id, SOURCE))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Order Completed", "order_completed"), ("Logged Out", "logged_out"), ("Größe gewählt", "grosse_gewahlt"),
     ("campaign.enrolled", "campaign.enrolled"), ("!!!", "tracked"), ("x" * 500, "x" * 128), ("注文", "zhuwen")],
)  # fmt: skip
def test_a_name_of_an_event_becomes_a_type(name: str, expected: str) -> None:
    assert event_type(name) == expected


def test_traits_are_found_wherever_libraries_put_them() -> None:
    message = {
        "traits": {"firstName": "Ana", "birthday": "1990-03-02", "address": {"postalCode": 28001}},
        "context": {"traits": {"firstName": "old", "lastname": "Ruiz", "age": 7, "gender": None}},
    }
    assert our_traits(stated_traits(message)) == {
        "given_name": "Ana",
        "family_name": "Ruiz",
        "date_of_birth": "1990-03-02",
        "postal_code": "28001",
    }
    assert stated_traits({"traits": [1], "context": "x"}) == {}
    assert our_traits({"address": "12 Elm Street"}) == {"street": "12 Elm Street"}


def test_a_birthday_is_read_unless_its_day_depends_on_a_zone() -> None:
    def read(birthday: str) -> Observation:
        message = {"type": "identify", "userId": "u", "traits": {"birthday": birthday}}
        return parse_leniently(observation_bodies(message, NOW.isoformat(), SOURCE)[0], NOW, None)

    for birthday in ("1990-03-02T00:00:00.000Z", "1990-03-02", "2 March 1990"):
        assert read(birthday).traits.date_of_birth == "1990-03-02"
    in_berlin = read("1990-03-01T23:00:00.000Z")
    assert in_berlin.traits.date_of_birth is None
    assert "1990-03-01T23:00:00.000Z" in str(in_berlin.event.properties["unread"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(" u-1 ", "u-1"), (7, "7"), (2**70, str(2**70)), (123.0, "123"), (-0.0, "0"), (1.5, ""), (2.0**53, ""),
     (1e300, ""), (float("nan"), ""), (float("inf"), ""), (True, ""), (None, ""), ([1], "")],
)  # fmt: skip
def test_a_number_is_text_where_it_is_the_one_that_was_sent(value: object, expected: str) -> None:
    assert text(value) == expected


def test_the_traits_of_a_group_are_nobodys() -> None:
    company = {"name": "Initech", "email": "info@initech.com", "phone": "+14152639876", "address": {"city": "Austin"}}
    own = {"email": "ana@example.com", "firstName": "Ana"}
    message = {"type": "group", "userId": "u-1", "groupId": "g-1", "traits": company}
    [alone] = observation_bodies(message, NOW.isoformat(), SOURCE)
    assert [one["kind"] for one in alone["identifiers"]] == ["user_id"]
    assert alone["traits"] == {}
    segment = alone["event"]["properties"]["segment"]
    assert (segment["groupId"], segment["traits"]) == ("g-1", company)
    [known] = observation_bodies({**message, "context": {"traits": own}}, NOW.isoformat(), SOURCE)
    assert [one["value"] for one in known["identifiers"]] == ["u-1", "ana@example.com"]
    assert known["traits"] == {"given_name": "Ana"}


def test_more_of_a_group_than_an_event_holds_is_left_out() -> None:
    message = {"type": "group", "userId": "u-1", "groupId": "g-1", "traits": {"about": "x" * LARGEST_PROPERTIES}}
    [body] = observation_bodies(message, NOW.isoformat(), SOURCE)
    assert "traits" not in body["event"]["properties"]["segment"]


WEIRD: list[object] = [
    None,
    True,
    0,
    -1,
    2**63,
    2**70,
    1.5,
    float("nan"),
    "",
    " ",
    "null",
    "a\0b",
    "\ud800",
    "x" * 600,
    UUID,
    "a@example.com",
    [],
    [[[]]],
    {},
    {"": None},
    {"\ud800": 1},
    {"traits": {"email": "a@example.com", "phone": 7}, "sessionId": 7},
    {"email": "A@example.com", "phone": "600", "address": [], "firstName": "\0"},
]
values = st.sampled_from(WEIRD) | st.text(max_size=10)
KEYS = (
    "userId",
    "anonymousId",
    "previousId",
    "messageId",
    "event",
    "traits",
    "context",
    "properties",
    "timestamp",
    "name",
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CALLS), st.dictionaries(st.sampled_from(KEYS), values), st.booleans())
def test_whatever_a_message_holds_it_is_an_observation_or_invalid(
    call: str, message: dict[str, Any], trusted: bool
) -> None:
    source = Source("k-1", "verified" if trusted else "asserted")
    try:
        bodies = observation_bodies({**message, "type": call}, NOW.isoformat(), source)
        read = [parse_leniently(body, NOW, "ES") for body in bodies]
    except InvalidInput:
        return
    assert len({one.id for one in read}) == len(read)
    assert all(carried.assurance.label != "verified" for one in read for carried in one.carried) or trusted


def test_an_asserted_account_is_seen_alone_before_a_mailbox_could_anchor_it() -> None:
    message = {"type": "identify", "userId": "u-2", "messageId": UUID, "traits": {"email": "a@example.com"}}
    alone, whole = observation_bodies(message, NOW.isoformat(), Source("k-1", "asserted"))
    assert [one["kind"] for one in alone["identifiers"]] == ["user_id"]
    assert (whole["id"], alone["id"]) == (UUID, observation_bodies(message, "", Source("k-1", "asserted"))[0]["id"])
    [verified] = observation_bodies(message, NOW.isoformat(), SOURCE)
    assert verified["identifiers"][0]["assurance"] == "verified"
