"""Names stated in full: their last word may be a given name, and a single word may be either."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.both_scorers import agreed
from vitograph.resolver.model import Address, Profile
from vitograph.resolver.scoring.parameters import Model

HOME = Address("5 main street", "berlin", postal_code="10115")


def said(person: Any, view: str, full: str, born: str | None = "1990-05-17") -> Profile:
    bare = person(view, None, None, born, "phone:+34600100200")
    return replace(bare, full_names=(full,), addresses=(HOME,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wang fang", "wang feng"),
        ("nagy anna", "nagy hanna"),
        ("kim minsu", "kim minsun"),
        ("nguyễn văn hùng", "nguyễn văn hồng"),
        ("nguyễn văn hùng", "nguyễn văn hưng"),
    ],
)
def test_twins_whose_family_name_comes_first_are_not_recommended(
    person: Any, town: Any, model: Model, one: str, other: str
) -> None:
    found = agreed(said(person, "a", one), said(person, "b", other), town(), model)
    assert found.band != "A"
    assert agreed(said(person, "a", one), said(person, "b", one), town(), model).band == "A"


def test_two_single_words_that_differ_are_two_given_names(person: Any, town: Any, model: Model) -> None:
    found = agreed(said(person, "a", "budi"), said(person, "b", "siti"), town(), model)
    assert {row.comparison: row.level for row in found.evidence}["given_name"] == "different"
    assert found.p_same < 0.5 < found.p_household
    alike = agreed(said(person, "a", "budi"), said(person, "b", "budi"), town(), model)
    assert alike.p_same > found.p_same


def test_father_and_son_of_two_generations_are_a_household(person: Any, town: Any, model: Model) -> None:
    found = agreed(said(person, "a", "john smith jr", None), said(person, "b", "john smith sr", None), town(), model)
    assert {row.comparison: row.level for row in found.evidence}["generation"] == "other"
    assert found.p_household > 0.5
