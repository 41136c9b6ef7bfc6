"""`scoring.score` of many pairs at once: the same bits, posteriors and bands, by the same parameters.

`resolver.scoring` is the model; what is here follows it, and tests hold the two together pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.field_rows import NEW_YEAR, Addresses, BirthDates, Genders
from vitograph.resolver.columnar.frame import Bools, Floats, Frame, Ints
from vitograph.resolver.columnar.identifier_rows import IdentifierRows, Identifiers
from vitograph.resolver.columnar.mixing import may_be_mixed
from vitograph.resolver.columnar.name_rows import NameRows, NameTables
from vitograph.resolver.columnar.rows import Rows
from vitograph.resolver.columnar.scored import BANDS, GROUPS, Scored, bits_of
from vitograph.resolver.comparing.comparisons import EMAIL
from vitograph.resolver.scoring.birth_evidence import BORN_APART, DATED
from vitograph.resolver.scoring.known import OWN_MAIL, score
from vitograph.resolver.scoring.parameters import Calibration, Model
from vitograph.resolver.scoring.rates import Population, persons_of

CHUNK = 1 << 18
"""Pairs weighed together: their columns fit into the processor's cache."""


class Compared(NamedTuple):
    """The rows of pairs, whoever compared them."""

    names: NameRows
    birth_date: Rows
    gender: Rows
    address: Rows
    identifiers: IdentifierRows


class Weighed(NamedTuple):
    """Sums of a pair's rows, and what the rules read of them."""

    stranger: Floats
    household: Floats
    person_grade: Bools
    groups: Ints


class Weigher:
    """Scores pairs of the known views of one frame under one model."""

    def __init__(self, frame: Frame, population: Population, model: Model) -> None:
        self.frame, self.population, self.model = frame, population, model
        self.names = NameTables(frame, population, model)
        self.dates = BirthDates(frame, population, model)
        self.genders = Genders(frame, model)
        self.addresses = Addresses(frame, population, model)
        self.identifiers = Identifiers(frame, population, model, self.names.names)
        self.dated, self.born_apart = (self.dates.bits.among(names) for names in (DATED, BORN_APART))
        self.own_mail = np.array([name in OWN_MAIL for name in EMAIL.names] + [False])
        self.mixed = may_be_mixed(frame)
        self.prior_stranger = log2(model.prior_same) - log2(persons_of(population, model) - 1)

    def score(self, left: Ints, right: Ints) -> Scored:
        """The scores of pairs, given by places in the frame."""
        parts = [self._score(left[some], right[some]) for some in chunks(len(left))]
        return join(parts) if len(parts) != 1 else parts[0]

    def company(self, left: Ints, right: Ints) -> Floats:
        """c of each pair: expected co-residents, or the other known holders of what both hold."""
        parts = [self.identifiers.most_others(left[some], right[some]) for some in chunks(len(left))]
        most = np.concatenate(parts) if parts else np.empty(0)
        return self.model.prior_household + most

    def _score(self, left: Ints, right: Ints) -> Scored:
        names = self.names.compare(left, right)
        gender = self.genders.compare(left, right, names.given_agrees)
        compared = Compared(
            names,
            self.dates.compare(left, right),
            gender,
            self.addresses.compare(left, right),
            self.identifiers.compare(left, right),
        )
        return self.weigh(left, right, compared)

    def weigh(self, left: Ints, right: Ints, compared: Compared) -> Scored:
        """The scores of pairs whose rows are known: all three hypotheses, the guard and the bands."""
        names, born, gender, address, found = compared
        rows = (born, gender, address, found.email, found.phone, found.account)
        prior = log2(self.model.prior_same) - np.log2(self.model.prior_household + found.most_others)
        stranger = self.prior_stranger + names.stranger + sum(row.stranger for row in rows)
        household = prior + names.household + sum(row.household for row in rows)
        household -= self._guard_apart(names, address, found.shares, found.same_account, household - prior)
        dated = self.dated[born.level]
        apart = self.born_apart[born.level] | names.other_generation
        told = (dated & names.dated_with) | names.one_generation | found.same_account | found.proven
        household = np.where(told & ~apart, household, np.minimum(household, self.model.rules.namesake_bits))
        household = self._guard_home(compared, prior, household)
        groups = _speaking(compared)
        agreeing = np.bitwise_count(groups)
        named = (names.given_tells & names.family_agrees) | names.swapped
        at_home = (found.same_phone & (found.phone.stranger > 0)) | (
            self.addresses.at_home[address.level] & (address.stranger > 0)
        )
        account = found.same_account & ~names.unlike
        person_grade = (agreeing >= 2) & (account | (named & (dated | (found.proven & at_home))))
        person_grade &= ~(self.mixed[left] | self.mixed[right] | apart)
        weighed = Weighed(stranger, household, person_grade, groups)
        scored = self._conclude(left, right, weighed, found.shares, found.conflict)
        self._leave(scored, np.flatnonzero(found.shares_device))
        return scored

    def _guard_apart(self, names: NameRows, address: Rows, shares: Bools, same_account: Bools, above: Floats) -> Floats:
        """`scoring.guard_apart`: what twins and spouses lose of their odds against a household."""
        together = shares | names.family_agrees | self.addresses.at_home[address.level]
        guarded = names.given_apart & together & ~same_account
        return np.where(guarded, np.maximum(above - self.model.rules.guard_bits, 0.0), 0.0)

    def _guard_home(self, compared: Compared, prior: Floats, household: Floats) -> Floats:
        """`scoring.guard_home`: what is left of the odds against a household where nothing is one person's own."""
        names, born, _, _, found = compared
        rules = self.model.rules
        mail = self.own_mail[found.email.level] & (found.email.household >= rules.own_bits)
        dated = (born.household >= rules.own_bits) & (born.level != NEW_YEAR)
        own = names.own | found.own_account | mail | dated
        most = np.maximum(rules.home_bits, prior - rules.few_homes_bits)
        return np.where(own, household, np.minimum(household, most))

    def _conclude(self, left: Ints, right: Ints, weighed: Weighed, shares: Bools, conflict: Bools) -> Scored:
        """`scoring.conclude` without the waterfall."""
        calibration, bands = self.model.calibration, self.model.bands
        if calibration is None:
            same, household = posteriors(weighed.stranger, weighed.household)
        else:
            same, household = calibrated(weighed.stranger, weighed.household, calibration)
        band = (same >= bands["C"]).astype(np.int64) + (same >= bands["B"])
        band += (same >= bands["A"]) & weighed.person_grade & (bands["A"] < 1)
        band[conflict] = 0
        bits = (weighed.stranger, weighed.household)
        return Scored(left, right, *bits, same, household, band, shares, conflict, weighed.groups)

    def _leave(self, scored: Scored, places: Ints) -> None:
        """Has `score` itself score the pairs at these places."""
        ours, theirs = self.frame.profiles(scored.left[places]), self.frame.profiles(scored.right[places])
        for place, left, right in zip(places.tolist(), ours, theirs, strict=True):
            one = score(left, right, self.population, self.model)
            scored.bits_stranger[place], scored.bits_household[place] = one.bits_stranger, one.bits_household
            scored.p_same[place], scored.p_household[place] = one.p_same, one.p_household
            scored.band[place], scored.conflict[place] = BANDS.index(one.band), one.conflict
            scored.groups[place] = bits_of(one.groups)


