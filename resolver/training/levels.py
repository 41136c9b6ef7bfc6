"""Chances of levels counted in a graph: u in random pairs of strangers, m in the verdicts of specialists.

Both are drawn to the given model (MAP), so that few observations change little. What is counted per value (a shared
identifier) stays per value; levels that depend on what happened to be stated are left as they are.

h stays as given, but for how many unlike names are lone, which follows u. About ordinary spouses nobody is asked, so
that verdicts `household` are of those who look like one person, and no weight makes up for pairs that had no chance of
being asked: counted in them, h would have it that spouses look alike, and the model would tell them from one person no
more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.parameters import Level, Model, with_levels
from vitograph.resolver.training.shares import GARBLED, MOST, Key, shares

COUNTED = ("given_name", "family_name", "birth_date", "gender", "address", "region", "email", "phone")
"""Comparisons whose every level is there for a pair that states the field at all."""
STRANGERS_WEIGHT = 10_000.0
"""Random pairs that the given model's u of a comparison weighs as much as."""
VERDICTS_WEIGHT = 200.0
"""Verdicts that the given model's m of a comparison weighs as much as."""
MOST_SHIFT = 4.0
"""How many times the given m a counted one may be, or its inverse: a few verdicts must not turn a level over."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on a pair as it scores, and the chance (0..1) that the pair had of being queued."""

    verdict: Verdict
    score: Score
    propensity: float

    @property
    def same(self) -> bool:
        return self.verdict is Verdict.SAME


def fit_strangers(model: Model, sampled: Iterable[Score]) -> Model:
    """The model with u as random pairs of the graph show it; each pair counts as far as it is of two strangers."""
    counted: dict[Key, float] = defaultdict(float)
    for score in sampled:
        for key in _keys(score):
            counted[key] += score.p_stranger
    given = {key: level.u for key, level in _levels(model).items() if level.u}
    found, levels = _drawn(given, counted, STRANGERS_WEIGHT), _levels(model)
    h = {key: level.h for key, level in levels.items()} | _households(levels, found)
    return with_levels(model, {key: Level.of(levels[key].m, h[key], u) for key, u in found.items()})


def _households(levels: Mapping[Key, Level], u: Mapping[Key, float]) -> dict[Key, float]:
    """h of unlike names, together as given: where more of those of strangers are lone, more of a household's are."""
    h: dict[Key, float] = {}
    for pair in GARBLED.items():
        weights = {key: levels[key].h * u[key] / levels[key].u for key in pair}
        both = sum(levels[key].h for key in pair) / sum(weights.values())
        h |= {key: weight * both for key, weight in weights.items()}
    return h


def fit_verdicts(model: Model, judgements: Iterable[Judgement]) -> Model:
    """The model with m as `same` verdicts show it, each weighing the inverse of its propensity.

    One person's pairs that nobody is asked about (P below `LEAST_EXPLORED`) are missing in it. They are few: what
    speaks against one person comes out rarer than it is, within its bound.
    """
    counted: dict[Key, float] = defaultdict(float)
    for one in judgements:
        if one.same:
            for key in _keys(one.score):
                counted[key] += 1 / one.propensity
    levels = _levels(model)
    given = {key: level.m for key, level in levels.items()}
    m = shares(given, counted, VERDICTS_WEIGHT, lambda _: MOST_SHIFT)
    return with_levels(model, {key: Level.of(m[key], level.h, level.u) for key, level in levels.items()})


def _keys(score: Score) -> list[Key]:
    return [(row.comparison, row.level) for row in score.evidence if row.comparison in COUNTED]


def _levels(model: Model) -> dict[Key, Level]:
    return {(name, level): one for name in COUNTED for level, one in model.comparisons[name].levels.items()}


def _drawn(given: Mapping[Key, float], counted: Mapping[Key, float], weight: float) -> dict[Key, float]:
    """The chance of each level within its comparison, the given one weighing so many pairs and keeping its total."""
    total, pairs = _totals(given), _totals({key: counted.get(key, 0.0) for key in given})
    return {
        key: min(
            total[key[0]] * (counted.get(key, 0.0) + weight * chance / total[key[0]]) / (pairs[key[0]] + weight), MOST
        )
        for key, chance in given.items()
    }


def _totals(chances: Mapping[Key, float]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for (name, _), chance in chances.items():
        total[name] += chance
    return total
