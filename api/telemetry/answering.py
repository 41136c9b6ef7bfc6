"""What a worker answers about itself: `/healthz` for whoever restarts it, `/metrics` for Prometheus."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from vitograph.api.telemetry.requests import RequestFigures


class Beside(uvicorn.Server):
    """A server beside other work of a process, which hears the signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def answer(host: str, port: int) -> None:
    """Answers until it is cancelled; the work it speaks of ends with it."""
    figures = RequestFigures()

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def metrics(request: Request) -> Response:
        return PlainTextResponse(figures.lines())

    app = Starlette(routes=[Route("/healthz", health), Route("/metrics", metrics)])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False)
    with socket.create_server((host, port)) as endpoint:
        await Beside(config).serve(sockets=[endpoint])
