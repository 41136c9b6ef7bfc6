"""One hash of a whole graph, equal for graphs that hold the same facts: how replay and retraction are proved.

The log of decisions, what its entries drew between persons, and candidates are left aside: they are the decisions
themselves or functions of them. So are marks that say what waits to be done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator

from neo4j.time import Date, DateTime, Duration, Time

from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement, load

LIST_EVENTS = load("digest/list_events")
LIST_PERSONS = load("digest/list_persons")
LIST_IDENTIFIERS = load("digest/list_identifiers")
LIST_CAMPAIGNS = load("digest/list_campaigns")

PARTS = {
    "Event": LIST_EVENTS,
    "Person": LIST_PERSONS,
    "Identifier": LIST_IDENTIFIERS,
    "Campaign": LIST_CAMPAIGNS,
}

# Marks of what waits (resolve_at), locks (written_at), up to when something was heard, and how an identifier came to
# stand as it does.
ASIDE = frozenset({"resolve_at", "written_at", "heard_at", "shared_since", "status_since", "status_history"})

PAGE = 2_000


async def digest(graph: Graph) -> str:
    """SHA-256, in hex, over one line a node in the order of our own ids. Read it while nobody writes."""
    found = hashlib.sha256()
    async for line in lines(graph):
        found.update(line)
    return found.hexdigest()


async def lines(graph: Graph) -> AsyncIterator[bytes]:
    """The canonical dump, line by line: what differs between two graphs of different digests is a diff of it."""
    for label, statement in PARTS.items():
        async for line in _part(graph, label, statement):
            yield line


async def _part(graph: Graph, label: str, statement: Statement) -> AsyncIterator[bytes]:
    after = ""
    while rows := await graph.rows(statement, wall_clock=120.0, after=after, limit=PAGE):
        for row in rows:
            properties = {name: value for name, value in row["properties"].items() if name not in ASIDE}
            yield _canonical([label, row["key"], properties, row["links"]]) + b"\n"
        after = rows[-1]["key"]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_text).encode()


def _text(value: object) -> str:
    if isinstance(value, DateTime | Date | Time | Duration):
        return value.iso_format()
    raise TypeError(f"{type(value).__name__} has no place in a dump")
