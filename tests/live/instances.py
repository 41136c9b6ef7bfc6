"""Real instances in processes of their own, as a user starts them."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import neo4j

from vitograph.api.addresses import Addresses
from vitograph.api.instances import find_instance

UP = Path(__file__).with_name("tiny_up.py")
SMALL = {"VITO_HEAP": "256m", "VITO_PAGE_CACHE": "32m"}


class Up:
    """A `vito up` on a folder; everything it started is gone when this is closed."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.said: list[str] = []
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
        deadline = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while selector.select(deadline - time.monotonic()) and (line := self.process.stdout.readline()):
                self.said.append(line.strip())
                if line.startswith("ready "):
                    return line.split()[1]
        raise AssertionError(f"not ready; it said {self.said}")

    def list_children(self) -> dict[int, str]:
        """Process id to command line, of every process that works for this instance."""
        marks = (str(self.data), f"VITO_DATA={self.data}")
        return {pid: line for pid, line in _list_processes().items() if any(mark in line for mark in marks)}

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
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.05)


def _list_processes() -> dict[int, str]:
    """Process id to arguments and environment, of this user's processes that are not zombies (proc(5))."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + b" " + (folder / "environ").read_bytes()
        except OSError:
            continue
        found[int(folder.name)] = text.replace(b"\0", b" ").decode(errors="replace")
    return found
