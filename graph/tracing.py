"""A graph whose transactions and statements are spans of a trace, by the names of the statements' files, never values.

It is used where traces are wanted only: without them a `Graph` is what it always was, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

from vitograph.graph.driver import WALL_CLOCK, Graph, Row, Transaction
from vitograph.graph.queries import Statement

T = TypeVar("T")

SYSTEM = "neo4j"


class Tracer(Protocol):
    """Where spans go. What is opened in a span belongs to it, also across awaits."""

    def span(self, name: str) -> AbstractContextManager[object]:
        """Work of ours."""
        ...

    def call(self, system: str, name: str) -> AbstractContextManager[object]:
        """A call of another server, in which nothing else is opened; outside of any span it is none."""
        ...

    def here(self) -> str | None:
        """The current span as W3C Trace Context writes it (`traceparent`)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedTransaction(Transaction):
    """A transaction each of whose statements is a span."""

    tracer: Tracer

    def trace(self) -> str | None:
        return self.tracer.here()

    async def run(self, statement: Statement, /, **parameters: Any) -> list[Row]:
        with self.tracer.call(SYSTEM, statement.name):
            return await Transaction.run(self, statement, **parameters)

    async def listed(self, statement: Statement, /, **parameters: Any) -> list[Row]:
        with self.tracer.call(SYSTEM, statement.name):
            return await Transaction.listed(self, statement, **parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedGraph(Graph):
    """A graph each of whose transactions is a span."""

    tracer: Tracer

    def span(self, name: str) -> AbstractContextManager[object]:
        return self.tracer.span(name)

    async def write(self, work: Callable[[Transaction], Awaitable[T]], wall_clock: float = WALL_CLOCK) -> T:
        with self._transaction("transaction/write"):
            return await Graph.write(self, self._traced(work), wall_clock)

    async def read(self, work: Callable[[Transaction], Awaitable[T]], wall_clock: float = WALL_CLOCK) -> T:
        with self._transaction("transaction/read"):
            return await Graph.read(self, self._traced(work), wall_clock)

    async def rows(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        with self.tracer.call(SYSTEM, statement.name):
            return await Graph.rows(self, statement, wall_clock, **parameters)

    async def ensure(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        with self.tracer.call(SYSTEM, statement.name):
            return await Graph.ensure(self, statement, wall_clock, **parameters)

    async def stream(self, statement: Statement, /, wall_clock: float, **parameters: Any) -> AsyncIterator[Row]:
        with self.tracer.call(SYSTEM, statement.name):
            async for row in Graph.stream(self, statement, wall_clock, **parameters):
                yield row

    def _transaction(self, name: str) -> AbstractContextManager[object]:
        return nullcontext() if self.tracer.here() is None else self.tracer.span(name)

    def _traced(self, work: Callable[[Transaction], Awaitable[T]]) -> Callable[[Transaction], Awaitable[T]]:
        async def traced(tx: Transaction) -> T:
            return await work(TracedTransaction(tx._tx, tx.seal, tx._turn, tracer=self.tracer))

        return traced


def traced(graph: Graph, tracer: Tracer | None) -> Graph:
    """The same graph, traced; without a tracer the very same."""
    if tracer is None:
        return graph
    return TracedGraph(**{field.name: getattr(graph, field.name) for field in fields(graph)}, tracer=tracer)
