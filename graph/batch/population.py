"""What scoring must know of everybody, counted in the columns of a whole graph."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vitograph.graph.batch.read import Whole
from vitograph.graph.people.holdings import HUB
from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import KNOWN, Bools, Column, Ints
from vitograph.resolver.columnar.words import NOBODY, names_in
from vitograph.resolver.model import IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.frequencies import PARTS

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
    """The counts that the graph would give, view by view, of what `frequencies.stated_values` counts."""
    persons = whole.persons
    places = {view: place for place, view in enumerate(whole.views.view_ids)}
    views = np.array([places[view] for view in whole.view_of], np.int64)
    known = persons.kinds == KNOWN
    roots = np.array([id == view for id, view in zip(persons.view_ids, whole.view_of, strict=True)], np.bool_)
    population = WholePopulation(int((roots & known).sum()))
    names = names_in(persons)
    words, column = names.words, names.column
    for field_, codes in (("given_name", names.given), ("family_name", names.family)):
        stated = Column(words, column.offsets, codes)
        population.frequencies[field_] = Counter(dict(_views_of(stated, views, known)))
    there = np.flatnonzero((names.given != NOBODY) & (names.family != NOBODY))
    size = max(len(words), 1)
    keys, places_of = distinct(names.given[there] * size + names.family[there])
    pairs = zip((keys // size).tolist(), (keys % size).tolist(), strict=True)
    texts = [f"{words[given]} {words[family]}" for given, family in pairs]
    both = np.full(len(names.given), NOBODY)
    both[there] = places_of
    stated = Column(texts, column.offsets, both)
    population.frequencies["full_name"] = Counter(dict(_views_of(stated, views, known)))
    population.frequencies["date_of_birth"] = Counter(dict(_views_of(persons.stated["birth_dates"], views, known)))
    addresses = persons.stated["addresses"]
    for part in PARTS:
        known_parts: dict[str | None, int] = {None: NOBODY, "": NOBODY}
        of = [known_parts.setdefault(getattr(one, part), len(known_parts) - 2) for one in addresses.values]
        stated = Column(list(known_parts)[2:], addresses.offsets, np.array(of, np.int64)[addresses.codes])
        population.frequencies[part] = Counter(dict(_views_of(stated, views, known)))
    holders = dict(_views_of(persons.identifiers, views, known))
    population.uses = {
        key: IdentifierUse(status, HUB + 1 if whole.degrees[key] > HUB else holders.get(key, 0))
        for key, status in whole.statuses.items()
    }
    return population


def _views_of(column: Column, views: Ints, known: Bools) -> list[tuple[Any, int]]:
    """How many views of known persons have each value of a column, in which some may have `NOBODY`'s code."""
    counted = known[column.owners] & (column.codes != NOBODY)
    size = int(views.max(initial=0)) + 1
    keys, _ = distinct(column.codes[counted] * size + views[column.owners[counted]])
    counts = np.bincount(keys // size, minlength=len(column.values))
    return [(value, count) for value, count in zip(column.values, counts.tolist(), strict=True) if count]
