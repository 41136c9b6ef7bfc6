"""The calls that come by the thousand, past the framework: to go through it costs as much as to be read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Straight:
    """Answers these routes of an app, whose handlers are given the request and nothing else, as the framework would.

    It stands in front of all of the framework and behind what is ours. What a handler raises becomes the same answer.
    """

    def __init__(self, app: FastAPI, framework: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._framework = framework
        plain = (route for route in routes if isinstance(route, APIRoute))
        self._routes = {(method, route.path): route for route in plain for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await self._framework(scope, receive, send)
            return
        scope["app"], scope["route"] = self._app, route
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            if (handler := self._handler(error)) is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)

    def _handler(self, error: Exception) -> Handler | None:
        handlers = self._app.exception_handlers
        return next((cast(Handler, handlers[kind]) for kind in type(error).__mro__ if kind in handlers), None)
