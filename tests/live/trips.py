"""The round trips to Neo4j that some work takes, by the names of their statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from vitograph.graph.driver import Graph
from vitograph.graph.tracing import traced

BEGIN, COMMIT = "begin", "commit"


class Trips(list[str]):
    """A tracer that keeps the names of what was sent, in order."""

    def span(self, name: str) -> AbstractContextManager[object]:
        return self._transaction() if name.startswith("transaction/") else nullcontext()

    def call(self, system: str, name: str) -> AbstractContextManager[object]:
        self.append(name)
        return nullcontext()

    def here(self) -> str:
        return "00-" + "1" * 32 + "-" + "1" * 16 + "-01"

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.append(BEGIN)
        yield
        self.append(COMMIT)


def counted(graph: Graph) -> tuple[Graph, Trips]:
    """The same graph, and the trips of it from now on."""
    trips = Trips()
    return traced(graph, trips), trips
