"""Birth dates, genders and addresses of many pairs, as `scoring` compares them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.crossing import best, cross
from vitograph.resolver.columnar.dates import Dates
from vitograph.resolver.columnar.frame import Bools, Column, Frame, Ints
from vitograph.resolver.columnar.levels import Levels, one_by_one
from vitograph.resolver.columnar.rows import NONE, Bits, Rows, chances, frequencies
from vitograph.resolver.columnar.sieves import Spelling
from vitograph.resolver.comparing.addresses import (
    PLACE_ONLY,
    REGION_ONLY,
    WITH_STREET,
    Agreement,
    agreement_level,
    codes_agree,
    plain_code,
    street_parts,
    streets_agree,
    words_agree,
)
from vitograph.resolver.comparing.comparisons import BIRTH_DATE, GENDER, level_of
from vitograph.resolver.comparing.ladder import CLOSE
from vitograph.resolver.model import Address
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population, kin_at_place, kin_views, on_new_year
from vitograph.resolver.values.names import fold


def spread(size: int, pair: Ints, places: Ints, rows: Rows) -> Rows:
    """The rows at these places, each at its pair; the other pairs have no evidence."""
    whole = Rows.silent(size)
    for name in Rows.__slots__:
        getattr(whole, name)[pair[places]] = getattr(rows, name)[places]
    return whole


NEW_YEAR = len(BIRTH_DATE.names)
"""The level of two birth dates on 1 January of one year: no ladder has it, and `Bits.among` says no of it."""


class BirthDates:
    """The birth dates of a frame under one model."""

    def __init__(self, frame: Frame, population: Population, model: Model) -> None:
        self.column = frame.stated["birth_dates"]
        self.dates = frame.once(Dates, lambda: Dates.of(self.column.values))
        comparison = model.comparisons["birth_date"]
        self.bits = Bits.of(comparison, BIRTH_DATE.names)
        self.equal, self.times = BIRTH_DATE.names.index("equal"), model.rules.new_year_times
        self.own: np.ndarray[tuple[int], np.dtype[np.float64]] | None = None
        if comparison.frequency is not None:
            stated = frequencies(population, comparison.frequency.field, self.column.values)
            own = 2 + kin_views(model, comparison.levels["equal"])
            frequency = comparison.frequency
            usual = chances(frequency, stated, own, population.persons)
            often = chances(on_new_year(frequency, model), stated, own, population.persons)
            self.own = np.log2(self.bits.m[self.equal] / np.where(self.dates.new_year, often, usual))

    def compare(self, left: Ints, right: Ints) -> Rows:
        crossed = cross(self.column, left, right)
        ours, theirs = self.column.codes[crossed.left], self.column.codes[crossed.right]
        level = self.dates.levels(ours, theirs)
        stranger, household = self.bits.stranger[level], self.bits.household[level]
        if self.own is not None:
            stranger = np.where(level == self.equal, self.own[ours], stranger)
        rows = self.at_home(Rows(level, stranger, household), ours)
        places = best(crossed.pair, rows.stranger, rows.household)
        return spread(len(left), crossed.pair, places, rows)

    def at_home(self, rows: Rows, ours: Ints) -> Rows:
        """Equal dates (`ours` are their codes) as two of a home have them: no rarer than two strangers, and 1 January
        more often than others.
        """
        if self.own is None:
            return rows
        equal = rows.level == self.equal
        new_year = equal & np.append(self.dates.new_year, False)[ours]
        household = rows.household - np.where(new_year, np.log2(self.times), 0.0)
        household = np.where(equal, np.minimum(household, rows.stranger), household)
        return Rows(np.where(new_year, NEW_YEAR, rows.level), rows.stranger, household)


class Genders:
    """The genders of a frame under one model."""

    def __init__(self, frame: Frame, model: Model) -> None:
        self.column = frame.stated["genders"]
        values = self.column.values
        self.bits = Bits.of(model.comparisons["gender"], GENDER.names)
        levels = [[GENDER.names.index(level_of("gender", a, b)) for b in values] for a in values]
        self.levels = np.array(levels, np.int64).reshape(len(values), len(values))
        self.equal, self.share = GENDER.names.index("equal"), model.rules.gender_share

    def compare(self, left: Ints, right: Ints, given_agrees: Bools) -> Rows:
        crossed = cross(self.column, left, right)
        level = self.levels[self.column.codes[crossed.left], self.column.codes[crossed.right]]
        places = best(crossed.pair, -level)
        rows = Rows(level, self.bits.stranger[level], self.bits.household[level])
        return self.discounted(spread(len(left), crossed.pair, places, rows), given_agrees)

    def discounted(self, rows: Rows, given_agrees: Bools) -> Rows:
        """Genders that agree count in part where given names do: those say it already."""
        known = (rows.level == self.equal) & given_agrees
        rows.stranger[known] *= self.share
        rows.household[known] *= self.share
        return rows


ADDRESS_LEVELS = (*WITH_STREET, *PLACE_ONLY, *REGION_ONLY)


class Addresses:
    """The addresses of a frame under one model."""

    def __init__(self, frame: Frame, population: Population, model: Model) -> None:
        self.column = frame.stated["addresses"]
        self.parts = frame.once(Parts, lambda: Parts.of(self.column.values))
        self.level = _level_table()
        self.bits = [
            Bits.of(model.comparisons[name], levels)
            for name, levels in (("address", WITH_STREET), ("place", PLACE_ONLY), ("region", REGION_ONLY))
        ]
        self.stranger = np.concatenate([bits.stranger for bits in self.bits])
        self.household = np.concatenate([bits.household for bits in self.bits])
        m = np.concatenate([bits.m for bits in self.bits])
        self.own = []
        for name, place in model.places.items():
            part = self.parts.named(place.part)
            stated = frequencies(population, place.frequency.field, part.values)
            level = ADDRESS_LEVELS.index(name)
            self.own.append((level, part, place.frequency, stated, m, kin_at_place(model, place.part)))
        self.persons = population.persons
        self.at_home = np.array([name in ("equal", "typo") for name in ADDRESS_LEVELS] + [False])

    def compare(self, left: Ints, right: Ints) -> Rows:
        """The rows of the best pair of addresses; levels are places in the three comparisons' levels together."""
        crossed = cross(self.column, left, right)
        a, b = self.column.codes[crossed.left], self.column.codes[crossed.right]
        level = self.levels(a, b)
        stranger, household = np.append(self.stranger, 0.0)[level], np.append(self.household, 0.0)[level]
        for name, part, frequency, stated, m, kin in self.own:
            there = np.flatnonzero(level == name)
            ours, theirs = part.codes[a[there]], part.codes[b[there]]
            most = np.maximum(stated[ours], stated[theirs])
            own = np.where(ours == theirs, 2, 1) + kin
            stranger[there] = np.log2(m[name] / chances(frequency, most, own, self.persons))
        places = best(crossed.pair, level != NONE, stranger, household)
        return spread(len(left), crossed.pair, places, Rows(level, stranger, household))

    def levels(self, left: Ints, right: Ints) -> Ints:
        """The levels of pairs of addresses, by their codes."""
        return np.asarray(self.level[tuple(self.parts.agreements(left, right))])


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of addresses: its distinct values, the code of each address (-1: not stated), and how two values agree."""

    values: list[str]
    codes: Ints
    levels: Levels

    @classmethod
    def of(
        cls, stated: Iterable[str | None], judge: Callable[[str, str], int], sieve: Callable[[list[str]], Spelling]
    ) -> _Part:
        known: dict[str, int] = {}
        codes = np.array([known.setdefault(value, len(known)) if value else -1 for value in stated], np.int64)
        values = list(known)
        levels = Levels(len(values), sieve(values), one_by_one(lambda a, b: judge(values[a], values[b])), 0)
        return cls(values, codes, levels)

    def agree(self, left: Ints, right: Ints) -> Ints:
        """How the parts of pairs of addresses agree, plus one; 0 where one of them states none."""
        a, b = self.codes[left], self.codes[right]
        found = np.zeros(len(left), np.int64)
        there = np.flatnonzero((a >= 0) & (b >= 0))
        found[there] = self.levels.of(a[there], b[there]) + 1
        return found


class Parts(NamedTuple):
    """The parts of the addresses of a frame, whatever the model."""

    street: _Part
    postal_code: _Part
    city: _Part
    region: _Part

    @classmethod
    def of(cls, addresses: Sequence[Address]) -> Parts:
        return cls(
            _Part.of((one.street for one in addresses), streets_agree, _way_sieve),
            _Part.of((one.postal_code for one in addresses), codes_agree, _code_sieve),
            _Part.of((one.city for one in addresses), words_agree, _word_sieve),
            _Part.of((one.region for one in addresses), words_agree, _word_sieve),
        )

    def named(self, name: str) -> _Part:
        found: _Part = getattr(self, name)
        return found

    def agreements(self, left: Ints, right: Ints) -> Iterator[Ints]:
        """How pairs of addresses agree in each part."""
        return (part.agree(left, right) for part in self)


def _word_sieve(words: Sequence[str]) -> Spelling:
    return Spelling.of(list(map(letters, words)), 2, CLOSE)


def _way_sieve(streets: Sequence[str]) -> Spelling:
    return _word_sieve([street_parts(street)[1] for street in streets])


def _code_sieve(codes: Sequence[str]) -> Spelling:
    return Spelling.of([plain_code(code) for code in codes], 1)


def letters(words: str) -> str:
    return fold(words).replace(" ", "") or words


def _level_table() -> Ints:
    """The level of every agreement of street, code, town and region, each counted from 1 (0: not stated)."""
    table = np.full((5, 4, 4, 4), NONE)
    for street, code, town, region in itertools.product(range(5), range(4), range(4), range(4)):
        agreement = Agreement(
            street=street - 1 if street else None,
            code=code - 1 if code else None,
            town=town - 1 if town else None,
            region=region - 1 == 2 if region else None,
        )
        level = agreement_level(agreement)
        table[street, code, town, region] = ADDRESS_LEVELS.index(level) if level in ADDRESS_LEVELS else NONE
    return table


__all__ = ["Addresses", "BirthDates", "Column", "Genders"]
