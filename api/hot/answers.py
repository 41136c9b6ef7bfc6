"""What every hot read is answered with: headers, a tag of the very bytes, and refusals that a page can read."""

from __future__ import annotations

import hashlib
import time
from typing import NamedTuple

import orjson
from starlette.types import Scope, Send

from vitograph.api.wire.errors import MEDIA_TYPE, problem
from vitograph.projections.hot.line import Origin
from vitograph.resolver.errors import GraphUnavailable, VitoError

Headers = list[tuple[bytes, bytes]]

_CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Server-Timing, Date"),
    (b"timing-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
]
PREFLIGHT: Headers = [
    *_CORS,
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"If-None-Match, Content-Type"),
    (b"access-control-max-age", b"86400"),
]
# A browser may keep a reply, and asks each time whether it still holds.
REPLY: Headers = [*_CORS, (b"content-type", b"application/json"), (b"cache-control", b"no-cache")]
# What is one visitor's, nobody keeps.
PRIVATE: Headers = [*_CORS, (b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_REFUSAL: Headers = [*_CORS, (b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]


class Body(NamedTuple):
    """Bytes to answer with, and the headers that follow from them."""

    content: bytes
    tag: bytes
    length: bytes


def body(content: bytes) -> Body:
    """A body with its tag."""
    tag = b'"%s"' % hashlib.blake2b(content, digest_size=8).hexdigest().encode()
    return Body(content, tag, str(len(content)).encode())


async def reply(send: Send, scope: Scope, headers: Headers, reply: Body) -> None:
    """Answers with a body, or with 304 who has it already."""
    headers.append((b"etag", reply.tag))
    if _holds(scope, reply.tag):
        await answer(send, 304, headers, b"")
    else:
        headers.append((b"content-length", reply.length))
        await answer(send, 200, headers, b"" if scope["method"] == "HEAD" else reply.content)


def timing(origin: Origin, started: float) -> tuple[bytes, bytes]:
    """The header that says who answered, and how long that took."""
    return (b"server-timing", b"%s;dur=%.2f" % (origin.value.encode(), (time.perf_counter() - started) * 1000))


def header(scope: Scope, wanted: bytes) -> bytes:
    """The value of a header of the request, or nothing."""
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value)
    return b""


async def refuse(send: Send, error: VitoError) -> None:
    """Says that neither store can say."""
    refusal = error if isinstance(error, GraphUnavailable) else GraphUnavailable("neither store can say")
    await answer(send, 503, [*_REFUSAL, (b"retry-after", b"2")], orjson.dumps(problem(refusal)))


async def refuse_method(send: Send) -> None:
    """Says that nothing can be written here."""
    document = {"type": "about:blank", "title": "Method Not Allowed", "status": 405, "detail": "this can be read only"}
    await answer(send, 405, [*_REFUSAL, (b"allow", b"GET, HEAD, OPTIONS")], orjson.dumps(document))


async def answer(send: Send, status: int, headers: Headers, content: bytes) -> None:
    """One whole answer."""
    if not any(name == b"content-length" for name, _ in headers) and status not in (204, 304):
        headers = [*headers, (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _holds(scope: Scope, tag: bytes) -> bool:
    """Whether the caller has this very reply already (RFC 9110 §13.1.2)."""
    held = header(scope, b"if-none-match")
    if not held:
        return False
    tags = [part.strip().removeprefix(b"W/") for part in held.split(b",")]
    return tag in tags or b"*" in tags