def _speaking(compared: Compared) -> Ints:
    """The groups of evidence that speak for one person, as `Scored.groups`."""
    found = compared.identifiers
    rows = {
        "birth_date": compared.birth_date,
        "gender": compared.gender,
        "address": compared.address,
        "email": found.email,
        "phone": found.phone,
        "account": found.account,
    }
    groups = compared.names.speaks.astype(np.int64) << GROUPS.index("name")
    for group, row in rows.items():
        groups |= (row.stranger > 0).astype(np.int64) << GROUPS.index(group)
    return groups


def posteriors(bits_stranger: Floats, bits_household: Floats) -> tuple[Floats, Floats]:
    """P(same) and P(household), as `evidence.posteriors`."""
    top = np.maximum(np.maximum(-bits_stranger, -bits_household), 0.0)
    same, household, stranger = np.exp2(-top), np.exp2(-bits_household - top), np.exp2(-bits_stranger - top)
    total = same + household + stranger
    return same / total, household / total


def calibrated(bits_stranger: Floats, bits_household: Floats, calibration: Calibration) -> tuple[Floats, Floats]:
    """P(same) and P(household), as `evidence.calibrated`."""
    nearest = np.log2(1 + np.exp2(-np.abs(bits_stranger - bits_household)))
    odds = np.minimum(bits_stranger, bits_household) - nearest
    knots, chances = np.array(calibration.bits), np.array(calibration.p_same)
    below = np.log2(chances[0] / (1 - chances[0])) + odds - knots[0]
    same = np.where(odds < knots[0], 1 / (1 + np.exp2(np.minimum(-below, 500.0))), np.interp(odds, knots, chances))
    household = 1 / (1 + np.exp2(np.clip(bits_household - bits_stranger, -500.0, 500.0)))
    return same, (1 - same) * household


def chunks(size: int) -> Iterator[slice]:
    yield from (slice(start, start + CHUNK) for start in range(0, size, CHUNK))


def join(parts: list[Scored]) -> Scored:
    """The scores of several lots of pairs as one."""
    if not parts:
        none, zero, no = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
        return Scored(none, none, zero, zero, zero, zero, none, no, no, none)
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scored.__slots__))
