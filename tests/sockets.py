"""An application behind a real socket, in the loop of the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


@asynccontextmanager
async def serving(app: Any, **settings: Any) -> AsyncIterator[str]:
    """Serves on a free port of this machine; gives the address."""
    endpoint = socket.socket()
    endpoint.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5, **settings)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[endpoint]))
    async with asyncio.timeout(60):
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{endpoint.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
