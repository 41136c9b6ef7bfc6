"""When two birth dates may be one person's: pure, conservative, shared by attribution and scoring."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from vitograph.resolver.values.names import CACHE


@lru_cache(maxsize=CACHE)
def birth_dates_compatible(a: str, b: str) -> bool:
    """May the two birth dates (ISO 8601) be one person's? Equal, day and month swapped, or one typing error.

    A typing error is one wrong digit, two neighbouring digits swapped, or the wrong century. Years ten or more apart
    are none, nor are two years where both state 1 January. Whatever is no date contradicts nothing but itself: it is
    compared as text.
    """
    if a == b:
        return True
    if not (is_date(a) and is_date(b)):
        return False
    return is_day_month_swap(a, b) or is_date_typo(a, b) or is_wrong_century(a, b)


@lru_cache(maxsize=CACHE)
def is_date(text: str) -> bool:
    """YYYY-MM-DD of a day that exists."""
    try:
        return len(text) == 10 and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def is_day_month_swap(a: str, b: str) -> bool:
    """Same year, and the day of one is the month of the other, both ways."""
    return a != b and a[:4] == b[:4] and a[5:7] == b[8:] and a[8:] == b[5:7]


NEW_YEAR = "-01-01"
"""What is written for the day and month where only a year is known."""
GENERATION = 10
"""Years from which on two birth dates are no slip of each other: parent and child have 1958 and 1985."""


def is_new_year(date: str) -> bool:
    """The date is 1 January."""
    return date[4:] == NEW_YEAR and is_date(date)


def is_date_typo(a: str, b: str) -> bool:
    """One digit differs, or two neighbouring digits of one part are swapped.

    Years far apart are no error, nor are two years with 1 January: nobody mistyped a day that nobody knew.
    """
    wrong = [place for place, (one, other) in enumerate(zip(a, b, strict=False)) if one != other]
    if len(a) != len(b) or len(wrong) not in (1, 2) or _years_apart(a, b) >= GENERATION:
        return False
    if is_new_year(a) and is_new_year(b):
        return False
    if len(wrong) == 1:
        return True
    first, second = wrong
    return second == first + 1 and a[first] == b[second] and a[second] == b[first]


def is_wrong_century(a: str, b: str) -> bool:
    """Month and day agree and the years are a hundred apart: a year was stated with two digits."""
    return a[4:] == b[4:] and _years_apart(a, b) == 100


def _years_apart(a: str, b: str) -> int:
    """0 where one has no year."""
    return abs(int(a[:4]) - int(b[:4])) if a[:4].isdecimal() and b[:4].isdecimal() else 0
