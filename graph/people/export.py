"""Everything that is held about a person, as one JSON document, piece by piece (GDPR art. 15 and 20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import orjson
from neo4j.time import Date, DateTime, Time

from vitograph.graph.driver import Graph
from vitograph.graph.people import persons
from vitograph.graph.queries import load
from vitograph.graph.reach import EVERYTHING

LIST_DECISIONS = load("export/list_decisions")
LIST_CANDIDATES = load("export/list_candidates")
LIST_EVIDENCE = load("export/list_evidence")

PAGE = 500


async def export(graph: Graph, id: str) -> AsyncIterator[bytes]:
    """`{view, history, devices, events, evidence, decisions, candidates}` of the view that a person is in, in pieces.

    Of others it holds their ids only. UnknownThing and Erased come with the first piece.
    """
    view = await persons.get_view(graph, id, EVERYTHING)
    view_id = view["view_id"]
    stays = [asdict(stay) for stay in await persons.list_stays(graph, id)]
    head = {"exported_at": dt.datetime.now(dt.UTC), "view": view, "history": stays}
    head["devices"] = await persons.list_devices(graph, view_id)
    yield _dumps(head)[:-1] + b',"events":['
    async for piece in _events(graph, view):
        yield piece
    rest = {
        "evidence": await graph.rows(LIST_EVIDENCE, view_id=view_id),
        "decisions": [row["entry"] for row in await graph.rows(LIST_DECISIONS, view_id=view_id)],
        "candidates": [row["candidate"] for row in await graph.rows(LIST_CANDIDATES, view_id=view_id)],
    }
    yield b"]," + _dumps(rest)[1:] + b"\n"


async def _events(graph: Graph, view: dict[str, Any]) -> AsyncIterator[bytes]:
    before, separator = (persons.END_OF_TIME, ""), b""
    while rows := await persons.list_timeline(graph, view, EVERYTHING, before, PAGE):
        yield separator + b",".join(map(_dumps, rows))
        separator = b","
        before = (dt.datetime.fromisoformat(rows[-1]["occurred_at"]), rows[-1]["id"])


def _dumps(value: object) -> bytes:
    return orjson.dumps(value, default=_text)


def _text(value: Any) -> str:
    if isinstance(value, DateTime | Date | Time):
        return value.iso_format()
    raise TypeError(f"{type(value).__name__} has no place in an export")
