"""A whole graph, read in few fat queries: every person into columns, and what scoring must know of everybody."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import numpy as np
import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.views import MOST_IDENTIFIERS
from vitograph.graph.queries import load
from vitograph.graph.resolving.population import count_persons
from vitograph.resolver.columnar.frame import HOLD, NEVER, STATED, Frame, FrameBuilder, Holds, Ints
from vitograph.resolver.columnar.joining import join_views
from vitograph.resolver.model import Address, Assurance, IdentifierStatus

LIST_PERSONS = load("batch/list_persons")
LIST_HOLDS = load("batch/list_holds")
LIST_STATUSES = load("batch/list_statuses")
LIST_APART = load("batch/list_apart")

PAGE = 2_000  # persons of one query, on average: some MB
MOST = PAGE * 3 // 2
IN_FLIGHT = 3  # queries at once: Neo4j works on the next ones while we take one in
SLOW = 300.0  # seconds
FIRST, LAST = "", "\U0010ffff"
_ASSURANCE = {assurance.label: int(assurance) for assurance in Assurance}
_HELD = ("owners", "keys", "assurances", *HOLD[1:])


@dataclass(slots=True)
class Whole:
    """Every person at the moment it was read: in columns by person, and by the view they are in.

    `marks` are those who wait to be scored, with the mark that was read. `statuses` and `degrees` are of identifiers
    with several holders, or with another status than the first. `events` counts those of each view.
    """

    persons: Frame
    view_of: list[str]
    views: Frame
    marks: list[Row]
    statuses: dict[str, IdentifierStatus]
    degrees: dict[str, int]
    events: Ints = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(slots=True)
class _Reading:
    builder: FrameBuilder = field(default_factory=FrameBuilder)
    view_of: list[str] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    events: list[int] = field(default_factory=list)

    def take(self, persons: list[list[Any]], held: Mapping[str, list[Any]]) -> None:
        """Persons, and what they hold, each hold with the place of its owner among them."""
        ids, views, kinds, marks, events, _, *stated = zip(*persons, strict=True)
        columns = {name: [values or () for values in lists] for name, lists in zip(STATED, stated, strict=True)}
        self.builder.add(ids, kinds, columns, _holds(len(persons), held))
        self.view_of += views
        self.events += events
        self.marks += [{"id": id, "resolve_at": at} for id, at in zip(ids, marks, strict=True) if at is not None]

    def finish(self, statuses: Mapping[str, IdentifierStatus]) -> Whole:
        persons = self.builder.finish({"names": _pair, "addresses": _address})
        views = join_views(persons, self.view_of)
        column = persons.identifiers
        degrees = np.bincount(column.codes, minlength=len(column.values))
        found = {column.values[code]: int(degrees[code]) for code in np.flatnonzero(degrees > 1).tolist()}
        found = dict.fromkeys(statuses, 1) | found
        standing = {key: statuses.get(key, IdentifierStatus.EXCLUSIVE) for key in found}
        places = {view: place for place, view in enumerate(views.view_ids)}
        of = np.fromiter(map(places.__getitem__, self.view_of), np.int64, len(self.view_of))
        events = np.bincount(of, self.events, len(views)).astype(np.int64)
        return Whole(persons, self.view_of, views, self.marks, standing, found, events)


def _holds(persons: int, held: Mapping[str, list[Any]]) -> Holds:
    """Holds in the order of their owners, and of each owner the newest first, by key where they are of one moment."""
    keys = held["keys"]
    numbers = np.empty((len(keys), len(HOLD)), np.int64)
    numbers[:, 0] = [_ASSURANCE[label] for label in held["assurances"]]
    for place, name in enumerate(HOLD[1:], 1):
        numbers[:, place] = held[name]
    owners = np.array(held["owners"], np.int64)
    rank = np.empty(len(keys), np.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    order = np.lexsort((rank, -numbers[:, HOLD.index("last_seen")], owners))
    counts = np.bincount(owners, minlength=persons)
    return Holds(counts, [keys[place] for place in order.tolist()], numbers[order])


async def read_whole(graph: Graph) -> Whole:
    """Reads everybody. Who changes meanwhile is marked anew, and keeps that mark."""
    reading = _Reading()
    async for persons, held in _pages(graph, await count_persons(graph)):
        if persons:
            reading.take(persons, held)
    [row] = await graph.rows(LIST_STATUSES, wall_clock=SLOW)
    return reading.finish({key: IdentifierStatus(status) for key, status in row["found"]})


Page = tuple[list[list[Any]], Mapping[str, list[Any]]]


async def _pages(graph: Graph, persons: int) -> AsyncIterator[Page]:
    """All persons in the order of their ids, page by page; the next pages are on their way meanwhile.

    Ids are hexadecimal and evenly spread, so their first digits part them into ranges of about a page. Whatever ids
    there are, a range is read to its end: by one query where it is no longer than a page and a half.
    """
    pages = max(1, -(-persons // PAGE))
    digits = len(f"{pages:x}") + 2
    ends = (f"{16**digits * page // pages:0{digits}x}" for page in range(1, pages))
    ranges = pairwise([FIRST, *ends, LAST])
    tasks = deque(asyncio.create_task(_range(graph, *ids)) for ids in islice(ranges, IN_FLIGHT))
    try:
        while tasks:
            found = await tasks.popleft()
            tasks.extend(asyncio.create_task(_range(graph, *ids)) for ids in islice(ranges, 1))
            for page in found:
                yield page
    finally:
        for task in tasks:
            task.cancel()


async def _range(graph: Graph, after: str, until: str) -> list[Page]:
    pages: list[Page] = []
    while True:
        [row] = await graph.rows(
            LIST_PERSONS, after=after, until=until, most=MOST_IDENTIFIERS, never=NEVER, limit=MOST, wall_clock=SLOW
        )
        persons = row.pop("persons")
        if wide := {person[0]: place for place, person in enumerate(persons) if person[5]}:
            await _add_newest(graph, wide, row)
        pages.append((persons, row))
        if len(persons) < MOST:
            return pages
        after = persons[-1][0]


async def _add_newest(graph: Graph, wide: Mapping[str, int], held: Mapping[str, list[Any]]) -> None:
    """Adds the newest of what those hold who hold more than is read."""
    [row] = await graph.rows(LIST_HOLDS, ids=list(wide), most=MOST_IDENTIFIERS, never=NEVER, wall_clock=SLOW)
    row["owners"] = [wide[id] for id in row["owners"]]
    for name in _HELD:
        held[name].extend(row[name])


async def read_apart(graph: Graph) -> list[tuple[str, str]]:
    """Pairs of views that a decision keeps apart, either way round."""
    rows = await graph.rows(LIST_APART, wall_clock=SLOW)
    return [(min(row["left"], row["right"]), max(row["left"], row["right"])) for row in rows]


def _pair(names: str) -> tuple[str, str]:
    given, family = orjson.loads(names)
    return given, family


def _address(address: str) -> Address:
    return Address(**orjson.loads(address))
