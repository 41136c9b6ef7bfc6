"""The API on a port of its own, for clients that speak HTTP from elsewhere: browsers, SDKs, command lines."""

from __future__ import annotations

import asyncio
import socket

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
        config = uvicorn.Config(self.app, log_level="warning", timeout_graceful_shutdown=1)
        endpoint = socket.create_server(("127.0.0.1", self.port))
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[endpoint]))
        while not self._server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._serving
