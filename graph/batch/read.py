"""A whole graph, read in few fat queries: every person into columns, and what scoring must know of everybody."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.population import count_persons
from vitograph.graph.queries import load
from vitograph.graph.views import MOST_IDENTIFIERS
from vitograph.resolver.columnar.frame import NEVER, STATED, Frame, FrameBuilder, Hold
from vitograph.resolver.columnar.joining import join_views
from vitograph.resolver.model import Address, Assurance, IdentifierStatus

LIST_PERSONS = load("batch/list_persons")
LIST_APART = load("batch/list_apart")
LIST_WAITING = load("batch/list_waiting")

PAGE = 4_000  # persons of one query: some MB
IN_FLIGHT = 3  # queries at once: Neo4j works on the next ones while we take one in
SLOW = 300.0  # seconds
FIRST, LAST = "", "\U0010ffff"
_ASSURANCE = {assurance.label: int(assurance) for assurance in Assurance}


@dataclass(slots=True)
class Whole:
    """Every person at the moment it was read: in columns by person, and by the view they are in.

    `marks` are those who wait to be scored, with the mark that was read. `statuses` and `degrees` are of identifiers
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

    def take(self, rows: list[list[Any]]) -> None:
        ids, views, kinds, marks, *stated, holds = zip(*rows, strict=True)
        columns = {name: [values or () for values in lists] for name, lists in zip(STATED, stated, strict=True)}
        self.builder.add(ids, kinds, columns, [list(map(self._hold, held)) for held in holds])
        self.view_of += views
        self.marks += [{"id": id, "resolve_at": at} for id, at in zip(ids, marks, strict=True) if at is not None]

    def _hold(self, hold: list[Any]) -> Hold:
        key, assurance, first, last, count, login, relogin, logout, ambiguous, status, degree = hold
        if degree != 1 or status != "exclusive":
            self.statuses[key] = IdentifierStatus(status)
            self.degrees[key] = degree
        login, relogin, logout = (NEVER if moment is None else moment for moment in (login, relogin, logout))
        return key, _ASSURANCE[assurance], first, last, count, login, relogin, logout, bool(ambiguous)

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


async def _pages(graph: Graph, persons: int) -> AsyncIterator[list[list[Any]]]:
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


async def _range(graph: Graph, after: str, until: str) -> list[list[Any]]:
    found: list[list[Any]] = []
    while True:
        [row] = await graph.rows(
            LIST_PERSONS, after=after, until=until, most=MOST_IDENTIFIERS, limit=PAGE, wall_clock=SLOW
        )
        found += row["found"]
        if len(row["found"]) < PAGE:
            return found
        after = found[-1][0]


async def read_apart(graph: Graph) -> list[tuple[str, str]]:
    """Pairs of views that a decision keeps apart, either way round."""
    rows = await graph.rows(LIST_APART, wall_clock=SLOW)
    return [(min(row["left"], row["right"]), max(row["left"], row["right"])) for row in rows]


async def read_waiting(graph: Graph) -> dict[str, int]:
    """Ids and versions of the candidates that wait for a decision."""
    return {row["id"]: row["version"] for row in await graph.rows(LIST_WAITING, wall_clock=SLOW)}


def _pair(names: str) -> tuple[str, str]:
    given, family = json.loads(names)
    return given, family


def _address(address: str) -> Address:
    return Address(**json.loads(address))
