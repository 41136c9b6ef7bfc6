"""Every body becomes an observation, or is refused with a pointer to each thing that is wrong with it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from vitograph.ingest.observations import parse
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Assurance, IdentifierKind, Observation

NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)


def body(**changes: Any) -> dict[str, Any]:
    """A good body with some fields replaced; `...` takes a field away."""
    good: dict[str, Any] = {
        "id": "0192-a",
        "channel": "web_form",
        "occurred_at": "2026-11-24T10:00:00Z",
        "identifiers": [
            {"kind": "email", "value": "Maria@Example.com", "assurance": "verified"},
            {"kind": "cookie", "value": "c-81f", "assurance": "observed"},
        ],
        "traits": {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"},
        "event": {"type": "campaign.enrolled", "target_id": "summer-offer", "properties": {"plan": "gold"}},
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def read(sent: object, region: str | None = None) -> Observation:
    return parse(sent, received_at=NOW, default_region=region)


def pointers(sent: object, region: str | None = None) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read(sent, region)
    assert all(fault.detail for fault in refused.value.faults)
    orjson.dumps([[fault.pointer, fault.detail] for fault in refused.value.faults])
    return [fault.pointer for fault in refused.value.faults]


def test_the_body_of_the_contract_is_read() -> None:
    observation = read(body())
    assert observation.id == "0192-a"
    assert observation.occurred_at == dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
    assert [(c.identifier.key, c.assurance) for c in observation.carried] == [
        ("email:maria@example.com", Assurance.VERIFIED),
        ("cookie:c-81f", Assurance.OBSERVED),
    ]
    assert observation.traits.given_name == "maria"
    assert observation.traits.date_of_birth == "1990-03-02"
    assert observation.stated == {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}
    assert (observation.event.type, observation.event.target_id) == ("campaign.enrolled", "summer-offer")
    assert observation.event.properties == {"plan": "gold"}
    assert observation.warnings == ()


def test_what_may_be_left_out_is_made() -> None:
    sent = {"channel": "chat", "identifiers": [{"kind": "session", "value": "s1"}, {"kind": "user_id", "value": "u1"}]}
    observation = read(sent)
    assert len(observation.id) == 36
    assert observation.id != read(sent).id
    assert observation.occurred_at == NOW
    assert (observation.event.type, observation.event.target_id) == ("person.identified", None)
    assert [c.assurance for c in observation.carried] == [Assurance.OBSERVED, Assurance.ASSERTED]


def test_the_hash_is_of_the_body_whatever_the_order_of_its_keys() -> None:
    sent = body()
    turned = dict(reversed(sent.items()))
    assert read(sent).body_hash == read(turned).body_hash
    assert read(sent).body_hash != read(body(channel="chat")).body_hash


def test_an_identifier_sent_twice_counts_once_with_its_best_assurance() -> None:
    twice = [
        {"kind": "email", "value": "m@example.com", "assurance": "observed"},
        {"kind": "email", "value": "M@EXAMPLE.com", "assurance": "verified"},
        {"kind": "email", "value": " m@example.com", "assurance": "asserted"},
    ]
    (only,) = read(body(identifiers=twice)).carried
    assert only.assurance is Assurance.VERIFIED


def test_a_phone_is_read_in_the_stated_region_before_the_default_one() -> None:
    stated = [{"kind": "phone", "value": "020 7946 0958", "region": "gb"}]
    assert read(body(identifiers=stated), "US").carried[0].identifier.value == "+442079460958"
    default = [{"kind": "phone", "value": "(415) 555-0132"}]
    assert read(body(identifiers=default), "US").carried[0].identifier.value == "+14155550132"
    assert pointers(body(identifiers=default)) == ["/identifiers/0/value"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "null"), ("email", "noreply@shop.com"), ("phone", "0000000000"), ("phone", "unknown"), ("cookie", "-"),
     ("user_id", "guest"), ("session", "[object Object]"), ("phone", "+10000000000")],
)  # fmt: skip
def test_a_placeholder_is_dropped_with_a_warning_that_does_not_repeat_it(kind: str, value: str) -> None:
    good = {"kind": "email", "value": "maria@example.com"}
    observation = read(body(identifiers=[good, {"kind": kind, "value": value}]))
    assert [c.identifier.kind for c in observation.carried] == [IdentifierKind.EMAIL]
    (warning,) = observation.warnings
    assert warning.startswith(f"/identifiers/1: this {kind} is a placeholder")
    assert value == "-" or value not in warning


def test_a_body_of_placeholders_alone_is_refused() -> None:
    sent = body(identifiers=[{"kind": "cookie", "value": "null"}, {"kind": "email", "value": "none@none.com"}])
    assert pointers(sent) == ["/identifiers"]


def test_a_placeholder_trait_is_dropped_with_a_warning() -> None:
    observation = read(body(traits={"given_name": "Maria", "city": "N/A", "date_of_birth": "1900-01-01", "street": ""}))
    assert observation.stated == {"given_name": "Maria"}
    assert [warning.partition(":")[0] for warning in observation.warnings] == ["/traits/date_of_birth", "/traits/city"]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-24T10:00:00+05:30", "2026-11-24T04:30:00+00:00"),
        ("2026-11-24t10:00:00.123456789z", "2026-11-24T10:00:00.123456+00:00"),
        ("2026-11-24 10:00:00-00:00", "2026-11-24T10:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("2026-11-26T11:59:59Z", "2026-11-26T11:59:59+00:00"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00+00:00"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00"),
    ],
)
def test_a_time_is_kept_in_utc(text: str, utc: str) -> None:
    assert read(body(occurred_at=text)).occurred_at.isoformat() == utc


def test_all_faults_are_told_at_once() -> None:
    sent = body(id="", channel=7, occurred_at="soon", extra=1, identifiers=[{"kind": "email", "value": "x"}, 3])
    sent["traits"] = {"given_name": 1, "nickname": "x"}
    sent["event"] = {"type": "A B"}
    assert sorted(pointers(sent)) == [
        "/channel", "/event/type", "/extra", "/id", "/identifiers/0/value", "/identifiers/1", "/occurred_at",
        "/traits/given_name", "/traits/nickname",
    ]  # fmt: skip


def nested(levels: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = "leaf"
    for _ in range(levels):
        value = wrap(value)
    return value


def one(**parts: Any) -> dict[str, Any]:
    return body(identifiers=[parts])


EMAIL = {"kind": "email", "value": "maria@example.com"}
NOT_STRINGS: list[Any] = [None, 1, 1.5, True, [], {}]
NOT_OBJECTS: list[Any] = [None, 1, 1.5, True, "x", [], ["x"]]
NOT_LISTS: list[Any] = [None, 1, "x", True, {}]
MALFORMED: list[tuple[Any, str]] = [
    *((value, "") for value in NOT_OBJECTS),
    *((body(id=value), "/id") for value in NOT_STRINGS),
    *((body(id=value), "/id") for value in ("", " ", "x" * 129, "a\tb", "a\nb", " x", "x ", "\x7f", "\u200e",
         "\ue000")),
    *((body(id=value), "/id") for value in ("\0", "a\0", "\ud800", "a\udfffb")),
    *((body(channel=value), "/channel") for value in (..., *NOT_STRINGS)),
    *((body(channel=value), "/channel") for value in ("", "Web", "web form", "_x", "é", "x" * 65, "x\0", "web/form",
         "\ud800")),
    *((body(occurred_at=value), "/occurred_at") for value in NOT_STRINGS),
    *(
        (body(occurred_at=value), "/occurred_at")
        for value in (
            "", "now", "2026-11-24", "2026-11-24T10:00:00", "2026-11-24T10:00Z", "20261124T100000Z",
                 "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T10:60:00Z", "2026-11-24T10:00:61Z",
            "2026-11-24T10:00:00+0530", "2026-11-24T10:00:00+25:00", "2026-11-24T10:00:00 Z", "1764064800",
                 "0001-01-01T00:00:00Z",
            "1989-12-31T23:59:59Z", "2026-11-26T12:00:01Z", "9999-12-31T23:59:59-23:59", "0000-00-00T00:00:00Z",
            "2026-11-24T10:00:00Z\0", "\u0662026-11-24T10:00:00Z", "+999999999-01-01T00:00:00Z",
                 "2026-W48-2T10:00:00Z", "x" * 65,
        )
    ),
    *((body(identifiers=value), "/identifiers") for value in (..., *NOT_LISTS, [], [EMAIL] * 33)),
    *((body(identifiers=[value]), "/identifiers/0") for value in NOT_OBJECTS),
    *((body(identifiers=[EMAIL, value]), "/identifiers/1") for value in (None, "x")),
    *((one(kind=value, value="x"), "/identifiers/0/kind") for value in (*NOT_STRINGS, "", "Email", "twitter",
         "email ", "x" * 999)),
    (one(value="x"), "/identifiers/0/kind"),
    (one(kind="email"), "/identifiers/0/value"),
    *((one(kind=kind, value=value), "/identifiers/0/value") for kind in ("email", "phone",
         "cookie") for value in NOT_STRINGS),
    *(
        (one(kind="email", value=value), "/identifiers/0/value")
        for value in ("", "maria", "maria@", "@example.com", "a@b@c.com", "maria@localhost", "a b@example.com",
             "a@b..com",
                      "maria@example.com\0", "maria@\ud800.com", "x" * 513, "a@b.com,c@d.com", "a\n@example.com",
                           "..@a.com",
                      "x" * 65 + "@example.com", "<script>@example.com", "a@exa_mple.com", "a@-a.com", "a@a",
                           "a@1.2.3.4:5")
    ),
    *(
        (one(kind="phone", value=value), "/identifiers/0/value")
        for value in ("", "hello", "415-555-0132", "+1415555", "+999 4155550", "+1 415 555 0132 99 99 99",
                      "1" * 513, "+1\x00415", "\udc00", "maria@example.com", "+49", "012", "+1-555", "tel:")
    ),
    *(
        (one(kind=kind, value=value), "/identifiers/0/value")
        for kind in ("cookie", "session", "user_id")
        for value in ("", "x" * 513, "a\x00b", "a\x1bb", "a\nb", "\ud83d", "\ufdfa" * 100, "a\u2029b", "a\x85b")
    ),
    *((one(**EMAIL, assurance=value), "/identifiers/0/assurance") for value in (*NOT_STRINGS, "", "Verified", "sure",
         "3")),
    *((one(kind="phone", value="020 7946 0958", region=value), "/identifiers/0/region") for value in (*NOT_STRINGS,
         "", "ZZ", "GBR", "44")),
    (one(**EMAIL, verified=True), "/identifiers/0/verified"),
    (one(**EMAIL, key="email:x"), "/identifiers/0/key"),
    (body(identifiers=[EMAIL, {**EMAIL, "a/b~c": 1}]), "/identifiers/1/a~1b~0c"),
    *((body(traits=value), "/traits") for value in NOT_OBJECTS),
    *((body(traits={"given_name": value}), "/traits/given_name") for value in NOT_STRINGS),
    *((body(traits={"city": value}), "/traits/city") for value in ("x" * 257, "a\0", "\ud800", ["x"], {"name": "x"})),
    *((body(traits={name: "x"}), f"/traits/{name}") for name in ("email", "phone", "first_name", "Given_Name",
         "__proto__", "ssn")),
    (body(traits={"": "x"}), "/traits/"),
    *(
        (body(traits={"date_of_birth": value}), "/traits/date_of_birth")
        for value in ("03/04/1990", "1/2/90", "1990", "1990-02-30", "1990-13-01", "1492-01-01", "2090-01-01",
             "yesterday", 19900302,
                      "x" * 257, "1990-03-02\0", "32 March 1990")
    ),
    *((body(event=value), "/event") for value in NOT_OBJECTS),
    *((body(event={"type": value}), "/event/type") for value in (*NOT_STRINGS, "", "A", "a b", "a-b", "x" * 129,
         "a\0", "é", "a\n")),
    (body(event={}), "/event/type"),
    (body(event={"type": "a", "name": "b"}), "/event/name"),
    *((body(event={"type": "a", "target_id": value}), "/event/target_id") for value in (*NOT_STRINGS, "", "x" * 129,
         " x", "a\0b", "\ud800")),
    *((body(event={"type": "a", "properties": value}), "/event/properties") for value in NOT_OBJECTS),
    *(
        (body(event={"type": "a", "properties": {"x": value}}), "/event/properties/x")
        for value in (float("nan"), float("inf"), float("-inf"), 2**63, -(2**63) - 1, 10**400, "\0", "a\ud800", b"x",
             {1, 2}, object(), NOW, 1j, (1, 2))
    ),
    *(
        (body(event={"type": "a", "properties": {"x": [[value]]}}), "/event/properties/x/0/0")
        for value in (float("nan"), 2**64, "\0", "\udead")
    ),
    (body(event={"type": "a", "properties": {"x": {"\0": 1}}}), "/event/properties/x/\\u0000"),
    (body(event={"type": "a", "properties": {"x": {"\udfff": 1}}}), "/event/properties/x/\\udfff"),
    (body(event={"type": "a", "properties": {"x": {1.5: 1}}}), "/event/properties/x/1.5"),
    (body(event={"type": "a", "properties": {"x": "y" * 33_000}}), "/event/properties"),
    (body(event={"type": "a", "properties": {"é" * 17_000: 1}}), "/event/properties"),
    (body(event={"type": "a", "properties": {str(n): n for n in range(5_000)}}), "/event/properties"),
    (body(event={"type": "a", "properties": {"x": nested(20, lambda value: [value])}}),
         "/event/properties/x" + "/0" * 19),
    (body(event={"type": "a", "properties": nested(21, lambda value: {"k": value})}), "/event/properties" + "/k" * 20),
    (body(event={"type": "a", "properties": nested(100_000, lambda value: {"k": value})}),
         "/event/properties" + "/k" * 20),
    (nested(100_000, lambda value: [value]), ""),
    *((body(**{name: 1}), f"/{name}") for name in ("evidence", "person_id", "received_at", "ID", "userId",
         "anonymousId", "context")),
    (body(**{"\0": 1}), "/\\u0000"),
    (body(**{"\ud800": 1}), "/\\ud800"),
    (body(**{"k" * 1_000_000: 1}), "/" + "k" * 100 + "…"),
    ({}, "/channel"),
    ({}, "/identifiers"),
    (json.loads('{"__proto__": {"role": "admin"}, "channel": "web"}'), "/__proto__"),
]  # fmt: skip


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(MALFORMED) >= 200


@pytest.mark.parametrize(("sent", "pointer"), MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_body_is_refused_with_a_pointer(sent: Any, pointer: str) -> None:
    assert pointer in pointers(sent)


def test_twenty_levels_of_properties_are_taken() -> None:
    properties = nested(20, lambda value: {"k": value})
    assert read(body(event={"type": "a", "properties": properties})).event.properties == properties


def test_the_number_of_faults_is_bounded() -> None:
    assert len(pointers(body(event={"type": "a", "properties": {"x": [2**63] * 10_000}}))) == 100
