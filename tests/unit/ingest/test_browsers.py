"""What a key that stands in a page may say, and of whom."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.ingest.browsers import lowered, restrain
from vitograph.resolver.errors import Forbidden
from vitograph.resolver.terms import Terms

PAGE = Terms(publishable=True, campaigns=("summer",))
COOKIE = {"kind": "cookie", "value": "c-1"}
SESSION = {"kind": "session", "value": "s-1"}
PHONE = {"kind": "phone", "value": "+34911222333"}
EMAIL = {"kind": "email", "value": "vera@example.com"}


def said(type: str, *identifiers: Any, target: str | None = None) -> dict[str, Any]:
    return {"identifiers": list(identifiers), "event": {"type": type, "target_id": target}}


@pytest.mark.parametrize(
    "type", ["consent.granted", "consent.withdrawn", "campaign.enrolled", " negotiation.started", "call.completed"]
)
@pytest.mark.parametrize("other", [EMAIL, PHONE, {"kind": "user_id"}, {"kind": []}, "email"])
def test_a_page_decides_about_nobody_whose_address_it_names(type: str, other: Any) -> None:
    with pytest.raises(Forbidden, match="of its own visitor"):
        restrain(said(type, COOKIE, other), PAGE)
    assert restrain(said(type, COOKIE), PAGE) == said(type, COOKIE)
    # A session may be bound to whom somebody typed in it before.
    assert restrain(said(type, SESSION, COOKIE), PAGE) == said(type, COOKIE)
    with pytest.raises(Forbidden, match="of its own visitor"):
        restrain(said(type, SESSION), PAGE)
    proved = said(type, SESSION) | {"identity": {"token": "t"}}
    assert restrain(proved, PAGE) == proved
    with pytest.raises(Forbidden, match="of its own visitor"):
        restrain(said(type, other) | {"identity": {"token": "t"}}, PAGE)
    assert restrain(said(type, COOKIE, other), Terms()) == said(type, COOKIE, other)


def test_a_page_says_anything_else_of_whom_it_names_and_proves_nothing() -> None:
    seen = restrain(said("form.sent", {**EMAIL, "assurance": "verified"}, target="summer"), PAGE)
    assert seen["identifiers"] == [{**EMAIL, "assurance": "asserted"}]
    with pytest.raises(Forbidden, match="campaign"):
        restrain(said("form.sent", EMAIL, target="winter"), PAGE)


def test_whoever_is_kept_as_less_than_was_sent_is_told_so() -> None:
    proved = {**EMAIL, "assurance": "verified"}
    for sent, terms, places in (
        (said("form.sent", COOKIE, proved), PAGE, [1]),
        (said("form.sent", proved, PHONE, {**PHONE, "assurance": "verified"}), PAGE, [0, 2]),
        (said("consent.granted", SESSION, COOKIE), PAGE, [0]),
        (said("consent.granted", {**COOKIE, "assurance": "verified"}, SESSION), PAGE, [0, 1]),
        (said("form.sent", EMAIL, COOKIE), PAGE, []),
        (said("form.sent", proved), Terms(), []),
        ({"identifiers": "none"}, PAGE, []),
    ):
        warnings = lowered(sent, restrain(sent, terms))
        assert [warning.partition(":")[0] for warning in warnings] == [f"/identifiers/{place}" for place in places]


@pytest.mark.parametrize(
    ("occurred_at", "is_kept"),
    [("2199-01-01T00:00:00Z", False), ("1980-01-06T00:00:00Z", False), ("2026-01-01T00:00:00Z", True), ("soon", True)],
)
def test_a_visitors_clock_that_cannot_be_right_costs_nothing(occurred_at: str, is_kept: bool) -> None:
    body = said("form.sent", COOKIE, target="summer") | {"occurred_at": occurred_at}
    kept = restrain(body, PAGE)
    assert ("occurred_at" in kept) == is_kept
    assert any(warning.startswith("/occurred_at") for warning in lowered(body, kept)) != is_kept
    assert restrain(body, Terms()) == body
