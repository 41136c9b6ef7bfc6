"""A `vito up` to do to what may happen: its processes by name, its lines, its clocks, and what is true of its graph."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.clocks import Clocks
from tests.chaos.lines import Ends, Line
from tests.live.instances import SMALL, list_processes
from vitograph.api.running.children import Child
from vitograph.api.running.instances import find_instance
from vitograph.api.running.processes import Program
from vitograph.graph.driver import Graph, open_graph
from vitograph.resolver.errors import ServerFailed

UP = Path(__file__).with_name("up.py")
ADMIN_KEY = "an admin key of chaos"
BY_COMMAND = {
    "api": "vitograph.api.serve",
    "worker": "vitograph.api.worker",
    "neo4j": "vitograph.graph.embedded.jvm",
    "valkey": "valkey-server",
}
"""What is in the command line of each process of an instance."""


class Instance:
    """`vito up` on a folder and on one port for as long as it is open, whoever is killed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "data"
        self.clocks = Clocks(home)
        self.bolt = Line(self._to_bolt)
        self.redis = Line(self._to_redis)
        self._targets = home / "targets.json"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """It serves."""
        await self.bolt.start()
        await self.redis.start()
        command = (sys.executable, str(UP), "--port", str(self.port), "--data", str(self.data))
        program = Program("vito up", command, self._variables(), f"{self.url}/readyz")
        program.log = self.home / "up.log"
        program.open_within = 600.0  # on a machine with too much to do
        program.stop_within = 90.0
        self.up = Child(program)
        await self.up.start()

    async def stop(self) -> None:
        """Nothing of it runs."""
        for name in (*BY_COMMAND, "up"):
            self.signal(name, signal.SIGCONT)
        await self.up.stop()
        await self.bolt.stop()
        await self.redis.stop()

    async def revive(self) -> None:
        """A supervisor that ended is started again, as whatever runs `vito up` at a machine's start would do."""
        while self.up.process is None or self.up.process.returncode is not None:
            try:
                await self.up.start()
            except ServerFailed:  # what it left behind still ends
                await asyncio.sleep(0.5)

    def signal(self, name: str, number: int) -> bool:
        """Sends a signal to a process by its name; whether there is one."""
        pid = self.pid(name)
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def pid(self, name: str) -> int | None:
        """The process of that name; none while it is being started again."""
        process = self.up.process
        if process is None or process.returncode is not None:
            return None
        if name == "up":
            return process.pid
        word = BY_COMMAND[name]
        return next(
            (pid for pid, (parent, line) in list_processes().items() if parent == process.pid and word in line), None
        )

    @asynccontextmanager
    async def graph(self) -> AsyncIterator[Graph]:
        """Its graph, past the lines."""
        instance = find_instance(self.data)
        if instance is None:
            raise ServerFailed("no instance runs")
        known = instance.addresses
        login = known.login
        async with open_graph(*login, known.seal) as graph:
            yield graph

    @property
    def redis_url(self) -> str:
        """Its Valkey, past the lines."""
        return str(json.loads(self._targets.read_text())["redis"])

    def _variables(self) -> dict[str, str]:
        state = {"XDG_STATE_HOME": str(self.home / "state"), "NO_PROXY": "127.0.0.1", "VITO_LOG_LEVEL": "warning"}
        lines = {
            "CHAOS_TARGETS": str(self._targets),
            "CHAOS_BOLT": f"bolt://127.0.0.1:{self.bolt.port}",
            "CHAOS_REDIS": f"redis://127.0.0.1:{self.redis.port}/0",
            "CHAOS_CLOCK": json.dumps(self.clocks.variables("programs")),
        }
        return {**SMALL, "VITO_ADMIN_KEY": ADMIN_KEY, **state, **lines, **self.clocks.variables("servers")}

    async def _to_bolt(self) -> Ends:
        address = urlsplit(json.loads(self._targets.read_text())["bolt"])
        return await asyncio.open_connection(address.hostname, address.port)

    async def _to_redis(self) -> Ends:
        return await asyncio.open_unix_connection(urlsplit(self.redis_url).path)
