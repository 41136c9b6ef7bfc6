"""Chances of levels counted in a graph: u in random pairs of strangers, m and h in the verdicts of specialists.

Both are drawn to the given model (MAP), so that few observations change little. What is counted per value (a shared
identifier) stays per value; levels that depend on what happened to be stated are left as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.parameters import Level, Model, with_levels
from vitograph.resolver.training.em import INSTEAD

Key = tuple[str, str]
"""Comparison and level."""

COUNTED = ("given_name", "family_name", "birth_date", "gender", "address", "region", "email", "phone")
"""Comparisons whose every level is there for a pair that states the field at all."""
STRANGERS_WEIGHT = 10_000.0
"""Random pairs that the given model's u of a comparison weighs as much as."""
VERDICTS_WEIGHT = 200.0
"""Verdicts that the given model's m and h of a comparison weigh as much as."""
MOST_SHIFT = 4.0
"""How many times the given m or h a counted one may be, or its inverse: a few verdicts must not turn a level over."""

MOST = 0.9999
"""No level is certain."""


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
    found = _drawn(given, counted, STRANGERS_WEIGHT)
    return with_levels(
        model, {key: Level.of(level.m, level.h, found[key]) for key, level in _levels(model).items() if key in found}
    )


def fit_verdicts(model: Model, judgements: Sequence[Judgement]) -> Model:
    """The model with m as `same` verdicts show it, and h as those do that keep two of one household apart."""
    same: dict[Key, float] = defaultdict(float)
    household: dict[Key, float] = defaultdict(float)
    for one in judgements:
        weight = _of_household(one) / one.propensity
        for key in _keys(one.score):
            if one.same:
                same[key] += 1 / one.propensity
            else:
                household[key] += weight
    levels = _levels(model)
    m = _held(levels, {key: level.m for key, level in levels.items()}, same)
    h = _held(levels, {key: level.h for key, level in levels.items()}, household)
    return with_levels(model, {key: Level.of(m[key], h[key], level.u) for key, level in levels.items()})


def _of_household(one: Judgement) -> float:
    """How far a verdict that keeps apart speaks of a household: `different` does not say whether they are one."""
    if one.verdict is Verdict.HOUSEHOLD:
        return 1.0
    rivals = one.score.p_household + one.score.p_stranger
    return one.score.p_household / rivals if rivals else 0.0


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


def _held(levels: Mapping[Key, Level], given: Mapping[Key, float], counted: Mapping[Key, float]) -> dict[Key, float]:
    """As `_drawn`, with levels that stand in for another counted as that: a pair is one or the other."""
    instead = {key: main for key, main in INSTEAD.items() if key in levels}
    seen: dict[Key, float] = defaultdict(float)
    for key, count in counted.items():
        seen[instead.get(key, key)] += count
    others = {key: chance for key, chance in given.items() if key not in instead}
    drawn = _drawn(others, seen, VERDICTS_WEIGHT)
    held = {key: min(max(chance, given[key] / MOST_SHIFT), given[key] * MOST_SHIFT) for key, chance in drawn.items()}
    # What was held back is taken from, or given to, all levels of its comparison.
    due, there = _totals(others), _totals(held)
    found = {key: min(chance * due[key[0]] / there[key[0]], MOST) for key, chance in held.items()}
    return found | {key: min(found[main] * given[key] / given[main], MOST) for key, main in instead.items()}


def _totals(chances: Mapping[Key, float]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for (name, _), chance in chances.items():
        total[name] += chance
    return total
