"""What a comparison says of many pairs: a row of the waterfall each, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Floats, Ints
from vitograph.resolver.scoring.parameters import Comparison, Frequency
from vitograph.resolver.scoring.rates import Population

NONE = -1
"""The level of a pair that lacks evidence."""


@dataclass(frozen=True, slots=True)
class Bits:
    """Bits against a stranger and against a household, for each level of a comparison in the order of its names."""

    names: tuple[str, ...]
    stranger: Floats
    household: Floats
    m: Floats

    @classmethod
    def of(cls, comparison: Comparison, names: Sequence[str]) -> Bits:
        levels = [comparison.levels[name] for name in names]
        return cls(
            tuple(names),
            np.array([level.bits_stranger for level in levels]),
            np.array([level.bits_household for level in levels]),
            np.array([level.m for level in levels]),
        )

    def among(self, names: frozenset[str]) -> Bools:
        """Which of the levels are among these; one place more for a pair without evidence."""
        return np.array([name in names for name in self.names] + [False])


@dataclass(frozen=True, slots=True)
class Rows:
    """Bits against either rival, and the level (`NONE`: no evidence)."""

    level: Ints
    stranger: Floats
    household: Floats

    @classmethod
    def silent(cls, size: int) -> Rows:
        return cls(np.full(size, NONE), np.zeros(size), np.zeros(size))


def at_home(rows: Rows, exact: Bools) -> Rows:
    """The rows, of which those at these levels, whose u is the value's own frequency, have no smaller h."""
    household = np.where(exact[rows.level], np.minimum(rows.household, rows.stranger), rows.household)
    return Rows(rows.level, rows.stranger, household)


def frequencies(population: Population, field: str, values: Sequence[str]) -> Ints:
    """How many views stated each value."""
    return np.fromiter((population.frequency(field, value) for value in values), np.int64, len(values))


def chances(frequency: Frequency, stated_by: Ints, own: Ints | Floats | float, persons: int) -> Floats:
    """`rates.chance` of many values."""
    others = np.maximum(stated_by - own, 0.0)
    return np.maximum((others + 1) / (persons + 1 / frequency.mean), frequency.least)
