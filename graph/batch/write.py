"""Candidates of a whole graph into the queue, in batches, and what was not found again out of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.persons import LOCK_PERSONS
from vitograph.graph.proposing import propose_rows
from vitograph.graph.queries import load
from vitograph.graph.resolution import CLOSE_PENDING

CLOSE_CANDIDATES = load("batch/close_candidates")

BATCH = 2_000  # candidates of one transaction: some MB
SLOW = 120.0  # seconds

T = TypeVar("T")


async def propose_all(graph: Graph, candidates: Iterable[Row], now: dt.datetime) -> int:
    """Writes candidates as they come; how many were new or changed.

    The next ones are made while Neo4j writes. Two writes at once would wait for each other's persons.
    """
    proposed = 0
    writing: asyncio.Task[int] | None = None
    try:
        for rows in batches(candidates, BATCH):
            rows.sort(key=lambda row: row["id"])
            if writing is not None:
                proposed += await writing
            writing = asyncio.create_task(graph.write(partial(propose_rows, rows, now), SLOW))
            await asyncio.sleep(0)  # what was made goes out before more is made
        return proposed if writing is None else proposed + await writing
    finally:
        if writing is not None:
            writing.cancel()


async def close_stale(graph: Graph, waiting: Mapping[str, int], found: Iterable[str], now: dt.datetime) -> None:
    """Supersedes the candidates that waited (id -> version) and were not found, but for those written since."""
    stale = sorted(waiting.keys() - frozenset(found))
    for ids in batches(stale, BATCH):
        rows = [{"id": id, "version": waiting[id]} for id in ids]
        await graph.write(partial(_close, rows, now), SLOW)


async def close_marks(graph: Graph, marks: Sequence[Row]) -> None:
    """Takes the marks off whom we resolved; who was marked anew since keeps the new one."""
    for rows in batches(marks, BATCH):
        await graph.write(partial(_close_marks, rows), SLOW)


async def _close(rows: list[Row], now: dt.datetime, tx: Transaction) -> None:
    await tx.run(CLOSE_CANDIDATES, rows=rows, at=now)


async def _close_marks(rows: list[Row], tx: Transaction) -> None:
    await tx.run(LOCK_PERSONS, ids=sorted(row["id"] for row in rows))
    await tx.run(CLOSE_PENDING, rows=rows)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items, so many at a time."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
