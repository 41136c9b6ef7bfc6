"""The supervisor brings back whatever opens, and gives up on what does not."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence

import pytest

from vitograph.api import processes
from vitograph.api.children import Child
from vitograph.api.processes import STARTS, Program, keep
from vitograph.resolver.errors import ServerFailed

SLEEPS = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)")
FAILS = (sys.executable, "-I", "-S", "-c", "raise SystemExit(3)")


class Unopened(Program):
    """One that never opens."""

    async def is_open(self) -> bool:
        return False


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PAUSE", 0.001)


def program(argv: Sequence[str]) -> Child:
    return Child(Program("the program", argv, {}))


async def test_one_that_opens_comes_back_however_often_it_is_killed() -> None:
    child = program(SLEEPS)
    await child.start()
    keeping = asyncio.create_task(keep(child))
    try:
        for _ in range(2 * STARTS):
            before = child.process
            assert before is not None
            before.send_signal(signal.SIGKILL)
            async with asyncio.timeout(60):
                while child.process is before or child.process is None:  # noqa: ASYNC110  there is no event for it
                    await asyncio.sleep(0.005)
        assert not keeping.done()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await child.stop()


async def test_one_that_never_opens_is_given_up() -> None:
    child = program(FAILS)
    await child.start()
    child.recipe = Unopened("the program", FAILS, {})
    with pytest.raises(ServerFailed, match=f"the program could not be started {STARTS} times in a row"):
        await keep(child)
