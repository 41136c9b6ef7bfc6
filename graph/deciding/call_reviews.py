"""Events whose meaning is doubtful, as specialists find and settle them. The log of it are the events themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.errors import UnknownThing

LIST_STREAMS = load("call_review/list_streams")
LIST_REVIEWS = load("call_review/list_reviews")
GET_REVIEW = load("call_review/get_review")
COUNT_OPEN = load("call_review/count_open")


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Events that wait for a specialist's word, and for how many seconds the first of them has waited."""

    waiting: int
    lag: float


async def find_call(graph: Graph, sid: str) -> frozenset[str]:
    """The streams of a call that are in events already."""
    rows = await graph.rows(LIST_STREAMS, id=f"call:{sid}", prefix=f"call:{sid}:")
    return frozenset(stream for row in rows for stream in orjson.loads(row["properties"]).get("streams", ()))


async def list_reviews(graph: Graph, status: str, after: tuple[dt.datetime, str] | None, limit: int) -> list[Row]:
    """Reviews that are `open` or `closed`, the longest waiting first, from a place on."""
    at, id = after or (None, None)
    rows = await graph.rows(LIST_REVIEWS, status=status, after_at=at, after_id=id, limit=limit)
    for row in rows:
        row["properties"] = orjson.loads(row["properties"])
        row["traits"] = orjson.loads(row["traits"])
    return rows


async def get_review(graph: Graph, event_id: str) -> dict[str, Any]:
    """The review of an event. UnknownThing when nothing of it is doubtful."""
    rows = await graph.rows(GET_REVIEW, event_id=event_id)
    if not rows:
        raise UnknownThing("review", event_id)
    return {**rows[0], "properties": orjson.loads(rows[0]["properties"])}


async def count_doubtful(graph: Graph) -> Doubtful:
    return Doubtful(**(await graph.rows(COUNT_OPEN, now=int(dt.datetime.now(dt.UTC).timestamp())))[0])
