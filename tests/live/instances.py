"""Real instances in processes of their own, as a user starts them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

import neo4j

from vitograph.api.running.addresses import Addresses
from vitograph.api.running.instances import find_instance

UP = Path(__file__).with_name("tiny_up.py")
SMALL = {"VITO_HEAP": "256m", "VITO_PAGE_CACHE": "32m"}


class Up:
    """A `vito up` on a folder; everything it started is gone when this is closed."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.said: list[str] = []
        self.seen: set[int] = set()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VITO_NEO4J")}
        self.process = subprocess.Popen(
            [sys.executable, str(UP), "--port", "0", "--data", str(data)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment | SMALL | variables,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(90)
        assert self.process.stdout
        self.process.stdout.close()

    def wait_ready(self, limit: float = 90.0) -> str:
        """The address that `ready` names."""
        assert self.process.stdout
        watchdog = threading.Timer(limit, self.process.kill)
        watchdog.start()
        try:
            while line := self.process.stdout.readline():
                self.said.append(line.strip())
                if line.startswith("ready "):
                    return line.split()[1]
        finally:
            watchdog.cancel()
        raise AssertionError(f"not ready; it said {self.said}")

    def list_children(self) -> dict[int, str]:
        """Process id to command line of the supervisor and of every child it ever had that still runs."""
        running = list_processes()
        self.seen |= {pid for pid, (parent, _) in running.items() if self.process.pid in (pid, parent)}
        return {pid: line for pid, (_, line) in running.items() if pid in self.seen}

    def wait_gone(self, limit: float = 60.0) -> None:
        """No process of the instance is left."""
        wait_for(lambda: not self.list_children(), limit)

    @property
    def addresses(self) -> Addresses:
        """As other commands find them."""
        instance = find_instance(self.data)
        assert instance
        return instance.addresses


def ask(addresses: Addresses, query: str, password: str | None = None) -> list[list[object]]:
    """The rows of one query."""
    login = (addresses.neo4j_user, password or addresses.neo4j_password)
    with neo4j.GraphDatabase.driver(addresses.neo4j_uri, auth=login) as driver:
        return [list(record) for record in driver.execute_query(query, database_="neo4j").records]


def wait_for(claim: object, limit: float) -> None:
    """The claim, called until then, is true within the limit in seconds."""
    assert callable(claim)
    deadline = time.monotonic() + limit
    while not claim():
        assert time.monotonic() < deadline, f"{getattr(claim, '__qualname__', claim)} did not become true in time"
        time.sleep(0.05)


def list_processes() -> dict[int, tuple[int, str]]:
    """Process id to parent and command line, of the processes that are not zombies (proc(5))."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), line)
    return found


async def wait_for_async(claim: Callable[[], Awaitable[bool]], limit: float) -> None:
    """The same of a claim that is awaited."""
    try:
        async with asyncio.timeout(limit):
            while not await claim():  # noqa: ASYNC110  there is no event for it
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{getattr(claim, '__qualname__', claim)} did not become true in {limit:.0f} s") from None
