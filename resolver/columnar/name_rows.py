"""`name_evidence.compare_names` of many pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitograph.resolver.columnar.crossing import best, cross, distinct
from vitograph.resolver.columnar.frame import Bools, Floats, Frame, Ints
from vitograph.resolver.columnar.levels import Levels
from vitograph.resolver.columnar.rows import NONE, Bits, Rows, chances, frequencies
from vitograph.resolver.columnar.words import Forms, Names, NameSieve, names_in
from vitograph.resolver.comparisons import FAMILY_NAME, GIVEN_NAME, Ladder, level_of
from vitograph.resolver.name_evidence import AGREEING, ALIKE, CERTAIN
from vitograph.resolver.parameters import Model
from vitograph.resolver.rates import Population
from vitograph.resolver.scoring import APART


@dataclass(frozen=True, slots=True)
class NameRows:
    """Bits of all rows of names together, and what the rules ask of their levels."""

    stranger: Floats
    household: Floats
    speaks: Bools
    """A row of the group speaks against a stranger."""
    given_agrees: Bools
    family_agrees: Bools
    given_apart: Bools
    swapped: Bools


class NameTables:
    """The names of a frame under one model: their codes, frequencies and levels."""

    def __init__(self, frame: Frame, population: Population, model: Model) -> None:
        self.names: Names = names_in(frame)
        self.forms = Forms.of(self.names.words)
        self.population, self.model = population, model
        sieve = NameSieve(self.forms)
        self.parts = {
            ladder.name: _Part(ladder, self.names.words, sieve, population, model)
            for ladder in (GIVEN_NAME, FAMILY_NAME)
        }
        self.full = Bits.of(model.comparisons["full_name"], ("swapped", "swapped_typo", "crossed"))

    def compare(self, left: Ints, right: Ints) -> NameRows:
        """The best pair of names of each pair of views."""
        crossed = cross(self.names.column, left, right)
        given = (self.names.given[crossed.left], self.names.given[crossed.right])
        family = (self.names.family[crossed.left], self.names.family[crossed.right])
        rows = self._compare(given, family)
        places = best(crossed.pair, rows.stranger, rows.household)
        return NameRows(*(getattr(rows, name)[places] for name in NameRows.__slots__))

    def _compare(self, given: tuple[Ints, Ints], family: tuple[Ints, Ints]) -> NameRows:
        first, first_rate = self.parts["given_name"].compare(*given)
        last, last_rate = self.parts["family_name"].compare(*family)
        given_agrees = self.parts["given_name"].agreeing[first.level]
        family_agrees = self.parts["family_name"].agreeing[last.level]
        agree = given_agrees & family_agrees
        stranger = first.stranger + last.stranger
        household = first.household + last.household
        whole = (given[0] >= 0) & (given[1] >= 0) & (family[0] >= 0) & (family[1] >= 0)
        speaks = (first.stranger > 0) | (last.stranger > 0)
        apart = self.parts["given_name"].apart[first.level]
        swapped = np.zeros(len(stranger), np.bool_)

        stranger[agree] += self._both(given, family, first, last, first_rate * last_rate, agree)
        places, level = self._swapped(given, family, np.flatnonzero(whole & ~agree))
        better = self.full.stranger[level] > stranger[places]
        places, level = places[better], level[better]
        stranger[places], household[places] = self.full.stranger[level], self.full.household[level]
        speaks[places] = self.full.stranger[level] > 0
        swapped[places] = level < 2
        for flags in (given_agrees, family_agrees, apart):
            flags[places] = False
        return NameRows(stranger, household, speaks, given_agrees, family_agrees, apart, swapped)

    def _swapped(self, given: tuple[Ints, Ints], family: tuple[Ints, Ints], places: Ints) -> tuple[Ints, Ints]:
        """Those of these places where given and family name are swapped, and at which level."""
        part = self.parts["family_name"]
        (a, b), (c, d) = (given[0][places], family[1][places]), (family[0][places], given[1][places])
        one_may, other_may = part.levels.may_agree(a, b), part.levels.may_agree(c, d)
        may = np.flatnonzero(one_may | other_may)
        one = part.levels.of(a[may], b[may], one_may[may])
        other = part.levels.of(c[may], d[may], other_may[may])
        certain, alike = part.bits.among(CERTAIN), part.bits.among(ALIKE)
        equal = part.bits.names.index("equal")
        level = np.full(len(may), NONE)
        level[certain[one] | certain[other]] = 2
        level[(certain[one] & alike[other]) | (certain[other] & alike[one])] = 1
        level[(one == equal) & (other == equal)] = 0
        found = level != NONE
        return places[may[found]], level[found]

    def _both(
        self,
        given: tuple[Ints, Ints],
        family: tuple[Ints, Ints],
        first: Rows,
        last: Rows,
        product: Floats,
        agree: Bools,
    ) -> Floats:
        """`name_evidence._both` where both parts agree."""
        product = product[agree]
        comparison, persons = self.model.comparisons["full_name"], self.population.persons
        mean = np.minimum(product * self.model.rules.name_correlation, 1.0)
        bits = np.log2(product / mean)
        if comparison.frequency is not None:
            equal = self.parts["given_name"].equal
            places = np.flatnonzero(
                (first.level[agree] == equal) & (last.level[agree] == self.parts["family_name"].equal)
            )
            names = given[0][agree][places] * len(self.names.words) + family[0][agree][places]
            others = np.maximum(self._stated(comparison.frequency.field, names) - 2, 0)
            own = np.log2(product[places] * (persons + 1 / mean[places]) / (others + 1))
            bits[places] = np.minimum(own, bits[places])
        return np.minimum(bits, 0.0)

    def _stated(self, field: str, names: Ints) -> Ints:
        """How many views stated each full name."""
        keys, inverse = distinct(names)
        words = self.names.words
        given, family = np.divmod(keys, max(len(words), 1))
        texts = [f"{words[a]} {words[b]}" for a, b in zip(given.tolist(), family.tolist(), strict=True)]
        return frequencies(self.population, field, texts)[inverse]


class _Part:
    """Given or family names: the row of one part of a name."""

    def __init__(
        self, ladder: Ladder, words: list[str], sieve: NameSieve, population: Population, model: Model
    ) -> None:
        comparison = model.comparisons[ladder.name]
        assert comparison.frequency is not None
        self.frequency = comparison.frequency
        self.bits = Bits.of(comparison, ladder.names)
        self.levels = Levels(len(words), sieve, _judge(ladder, words), ladder.names.index("different"))
        self.stated = frequencies(population, self.frequency.field, words)
        self.persons, self.rules = population.persons, model.rules
        self.agreeing, self.apart = self.bits.among(AGREEING), self.bits.among(APART)
        self.exact = self.bits.among(self.frequency.exact)
        self.fuzzy = self.bits.among(self.frequency.fuzzy_levels)
        self.equal, self.typo, self.close = (ladder.names.index(name) for name in ("equal", "typo", "close"))

    def compare(self, left: Ints, right: Ints) -> tuple[Rows, Floats]:
        """The rows, and the chance that strangers state the more frequent of two values (1 where it tells nothing)."""
        rows, rates = Rows.silent(len(left)), np.ones(len(left))
        there = np.flatnonzero((left >= 0) & (right >= 0))
        a, b = left[there], right[there]
        level = self.levels.of(a, b)
        rows.level[there], rows.household[there] = level, self.bits.household[level]
        rows.stranger[there] = self.bits.stranger[level]
        near = np.flatnonzero(level != self.levels.last)
        places, a, b, level = there[near], a[near], b[near], level[near]
        ours, theirs = self.stated[a], self.stated[b]
        rarer = np.minimum(ours, theirs) - 1
        common = (rarer >= self.rules.common_views) & (rarer >= self.persons * self.frequency.mean / 2)
        level = np.where((level == self.typo) & common & (a != b), self.close, level)
        rate = chances(self.frequency, np.maximum(ours, theirs), np.where(a == b, 2, 1), self.persons)
        bits = self.bits.stranger[level]
        bits = np.where(self.exact[level], np.log2(self.bits.m[level] / rate), bits)
        gain = self.frequency.fuzzy * np.log2(self.frequency.mean / rate)
        rows.stranger[places] = np.where(self.fuzzy[level] & ~self.exact[level], bits + gain, bits)
        rows.level[places], rows.household[places] = level, self.bits.household[level]
        rates[places] = rate
        return rows, rates


def _judge(ladder: Ladder, words: list[str]) -> Callable[[int, int], int]:
    places = {name: place for place, name in enumerate(ladder.names)}
    return lambda a, b: places[level_of(ladder.name, words[a], words[b])]
