"""Applications on ports of their own, in the loop of the test: the API for clients from elsewhere, other servers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from vitograph.api.app import create_app
from vitograph.api.settings import Settings


class Served:
    """The API on a port of its own, which can be stopped and started again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.app = create_app(self._settings)
        endpoint = socket.create_server(("127.0.0.1", self.port))
        self._server, self._running = await _serve(self.app, endpoint, timeout_graceful_shutdown=1)

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._running


@asynccontextmanager
async def serving(app: Any, **settings: Any) -> AsyncIterator[str]:
    """Serves on a free port of this machine; gives the address."""
    endpoint = socket.create_server(("127.0.0.1", 0))
    server, running = await _serve(app, endpoint, timeout_graceful_shutdown=5, **settings)
    try:
        yield f"http://127.0.0.1:{endpoint.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


async def _serve(app: Any, endpoint: socket.socket, **settings: Any) -> tuple[uvicorn.Server, asyncio.Task[None]]:
    """A server that answers there, and the task that ends with it."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", **settings))
    running = asyncio.create_task(server.serve(sockets=[endpoint]))
    async with asyncio.timeout(60):
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
    return server, running
