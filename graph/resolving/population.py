"""What scoring must know of everybody: how many there are, how common a value is, how an identifier is used.

Nothing is counted in advance: persons hang on the values that they stated, so a frequency is the degree of a node.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.holdings import HUB
from vitograph.graph.queries import load
from vitograph.resolver.model import IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.frequencies import value_key

LIST_CONTEXT = load("resolution/list_context")
COUNT_KNOWN = load("resolution/count_known")
COUNT_PERSONS = load("resolution/count_persons")
LIST_VALUES = load("resolution/list_values")

# Holders of a value up to which its views are told apart; above, one more or less changes less than a fiftieth of it.
EXACT = 64
# For how long the count of a common value is believed, in seconds, and how many of them are remembered.
BELIEVED = 60.0
MOST_COMMON = 100_000

PAGE = 10_000

# Below this many persons the known ones are counted anew for each batch; above, when a tenth was added.
SMALL = 2_000
GROWTH = 1.1

_UNUSED = IdentifierUse(IdentifierStatus.EXCLUSIVE, 0)


@dataclass(frozen=True, slots=True)
class Context:
    """What scoring must know beside two profiles: how common values are, 0 for those that nobody stated, how
    identifiers are used, and which candidates of the pairs were decided.
    """

    frequencies: Mapping[str, int]
    uses: Mapping[str, IdentifierUse]
    decided: list[Row]


@dataclass(slots=True)
class GraphPopulation:
    """Counts over known views, read when they are asked for.

    `unknown` are values that were asked for before they were read, `missed` how often that was; the answer was 0 then.
    `is_whole`: every value was read in advance. `counted_at` is the number of persons of any kind when the `persons`,
    which are known views, were counted.
    """

    persons: int = 0
    counted_at: int = 0
    unknown: set[str] = field(default_factory=set)
    missed: int = 0
    is_whole: bool = False
    uses: Mapping[str, IdentifierUse] = field(default_factory=dict)
    _rare: dict[str, int] = field(default_factory=dict)
    _common: dict[str, int] = field(default_factory=dict)
    _common_since: float = field(default_factory=time.monotonic)

    def frequency(self, field: str, value: str) -> int:
        """Known views that stated this value."""
        key = value_key(field, value)
        found = self._known(key)
        if found is None and not self.is_whole:
            self.unknown.add(key)
            self.missed += 1
        return found or 0

    def use(self, key: str) -> IdentifierUse:
        return self.uses.get(key, _UNUSED)

    def forget(self) -> None:
        """Counts are read anew from here on, those of common values once in a while."""
        if time.monotonic() > self._common_since + BELIEVED or len(self._common) > MOST_COMMON:
            self._common, self._common_since = {}, time.monotonic()
        self._rare.clear()
        self.unknown.clear()

    async def learn(self, graph: Graph, keys: Iterable[str]) -> None:
        """Reads how common these values are, and those that were unknown."""
        if wanted := self.missing(keys):
            self.know((await load_context(graph, values=wanted)).frequencies)
        self.unknown.clear()

    def take(self, context: Context) -> None:
        """What was read together of values and identifiers."""
        self.know(context.frequencies)
        self.unknown.clear()
        self.uses = context.uses

    def missing(self, keys: Iterable[str]) -> set[str]:
        """Those of the values that were not read yet, and whatever scoring asked for in vain."""
        return self.unknown | {key for key in keys if self._known(key) is None}

    def know(self, views: Mapping[str, int]) -> None:
        """How many views stated each value, by its key."""
        for key, count in views.items():
            (self._common if count > EXACT else self._rare)[key] = count

    def _known(self, key: str) -> int | None:
        found = self._rare.get(key)
        return self._common.get(key) if found is None else found

    async def count(self, graph: Graph) -> None:
        """Counts the known views anew where there are few persons, or a tenth more than there were."""
        persons = await count_persons(graph)
        if persons > SMALL and persons <= GROWTH * self.counted_at:
            return
        [row] = await graph.rows(COUNT_KNOWN, wall_clock=300.0)
        self.persons, self.counted_at = int(row["views"]), persons


async def count_persons(graph: Graph) -> int:
    """All persons, in no time."""
    [row] = await graph.rows(COUNT_PERSONS)
    return int(row["persons"])


async def load_population(graph: Graph) -> GraphPopulation:
    """Everything counted in advance, for who scores many pairs at one moment: some hundred bytes for each value."""
    population = GraphPopulation(is_whole=True)
    await population.count(graph)
    after = ""
    while found := (await graph.rows(LIST_VALUES, after=after, exact=EXACT, limit=PAGE))[0]["found"]:
        population.know(dict(found))
        after = found[-1][0]
    return population


async def load_context(
    graph: Graph,
    *,
    values: Iterable[str] = (),
    identifiers: Iterable[str] = (),
    pairs: Iterable[str] = (),
    apart: Iterable[Row] = (),
) -> Context:
    """All that the graph knows of these values and identifiers by their keys, of pairs by the ids of their candidates,
    and of pairs that are kept `apart`; in one round trip.
    """
    asked: dict[str, list[Any]] = {"values": sorted(values), "identifiers": sorted(identifiers)}
    asked |= {"pairs": list(pairs), "apart": list(apart)}
    [row] = await graph.rows(LIST_CONTEXT, asked=asked, exact=EXACT, hub=HUB)
    return Context(
        dict.fromkeys(asked["values"], 0) | dict(row["frequencies"]),
        {key: IdentifierUse(IdentifierStatus(status), holders) for key, status, holders in row["uses"]},
        row["decided"],
    )


async def load_uses(graph: Graph, keys: Iterable[str]) -> Mapping[str, IdentifierUse]:
    """How these identifiers are used now."""
    wanted = list(keys)
    return (await load_context(graph, identifiers=wanted)).uses if wanted else {}
