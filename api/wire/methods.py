"""The methods of a path: HEAD is answered wherever GET is (RFC 9110 §9.3.2), and a 405 tells all of them (§15.5.6)."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SPENDING = frozenset({"finish_sign_in"})
"""Operations whose GET is no safe one, for the protocol has it so: looking at the head would spend a one-time code."""


class Heads:
    """Answers HEAD as the path's GET, without the body. What answers HEAD by a route of its own is left to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not _stands_in(scope):
            await self._app(scope, receive, send)
            return
        is_whole = False

        async def bodiless(message: Message) -> None:
            nonlocal is_whole
            if message["type"] == "http.response.start":
                await send(message)
            elif not is_whole:
                is_whole = True
                await send({"type": "http.response.body", "body": b""})
            else:  # who streams on is told by `receive` that nobody listens
                await asyncio.sleep(0)

        await self._app({**scope, "method": "GET"}, receive, bodiless)


def allowed(app: FastAPI, path: str) -> list[str]:
    """Every method that this path is answered for; none when there is no such path."""
    found = _routed(app, path)
    return sorted({*found, "HEAD"} if _has_head(found) else found)


def _stands_in(scope: Scope) -> bool:
    found = _routed(scope["app"], scope["path"])
    return _has_head(found) and "HEAD" not in found


def _has_head(found: dict[str, str | None]) -> bool:
    return "GET" in found and found["GET"] not in SPENDING


def _routed(app: FastAPI, path: str) -> dict[str, str | None]:
    """The methods of a path, each with its operation."""
    routes = [route for route in iter_route_contexts(app.routes) if route.methods and route.path_regex.match(path)]
    return {method: getattr(route, "operation_id", None) for route in routes for method in route.methods or ()}
