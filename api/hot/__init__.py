"""The hot reads, in front of the framework: a route of it costs three times what the read itself does.

`GET /hot/campaigns/{id}`, `…/status` and `GET /hot/visitors/{cookie}` are public. Anything but `active` makes a page
dark: `draft`, `scheduled` (not started yet), `ended` and `unknown` are answered with 200; 503 when neither store can
say, which is dark as well.
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from vitograph.api.hot import campaigns, visitors
from vitograph.api.hot.answers import PREFLIGHT, answer, refuse, refuse_method
from vitograph.api.state import State
from vitograph.resolver.errors import VitoError

log = logging.getLogger(__name__)

__all__ = ["HotReads"]

HOT = "/hot/"


class HotReads:
    """Answers the hot reads and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = _asked(scope)
        if read is None:
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS":
            await answer(send, 204, PREFLIGHT, b"")
        elif method not in ("GET", "HEAD"):
            await refuse_method(send)
        else:
            state: State = scope["app"].state.vito
            try:
                await read.answer(state, scope, send)
            except VitoError as error:
                log.warning("a hot read was refused: %s", type(error).__name__)
                await refuse(send, error)


def _asked(scope: Scope) -> campaigns.CampaignRead | visitors.VisitorRead | None:
    """What a path asks for, None when it is not a hot read."""
    if scope["type"] != "http" or not scope["path"].startswith(HOT):
        return None
    return campaigns.parse(scope) or visitors.parse(scope)
