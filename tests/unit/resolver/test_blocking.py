"""Records of one person meet in some block, strangers hardly ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitograph.resolver.blocking import BLOCKING_RULES, MAX_BLOCK, MOST_VIEWS, WEAK_BLOCK, blocking_keys
from vitograph.resolver.model import Address

HOME = Address(street="5 main street", city="berlin", postal_code="10115")
BASE = ("maria", "schmidt", "1980-05-17", "email:maria.schmidt@example.com", "phone:+49301234567")


@pytest.mark.parametrize(
    "other",
    [
        ("mraia", "schmidt", "1980-05-17"),
        ("maria", "schmitt", "1980-05-17"),
        ("schmidt", "maria", "1980-05-17"),
        ("maria", "schmidt", "1980-12-01"),
        ("m", "schmidt", "1980-05-17"),
        ("maria", "weber", "1980-05-17"),
        ("maria", "schmidt", None),
        (None, None, None, "email:maria.schmidt@example.org"),
        (None, None, None, "phone:01234567"),
    ],
)
def test_one_person_in_two_forms_shares_a_key(person: Any, other: tuple[Any, ...]) -> None:
    assert blocking_keys(person("a", *BASE)) & blocking_keys(person("b", *other))


def test_day_and_month_swapped_meet(person: Any) -> None:
    left, right = person("a", "ann", "lee", "1980-05-07"), person("b", "zoe", "kim", "1980-07-05")
    assert blocking_keys(left) & blocking_keys(right)


def test_neighbours_meet_only_where_they_share_something(person: Any) -> None:
    here = person("a", *BASE, address=HOME)
    there = person("b", "zoe", "kim", "1991-11-02", address=Address(city="berlin", postal_code="10115"))
    assert not blocking_keys(here) & blocking_keys(there)


def test_keys_name_their_rule_and_stay_few(person: Any) -> None:
    keys = blocking_keys(person("a", *BASE, address=HOME))
    assert {key.partition(":")[0] for key in keys} <= {rule.name for rule in BLOCKING_RULES}
    assert len(keys) <= 40


def test_swapped_and_doubled_letters_meet_by_the_name_alone(person: Any) -> None:
    assert blocking_keys(person("a", "eloilt")) & blocking_keys(person("b", "tElliot"))


def test_two_garbled_names_meet_by_what_else_is_known(person: Any) -> None:
    home = Address(city="berlin", postal_code="10115")
    left, right = person("a", "xq", "zz", "1980-05-17", address=home), person("b", "", "", "1981-05-17", address=home)
    assert blocking_keys(left) & blocking_keys(right)


def test_every_rule_has_its_own_cap_and_identifiers_the_largest() -> None:
    assert all(0 < rule.most <= MAX_BLOCK for rule in BLOCKING_RULES)
    assert MOST_VIEWS["name"] == WEAK_BLOCK < MAX_BLOCK


def test_an_empty_profile_and_a_role_mailbox_have_no_key(person: Any) -> None:
    assert blocking_keys(person()) == frozenset()
    assert blocking_keys(person("a", None, None, None, "email:info@example.com")) == frozenset()


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_text_has_keys_without_complaint(person: Any, name: str, family: str, born: str) -> None:
    assert blocking_keys(person("a", name, family, born)) == blocking_keys(person("b", name, family, born))
