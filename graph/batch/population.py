"""What scoring must know of everybody, counted in the columns of a whole graph."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vitograph.graph.batch.read import Whole
from vitograph.graph.holdings import HUB
from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import KNOWN, Bools, Column, Ints
from vitograph.resolver.model import IdentifierStatus, IdentifierUse

_FIELDS = {
    "given_name": "given_names",
    "family_name": "family_names",
    "full_name": "full_names",
    "date_of_birth": "birth_dates",
}
_PARTS = ("street", "city", "region", "postal_code", "country")
_UNUSED = IdentifierUse(IdentifierStatus.EXCLUSIVE, 0)


@dataclass(slots=True)
class WholePopulation:
    """`rates.Population` of a whole graph: known views and the values they stated. Uses are of identifiers with several
    holders, or with another status than the first."""

    persons: int
    frequencies: dict[str, Counter[str]] = field(default_factory=dict)
    uses: dict[str, IdentifierUse] = field(default_factory=dict)

    def frequency(self, field: str, value: str) -> int:
        return self.frequencies[field][value] if field in self.frequencies else 0

    def use(self, key: str) -> IdentifierUse:
        return self.uses.get(key, _UNUSED)


def population_of(whole: Whole) -> WholePopulation:
    """The counts that the graph would give, view by view."""
    persons = whole.persons
    places = {view: place for place, view in enumerate(whole.views.view_ids)}
    views = np.array([places[view] for view in whole.view_of], np.int64)
    known = persons.kinds == KNOWN
    roots = np.array([id == view for id, view in zip(persons.view_ids, whole.view_of, strict=True)], np.bool_)
    population = WholePopulation(int((roots & known).sum()))
    for name, column in _FIELDS.items():
        population.frequencies[name] = Counter(dict(_views_of(persons.stated[column], views, known)))
    full = population.frequencies["full_name"]
    for names, count in _views_of(persons.stated["names"], views, known):
        full[" ".join(names)] += count
    for address, count in _views_of(persons.stated["addresses"], views, known):
        for part in _PARTS:
            if value := getattr(address, part):
                population.frequencies.setdefault(part, Counter())[value] += count
    holders = dict(_views_of(persons.identifiers, views, known))
    population.uses = {
        key: IdentifierUse(status, HUB + 1 if whole.degrees[key] > HUB else holders.get(key, 0))
        for key, status in whole.statuses.items()
    }
    return population


def _views_of(column: Column, views: Ints, known: Bools) -> list[tuple[Any, int]]:
    """How many views of known persons have each value of a column."""
    counted = known[column.owners]
    size = int(views.max(initial=0)) + 1
    keys, _ = distinct(column.codes[counted] * size + views[column.owners[counted]])
    counts = np.bincount(keys // size, minlength=len(column.values))
    return [(value, count) for value, count in zip(column.values, counts.tolist(), strict=True) if count]
