"""What the order of two persons' logins says; what is not known says nothing."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.model import Assurance, Held, Identifier, IdentifierStatus, IdentifierUse, PersonKind, Profile
from vitograph.resolver.profiles import profile
from vitograph.resolver.scoring.identifier_evidence import HANDED_ON, ONE_SITTING
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import BadModel, parse_model
from vitograph.resolver.scoring.temporal import Order, is_one_sitting, logout_between, order_of

COOKIE = "cookie:c-1"
SESSION = "session:s-1"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def logged_in(key: str, *days: float, out: float | None = None, seen: tuple[float, float] | None = None) -> Held:
    first, last = seen or (min(days), max(days))
    return Held(
        Identifier.parse(key),
        Assurance.OBSERVED,
        day(first),
        day(last),
        len(days),
        day(min(days)) if days else None,
        day(max(days)) if days else None,
        None if out is None else day(out),
    )


def view(id: str, *holds: Held, **more: Any) -> Profile:
    return Profile(id, PersonKind.KNOWN, identifiers={hold.identifier.key: hold for hold in holds}, **more)


def rows(left: Profile, right: Profile, town: Any, model: Model) -> dict[str, Any]:
    return {row.comparison: row for row in score(left, right, town, model).evidence}


@pytest.mark.parametrize(
    ("ours", "theirs", "order"),
    [
        ((1, 3), (2,), Order.ALTERNATING),
        ((2,), (1, 3), Order.ALTERNATING),
        ((1, 3), (2, 4), Order.ALTERNATING),
        ((1, 4), (2, 3), Order.ALTERNATING),
        ((1, 2), (3, 4), Order.SUCCESSION),
        ((1, 2), (3,), Order.SUCCESSION),
        ((1,), (2,), Order.UNKNOWN),
    ],
)
def test_logins_follow_each_other_or_take_turns(ours: Any, theirs: Any, order: Order) -> None:
    assert order_of(logged_in(COOKIE, *ours), logged_in(COOKIE, *theirs)) is order
    assert order_of(logged_in(COOKIE, *theirs), logged_in(COOKIE, *ours)) is order


def test_a_device_used_in_turns_speaks_for_a_household(town: Any, model: Model) -> None:
    def bits(ours: Any, theirs: Any) -> float:
        left, right = view("a", logged_in(COOKIE, *ours)), view("b", logged_in(COOKIE, *theirs))
        return score(left, right, town(), model).bits_household

    assert bits((1, 3), (2,)) < bits((1,), (2,)) < bits((1, 2), (3,))


def test_turns_say_nothing_against_or_for_strangers(town: Any, model: Model) -> None:
    found = rows(view("a", logged_in(COOKIE, 1, 3)), view("b", logged_in(COOKIE, 2)), town(), model)
    assert found["turns"].bits_stranger == pytest.approx(0.0)


def test_two_logins_in_one_session_speak_for_one_person_unless_a_logout_lies_between(town: Any, model: Model) -> None:
    second = view("b", logged_in(SESSION, 1.01))
    through = rows(view("a", logged_in(SESSION, 1.0)), second, town(), model)
    between = rows(view("a", logged_in(SESSION, 1.0, out=1.005)), second, town(), model)
    assert "logout" not in through
    assert through["session"].bits_household > 3
    assert (between["logout"].bits_stranger, between["logout"].bits_household) == (-4.0, -4.0)


@pytest.mark.parametrize(
    ("ours", "theirs", "between"),
    [
        (logged_in(SESSION, 1, out=2), logged_in(SESSION, 3), True),
        (logged_in(SESSION, 1), logged_in(SESSION, 2, out=3), False),
        (logged_in(SESSION, 1, 4), logged_in(SESSION, 2, out=3), True),
        (logged_in(SESSION, 1, out=2), logged_in(SESSION, seen=(3, 3)), False),
        (logged_in(SESSION, 1), logged_in(SESSION, 2), False),
    ],
)
def test_a_logout_lies_between_when_the_other_logs_in_after_it(ours: Held, theirs: Held, between: bool) -> None:
    assert logout_between(ours, theirs) is logout_between(theirs, ours) is between


def test_one_sitting_counts_once_and_two_count_more(town: Any, model: Model) -> None:
    once = (
        view("a", logged_in(COOKIE, 1), logged_in(SESSION, 1)),
        view("b", logged_in(COOKIE, 1.1), logged_in(SESSION, 1.1)),
    )
    found = rows(*once, town(), model)
    assert found["cookie"].sentence == ONE_SITTING
    assert found["cookie"].bits_household == 0.0
    again = (
        view("a", logged_in(COOKIE, 1, 5), logged_in(SESSION, 1)),
        view("b", logged_in(COOKIE, 1.1, 9), logged_in(SESSION, 1.1)),
    )
    assert rows(*again, town(), model)["cookie"].sentence != ONE_SITTING


def test_a_missing_moment_is_no_evidence(town: Any, model: Model) -> None:
    old = [replace(logged_in(key, 1, 3, out=2), first_bound=None, last_bound=None, first_out=None)
           for key in (COOKIE, SESSION)]  # fmt: skip
    found = rows(view("a", *old), view("b", logged_in(COOKIE, 2), logged_in(SESSION, 2.5)), town(), model)
    assert "turns" not in found
    assert "logout" not in found


def test_a_shared_device_tells_no_order(town: Any, model: Model) -> None:
    kiosk = town(uses={COOKIE: IdentifierUse(IdentifierStatus.SHARED, 9)})
    assert "turns" not in rows(view("a", logged_in(COOKIE, 1, 3)), view("b", logged_in(COOKIE, 2)), kiosk, model)


moments = st.integers(0, 60)
logins = st.lists(moments, min_size=1, max_size=6)


@given(logins, logins, st.one_of(st.none(), moments), st.one_of(st.none(), moments))
def test_order_of_arrival_and_of_the_pair_change_nothing(
    ours: list[int], theirs: list[int], our_out: int | None, their_out: int | None
) -> None:
    a, b = logged_in(SESSION, *ours, out=our_out), logged_in(SESSION, *theirs, out=their_out)
    assert order_of(a, b) is order_of(b, a)
    assert logout_between(a, b) is logout_between(b, a)
    assert is_one_sitting((a, b), (a, b))
    one_by_one = [logged_in(SESSION, login) for login in ours]
    joined = profile("v", PersonKind.KNOWN, [], [{SESSION: hold} for hold in reversed(one_by_one)])
    assert joined.identifiers[SESSION].first_bound == a.first_bound
    assert joined.identifiers[SESSION].last_bound == a.last_bound


@given(
    st.sampled_from(("email:m@example.com", "phone:+4930123456", COOKIE, SESSION)),
    st.sampled_from(Assurance),
    st.sampled_from(Assurance),
    st.integers(0, 3000),
)
def test_the_pair_is_never_proof_of_sharing(
    town: Any, model: Model, key: str, ours: Assurance, theirs: Assurance, gap: int
) -> None:
    """K - 2: that two hold it says nothing about others, nor does a suspicion that only these two can have raised."""
    left = view("a", replace(logged_in(key, 0), assurance=ours))
    right = view("b", replace(logged_in(key, gap), assurance=theirs))

    def found(status: IdentifierStatus, holders: int) -> float:
        return score(left, right, town(uses={key: IdentifierUse(status, holders)}), model).bits_stranger

    alone = found(IdentifierStatus.EXCLUSIVE, 2)
    assert found(IdentifierStatus.SUSPECTED, 2) == alone
    assert found(IdentifierStatus.EXCLUSIVE, 0) == alone
    assert found(IdentifierStatus.SUSPECTED, 3) <= found(IdentifierStatus.EXCLUSIVE, 3) <= alone


def test_a_number_not_used_for_years_may_have_been_handed_on(town: Any, model: Model) -> None:
    def phone(days: float) -> Any:
        theirs = replace(logged_in("phone:+4930123456", 30 + days), assurance=Assurance.VERIFIED)
        return rows(view("a", logged_in("phone:+4930123456", 0, 30)), view("b", theirs), town(), model)["phone"]

    bits = [phone(days).bits_stranger for days in (-10, 0, 100, 400, 2000, 10_000, 20_000)]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] == bits[1] > bits[2] > bits[3] > bits[4] > bits[5] == bits[6], "from the last use to the first"
    assert not phone(300).sentence.endswith(HANDED_ON)
    assert phone(400).sentence.endswith(HANDED_ON)


def test_a_model_whose_turns_do_not_add_up_is_refused() -> None:
    content = _content()
    content["temporal"]["turns"]["alternating"]["m"] = 0.9
    with pytest.raises(BadModel, match="turns"):
        parse_model(content)


@pytest.mark.parametrize("wrong", [0, -1])
def test_a_limit_of_the_life_cycle_is_greater_than_nothing(wrong: int) -> None:
    content = _content()
    content["lifecycle"]["household_most"] = wrong
    with pytest.raises(BadModel, match="household_most"):
        parse_model(content)


def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        resources.files("vitograph.resolver").joinpath("models/default-1.json").read_text("utf-8")
    )
    return content
