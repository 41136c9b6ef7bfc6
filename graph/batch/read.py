"""A whole graph, read in few fat queries: every person into columns, and what scoring must know of everybody."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import numpy as np

from vitograph.graph.driver import Graph, Row
from vitograph.graph.holdings import HUB
from vitograph.graph.population import GraphPopulation, count_persons
from vitograph.graph.queries import load
from vitograph.graph.views import MOST_IDENTIFIERS
from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import KNOWN, NEVER, STATED, Bools, Column, Frame, FrameBuilder, Hold, Ints
from vitograph.resolver.columnar.joining import join_views
from vitograph.resolver.model import Address, Assurance, IdentifierStatus, IdentifierUse

LIST_PERSONS = load("batch/list_persons")
LIST_APART = load("batch/list_apart")
LIST_WAITING = load("batch/list_waiting")

PAGE = 4_000  # persons of one query: some MB
IN_FLIGHT = 3  # queries at once: Neo4j works on the next ones while we take one in
FIRST, LAST = "", "\U0010ffff"
_ASSURANCE = {assurance.label: int(assurance) for assurance in Assurance}


@dataclass(slots=True)
class Whole:
    """Every person at the moment it was read: in columns by person, and by the view they are in.

    `marks` are those who wait to be scored, with the mark that was read. `statuses` and `degrees` are those of identifiers
    with several holders, or with another status than the first.
    """

    persons: Frame
    view_of: list[str]
    views: Frame
    marks: list[Row]
    statuses: dict[str, IdentifierStatus]
    degrees: dict[str, int]


@dataclass(slots=True)
class _Reading:
    builder: FrameBuilder = field(default_factory=FrameBuilder)
    view_of: list[str] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    statuses: dict[str, IdentifierStatus] = field(default_factory=dict)
    degrees: dict[str, int] = field(default_factory=dict)

    def take(self, rows: list[Row]) -> None:
        stated = {name: [row["stated"][place] for row in rows] for place, name in enumerate(STATED)}
        holds = [[self._hold(hold) for hold in row["holds"]] for row in rows]
        self.builder.add([row["id"] for row in rows], [row["kind"] for row in rows], stated, holds)
        self.view_of += [row["view_id"] for row in rows]
        self.marks += [
            {"id": row["id"], "resolve_at": row["resolve_at"]} for row in rows if row["resolve_at"] is not None
        ]

    def _hold(self, hold: list[object]) -> Hold:
        key, status, degree, assurance, first, last, count, bound, unbound, out, ambiguous = hold
        if degree != 1 or status != "exclusive":
            self.statuses[key] = IdentifierStatus(status)  # type: ignore[index, arg-type]
            self.degrees[key] = degree  # type: ignore[index, assignment]
        moments = (NEVER if moment is None else moment for moment in (bound, unbound, out))
        return (key, _ASSURANCE[assurance], first, last, count, *moments, bool(ambiguous))  # type: ignore[index, return-value]

    def finish(self) -> Whole:
        persons = self.builder.finish({"names": _pair, "addresses": _address})
        views = join_views(persons, self.view_of)
        return Whole(persons, self.view_of, views, self.marks, self.statuses, self.degrees)


async def read_whole(graph: Graph) -> Whole:
    """Reads everybody. Who changes meanwhile is marked anew, and keeps that mark."""
    reading = _Reading()
    async for rows in _pages(graph, await count_persons(graph)):
        if rows:
            reading.take(rows)
    return reading.finish()


async def _pages(graph: Graph, persons: int) -> AsyncIterator[list[Row]]:
    """All persons in the order of their ids, page by page; the next pages are on their way meanwhile.

    Ids are hexadecimal and evenly spread, so their first digits part them into ranges of about a page. Whatever ids
    there are, a range is read to its end.
    """
    digits = 0
    while persons > PAGE * 16**digits:
        digits += 1
    ranges = pairwise([FIRST, *(f"{number:0{digits}x}" for number in range(1, 16**digits)), LAST])
    tasks = deque(asyncio.create_task(_range(graph, *ids)) for ids in islice(ranges, IN_FLIGHT))
    try:
        while tasks:
            rows = await tasks.popleft()
            tasks.extend(asyncio.create_task(_range(graph, *ids)) for ids in islice(ranges, 1))
            yield rows
    finally:
        for task in tasks:
            task.cancel()


async def _range(graph: Graph, after: str, until: str) -> list[Row]:
    found: list[Row] = []
    while True:
        rows = await graph.rows(
            LIST_PERSONS, after=after, until=until, most=MOST_IDENTIFIERS, limit=PAGE, wall_clock=300.0
        )
        found += rows
        if len(rows) < PAGE:
            return found
        after = rows[-1]["id"]


async def read_apart(graph: Graph) -> list[tuple[str, str]]:
    """Pairs of views that a decision keeps apart, either way round."""
    rows = await graph.rows(LIST_APART, wall_clock=300.0)
    return [(min(row["left"], row["right"]), max(row["left"], row["right"])) for row in rows]


async def read_waiting(graph: Graph) -> dict[str, int]:
    """Ids and versions of the candidates that wait for a decision."""
    return {row["id"]: row["version"] for row in await graph.rows(LIST_WAITING, wall_clock=300.0)}


def population_of(whole: Whole) -> GraphPopulation:
    """What `load_population` and `load_uses` count in the graph, counted in the columns."""
    persons = whole.persons
    places = {view: place for place, view in enumerate(whole.views.view_ids)}
    views = np.array([places[view] for view in whole.view_of], np.int64)
    known = persons.kinds == KNOWN
    roots = sum(
        1
        for id, view, counts in zip(persons.view_ids, whole.view_of, known.tolist(), strict=True)
        if counts and id == view
    )
    population = GraphPopulation(roots, len(persons))
    for field_, name in (
        ("given_name", "given_names"),
        ("family_name", "family_names"),
        ("full_name", "full_names"),
        ("date_of_birth", "birth_dates"),
    ):
        population.frequencies[field_] = Counter(dict(_views_of(persons.stated[name], views, known)))
    full = population.frequencies["full_name"]
    for names, count in _views_of(persons.stated["names"], views, known):
        full[" ".join(names)] += count
    for address, count in _views_of(persons.stated["addresses"], views, known):
        for part in ("street", "city", "region", "postal_code", "country"):
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
    owners = column.owners
    counted = known[owners]
    keys, _ = distinct(column.codes[counted] * (len(views) + 1) + views[owners[counted]])
    counts = np.bincount(keys // (len(views) + 1), minlength=len(column.values))
    return [(value, count) for value, count in zip(column.values, counts.tolist(), strict=True) if count]


def _pair(names: str) -> tuple[str, str]:
    given, family = json.loads(names)
    return given, family


def _address(address: str) -> Address:
    return Address(**json.loads(address))
