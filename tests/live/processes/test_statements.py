"""The real Neo4j compiles every statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


@pytest.mark.parametrize("name", [name for name in COMPILED if "replan=skip" in queries.load(name).text])
async def test_a_plan_that_is_kept_begins_at_indexes_even_where_it_was_made_on_an_empty_graph(
    graph: Graph, name: str
) -> None:
    statement = queries.load(name)
    found = await graph.driver.execute_query(f"EXPLAIN {statement.text}", dict.fromkeys(statement.used))
    scans = [told for operator, told in _operators(found.summary.plan) if "Scan" in operator]
    assert [told for told in scans if told != "m:Model"] == []  # of which there are some dozens at most


@pytest.mark.parametrize("name", ["evidence/list_due", "copy/count_all", "review/list_due_among"])
async def test_what_is_asked_again_and_again_reads_no_label_as_a_whole(graph: Graph, name: str) -> None:
    statement = queries.load(name)
    found = await graph.driver.execute_query(f"EXPLAIN {statement.text}", dict.fromkeys(statement.used))
    assert [found for found in _operators(found.summary.plan) if "LabelScan" in found[0]] == []


def _operators(plan: Any) -> Iterator[tuple[str, str]]:
    """Each operator with what it says of itself."""
    yield plan["operatorType"], plan["args"].get("Details", "")
    for child in plan.get("children", ()):
        yield from _operators(child)
