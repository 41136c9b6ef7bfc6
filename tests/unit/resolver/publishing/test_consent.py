"""The last word on a purpose counts, and a withdrawal outdoes every older grant."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.publishing.consent import Consent, allows, conflicting, consents, from_json, to_json

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)

words = st.builds(
    Consent,
    st.sampled_from(["marketing", "profiling", "*"]),
    st.booleans(),
    st.integers(0, 5).map(lambda hours: NOON + dt.timedelta(hours=hours)),
    st.uuids().map(str),
)


def word(purpose: str, granted: bool, hours: int) -> Consent:
    return Consent(purpose, granted, NOON + dt.timedelta(hours=hours), f"e-{purpose}-{hours}")


def test_a_withdrawal_outdoes_an_older_grant_and_a_newer_grant_outdoes_it() -> None:
    assert allows(consents([word("marketing", True, 1), word("marketing", False, 2)]), "marketing") is False
    assert allows(consents([word("marketing", False, 2), word("marketing", True, 1)]), "marketing") is False
    assert allows(consents([word("marketing", False, 2), word("marketing", True, 3)]), "marketing") is True


def test_at_one_moment_the_withdrawal_counts() -> None:
    assert allows(consents([word("marketing", True, 1), word("marketing", False, 1)]), "marketing") is False


def test_what_is_said_of_everything_is_said_of_each_purpose() -> None:
    found = consents([word("marketing", True, 1), word("*", False, 2)])
    assert allows(found, "marketing") is False
    assert allows(found, "profiling") is False
    assert allows(consents([word("marketing", True, 3), word("*", False, 2)]), "marketing") is True


def test_nothing_said_is_neither_yes_nor_no() -> None:
    assert allows({}, "marketing") is None
    assert conflicting({}, consents([word("marketing", True, 1)])) == []


def test_a_yes_beside_a_no_is_a_conflict() -> None:
    left, right = consents([word("marketing", True, 1)]), consents([word("*", False, 0)])
    assert conflicting(left, right) == conflicting(right, left) == ["marketing"]


@given(st.lists(words), st.lists(words))
def test_a_join_says_what_all_words_say_whatever_their_order(left: list[Consent], right: list[Consent]) -> None:
    joined = consents([*consents(left).values(), *consents(right).values()])
    assert joined == consents([*right, *left])
    assert from_json(to_json(joined)) == joined
