"""The hot reads, in front of the framework: a route of it costs three times what the read itself does.

`GET /hot/campaigns/{id}`, `…/status` and `GET /hot/visitors/{cookie}` are public. Anything but `active` makes a page
dark: `draft`, `scheduled` (not started yet), `ended` and `unknown` are answered with 200; 503 when neither store can
say, which is dark as well.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from vitograph.api.hot.answers import PREFLIGHT, answer, refuse, refuse_method
from vitograph.api.hot.campaigns import is_campaign, read_campaign
from vitograph.api.hot.visitors import is_visitor, read_visitor
from vitograph.api.state import State
from vitograph.api.telemetry.watching import WATCH
from vitograph.resolver.errors import VitoError

log = logging.getLogger(__name__)

Read = Callable[[State, Scope, Send], Awaitable[None]]
TEMPLATES: dict[Read, str] = {read_campaign: "/hot/campaigns/{id}", read_visitor: "/hot/visitors/{cookie}"}


class HotApp(FastAPI):
    """The application, which answers the hot reads before anything else of it is asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = _asked(scope)
        if read is None:
            await super().__call__(scope, receive, send)
            return
        if (watch := scope.get(WATCH)) is not None:
            watch.route = TEMPLATES[read]
        if scope["method"] in ("GET", "HEAD"):
            try:
                await read(self.state.vito, scope, send)
            except VitoError as error:
                log.warning("a hot read was refused: %s", type(error).__name__)
                await refuse(send, error)
        elif scope["method"] == "OPTIONS":
            await answer(send, 204, PREFLIGHT, b"")
        else:
            await refuse_method(send)


def _asked(scope: Scope) -> Read | None:
    """What answers a hot read, None when it is none."""
    if scope["type"] != "http":
        return None
    path: str = scope["path"]
    if not path.startswith("/hot/"):
        return None
    return read_campaign if is_campaign(path) else read_visitor if is_visitor(path) else None
