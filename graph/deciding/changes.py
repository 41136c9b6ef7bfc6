"""What changes in the queue, for those who look at it: one query a second for a whole process, however many look.

A change is written with the time at which its transaction began and is seen when that commits, so each poll looks back
over the longest that a transaction may take, and tells only what it has not told.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

from vitograph.graph.driver import WALL_CLOCK, Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.errors import GraphUnavailable

LIST_CHANGED = load("candidate/list_changed")

INTERVAL = 1.0  # seconds
OVERLAP = dt.timedelta(seconds=WALL_CLOCK)
# Changes of one poll. When there are more, looking again as a whole is cheaper than being told each.
MOST = 500
# Changes that a listener may fall behind before it is told to look again as a whole.
BACKLOG = 2_000

MANY: Row = {"type": "many"}
END: Row = {"type": "end"}


class Changes:
    """Tells listeners what changed since they came: rows of `candidate/list_changed`, or `MANY`."""

    def __init__(self, graph: Graph, interval: float = INTERVAL) -> None:
        self._graph = graph
        self._interval = interval
        self._listeners: set[asyncio.Queue[Row]] = set()
        self._poller: asyncio.Task[None] | None = None

    async def listen(self) -> AsyncIterator[Row]:
        """Changes from now on, until it is closed. The first who listens starts the polling, the last one ends it."""
        queue: asyncio.Queue[Row] = asyncio.Queue(BACKLOG)
        self._listeners.add(queue)
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll())
        try:
            while (change := await queue.get()) is not END:
                yield change
        finally:
            self._listeners.discard(queue)
            if not self._listeners and self._poller is not None:
                self._poller.cancel()
                self._poller = None

    def close(self) -> None:
        """Ends every listening, so that nobody's open line holds up the end of this process."""
        for queue in self._listeners:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(END)

    async def _poll(self) -> None:
        told: dict[str, Any] = {}
        since = dt.datetime.now(dt.UTC)
        started = since
        while True:
            with contextlib.suppress(GraphUnavailable):
                rows = await self._graph.rows(LIST_CHANGED, since=since, limit=MOST)
                fresh = [row for row in rows if told.get(row["id"]) != _state(row)]
                told |= {row["id"]: _state(row) for row in rows}
                self._tell([MANY] if len(rows) == MOST else [_change(row) for row in fresh])
                if len(rows) == MOST:
                    since, told = rows[-1]["at"], {}
                else:
                    since = max(started, dt.datetime.now(dt.UTC) - OVERLAP)
                    told = {row["id"]: told[row["id"]] for row in rows}
            await asyncio.sleep(self._interval)

    def _tell(self, changes: list[Row]) -> None:
        for queue in self._listeners:
            if queue.qsize() + len(changes) > BACKLOG:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(MANY)
            else:
                for change in changes:
                    queue.put_nowait(change)


def _state(row: Row) -> tuple[Any, ...]:
    return row["version"], row["status"], row["claimed_by"], row["claimed_until"]


def _change(row: Row) -> Row:
    told = {name: value for name, value in row.items() if name not in ("at", "created")}
    return {"type": "created" if row["created"] and row["status"] == "open" else row["status"], **told}
