"""Hypothesis strategies for views: names, dates, addresses and identifiers that are often near each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from vitograph.resolver.model import (
    Address,
    Assurance,
    Held,
    Identifier,
    IdentifierStatus,
    IdentifierUse,
    PersonKind,
    Profile,
)

GIVEN = (
    "maria", "mario", "marie", "mairi", "anna", "hanna", "peter", "petr", "bob", "robert", "rob", "m", "anna maria",
    "maria anna", "сергей", "sergej", "john jr", "john sr", "jon", "katherine", "catherine", "chris", "christina",
    "christian", "jürgen", "juergen", "-", "lisa", "lina", "alexander", "aleksandr", "alexandr", "maximilian",
    "maria maria", "hùng", "hưng", "leon", "leonie", "maria del carmen", "mari del pilar",
)  # fmt: skip
FAMILY = (
    "schmidt", "schmitt", "shcmidt", "weber", "smith-jones", "smith", "smith jones", "maria", "o'hara", "ohara",
    "garcía lópez", "lópez garcía", "garcía garcía", "lopez", "lópez", "van der berg", "berg",
    "anderson", "andersen", "peter", "s", "smyth",
)  # fmt: skip
FULL = (
    "maria schmidt", "weber, anna", "cher", "john van der berg", "", "wang fang", "wang feng", "budi", "siti",
    "john smith jr", "nguyễn văn hùng", "nguyễn văn hưng",
)  # fmt: skip
DATES = (
    "1980-05-17", "1980-05-18", "1980-17-05", "1980-01-12", "1980-12-01", "1955-05-17", "2001-02-03", "1880-05-17",
    "1981-05-17", "1980-06-01", "1979-12-30", "1980-05-71", "1958-05-17", "1985-05-17", "1980-01-01", "1981-01-01",
    "1990-01-01", "none-01-01", "not a date",
)  # fmt: skip
STREETS = ("5 main street", "5 main st", "7 main street", "12 high road", "12 high rd", "55 main street", None)
CITIES = ("berlin", "berlni", "köln", "koeln", None)
CODES = ("10115", "10116", "50667", None)
REGIONS = ("be", "nrw", None)
KEYS = (
    "email:m@example.com", "email:maria.s@example.com", "email:maria.s@example.org", "email:marias@gmail.com",
    "email:maria.schmidt@example.com", "email:maria.71@example.com", "email:maria.72@example.net",
    "email:the.schmidt@example.com", "email:mschmidt@example.net", "email:mschmidt@example.com",
    "email:zappa@example.com", "email:zappa@example.net", "email:info@example.com", "email:info@example.org",
    "phone:+4930123456", "phone:+4930123457", "phone:+4930123465", "phone:030123456",
    "phone:+12125550100", "cookie:1", "cookie:2", "session:1", "session:2", "user_id:shop:1", "user_id:shop:2",
    "user_id:bank:1", "user_id:bank:2", "user_id:7", "user_id:M@example.com", "user_id:shop:maria.s@example.com",
    "user_id:the.schmidt@example.com", "user_id:030 123456", "user_id:+4930123456",
    "session:+4930123456", "cookie:m@example.com",
)  # fmt: skip

moments = st.integers(0, 2_000 * 24).map(
    lambda hours: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
)
addresses = st.builds(
    Address,
    street=st.sampled_from(STREETS),
    city=st.sampled_from(CITIES),
    region=st.sampled_from(REGIONS),
    postal_code=st.sampled_from(CODES),
)


@st.composite
def holdings(draw: Any, most: int = 6) -> dict[str, Held]:
    """What one view holds."""
    held = {}
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=most, unique=True)):
        first, last = sorted((draw(moments), draw(moments)))
        bound = sorted(draw(st.lists(moments, min_size=2, max_size=2))) if draw(st.booleans()) else (None, None)
        out = draw(st.one_of(st.none(), moments))
        assurance, count = draw(st.sampled_from(Assurance)), draw(st.integers(1, 9))
        held[key] = Held(Identifier.parse(key), assurance, first, last, count, *bound, out)
    return held


def some(values: Any, most: int = 2) -> Any:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


@st.composite
def profiles(draw: Any, view: str = "a", kind: PersonKind = PersonKind.KNOWN) -> Profile:
    """A view; names stated together are among its given and family names, as in the graph."""
    pairs = st.tuples(st.sampled_from(GIVEN), st.sampled_from(FAMILY))
    names = tuple(draw(st.lists(pairs, max_size=2, unique=True)))
    lone_given, lone_family = draw(some(GIVEN, 1)), draw(some(FAMILY, 1))
    return Profile(
        view_id=view,
        kind=kind,
        given_names=tuple(dict.fromkeys((*(name for name, _ in names), *lone_given))),
        family_names=tuple(dict.fromkeys((*(name for _, name in names), *lone_family))),
        full_names=draw(some(FULL, 1)),
        names=names,
        birth_dates=draw(some(DATES)),
        genders=draw(some(("f", "m"))),
        addresses=tuple(draw(st.lists(addresses, max_size=2, unique=True))),
        identifiers=draw(holdings()),
    )


class Town:
    """A population drawn by the test; always the same answer to the same question."""

    def __init__(self, persons: int, seed: int, holders: int, statuses: tuple[IdentifierStatus, ...]) -> None:
        self.persons = persons
        self.seed = seed
        self.holders = holders
        self.statuses = statuses

    def frequency(self, field: str, value: str) -> int:
        return 1 + (len(field) * 31 + sum(value.encode()) * self.seed) % max(self.persons // 10, 2)

    def use(self, key: str) -> IdentifierUse:
        number = sum(key.encode()) * self.seed
        return IdentifierUse(self.statuses[number % len(self.statuses)], 1 + number % self.holders)


towns = st.builds(
    Town,
    st.integers(1, 2_000_000),
    st.integers(1, 97),
    st.integers(2, 80),
    st.lists(st.sampled_from(IdentifierStatus), min_size=1, max_size=4).map(tuple),
)
