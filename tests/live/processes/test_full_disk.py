"""A disk that is full for a moment: Neo4j loses nothing that it acknowledged, and is there again when it is started."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import pytest

from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.embedded.jvm import PANICKED
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import GraphUnavailable

WRITE = Statement("test/write", "CREATE (:Mark {text: $text})")
READ = Statement("test/read", "MATCH (m:Mark) RETURN m.text AS text")
LOG = "data/transactions/neo4j/neostore.transaction.db.0"


async def write(graph: Graph, text: str) -> None:
    await graph.write(lambda tx: tx.run(WRITE, text=text))


async def test_a_neo4j_that_panicked_ends_and_is_whole_when_it_is_started_again(tmp_path: Path) -> None:
    settings = Settings()
    server = Neo4jServer(tmp_path, settings.cache.resolve(), settings.maven_url, "256m", "32m")
    child = Child(server)
    await child.start()
    try:
        async with open_graph(server.uri, server.user, server.password) as graph:
            await write(graph, "acknowledged")
            assert child.process is not None
            limit = ((tmp_path / LOG).stat().st_size, resource.RLIM_INFINITY)
            resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, limit)
            with pytest.raises(GraphUnavailable):
                await write(graph, "refused" * 1000)
            async with asyncio.timeout(120):
                assert await child.wait() == PANICKED
            await child.start()
            async with asyncio.timeout(120):
                while True:
                    try:
                        assert [row["text"] for row in await graph.rows(READ)] == ["acknowledged"]
                        break
                    except GraphUnavailable:
                        await asyncio.sleep(0.1)
            await write(graph, "again")
    finally:
        await child.stop()
