"""A model fitted without labels: EM over scored pairs with three classes, the given model as the prior (MAP).

What is fitted is how many duplicates and co-residents a person has here (s, q) and, when asked, how often one person's
records stand at each level (m). u stays: it is counted per value, or known for random pairs. h stays too: without it
nothing would tell the two classes apart, and EM may name a household what is one person. The result is a new model
for a person to promote; nothing here makes it live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import fsum, log2

import numpy as np
from numpy.typing import NDArray

from vitograph.resolver.columnar.weigh import posteriors
from vitograph.resolver.scoring.evidence import PRIOR, Score
from vitograph.resolver.scoring.parameters import Level, Model, with_levels
from vitograph.resolver.training.shares import GARBLED, Key, shares

ROUNDS = 25
LEVEL_WEIGHT = 200.0
"""Pairs that the given model's m of a comparison weighs as much as."""
PERSON_WEIGHT = 100.0
"""Persons that the given model's s and q weigh as much as."""
LEAST_COMPANY = 0.02
MOST_SHIFT: Mapping[str | Key, float] = {
    "birth_date": 16.0,
    "given_name": 1.4,
    "gender": 1.4,
    ("family_name", "close"): 4.0,
    ("family_name", "loose"): 8.0,
    ("email", "different"): 6.0,
    ("phone", "different"): 6.0,
}
"""How many times the given m a fitted one may be, or its inverse, by level or else comparison.

Given name and gender are what parts one person from one household: where families abound, EM drifts towards them, so
these are held closest. Of a household hardly two have one birth date, so its levels may follow the noise of a graph;
so may family names that only resemble each other. Persons that grew from observations would be one already if they had
an e-mail address or a phone number in common, so that different ones say next to nothing of them; rows of an import
would not.
"""
MOST_SHIFT_ELSE = 2.0
SECOND_ACCOUNT: Key = ("user_id", "second")
SECOND_WEIGHT = 10.0
"""Pairs with two accounts that the given model's weigh as much as."""
LEAST_SECOND = 1 / 16
"""The least chance of two accounts of one issuer, as a share of that of two people.

Two people have them as often as accounts are stated, one person only when they have two. Where each row of an import
is an account, that is as often, and they say nothing; where a shop gives everybody one, they speak for two people.
"""


