"""Stands round everything that answers: each request has an id, is counted, timed, logged and, if wanted, traced."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from vitograph.api.telemetry.logs import REQUEST_ID
from vitograph.api.telemetry.requests import METHODS, OTHER, RequestFigures

if TYPE_CHECKING:
    from vitograph.api.telemetry.traces import Traces

log = logging.getLogger(__name__)

WATCH = "vito.watch"
HEADER = b"x-request-id"
# An id of somebody else is taken over when it can be nothing but an id: anything else might be a name or a number.
_OWN = re.compile(rb"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")

CLOSED = 499
"""Of a request that ended without an answer: its caller went away."""


@dataclass(slots=True)
class Watch:
    """What is known of one request when it has ended."""

    route: str | None = None
    status: int = CLOSED
    began: float = 0.0
    answered: float | None = None


class Watched:
    """The outermost of all."""

    def __init__(self, app: ASGIApp, figures: RequestFigures, traces: Traces | None = None) -> None:
        self._app = app
        self._figures = figures
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        watch = scope[WATCH] = Watch(began=time.perf_counter())
        id = _id(scope)
        token = REQUEST_ID.set(id)

        async def watched(message: Message) -> None:
            if watch.answered is None and message["type"] in ("http.response.start", "websocket.accept"):
                watch.answered = time.perf_counter()
                watch.status = message.get("status", 101)
                message["headers"] = [*message.get("headers", ()), (HEADER, id.encode())]
            await send(message)

        self._figures.began()
        try:
            if self._traces is None:
                await self._app(scope, receive, watched)
            else:
                with self._traces.request(scope, watch):
                    await self._app(scope, receive, watched)
        except Exception:
            watch.status = 500 if watch.answered is None else watch.status
            raise
        finally:
            self._ended(scope, watch)
            REQUEST_ID.reset(token)

    def _ended(self, scope: Scope, watch: Watch) -> None:
        seconds = (watch.answered or time.perf_counter()) - watch.began
        method = method_of(scope)
        self._figures.ended(method, watch.route, watch.status, seconds)
        level = logging.WARNING if watch.status >= 500 else logging.DEBUG
        if log.isEnabledFor(level):
            log.log(level, "%s %s: %d in %.1f ms", method, watch.route or "no route", watch.status, seconds * 1000)


class Routed:
    """Stands where the choice of a route can be seen, and tells the watch of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if (watch := scope.get(WATCH)) is not None and (route := scope.get("route")) is not None:
                watch.route = getattr(route, "path", None)


def method_of(scope: Scope) -> str:
    """The method of a request; one that somebody made up is not told."""
    method: str = scope.get("method", "WS")
    return method if method in METHODS else OTHER


def _id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER and _OWN.fullmatch(value):
            return str(value.decode())
    return str(uuid7())
