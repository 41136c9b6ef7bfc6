"""The supervisor brings back whatever opened once, for good."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from vitograph.api.analysts.serve import confine
from vitograph.api.running import processes
from vitograph.api.running.children import LEASH, Child
from vitograph.api.running.processes import Program, keep

SLEEPS = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)")
FAILS = (sys.executable, "-I", "-S", "-c", "raise SystemExit(3)")


class Failing(Program):
    """One that ends before it opens."""

    asked = 0

    async def is_open(self) -> bool:
        self.asked += 1
        return False


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LONGEST_PAUSE", 0.001)


def program(argv: Sequence[str]) -> Child:
    return Child(Program("the program", argv, {}))


async def test_one_that_opens_comes_back_however_often_it_is_killed() -> None:
    child = program(SLEEPS)
    await child.start()
    keeping = asyncio.create_task(keep(child))
    try:
        for _ in range(10):
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


async def test_one_that_cannot_be_started_for_a_while_comes_back_later() -> None:
    child = program(SLEEPS)
    await child.start()
    child.recipe = failing = Failing("the program", FAILS, {})
    keeping = asyncio.create_task(keep(child))
    try:
        assert child.process is not None
        child.process.send_signal(signal.SIGKILL)
        async with asyncio.timeout(120):
            while failing.asked < 8:  # noqa: ASYNC110  there is no event for it
                await asyncio.sleep(0.005)
            child.recipe = Program("the program", SLEEPS, {})
            while child.process is None or child.process.returncode is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert not keeping.done()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await child.stop()


def test_a_program_may_have_memory_that_who_starts_it_does_not_allow_itself() -> None:
    """As the analysts' process does, which starts a Neo4j."""
    ask = "import resource; print(*resource.getrlimit(resource.RLIMIT_DATA))"
    command = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), sys.executable, "-c", ask)
    before = resource.getrlimit(resource.RLIMIT_DATA)
    confine(16 << 30)
    try:
        assert resource.getrlimit(resource.RLIMIT_DATA)[0] == 16 << 30
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
    assert told.split() == [str(before[1])] * 2
