"""What scoring must know of everybody: how many there are, how common a value is, how an identifier is used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from vitograph.graph.driver import Graph
from vitograph.graph.holdings import HUB
from vitograph.graph.queries import load
from vitograph.resolver.model import IdentifierStatus, IdentifierUse

LIST_FREQUENCIES = load("resolution/list_frequencies")
COUNT_KNOWN = load("resolution/count_known")
COUNT_PERSONS = load("resolution/count_persons")
LIST_USES = load("resolution/list_uses")

# The list property of Person behind each field that scoring asks the frequency of.
_FIELDS = {
    "given_name": "given_names",
    "family_name": "family_names",
    "full_name": "full_names",
    "date_of_birth": "birth_dates",
}
_UNUSED = IdentifierUse(IdentifierStatus.EXCLUSIVE, 0)


@dataclass(slots=True)
class GraphPopulation:
    """Counts over known views, taken at one moment; identifier uses are added for each batch that is scored.

    `counted_at` is the number of persons of any kind at that moment.
    """

    persons: int = 0
    counted_at: int = 0
    frequencies: dict[str, Counter[str]] = field(default_factory=dict)
    uses: dict[str, IdentifierUse] = field(default_factory=dict)

    def frequency(self, field: str, value: str) -> int:
        """Known views that stated this value."""
        return self.frequencies[field][value] if field in self.frequencies else 0

    def use(self, key: str) -> IdentifierUse:
        return self.uses.get(key, _UNUSED)


async def count_persons(graph: Graph) -> int:
    """All persons, in no time: what tells whether the counts have grown old."""
    rows = await graph.rows(COUNT_PERSONS)
    return int(rows[0]["persons"])


async def load_population(graph: Graph) -> GraphPopulation:
    """Counts everything; takes a second for some hundred thousand persons."""
    counted_at = await count_persons(graph)
    population = GraphPopulation(int((await graph.rows(COUNT_KNOWN))[0]["views"]), counted_at)
    for name, property in _FIELDS.items():
        rows = await graph.rows(LIST_FREQUENCIES, field=property, wall_clock=300.0)
        population.frequencies[name] = Counter({row["value"]: row["views"] for row in rows})
    full = population.frequencies["full_name"]
    for row in await graph.rows(LIST_FREQUENCIES, field="names", wall_clock=300.0):
        full[" ".join(json.loads(row["value"]))] += row["views"]
    for row in await graph.rows(LIST_FREQUENCIES, field="addresses", wall_clock=300.0):
        for part, value in json.loads(row["value"]).items():
            population.frequencies.setdefault(part, Counter())[value] += row["views"]
    return population


async def load_uses(graph: Graph, keys: Iterable[str]) -> dict[str, IdentifierUse]:
    """How these identifiers are used now."""
    rows = await graph.rows(LIST_USES, keys=sorted(keys), hub=HUB)
    return {row["key"]: IdentifierUse(IdentifierStatus(row["status"]), row["holders"]) for row in rows}