@dataclass(frozen=True, slots=True)
class Observed:
    """A scored pair as the EM sees it: odds under the given model, levels, its c, and how many it stands for."""

    bits_stranger: float
    bits_household: float
    levels: tuple[Key, ...]
    company: float
    times: int = 1


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where the EM stands: s, q, m of every level, and for each level of `GARBLED` the share of two people's unlike
    names that the given model takes to be lone. `silent` are the m at which unlike names speak for nobody.
    """

    same: float
    household: float
    m: Mapping[Key, float]
    lone: Mapping[Key, float]
    silent: Mapping[Key, float]


def observe(score: Score, model: Model, times: int = 1) -> Observed:
    """What the EM needs of a score, of a pair that stands for so many."""
    levels = tuple(
        _key(row.comparison, row.level)
        for row in score.evidence
        if row.comparison in model.comparisons and row.level in model.comparisons[row.comparison].levels
    )
    prior = next(row for row in score.evidence if row.group == PRIOR)
    company = 2.0 ** (log2(model.prior_same) - prior.bits_household)
    return Observed(score.bits_stranger, score.bits_household, levels, company, times)


@cache
def _key(comparison: str, level: str) -> Key:
    """One object for each level: there are a hundred thousand pairs of some ten levels."""
    return comparison, level


def fit(model: Model, pairs: Iterable[Observed], persons: int, *, levels: bool = True) -> Model:
    """The model that explains the scored pairs of a graph of so many persons best, drawn to the given one.

    With `levels=False` only s and q are fitted.
    """
    lone, silent = _lone_shares(model), _silent(model)
    start = Fitted(model.prior_same, model.prior_household, chances_of_one(model), lone, silent)
    observed = _Table.of(list(pairs), start.m)
    fitted = start
    for _ in range(ROUNDS):
        fitted = _round(start, fitted, observed, persons, levels)
    believed = replace(model, name=f"{model.name}-fitted", prior_same=fitted.same, prior_household=fitted.household)
    return with_m(believed, fitted.m)


def chances_of_one(model: Model) -> dict[Key, float]:
    """m of every level."""
    return {
        (name, level): chances.m
        for name, comparison in model.comparisons.items()
        for level, chances in comparison.levels.items()
    }


def with_m(model: Model, m: Mapping[Key, float]) -> Model:
    """The model with other m at the levels that are named."""
    given = {(name, level): one for name, body in model.comparisons.items() for level, one in body.levels.items()}
    return with_levels(model, {key: Level.of(m[key], one.h, one.u) for key, one in given.items() if key in m})


@dataclass(frozen=True, slots=True)
class _Table:
    """Observed pairs as columns. `pair` and `level` say which pair stands at which level, side by side."""

    keys: tuple[Key, ...]
    pair: NDArray[np.int64]
    level: NDArray[np.int64]
    stranger: NDArray[np.float64]
    household: NDArray[np.float64]
    company: NDArray[np.float64]
    times: NDArray[np.float64]

    @classmethod
    def of(cls, observed: Sequence[Observed], keys: Iterable[Key]) -> _Table:
        places = {key: place for place, key in enumerate(keys)}
        sizes = np.fromiter((len(pair.levels) for pair in observed), np.int64, len(observed))
        level = np.array([places[key] for pair in observed for key in pair.levels], np.int64)
        columns = [(pair.bits_stranger, pair.bits_household, pair.company, pair.times) for pair in observed]
        numbers = np.array(columns, np.float64).reshape(-1, 4)
        return cls(tuple(places), np.repeat(np.arange(len(observed)), sizes), level, *numbers.T)

    def sums(self, weights: NDArray[np.float64]) -> dict[Key, float]:
        """The weights of the pairs at each level, together."""
        found = np.bincount(self.level, weights[self.pair], len(self.keys))
        return dict(zip(self.keys, found.tolist(), strict=True))

    def shifted(self, shift: Mapping[Key, float]) -> NDArray[np.float64]:
        """The sum of what the levels of each pair are shifted by."""
        by_level = np.array([shift[key] for key in self.keys])
        return np.bincount(self.pair, by_level[self.level], len(self.times)).astype(np.float64)


def _round(start: Fitted, now: Fitted, observed: _Table, persons: int, levels: bool) -> Fitted:
    """One E and one M step."""
    shift = {key: log2(now.m[key] / start.m[key]) for key in start.m}
    company = now.household + np.maximum(observed.company - start.household, 0.0)
    shifted = log2(now.same / start.same) + observed.shifted(shift)
    same, household = posteriors(
        observed.stranger + shifted, observed.household + shifted - np.log2(company / observed.company)
    )
    same, household = same * observed.times, household * observed.times
    same_total, household_total = float(same.sum()), float(household.sum())
    m = start.m
    if levels:
        same_at, apart_at = observed.sums(same), observed.sums(observed.times - same)
        apart = apart_at[SECOND_ACCOUNT], float(observed.times.sum()) - same_total
        second = start.m[SECOND_ACCOUNT] * _second(same_at[SECOND_ACCOUNT], same_total, *apart)
        m = _with_lone(shares(start.m, same_at, LEVEL_WEIGHT, _most_shift), start, apart_at) | {SECOND_ACCOUNT: second}
    return Fitted(
        same=(2 * same_total + start.same * PERSON_WEIGHT) / (persons + PERSON_WEIGHT),
        household=max(
            (2 * household_total + start.household * PERSON_WEIGHT) / (persons + PERSON_WEIGHT), LEAST_COMPANY
        ),
        m=m,
        lone=start.lone,
        silent=start.silent,
    )


def _second(same: float, of_same: float, apart: float, of_apart: float) -> float:
    """How often one person has two accounts of an issuer, as a share of how often two people have them; at most 1."""
    expected = of_same * apart / of_apart if of_apart else 0.0
    return min(max((same + SECOND_WEIGHT) / (expected + SECOND_WEIGHT), LEAST_SECOND), 1.0)


def _lone_shares(model: Model) -> dict[Key, float]:
    """The share of lone names among two strangers' unlike ones, by the given u: where that was counted here already,
    it is the graph's own, and m has nothing to make up for.
    """
    levels = {key: model.comparisons[key[0]].levels for key in GARBLED}
    return {
        lone: levels[lone][lone[1]].u / (levels[lone][lone[1]].u + levels[lone][different[1]].u)
        for lone, different in GARBLED.items()
        if lone[1] in levels[lone]
    }


def _silent(model: Model) -> dict[Key, float]:
    """The least of h and u of unlike names."""
    return {
        (name, level): min(chances.h, chances.u)
        for pair in GARBLED.items()
        for name, level in pair
        if (chances := model.comparisons[name].levels.get(level)) is not None
    }


def _with_lone(m: Mapping[Key, float], start: Fitted, apart: Mapping[Key, float]) -> dict[Key, float]:
    """m with those of unlike names as a share of how often they are two people's here, since u and h stay as given.

    That makes them speak for one person no more than they did: where hardly any is lone, a lone one proves nobody.
    Each comparison keeps its total at most.
    """
    found = dict(m)
    for lone, given in start.lone.items():
        different = GARBLED[lone]
        count, others = apart[lone] + LEVEL_WEIGHT * given, apart[different] + LEVEL_WEIGHT * (1 - given)
        share = count / (count + others)
        for key, factor in ((lone, given / share), (different, (1 - given) / (1 - share))):
            found[key] = min(m[key] * min(factor, MOST_SHIFT_ELSE), max(m[key], start.silent[key]))
        levels = [key for key in m if key[0] == lone[0]]
        total = min(fsum(m[key] for key in levels) / fsum(found[key] for key in levels), 1.0)
        found |= {key: found[key] * total for key in levels}
    return found


def _most_shift(key: Key) -> float:
    return MOST_SHIFT.get(key, MOST_SHIFT.get(key[0], MOST_SHIFT_ELSE))
