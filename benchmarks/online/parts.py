"""A graph that notes how long each statement took, by its name, on its way to the server and back."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vitograph.graph.driver import WALL_CLOCK, Graph, Row, Transaction
from vitograph.graph.queries import Statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _TimedTransaction(Transaction):
    taken: dict[str, float] = field(default_factory=dict)

    async def run(self, statement: Statement, /, **parameters: Any) -> list[Row]:
        started = time.perf_counter()
        rows = await Transaction.run(self, statement, **parameters)
        self.taken[statement.name] += time.perf_counter() - started
        return rows


@dataclass(frozen=True, slots=True)
class TimedGraph(Graph):
    """Seconds by the name of the statement; `begin and commit` is what writing takes beside its statements."""

    taken: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    async def write(self, work: Callable[[Transaction], Awaitable[T]], wall_clock: float = WALL_CLOCK) -> T:
        inside = 0.0

        async def timed(tx: Transaction) -> T:
            nonlocal inside
            started = time.perf_counter()
            try:
                return await work(_TimedTransaction(tx._tx, tx.seal, tx._turn, self.taken))
            finally:
                inside += time.perf_counter() - started

        started = time.perf_counter()
        try:
            return await Graph.write(self, timed, wall_clock)
        finally:
            self.taken["begin and commit"] += time.perf_counter() - started - inside

    async def ensure(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        started = time.perf_counter()
        rows = await Graph.ensure(self, statement, wall_clock, **parameters)
        self.taken[statement.name] += time.perf_counter() - started
        return rows

    async def rows(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        started = time.perf_counter()
        rows = await Graph.rows(self, statement, wall_clock, **parameters)
        self.taken[statement.name] += time.perf_counter() - started
        return rows
