"""Upstash's REST interface in front of a Valkey: `POST /` with a command, answers in base64 when asked for."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from redis.asyncio import Redis
from redis.exceptions import ResponseError

TOKEN = "another token of the tests"


def front(redis: Redis) -> FastAPI:
    """The app over a client of the Valkey."""
    app = FastAPI()

    @app.post("/")
    async def command(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "WRONGPASS invalid or missing auth token"}, 401)
        try:
            result = await redis.execute_command(*[str(word) for word in await request.json()])
        except ResponseError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"result": _encoded(result, request.headers.get("upstash-encoding") == "base64")})

    return app


def _encoded(result: Any, is_base64: bool) -> Any:
    if isinstance(result, list):
        return [_encoded(item, is_base64) for item in result]
    if not isinstance(result, bytes):
        return result
    return base64.b64encode(result).decode() if is_base64 and result != b"OK" else result.decode()


@asynccontextmanager
async def open_upstash(redis: Redis) -> AsyncIterator[str]:
    """Its address, for as long as this is open."""
    with socket.create_server(("127.0.0.1", 0)) as endpoint:
        server = uvicorn.Server(uvicorn.Config(front(redis), log_level="warning", lifespan="off"))
        with contextlib.suppress(AttributeError):
            server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        task = asyncio.create_task(server.serve(sockets=[endpoint]))
        try:
            yield f"http://127.0.0.1:{endpoint.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
