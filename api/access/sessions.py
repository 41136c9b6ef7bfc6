"""Sessions of people in browsers: a cookie that no script reads and no other site sends, and a token against forgery.

A call that changes something and comes by cookie must repeat `X-CSRF-Token`, which only a page of ours can have read;
what another site caused is refused whatever it carries (OWASP CSRF Prevention Cheat Sheet).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from fastapi import Request, Response
from fastapi.requests import HTTPConnection

from vitograph.api.settings import Settings
from vitograph.graph.access.sessions import SECRET
from vitograph.resolver.errors import Forbidden

COOKIE = "vito_session"
HEADER = "x-csrf-token"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def secret_of(connection: HTTPConnection) -> str | None:
    """The session of a request's cookie; None without one (a key is none).

    Forbidden when another site may have caused the request.
    """
    secret = connection.cookies.get(COOKIE)
    if not secret or not secret.startswith(SECRET) or connection.scope["type"] != "http":
        return None
    require_own_page(connection)
    given = connection.headers.get(HEADER, "")
    is_read = connection.scope["method"] in _READS
    if not is_read and not hmac.compare_digest(given.encode(), csrf_of(secret).encode()):
        raise Forbidden("a session changes something only with the `X-CSRF-Token` that `GET /v1/session` tells")
    return secret


def require_own_page(connection: HTTPConnection) -> None:
    """Forbidden when another site caused the request (Fetch Metadata)."""
    if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("a session is for this server's own pages only")


def csrf_of(secret: str) -> str:
    """The token that goes with a session: whoever reads it cannot tell the session's secret."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def lasts(settings: Settings) -> dt.timedelta:
    """How long a session goes on."""
    return dt.timedelta(hours=settings.session_hours)


def give(response: Response, request: Request, settings: Settings, secret: str) -> None:
    """Has the browser keep a session."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(lasts(settings).total_seconds()),
        httponly=True,
        secure=is_https(request, settings),
        samesite="strict",
    )


def take(response: Response) -> None:
    """Has the browser forget its session."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def is_https(request: Request, settings: Settings) -> bool:
    """Whether browsers reach this by HTTPS."""
    return request.url.scheme == "https" or (settings.public_url or "").startswith("https:")
