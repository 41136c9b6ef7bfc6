"""Evidence from birth dates: equal ones weigh by how many others have the date, and 1 January may be nobody's."""

from __future__ import annotations

from math import log2

from vitograph.resolver.comparing.comparisons import BIRTH_DATE, level_of
from vitograph.resolver.scoring.evidence import Evidence
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population, chance, kin_views, on_new_year
from vitograph.resolver.values.birth_dates import is_new_year

NEW_YEAR = "new_year"
"""The level of equal birth dates on 1 January: they may be nobody's, so they tell no person from a namesake."""
NEW_YEAR_SENTENCE = "Both birth dates are 1 January of one year, as is written where the day is not known."
DATED = frozenset({"equal", "swapped", "typo"})
BORN_APART = frozenset(BIRTH_DATE.names) - DATED
"""Levels of birth dates that attribution takes for two people's."""


def compare_birth_dates(
    ours: tuple[str, ...], theirs: tuple[str, ...], population: Population, model: Model
) -> Evidence:
    """The row of the two birth dates that agree best; equal ones weigh by how many others have the date."""
    if not ours or not theirs:
        missing = (ours[0] if ours else "", theirs[0] if theirs else "")
        return Evidence("birth_date", "birth_date", "none", BIRTH_DATE.absent, *missing, 0.0, 0.0)
    rows = [_birth_date(a, b, population, model) for a in ours for b in theirs]
    return rows[0] if len(rows) == 1 else max(rows, key=lambda row: (row.bits_stranger, row.bits_household))


def _birth_date(a: str, b: str, population: Population, model: Model) -> Evidence:
    level = level_of("birth_date", a, b)
    comparison = model.comparisons["birth_date"]
    found, sentence = comparison.levels[level], BIRTH_DATE.sentence(level)
    bits, bits_household = found.bits_stranger, found.bits_household
    if level == "equal" and comparison.frequency is not None:
        frequency, stated = comparison.frequency, population.frequency(comparison.frequency.field, a)
        if is_new_year(a):
            level, sentence = NEW_YEAR, NEW_YEAR_SENTENCE
            frequency = on_new_year(frequency, model)
            bits_household -= log2(model.rules.new_year_times)
        bits = log2(found.m / chance(frequency, stated, 2 + kin_views(model, found), population.persons))
        bits_household = min(bits_household, bits)
    return Evidence("birth_date", "birth_date", level, sentence, a, b, bits, bits_household)
