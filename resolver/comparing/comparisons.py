"""Every comparison by its name, and the level at which two values stand.

Values are normalised as in `model.Traits` and `model.Identifier`; a level depends on the two values alone, so it is
cached.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from vitograph.resolver.comparing.contacts import EMAIL, PHONE
from vitograph.resolver.comparing.ladder import Ladder
from vitograph.resolver.comparing.names import FAMILY_NAME, GENERATION, GIVEN_NAME
from vitograph.resolver.values import birth_dates
from vitograph.resolver.values.names import CACHE

__all__ = [
    "BIRTH_DATE",
    "EMAIL",
    "FAMILY_NAME",
    "GENDER",
    "GENERATION",
    "GIVEN_NAME",
    "LADDERS",
    "PHONE",
    "Ladder",
    "level_of",
]


def same_date(a: str, b: str) -> bool:
    """The birth dates are equal."""
    return a == b


def swapped_date(a: str, b: str) -> bool:
    """Day and month of the birth dates are swapped."""
    return birth_dates.is_day_month_swap(a, b)


def date_typo(a: str, b: str) -> bool:
    """The birth dates differ by a typing error."""
    return birth_dates.is_date_typo(a, b) or birth_dates.is_wrong_century(a, b)


def two_parts(a: str, b: str) -> bool:
    """Two of year, month and day agree."""
    return (a[:4] == b[:4]) + (a[5:7] == b[5:7]) + (a[8:] == b[8:]) == 2


def within_a_month(a: str, b: str) -> bool:
    """The birth dates are less than a month apart."""
    return _days_apart(a, b) <= 31


def two_digits(a: str, b: str) -> bool:
    """Two digits of the birth dates differ."""
    return len(a) == len(b) and sum(one != other for one, other in zip(a, b, strict=True)) == 2


def same_year(a: str, b: str) -> bool:
    """Only the year of birth agrees."""
    return a[:4] == b[:4]


def within_a_year(a: str, b: str) -> bool:
    """The birth dates are less than a year apart."""
    return _days_apart(a, b) <= 366


def _days_apart(a: str, b: str) -> int:
    """Days between two dates; a million when one of them is none."""
    if not (birth_dates.is_date(a) and birth_dates.is_date(b)):
        return 1_000_000
    return abs(dt.date.fromisoformat(a).toordinal() - dt.date.fromisoformat(b).toordinal())


BIRTH_DATE = Ladder(
    "birth_date",
    (
        ("equal", same_date),
        ("swapped", swapped_date),
        ("typo", date_typo),
        ("two_parts", two_parts),
        ("month", within_a_month),
        ("two_digits", two_digits),
        ("year", same_year),
        ("near", within_a_year),
    ),
    "The birth dates differ.",
    "No evidence: a birth date is missing.",
)


def same_gender(a: str, b: str) -> bool:
    """The genders agree."""
    return a == b


GENDER = Ladder("gender", (("equal", same_gender),), "The genders differ.", "No evidence: a gender is missing.")


@lru_cache(maxsize=4 * CACHE)
def level_of(ladder_name: str, a: str, b: str) -> str:
    """The level at which two values of a ladder stand, cached."""
    return LADDERS[ladder_name].level(a, b)


LADDERS = {ladder.name: ladder for ladder in (GIVEN_NAME, FAMILY_NAME, GENERATION, BIRTH_DATE, GENDER, EMAIL, PHONE)}
