"""Reading the queue: what waits for a specialist, and one pair with all that helps to decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.observations import microseconds
from vitograph.graph.queries import load
from vitograph.resolver.errors import StaleVersion, UnknownThing, WrongState

LIST_CANDIDATES = load("candidate/list_candidates")
COUNT_CANDIDATES = load("candidate/count_candidates")
COUNT_WAITING = load("candidate/count_waiting")
GET_CANDIDATE = load("candidate/get_candidate")
LIST_RUNNERS_UP = load("candidate/list_runners_up")
PREVIEW_MERGE = load("candidate/preview_merge")
CLAIM_CANDIDATE = load("candidate/claim_candidate")
LIST_EXPORT = load("candidate/list_export")
CLOSE_LAPSED = load("candidate/close_lapsed")

# How long a specialist's claim holds without being renewed.
LEASE = dt.timedelta(minutes=10)

Place = tuple[float, str]
FIRST: Place = (2.0, "")  # above every probability


async def list_candidates(
    graph: Graph, status: str, kind: str, band: str | None, after: Place, limit: int
) -> list[Row]:
    """The queue from a place on, the most valuable first."""
    return await graph.rows(
        LIST_CANDIDATES, status=status, kind=kind, band=band, value=after[0], id=after[1], limit=limit
    )


async def count_candidates(graph: Graph) -> list[Row]:
    """How many candidates there are by kind, status and band."""
    return await graph.rows(COUNT_CANDIDATES)


async def count_waiting(graph: Graph) -> int:
    """Persons who changed and whose pairs are not scored yet; 0 when the queue is up to date."""
    rows = await graph.rows(COUNT_WAITING, due=microseconds(dt.datetime.now(dt.UTC)))
    return int(rows[0]["waiting"])


async def get_candidate(graph: Graph, id: str) -> dict[str, Any]:
    """A candidate with its frozen evidence, its runners-up and a preview of what joining would bring together."""
    rows = await graph.rows(GET_CANDIDATE, id=id)
    if not rows:
        raise UnknownThing("candidate", id)
    candidate = rows[0]
    candidate["evidence"] = orjson.loads(candidate["evidence"]) if candidate["evidence"] else {}
    candidate["reopened"] = orjson.loads(candidate["reopened"]) if candidate["reopened"] else None
    candidate["runner_up"] = await graph.rows(LIST_RUNNERS_UP, id=id)
    preview = await graph.rows(PREVIEW_MERGE, id=id)
    candidate["preview"] = preview[0]
    return candidate


async def export(graph: Graph, min_p: float, page: int = 5_000) -> AsyncIterator[Row]:
    """Every candidate of two known persons at or above a probability, whatever became of it, by id."""
    after = ""
    while rows := await graph.rows(LIST_EXPORT, min_p=min_p, after=after, limit=page):
        for row in rows:
            yield row
        after = rows[-1]["id"]


async def claim(graph: Graph, id: str, actor: str, version: int | None = None) -> Row:
    """Takes a candidate for a while, or renews that; what was read of it stays current.

    WrongState when somebody else has it or it does not wait; StaleVersion when it is not of the version given.
    """
    now = dt.datetime.now(dt.UTC)
    rows = await graph.write(
        lambda tx: tx.run(CLAIM_CANDIDATE, id=id, actor=actor, version=version, now=now, until=now + LEASE)
    )
    if not rows:
        raise UnknownThing("candidate", id)
    row = rows[0]
    if row["refused"] == "version":
        raise StaleVersion("candidate", id)
    if row["refused"] == "claimed":
        raise WrongState(f"candidate {id!r} is claimed by {row['claimed_by']} until {row['claimed_until']}")
    if row["refused"] == "status":
        raise WrongState(f"candidate {id!r} does not wait for a decision: it is {row['status']}")
    return row


async def return_lapsed(graph: Graph) -> int:
    """Puts back into the queue what somebody claimed and left; how many."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_LAPSED, now=dt.datetime.now(dt.UTC)))
    return int(rows[0]["returned"])
