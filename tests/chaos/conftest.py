"""One instance for all of chaos: `run`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.chaos.rounds import Run, open_run, open_target


@pytest.fixture(scope="session")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    home = tmp_path_factory.mktemp("chaos")
    async with open_target(home / "target") as target, open_run(home / "run", target) as run:
        yield run
