"""Which pairs can become candidates at all: bounds on their bits, most of them from arrays alone.

With S the bits against a stranger, and T those by which a household beats a stranger (S less the bits against a
household), P(same) is at most 1 / (1 + 2^-S), and P(household) 1 / (1 + 2^-T). A pair of which both stay below what
policy keeps is dropped before its strings are compared. Views that state several values of a field are never dropped,
nor are pairs that share an identifier.
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Column, Floats, Ints
from vitograph.resolver.columnar.identifier_rows import EMAILS, PHONES, Contact
from vitograph.resolver.columnar.name_rows import NamePart
from vitograph.resolver.columnar.rows import NONE, Bits, chances
from vitograph.resolver.columnar.weigh import Weigher, calibrated, chunks
from vitograph.resolver.policy import LEAST_STORED

_SLACK = 1e-6
"""Bits: sums are made in another order here."""


class Bound(NamedTuple):
    """The most that S and T can be."""

    stranger: Floats
    household: Floats

    def plus(self, other: Bound) -> Bound:
        return Bound(self.stranger + other.stranger, self.household + other.household)

    def less(self, other: Bound) -> Bound:
        return Bound(self.stranger - other.stranger, self.household - other.household)

    def at(self, places: Bools | Ints) -> Bound:
        return Bound(self.stranger[places], self.household[places])

    def or_else(self, other: Bound) -> Bound:
        return Bound(np.maximum(self.stranger, other.stranger), np.maximum(self.household, other.household))

    def above_nothing(self) -> Bound:
        return self.or_else(_nothing(1))

    def where(self, condition: Bools) -> Bound:
        """Nothing elsewhere."""
        return Bound(np.where(condition, self.stranger, 0.0), np.where(condition, self.household, 0.0))


class Reach:
    """The bounds under one weigher."""

    def __init__(self, weigher: Weigher) -> None:
        self.weigher, self.model = weigher, weigher.model
        names, identifiers = weigher.names, weigher.identifiers
        self.contacts = [identifiers.contacts[kind] for kind in (PHONES, EMAILS)]
        columns = [names.names.column, weigher.dates.column, weigher.genders.column, weigher.addresses.column]
        columns += [contact.column for contact in self.contacts]
        self.plain: Bools = np.logical_and.reduce([column.counts <= 1 for column in columns])
        self.given, self.family = (_only(names.names.column, part) for part in (names.names.given, names.names.family))
        self.generation = names.generations.of_names(self.given, self.family) != 0
        self.named, self.placed = (self.given >= 0) | (self.family >= 0), weigher.addresses.column.counts > 0
        self.prior_household = log2(self.model.prior_same) - log2(self.model.prior_household)
        given, family = map(_most_of_part, names.parts.values())
        self.most_of_names = given.plus(family).or_else(_most(names.full))
        self.most_of_addresses = Bound(*weigher.addresses.most()).above_nothing()

    def places(self, left: Ints, right: Ints) -> Ints:
        """The places of the pairs that may be kept."""
        parts = [some.start + self._places(left[some], right[some]) for some in chunks(len(left))]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def _places(self, left: Ints, right: Ints) -> Ints:
        always = self.weigher.identifiers.share(left, right) | ~(self.plain[left] & self.plain[right])
        places = np.flatnonzero(~always)
        a, b = left[places], right[places]
        rows = self.weigher.dates.compare(a, b)
        bound = self._rest(a, b).plus(Bound(rows.stranger, rows.stranger - rows.household))
        for contact in self.contacts:
            bound = bound.plus(_contact(contact, a, b, exact=False))

        names = self.most_of_names.where(self.named[a] & self.named[b])
        addresses = self.most_of_addresses.where(self.placed[a] & self.placed[b])
        together = np.ones(len(a), np.bool_)
        alive = np.flatnonzero(self._reaches(bound.plus(names).plus(addresses), together))
        places, a, b, bound, addresses = places[alive], a[alive], b[alive], bound.at(alive), addresses.at(alive)
        names, together = self._names(a, b)
        bound = bound.plus(names)
        alive = np.flatnonzero(self._reaches(bound.plus(addresses), together | (self.placed[a] & self.placed[b])))
        places, a, b, bound, together = places[alive], a[alive], b[alive], bound.at(alive), together[alive]
        rows = self.weigher.addresses.compare(a, b)
        bound = bound.plus(Bound(rows.stranger, rows.stranger - rows.household))
        together |= self.weigher.addresses.at_home[rows.level]
        alive = np.flatnonzero(self._reaches(bound, together))
        places, a, b, bound, together = places[alive], a[alive], b[alive], bound.at(alive), together[alive]
        for contact in self.contacts:
            bound = bound.plus(_contact(contact, a, b, exact=True)).less(_contact(contact, a, b, exact=False))
        alive = np.flatnonzero(self._reaches(bound, together))
        return np.sort(np.concatenate((np.flatnonzero(always), places[alive])))

    def _reaches(self, bound: Bound, together: Bools) -> Bools:
        """Whether policy may keep pairs of these bounds.

        Of those who may share a home or a family name (`together`) the guard may take from the odds against a
        household what lifts them above the prior.
        """
        stranger = bound.stranger + _SLACK
        guarded = stranger - self.prior_household - self.model.rules.guard_bits
        household = np.maximum(bound.household + _SLACK, np.where(together, guarded, -np.inf))
        same = _chance(stranger)
        if self.model.calibration is not None:
            same, _ = calibrated(stranger, np.full(len(same), np.inf), self.model.calibration)
        return np.asarray(np.maximum(same, _chance(household)) >= LEAST_STORED)

    def _rest(self, left: Ints, right: Ints) -> Bound:
        """The prior, and the little that second accounts, genders and generations may add."""
        weigher, second = self.weigher, self.model.comparisons["user_id"].levels["second"]
        more, stronger = max(second.bits_stranger, 0.0), max(second.bits_stranger - second.bits_household, 0.0)
        prior = weigher.prior_stranger
        start = Bound(np.full(len(left), prior + more), np.full(len(left), prior - self.prior_household + stronger))
        stated, said = weigher.genders.column.counts > 0, self.generation
        gender = _most(weigher.genders.bits).above_nothing().where(stated[left] & stated[right])
        generation = _most(weigher.names.generation).above_nothing().where(said[left] | said[right])
        return start.plus(gender).plus(generation)

    def _names(self, left: Ints, right: Ints) -> tuple[Bound, Bools]:
        """Bounds of the names, and whose family names may agree."""
        tables = self.weigher.names
        given, family = (self.given[left], self.given[right]), (self.family[left], self.family[right])
        (first, _), (last, agree) = (
            _part(tables.parts[name], *codes) for name, codes in (("given_name", given), ("family_name", family))
        )
        found = first.plus(last)
        whole = np.flatnonzero((given[0] >= 0) & (given[1] >= 0) & (family[0] >= 0) & (family[1] >= 0))
        levels = tables.parts["family_name"].levels
        swapped = levels.may_agree(given[0][whole], family[1][whole])
        swapped |= levels.may_agree(family[0][whole], given[1][whole])
        whole, full = whole[swapped], _most(tables.full)
        found.stranger[whole] = np.maximum(found.stranger[whole], full.stranger)
        found.household[whole] = np.maximum(found.household[whole], full.household)
        return found, agree


def _contact(contact: Contact, left: Ints, right: Ints, exact: bool) -> Bound:
    """Of values that differ: their level, or unless `exact` the best of all where something may be alike."""
    column, most, last = contact.column, contact.most, contact.levels.last
    there = np.flatnonzero((column.counts[left] > 0) & (column.counts[right] > 0))
    a, b = (column.codes[column.offsets[side[there]]] for side in (left, right))
    found, gain = _nothing(len(left)), most - contact.bits.household
    if exact:
        level = contact.levels.of(a, b)
        found.stranger[there], found.household[there] = most[level], gain[level]
    else:
        may_agree = contact.levels.may_agree(a, b)
        found.stranger[there] = np.where(may_agree, most.max(), most[last])
        found.household[there] = np.where(may_agree, gain.max(), gain[last])
    return found


def _part(part: NamePart, left: Ints, right: Ints) -> tuple[Bound, Bools]:
    """Bounds of given or family names: the level where nothing can be alike, the best of all where something may.

    And where that is.
    """
    found, gain = _nothing(len(left)), part.bits.stranger - part.bits.household
    there = np.flatnonzero((left >= 0) & (right >= 0))
    a, b = left[there], right[there]
    level = np.where(part.garbled[a] | part.garbled[b], part.lone, part.levels.last)
    found.stranger[there], found.household[there] = part.bits.stranger[level], gain[level]
    may_agree = part.levels.may_agree(a, b)
    equal = part.whole_codes[a] == part.whole_codes[b]
    for near, levels in ((equal, part.is_equal), (may_agree & ~equal, ~part.is_equal)):
        near = np.flatnonzero(near)
        best = _best_at(part, levels, part.rate(a[near], b[near]))
        found.stranger[there[near]], found.household[there[near]] = best
    agree = np.zeros(len(left), np.bool_)
    agree[there[may_agree]] = True
    return found, agree


def _best_at(part: NamePart, levels: Bools, rate: Floats) -> Bound:
    """The best of these levels at these chances of strangers."""
    exact, bits = part.exact[:-1], part.bits
    fuzzy = part.fuzzy[:-1] & ~exact
    shares = np.where(exact, 1.0, np.where(fuzzy, part.frequency.fuzzy, 0.0))
    start = np.where(exact, np.log2(bits.m), bits.stranger + shares * np.log2(part.frequency.mean) * fuzzy)
    stranger, household = np.full(len(rate), -np.inf), np.full(len(rate), -np.inf)
    for share in np.unique(shares[levels]).tolist():
        of = levels & (shares == share)
        rarity = -share * np.log2(rate)
        np.maximum(stranger, start[of].max() + rarity, out=stranger)
        np.maximum(household, (start - bits.household)[of].max() + rarity, out=household)
    return Bound(stranger, household)


def _most_of_part(part: NamePart) -> Bound:
    """The best of all levels of the rarest name."""
    every = np.ones(len(part.bits.m), np.bool_)
    best = _best_at(part, every, chances(part.frequency, np.zeros(1, np.int64), 0, part.persons))
    return best.above_nothing()


def _most(bits: Bits) -> Bound:
    return Bound(bits.stranger.max(keepdims=True), (bits.stranger - bits.household).max(keepdims=True))


def _nothing(size: int) -> Bound:
    return Bound(np.zeros(size), np.zeros(size))


def _chance(bits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp2(-np.maximum(bits, -500.0))))


def _only(column: Column, codes: Ints) -> Ints:
    """The code of the first name of each view."""
    first = np.where(column.counts > 0, column.offsets[:-1], -1)
    return np.append(codes, NONE)[first]
