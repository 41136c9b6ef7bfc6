"""A population in which two views are counted apart that a decision has joined since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vitograph.resolver.model import IdentifierUse, Profile
from vitograph.resolver.scoring.frequencies import stated_values, value_key
from vitograph.resolver.scoring.rates import Population


@dataclass(frozen=True, slots=True)
class Parted:
    """What both sides state or hold is of one view in the graph by now: here it is of two, as it was to be judged."""

    population: Population
    left: Profile
    right: Profile

    @property
    def persons(self) -> int:
        return self.population.persons + 1

    def frequency(self, field: str, value: str) -> int:
        key = value_key(field, value)
        both = key in stated_values(self.left) and key in stated_values(self.right)
        return self.population.frequency(field, value) + both

    def use(self, key: str) -> IdentifierUse:
        use = self.population.use(key)
        both = key in self.left.identifiers and key in self.right.identifiers
        return replace(use, holders=use.holders + both)
