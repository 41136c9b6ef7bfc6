"""One instance for all of chaos: `run`. Its graph is replayed into the Neo4j of the session."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from tests.chaos.rounds import Run, open_run
from vitograph.graph.driver import Graph

# No clock is stepped here, so nothing need run under libfaketime.
os.environ.setdefault("VITO_CHAOS_FAKETIME", "")


@pytest.fixture(scope="session")
async def run(migrated: Graph, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with open_run(tmp_path_factory.mktemp("chaos"), migrated) as run:
        yield run
