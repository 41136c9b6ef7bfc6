"""The real Neo4j compiles every statement."""

from __future__ import annotations

import pytest

from vitograph.graph import queries
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

# Neo4j has no EXPLAIN for these; the migrations of every test session run them.
ADMINISTRATIVE = ("SHOW ", "CREATE CONSTRAINT", "CREATE INDEX", "CREATE RANGE")
COMPILED = [name for name in queries.names() if not any(word in queries.load(name).text for word in ADMINISTRATIVE)]


@pytest.mark.parametrize("name", COMPILED)
async def test_it_compiles(graph: Graph, name: str) -> None:
    statement = queries.load(name)
    # Parameters may be any value: nothing is run.
    await graph.rows(Statement(name, f"EXPLAIN {statement.text}"), **dict.fromkeys(statement.used))
