"""Which calls pages of other origins may make: those that take publishable keys, and no other."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIXES = ("/segment/v1/", "/v1/forms/", "/v1/chat/")
_CALLS = "identify track page screen group alias batch i t p s g a b m"
PATHS = frozenset({"/v1/observations", *(f"/v1/{call}" for call in _CALLS.split())})


class CrossOrigin:
    """Answers preflights and adds CORS headers (Fetch §3.2) on these calls. No cookie is ever asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._opened = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["POST", "GET"],
            allow_headers=["*", "Authorization"],
            expose_headers=["Idempotent-Replayed", "Retry-After"],
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opens = scope["type"] == "http" and (scope["path"] in PATHS or scope["path"].startswith(PREFIXES))
        await (self._opened if opens else self._app)(scope, receive, send)
