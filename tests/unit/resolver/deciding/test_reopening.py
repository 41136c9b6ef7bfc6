"""Rejection memory: what is news about a decided pair, and what only looks like it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.reopening import REOPENING_BITS, news

GROUPS = ("name", "birth_date", "email", "phone", "device", "address")


def row(group: str, value: str, stranger: float, household: float, level: str = "equal", **more: str) -> dict[str, Any]:
    sides = {"left": value, "right": value} | more
    return {
        "group": group,
        "comparison": group,
        "level": level,
        "sentence": f"Both have this {group}.",
        "bits_stranger": stranger,
        "bits_household": household,
        "capped": False,
        **sides,
    }


PRIOR = row("prior", "", -20.0, -3.0, "prior")
NAME = row("name", "maria lopez", 17.0, 6.0)

bits = st.floats(-15, 25, allow_nan=False)
rows = st.builds(row, st.sampled_from(GROUPS), st.sampled_from("abc"), bits, bits, st.sampled_from(["equal", "typo"]))
waterfalls = st.lists(rows, max_size=6, unique_by=lambda one: (one["group"], one["level"], one["left"]))


def test_a_birth_date_that_was_not_known_is_news() -> None:
    found = news([PRIOR, NAME, row("birth_date", "", 0, 0, "none")], [PRIOR, NAME, row("birth_date", "1990", 13, 8)])
    assert (found.bits_stranger, found.bits_household, found.bits) == (13, 8, 8)
    assert [one["left"] for one in found.rows] == ["1990"]
    assert found.reopens


def test_the_nearer_rival_decides() -> None:
    """A phone number that a household shares anyway says much against strangers, and nothing against a household."""
    assert not news([NAME], [NAME, row("phone", "+34600100200", 14.0, 1.3)]).reopens


@pytest.mark.parametrize(("household", "reopens"), [(REOPENING_BITS - 0.01, False), (REOPENING_BITS, True)])
def test_three_bits_reopen(household: float, reopens: bool) -> None:
    assert news([NAME], [NAME, row("email", "m@example.com", 20.0, household)]).reopens is reopens


def test_a_fuller_record_of_the_same_things_is_no_news() -> None:
    fuller = row("name", "maria del mar lopez", 18.0, 6.5)
    assert news([NAME], [fuller]).bits == 0.5


def test_what_contradicts_is_taken_off_what_agrees() -> None:
    found = news([NAME], [NAME, row("email", "m@x.org", 9.0, 5.0), row("birth_date", "1990", -9.0, -9.0, "different")])
    assert found.bits == -4.0


def test_what_a_rule_takes_back_is_no_news() -> None:
    before = [NAME, row("name", "", 0.0, -6.0, "household", comparison="guard")]
    now = [NAME, row("email", "m@x.org", 9.0, 5.0), row("name", "", 0.0, -11.0, "household", comparison="guard")]
    assert news(before, now).bits_household == 0.0


@given(waterfalls, bits, st.randoms())
def test_the_same_evidence_is_no_news_whatever_it_weighs_by_now(before: list, drift: float, random) -> None:  # type: ignore[type-arg,no-untyped-def]
    now = [one | {"bits_stranger": one["bits_stranger"] + drift, "left": one["right"]} for one in before]
    random.shuffle(now)
    found = news([PRIOR, *before], [PRIOR | {"bits_stranger": drift}, *now])
    assert (found.bits, found.rows) == (0.0, ())


@given(waterfalls, bits, bits)
def test_a_group_that_is_new_is_news_by_all_it_says(before: list, stranger: float, household: float) -> None:  # type: ignore[type-arg]
    found = news(before, [*before, row("account", "shop:1", stranger, household)])
    assert (found.bits_stranger, found.bits_household) == (stranger, household)


@given(waterfalls, waterfalls)
def test_news_back_and_forth_cancel(one: list, other: list) -> None:  # type: ignore[type-arg]
    there, back = news(one, other), news(other, one)
    assert there.bits_stranger == -back.bits_stranger
    assert there.bits_household == -back.bits_household
