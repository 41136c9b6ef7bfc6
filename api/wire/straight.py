"""The calls that come by the thousand, past the framework's router: to be routed there costs as much as to be read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Straight:
    """Answers these routes, whose handlers are given the request and nothing else, as the framework would.

    It stands in front of the router and behind everything else. What a handler raises becomes the same answer.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        plain = (route for route in routes if isinstance(route, APIRoute))
        self._routes = {(method, route.path): route for route in plain for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            if (handler := _handler(scope["app"], error)) is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)


def _handler(app: FastAPI, error: Exception) -> Handler | None:
    """What answers an error; None for a bug, which is answered further outside."""
    kinds = (kind for kind in type(error).__mro__ if kind is not Exception)
    return next((cast(Handler, app.exception_handlers[kind]) for kind in kinds if kind in app.exception_handlers), None)
