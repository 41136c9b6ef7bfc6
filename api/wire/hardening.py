"""What every answer says to browsers, and what no request may do: headers without end, a body that never comes.

Headers as OWASP's REST Security Cheat Sheet asks. A route that says one of them itself has its reasons, and is let be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitograph.api.wire.errors import MEDIA_TYPE, Problem, problem_document

Headers = list[tuple[bytes, bytes]]

# Bytes of a request's headers with their names; servers and proxies commonly take 8 to 32 KiB.
MOST_HEADERS = 32 << 10
# Seconds between two parts of a body, and for all of it.
SILENCE = 30.0
WHOLE_BODY = 300.0

HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
}
PRIVATE = (b"cache-control", b"no-store")
"""Of everything below /v1: it may be about somebody."""


class Hardened:
    """Stands round the whole application, so that an answer to a bug of ours has these headers too."""

    def __init__(self, app: ASGIApp, hsts: int = 0) -> None:
        self._app = app
        always = dict(HEADERS)
        if hsts:
            always[b"strict-transport-security"] = b"max-age=%d; includeSubDomains" % hsts
        self._always = list(always.items())

    def harden(self, headers: Headers) -> Headers:
        """The headers of an answer outside of /v1, with those that it lacks."""
        return _with(headers, self._always)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = [*self._always, PRIVATE] if scope["path"].startswith("/v1/") else self._always

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with(message.get("headers", ()), added)
            await send(message)

        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            await _refuse(hardened)
            return
        await self._app(scope, _hurried(receive), hardened)


def _with(said: Iterable[tuple[bytes, bytes]], added: Headers) -> Headers:
    headers = list(said)
    names = {name.lower() for name, _ in headers}
    return [*headers, *(header for header in added if header[0] not in names)]


def _hurried(receive: Receive) -> Receive:
    """Receives a body within its time. What comes after it (that the client went away) may take for ever."""
    is_whole = False
    deadline = asyncio.get_running_loop().time() + WHOLE_BODY

    async def hurried() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            within = min(SILENCE, deadline - asyncio.get_running_loop().time())
            async with asyncio.timeout(within):
                message = await receive()
        except TimeoutError:
            raise Problem(408, "the body did not come in time", {"Connection": "close"}) from None
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return hurried


async def _refuse(send: Send) -> None:
    body = orjson.dumps(problem_document(431, f"the headers of a request may have {MOST_HEADERS} bytes"))
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 431, "headers": headers})
    await send({"type": "http.response.body", "body": body})
