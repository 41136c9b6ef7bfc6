"""`name_evidence.compare_names` of many pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitograph.resolver.columnar.crossing import Crossed, best, cross, distinct
from vitograph.resolver.columnar.frame import Bools, Floats, Frame, Ints
from vitograph.resolver.columnar.levels import Levels
from vitograph.resolver.columnar.name_levels import NameJudge
from vitograph.resolver.columnar.rows import NONE, Bits, Rows, at_home, chances, frequencies
from vitograph.resolver.columnar.words import Generations, Names, NameSieve, forms_in, names_in
from vitograph.resolver.comparing.comparisons import FAMILY_NAME, GENERATION, GIVEN_NAME, Ladder
from vitograph.resolver.scoring.known import APART, DATED_WITH, GARBLED, NOBODYS, TELLING, UNLIKE
from vitograph.resolver.scoring.name_evidence import AGREEING, ALIKE, CERTAIN, LESS, NAMES
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population, kin_views


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
    given_tells: Bools
    unlike: Bools
    swapped: Bools
    dated_with: Bools
    one_generation: Bools
    other_generation: Bools
    own: Bools
    """A given name that may be one person's, or names that are swapped."""


class NameTables:
    """The names of a frame under one model: their codes, frequencies and levels."""

    def __init__(self, frame: Frame, population: Population, model: Model) -> None:
        self.names: Names = names_in(frame)
        self.population, self.model = population, model
        self.parts = {ladder.name: NamePart(ladder, frame, population, model) for ladder in (GIVEN_NAME, FAMILY_NAME)}
        self.tells, self.dated_with = (self.parts["given_name"].bits.among(names) for names in (TELLING, DATED_WITH))
        self.unlike = self.parts["given_name"].bits.among(UNLIKE)
        self.nobodys = self.parts["given_name"].bits.among(NOBODYS)
        self.nobodys[NONE] = True
        self.generations = Generations.of(self.names.words)
        self.generation = Bits.of(model.comparisons["generation"], GENERATION.names)
        self.full = Bits.of(model.comparisons["full_name"], ("swapped", "swapped_typo", "crossed"))
        self.kin = kin_views(model, *(model.comparisons[name].levels["equal"] for name in NAMES))

    def compare(self, left: Ints, right: Ints) -> NameRows:
        """The best pair of names of each pair of views."""
        crossed = cross(self.names.column, left, right)
        given = (self.names.given[crossed.left], self.names.given[crossed.right])
        family = (self.names.family[crossed.left], self.names.family[crossed.right])
        rows = self._compare(given, family, self.names.read[crossed.left] & self.names.read[crossed.right])
        told = self.names.told[crossed.left] & self.names.told[crossed.right]
        stated = self._stated(crossed, left, right, rows)
        places = best(crossed.pair, told, *stated, rows.stranger, rows.household)
        return NameRows(*(getattr(rows, name)[places] for name in NameRows.__slots__))

    def _stated(self, crossed: Crossed, left: Ints, right: Ints, rows: NameRows) -> tuple[Bools, Bools]:
        """`name_evidence._stated`: whether names have what both views state, given names and family names; of words
        that may be either, whether they were compared as given names, or agree as family names.
        """
        names = self.names
        given, family = (
            (codes[crossed.left] >= 0) & (codes[crossed.right] >= 0) | ~(states[left] & states[right])[crossed.pair]
            for codes, states in ((names.given, names.states_given), (names.family, names.states_family))
        )
        either = (names.only_words[left] & names.only_words[right])[crossed.pair]
        both_given = (names.given[crossed.left] >= 0) & (names.given[crossed.right] >= 0)
        return np.where(either, both_given | rows.family_agrees, given), family

    def _compare(self, given: tuple[Ints, Ints], family: tuple[Ints, Ints], read: Bools) -> NameRows:
        first = self.parts["given_name"].compare(*given)
        last = self.parts["family_name"].compare(*family, read)
        return self.join(first, last, lambda places: self._swapped(given, family, places))

    def join(self, first: PartRows, last: PartRows, swapped_at: Callable[[Ints], tuple[Ints, Ints]]) -> NameRows:
        """Given and family names as the rows of whole names.

        `swapped_at` is asked of places whose names do not agree; it answers which are swapped, and their levels.
        """
        given_agrees = self.parts["given_name"].agreeing[first.rows.level]
        family_agrees = self.parts["family_name"].agreeing[last.rows.level]
        agree = given_agrees & family_agrees
        stranger = first.rows.stranger + last.rows.stranger
        household = first.rows.household + last.rows.household
        whole = (first.left >= 0) & (first.right >= 0) & (last.left >= 0) & (last.right >= 0)
        speaks = (first.rows.stranger > 0) | (last.rows.stranger > 0)
        apart = self.parts["given_name"].apart[first.rows.level]
        swapped, *generations = np.zeros((3, len(stranger)), np.bool_)
        own = ~self.nobodys[first.rows.level]
        tells, unlike, dated_with = (which[first.rows.level] for which in (self.tells, self.unlike, self.dated_with))

        stranger[agree] += self._both(first, last, agree)
        places, level = swapped_at(np.flatnonzero(whole & ~agree))
        better = self.full.stranger[level] > stranger[places]
        places, level = places[better], level[better]
        stranger[places], household[places] = self.full.stranger[level], self.full.household[level]
        own[places] = level != self.full.names.index("crossed")
        speaks[places] = self.full.stranger[level] > 0
        swapped[places] = level == self.full.names.index("swapped")
        for flag in (given_agrees, family_agrees, apart, tells):
            flag[places] = False
        unlike[places] = self.full.among(GARBLED)[level]
        dated_with[places] = swapped[places]
        flags = (given_agrees, family_agrees, apart, tells, unlike, swapped, dated_with, *generations, own)
        rows = NameRows(stranger, household, speaks, *flags)
        self._add_generations(rows, np.flatnonzero(given_agrees), first, last)
        return rows

    def _add_generations(self, rows: NameRows, places: Ints, first: PartRows, last: PartRows) -> None:
        """`name_evidence._generation` at places where given names agree."""
        ours = self.generations.of_names(first.left[places], last.left[places])
        theirs = self.generations.of_names(first.right[places], last.right[places])
        told = (ours != 0) | (theirs != 0)
        places, ours, theirs = places[told], ours[told], theirs[told]
        level = self.generations.levels[ours, theirs]
        rows.stranger[places] += self.generation.stranger[level]
        rows.household[places] += self.generation.household[level]
        rows.speaks[places] |= self.generation.stranger[level] > 0
        for flag, name in ((rows.one_generation, "equal"), (rows.other_generation, "other")):
            flag[places] = level == GENERATION.names.index(name)

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

    def _both(self, first: PartRows, last: PartRows, agree: Bools) -> Floats:
        """`name_evidence._both` where both parts agree."""
        product = first.rate[agree] * last.rate[agree]
        comparison, persons = self.model.comparisons["full_name"], self.population.persons
        mean = np.minimum(product * self.model.rules.name_correlation, 1.0)
        bits = np.log2(product / mean)
        if comparison.frequency is not None:
            equal = self.parts["given_name"].equal
            places = np.flatnonzero(
                (first.rows.level[agree] == equal) & (last.rows.level[agree] == self.parts["family_name"].equal)
            )
            ours, theirs = (
                given[agree][places] * len(self.names.words) + family[agree][places]
                for given, family in ((first.left, last.left), (first.right, last.right))
            )
            field = comparison.frequency.field
            stated = np.maximum(self._stated_by(field, ours), self._stated_by(field, theirs))
            others = np.maximum(stated - np.where(ours == theirs, 2, 1) - self.kin, 0.0)
            own = np.log2(product[places] * (persons + 1 / mean[places]) / (others + 1))
            bits[places] = np.minimum(own, bits[places])
        return np.minimum(bits, 0.0)

    def _stated_by(self, field: str, names: Ints) -> Ints:
        """How many views stated each full name."""
        keys, inverse = distinct(names)
        words = self.names.words
        given, family = np.divmod(keys, max(len(words), 1))
        texts = [f"{words[a]} {words[b]}" for a, b in zip(given.tolist(), family.tolist(), strict=True)]
        return frequencies(self.population, field, texts)[inverse]


