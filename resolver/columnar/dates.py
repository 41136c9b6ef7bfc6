"""The levels of birth dates, by arithmetic: what the ladder says of two dates, for many pairs at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitograph.resolver.columnar.frame import Bools, Ints
from vitograph.resolver.comparing.comparisons import BIRTH_DATE, level_of
from vitograph.resolver.values.birth_dates import GENERATION, is_date

_PLACES = (0, 1, 2, 3, 5, 6, 8, 9)
"""Where the digits of YYYY-MM-DD stand."""
_NEIGHBOURS = (24, 20, 16, 8, 0)
"""How far right the second digit of two neighbours within a part of a date stands, in bits."""
_ONES = np.uint32(0x11111111)

Packed = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates by their code: year, month, day, the day's number since year 1, and the eight digits, four bits each.

    What is no date (`odd`) is left to the ladder.
    """

    texts: Sequence[str]
    odd: Bools
    year: Ints
    month: Ints
    day: Ints
    ordinal: Ints
    digits: Packed

    @classmethod
    def of(cls, texts: Sequence[str]) -> Dates:
        odd = np.array([not (is_date(text) and text.isascii() and text[4] == "-") for text in texts], np.bool_)
        plain = ["0001-01-01" if strange else text for text, strange in zip(texts, odd, strict=True)]
        parts = np.array([(text[:4], text[5:7], text[8:]) for text in plain], np.int64).reshape(-1, 3)
        ordinal = np.array([dt.date.fromisoformat(text).toordinal() for text in plain], np.int64)
        digits = np.array([int("".join([text[place] for place in _PLACES]), 16) for text in plain], np.uint32)
        year, month, day = parts.T
        return cls(texts, odd, year, month, day, ordinal, digits)

    @property
    def new_year(self) -> Bools:
        """Which are 1 January."""
        return (self.month == 1) & (self.day == 1) & ~self.odd

    def levels(self, left: Ints, right: Ints) -> Ints:
        """The places of the levels in `BIRTH_DATE.names`."""
        names = BIRTH_DATE.names
        found = np.full(len(left), names.index("different"), np.int64)
        found[left == right] = names.index("equal")
        open_ = np.flatnonzero(left != right)
        for place, name in enumerate(names[:-1]):
            holds = _TESTS[name](self, left[open_], right[open_])
            found[open_[holds]] = place
            open_ = open_[~holds]
        for place in np.flatnonzero(self.odd[left] | self.odd[right]).tolist():
            level = level_of("birth_date", self.texts[left[place]], self.texts[right[place]])
            found[place] = names.index(level)
        return found


def _unlike(dates: Dates, left: Ints, right: Ints) -> Packed:
    """A bit for each of the eight digits that differ, the first digit's the highest; four bits apart."""
    other = dates.digits[left] ^ dates.digits[right]
    other |= other >> 2
    return np.asarray((other | other >> 1) & _ONES)


def _count_unlike(dates: Dates, left: Ints, right: Ints) -> Ints:
    return np.bitwise_count(_unlike(dates, left, right))


def _equal(dates: Dates, left: Ints, right: Ints) -> Bools:
    return left == right


def _swapped(dates: Dates, left: Ints, right: Ints) -> Bools:
    crossed = (dates.month[left] == dates.day[right]) & (dates.day[left] == dates.month[right])
    return (dates.year[left] == dates.year[right]) & crossed


def _typo(dates: Dates, left: Ints, right: Ints) -> Bools:
    unlike = _unlike(dates, left, right)
    wrong = np.bitwise_count(unlike)
    found = wrong == 1
    two = np.flatnonzero(wrong == 2)
    ours, theirs, where = dates.digits[left[two]], dates.digits[right[two]], unlike[two]
    for place in _NEIGHBOURS:
        there = where == np.uint32(0x11 << place)
        a, b = ours >> place & 0xFF, theirs >> place & 0xFF
        found[two] |= there & (a == ((b & 0xF) << 4 | b >> 4))
    years = np.abs(dates.year[left] - dates.year[right])
    found &= (years < GENERATION) & ~(dates.new_year[left] & dates.new_year[right])
    return found | ((years == 100) & (dates.month[left] == dates.month[right]) & (dates.day[left] == dates.day[right]))


def _two_parts(dates: Dates, left: Ints, right: Ints) -> Bools:
    agree = [(part[left] == part[right]).astype(np.int64) for part in (dates.year, dates.month, dates.day)]
    return np.asarray(sum(agree) == 2)


def _two_digits(dates: Dates, left: Ints, right: Ints) -> Bools:
    return _count_unlike(dates, left, right) == 2


def _same_year(dates: Dates, left: Ints, right: Ints) -> Bools:
    return dates.year[left] == dates.year[right]


def _within(days: int) -> Callable[[Dates, Ints, Ints], Bools]:
    return lambda dates, left, right: np.abs(dates.ordinal[left] - dates.ordinal[right]) <= days


_TESTS: Mapping[str, Callable[[Dates, Ints, Ints], Bools]] = {
    "equal": _equal,
    "swapped": _swapped,
    "typo": _typo,
    "two_parts": _two_parts,
    "month": _within(31),
    "two_digits": _two_digits,
    "year": _same_year,
    "near": _within(366),
}
