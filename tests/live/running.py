"""API and worker in processes of their own over the servers of the session, as an operator runs them."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.conftest import ADMIN_KEY, ERASURE_KEY
from tests.live.instances import wait_for_async
from vitograph.api.running.addresses import Addresses

WITHIN = 120.0  # seconds, on a machine that does much else


class Running:
    """One process of ours, `api.serve` or `api.worker`; asked to end, and waited for, when this is closed."""

    def __init__(self, module: str, servers: Addresses, folder: Path, **variables: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"{module}-{self.port}.log"
        own = {"VITO_DATA": str(folder / "data"), "VITO_ADMIN_KEY": ADMIN_KEY, "VITO_ERASURE_KEY": ERASURE_KEY}
        port = {"serve": "VITO_PORT", "worker": "VITO_WORKER_PORT"}[module]
        self._command = [sys.executable, "-m", f"vitograph.api.{module}"]
        self._environment = os.environ | servers.as_environment() | own | {port: str(self.port)} | variables

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220  it is waited for in a thread
                self._command, env=self._environment, stdout=log, stderr=log
            )
        await wait_for_async(self._answers, WITHIN)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, places: TracebackType | None
    ) -> None:
        await self.end()

    async def end(self) -> int:
        """The status with which it ends, asked by SIGTERM."""
        if self.process.poll() is None:
            self.process.terminate()
        return await asyncio.to_thread(self.process.wait, WITHIN)

    @property
    def said(self) -> str:
        """All that it logged."""
        return self._log.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """The same, each line parsed: every one is an object."""
        return [json.loads(line) for line in self.said.splitlines()]

    async def _answers(self) -> bool:
        assert self.process.poll() is None, self.said
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                return (await client.get(f"{self.address}/healthz")).is_success
        except httpx.TransportError:
            return False
