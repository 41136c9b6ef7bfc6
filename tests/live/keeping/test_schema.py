"""Migrations on the real server, by several processes at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import EMPTY
from vitograph.api.running.addresses import Addresses
from vitograph.graph.driver import WALL_CLOCK, Graph, Row, open_graph
from vitograph.graph.queries import Statement
from vitograph.graph.schema import LIST_APPLIED, check, migrate, migrations
from vitograph.resolver.errors import GraphUnavailable

CONSTRAINTS = Statement("test/constraints", "SHOW CONSTRAINTS YIELD name RETURN name")
INDEXES = Statement(
    "test/indexes", "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' RETURN name"
)
FORGET = Statement("test/forget", "MATCH (m:Migration) DELETE m")


@pytest.fixture
async def bare(graph: Graph) -> AsyncIterator[Graph]:
    """The graph without any schema; it has it again afterwards, however the test ended."""
    await strip(graph)
    yield graph
    await graph.run(EMPTY)
    await migrate(graph)


async def strip(graph: Graph) -> None:
    for kind, statement in (("CONSTRAINT", CONSTRAINTS), ("INDEX", INDEXES)):
        for row in await graph.rows(statement):
            await graph.run(Statement("test/drop", f"DROP {kind} {row['name']} IF EXISTS"))
    await graph.run(FORGET)


async def test_processes_that_migrate_a_fresh_graph_at_once_all_succeed(bare: Graph, backend: Addresses) -> None:
    login = (backend.neo4j_uri, backend.neo4j_user, backend.neo4j_password)

    async def start() -> None:
        async with open_graph(*login) as graph:
            await migrate(graph)

    for _ in range(3):
        await strip(bare)
        await asyncio.gather(*(start() for _ in range(4)))
        await check(bare)
        recorded = [row["number"] for row in await bare.rows(LIST_APPLIED)]
        assert recorded == [migration.number for migration in migrations()]
    assert await migrate(bare) == []


class Waking(Graph):
    """A Neo4j that has just started, on a machine that does much else: no statement is planned in half a minute."""

    async def rows(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        if wall_clock <= WALL_CLOCK:
            raise GraphUnavailable("it did not answer in time")
        return await super().rows(statement, wall_clock, **parameters)


async def test_a_start_waits_for_a_neo4j_that_is_slow_to_wake(graph: Graph) -> None:
    assert await migrate(Waking(graph.driver, graph.database)) == []
