"""Reading a graph as its logs: what was told, what was decided, and what is neither and is kept as it is.

Persons, identifiers, holds, views, statuses, links, blocking keys and values are not among it: they follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

from vitograph.graph.deciding.log import LIST_ENTRIES
from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import Statement, load

LIST_LABELS = load("replay/list_labels")
LIST_KEPT = load("replay/list_kept")
LIST_LINKS = load("replay/list_links")
LIST_EVENTS = load("replay/list_events")
LIST_CANDIDATES = load("replay/list_candidates")
LIST_HISTORIES = load("replay/list_histories")
LIST_FLAGS = load("replay/list_flags")
LIST_PERSONS = load("replay/list_persons")

# What is known by its own id, or follows from what is; and who is signed in, which no copy brings back.
LOGGED = ("Event", "Person", "Identifier", "Candidate", "Decision")
FOLLOWING = frozenset({*LOGGED, "Review", "BlockingKey", "Value", "Migration", "Session"})

PAGE = 1_000
FEW = 200  # of what takes kilobytes each
WALL_CLOCK = 300.0

_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# The kinds of records, in the order in which they are read and written.
KINDS = ("kept", "event", "candidate", "entry", "link", "history", "flag", "mark")


async def reread(graph: Graph) -> AsyncIterator[tuple[str, Row]]:
    """Every record of a graph with its kind, in an order in which each can be written again. Read it while it rests."""
    kept = [row["label"] for row in await graph.rows(LIST_LABELS) if row["label"] not in FOLLOWING]
    for label in kept:
        async for row in _paged(graph, LIST_KEPT, "ref", PAGE, label=label):
            yield "kept", row
    async for row in _events(graph):
        yield "event", row
    async for row in _paged(graph, LIST_CANDIDATES, "id", FEW):
        yield "candidate", row
    after = 0
    while rows := await graph.rows(LIST_ENTRIES, wall_clock=WALL_CLOCK, after=after, last=2**62, limit=FEW):
        for row in rows:
            yield "entry", row["entry"]
        after = rows[-1]["entry"]["seq"]
    for label in kept:
        async for row in _paged(graph, LIST_LINKS, "ref", PAGE, label=label, logged=list(LOGGED)):
            if row["links"]:
                yield "link", row
    async for row in histories(graph):
        yield "history", row
    for row in await graph.rows(LIST_FLAGS, wall_clock=WALL_CLOCK):
        yield "flag", row
    async for row in _paged(graph, LIST_PERSONS, "id", PAGE):
        if row["resolve_at"] is not None:
            yield "mark", row


def histories(graph: Graph) -> AsyncIterator[Row]:
    """How identifiers stand and came to; those that are not among them are exclusive, and always were."""
    return _paged(graph, LIST_HISTORIES, "key", PAGE)


async def _paged(graph: Graph, statement: Statement, by: str, limit: int, **parameters: object) -> AsyncIterator[Row]:
    after = ""
    while rows := await graph.rows(statement, wall_clock=WALL_CLOCK, after=after, limit=limit, **parameters):
        for row in rows:
            yield row
        after = rows[-1][by]


async def _events(graph: Graph) -> AsyncIterator[Row]:
    at: object = _BEGINNING
    after = ""
    while rows := await graph.rows(LIST_EVENTS, wall_clock=WALL_CLOCK, at=at, after=after, limit=PAGE):
        for row in rows:
            yield row
        at, after = rows[-1]["event"]["received_at"], rows[-1]["id"]
