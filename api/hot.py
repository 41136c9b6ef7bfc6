"""The hot reads, in front of the framework: a route of it costs three times what the read itself does.

`GET /hot/campaigns/{id}` and `…/status` are public. Anything but `active` makes a page dark: `draft`, `scheduled` (not
started yet), `ended` and `unknown` are answered with 200; 503 when neither store can say, which is dark as well.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import NamedTuple

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from vitograph.api.errors import MEDIA_TYPE, problem
from vitograph.projections.reader import CampaignReader, Found
from vitograph.projections.ready import unknown
from vitograph.resolver.errors import GraphUnavailable, VitoError

log = logging.getLogger(__name__)

PREFIX = b"/hot/campaigns/"
STATUS = b"/status"
LONGEST_ID = 64

Headers = list[tuple[bytes, bytes]]

_CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Server-Timing"),
    (b"timing-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT: Headers = [
    *_CORS,
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"If-None-Match, Content-Type"),
    (b"access-control-max-age", b"86400"),
]
# A browser may keep a reply, and asks each time whether it still holds.
_REPLY: Headers = [*_CORS, (b"content-type", b"application/json"), (b"cache-control", b"no-cache")]
_REFUSAL: Headers = [*_CORS, (b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]


class _Asked(NamedTuple):
    id: str
    only_status: bool


class HotReads:
    """Answers the hot reads of campaigns and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope) if scope["type"] == "http" else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS":
            await _answer(send, 204, _PREFLIGHT, b"")
        elif method not in ("GET", "HEAD"):
            await _refuse(send, 405, [(b"allow", b"GET, HEAD, OPTIONS")])
        else:
            reader: CampaignReader = scope["app"].state.vito.reader
            await _read(reader, asked, scope, send)


async def _read(reader: CampaignReader, asked: _Asked, scope: Scope, send: Send) -> None:
    started = time.perf_counter()
    headers = _REPLY
    if len(asked.id) > LONGEST_ID:
        ready = unknown()
    else:
        try:
            found = await reader.read(asked.id)
        except VitoError as error:
            log.warning("a hot read was refused: %s", type(error).__name__)
            refusal = error if isinstance(error, GraphUnavailable) else GraphUnavailable("neither store can say")
            await _answer(send, 503, [*_REFUSAL, (b"retry-after", b"2")], orjson.dumps(problem(refusal)))
            return
        ready = found.ready
        headers = [*_REPLY, (b"server-timing", _timing(found, started))]
    now = time.time()
    body = ready.state(now) if asked.only_status else ready.reply(now)
    tag = b'"%s"' % hashlib.blake2b(body, digest_size=8).hexdigest().encode()
    headers = [*headers, (b"etag", tag)]
    if _holds(scope, tag):
        await _answer(send, 304, headers, b"")
    else:
        headers.append((b"content-length", str(len(body)).encode()))
        await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


def _asked(scope: Scope) -> _Asked | None:
    """What a path asks for, None when it is not a hot read of a campaign."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    if not path.startswith(PREFIX):
        return None
    id = scope["path"][len(PREFIX) :]
    only_status = id.endswith("/status")
    id = id.removesuffix("/status")
    return _Asked(id, only_status) if id and "/" not in id else None


def _holds(scope: Scope, tag: bytes) -> bool:
    """Whether the caller has this very reply already (RFC 9110 §13.1.2)."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tags = [part.strip().removeprefix(b"W/") for part in value.split(b",")]
            return tag in tags or b"*" in tags
    return False


def _timing(found: Found, started: float) -> bytes:
    return b"%s;dur=%.2f" % (found.origin.value.encode(), (time.perf_counter() - started) * 1000)


async def _refuse(send: Send, status: int, headers: Headers) -> None:
    document = {
        "type": "about:blank",
        "title": "Method Not Allowed",
        "status": status,
        "detail": "this can be read only",
    }
    await _answer(send, status, [*_REFUSAL, *headers], orjson.dumps(document))


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