@dataclass(frozen=True, slots=True)
class PartRows:
    """The rows of one part of the names of pairs, the codes that were compared (`NOBODY`: not stated), and `rate`: the
    chance that strangers state the more frequent of the two, 1 where they have nothing in common.
    """

    left: Ints
    right: Ints
    rows: Rows
    rate: Floats


class NamePart:
    """Given or family names: the row of one part of a name."""

    def __init__(self, ladder: Ladder, frame: Frame, population: Population, model: Model) -> None:
        comparison = model.comparisons[ladder.name]
        assert comparison.frequency is not None
        self.frequency = comparison.frequency
        self.bits = Bits.of(comparison, (*ladder.names, "lone"))
        words = names_in(frame).words
        self.levels = _levels_in(frame, ladder)
        self.lone = len(ladder.names)
        self.stated = frequencies(population, self.frequency.field, words)
        self.garbled = (self.stated == 1) & forms_in(frame).unknown
        self.persons = population.persons
        self.kin = kin_views(model, comparison.levels["equal"])
        self.rules = model.rules
        self.agreeing, self.apart = self.bits.among(AGREEING), self.bits.among(APART)
        self.exact = self.bits.among(self.frequency.exact)
        self.fuzzy = self.bits.among(self.frequency.fuzzy_levels)
        self.equal, self.typo = ladder.names.index("equal"), ladder.names.index("typo")
        self.less = np.array([ladder.names.index(LESS.get(name, name)) for name in ladder.names])

    def compare(self, left: Ints, right: Ints, read: Bools | None = None) -> PartRows:
        """The rows of pairs of codes; `read` are those where a typing error stands a level less."""
        rows, rates = Rows.silent(len(left)), np.ones(len(left))
        there = np.flatnonzero((left >= 0) & (right >= 0))
        level = self.levels.of(left[there], right[there])
        common = self.is_common(left[there], right[there])
        level[common] = self.less[level[common]]
        if read is not None:
            slips = read[there] & (level == self.typo)
            level[slips] = self.less[level[slips]]
        level[(level == self.levels.last) & (self.garbled[left[there]] | self.garbled[right[there]])] = self.lone
        rows.level[there], rows.household[there] = level, self.bits.household[level]
        rows.stranger[there] = self.bits.stranger[level]
        near = np.flatnonzero((level != self.levels.last) & (level != self.lone))
        places, level = there[near], level[near]
        a, b = left[places], right[places]
        rate = self.rate(a, b)
        bits = self.bits.stranger[level]
        bits = np.where(self.exact[level], np.log2(self.bits.m[level] / rate), bits)
        gain = self.frequency.fuzzy * np.log2(self.frequency.mean / rate)
        rows.stranger[places] = np.where(self.fuzzy[level] & ~self.exact[level], bits + gain, bits)
        rows.level[places], rows.household[places] = level, self.bits.household[level]
        rates[places] = rate
        return PartRows(left, right, at_home(rows, self.exact), rates)

    def rated(self, left: Ints, right: Ints, rows: Rows) -> PartRows:
        """The rows with the rates of what was compared."""
        rates = np.ones(len(left))
        near = np.flatnonzero((rows.level != NONE) & (rows.level != self.levels.last) & (rows.level != self.lone))
        rates[near] = self.rate(left[near], right[near])
        return PartRows(left, right, at_home(rows, self.exact), rates)

    def is_common(self, left: Ints, right: Ints) -> Bools:
        """`name_evidence.is_common` of two different names."""
        ours, theirs = self.stated[left], self.stated[right]
        rarer = np.minimum(ours, theirs) - 1
        often = rarer >= self.rules.slip_share * np.maximum(ours, theirs)
        return (left != right) & (rarer >= self.rules.common_views) & often

    def rate(self, left: Ints, right: Ints) -> Floats:
        """The chance that strangers state the more frequent of two values."""
        stated = np.maximum(self.stated[left], self.stated[right])
        return chances(self.frequency, stated, np.where(left == right, 2, 1) + self.kin, self.persons)


def _levels_in(frame: Frame, ladder: Ladder) -> Levels:
    """The levels of the names of a frame, whatever the model."""
    words, forms, last = names_in(frame).words, forms_in(frame), ladder.names.index("different")
    return frame.once(ladder, lambda: Levels(len(words), NameSieve(forms), NameJudge(ladder, words, forms), last))
