"""Request bodies: capped while they arrive, parsed as JSON whatever their content type says."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitograph.api.wire.errors import Problem
from vitograph.resolver.errors import Fault, InvalidInput

_LONG_NUMBER = re.compile(rb"[0-9]{19}")

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_BRACKET = re.compile(rb"[^\[\]{}]+")

MIB = 1 << 20
MOST_BYTES = 16 * MIB
MOST_OBSERVATION_BYTES = 256 << 10
MOST_DEPTH = 64


FILES = frozenset({"/v1/evidence", "/v1/evidence/"})
"""Where a body is a file, of a type and a limit of its own."""


class JsonBodies:
    """Every body is JSON, whatever its content type says (`curl -d` and beacons say otherwise), and has its limit.

    What it said stands in the scope as `media_type`. One of more than 16 MiB is refused while it arrives, also when it
    does not say its length.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in FILES:
            await self._app(scope, receive, send)
            return
        arrived = 0
        said = b"".join(value for name, value in scope["headers"] if name == b"content-type").decode("latin-1")
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
        headers.append((b"content-type", b"application/json"))
        scope = {**scope, "headers": headers, "media_type": said}

        async def limited() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > MOST_BYTES:
                raise Problem(413, f"a request body may have {MOST_BYTES} bytes")
            return message

        await self._app(scope, limited, send)


async def plain_body(request: Request, most: int) -> bytes:
    """The body as it came. 415 when it is packed, which only Segment's calls take, 413 when it is too large."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, "this call takes no packed body: send it without Content-Encoding")
    raw = await request.body()
    if len(raw) > most:
        raise Problem(413, f"a body of this call may have {most} bytes")
    return raw


async def json_body(request: Request, most: int = MOST_OBSERVATION_BYTES) -> Any:
    """The decoded body. 415 when it is packed, 413 when it is too large, 400 when it is no JSON."""
    return decode(await plain_body(request, most))


async def json_object(request: Request) -> dict[str, Any]:
    """The decoded body, which must be a JSON object."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise InvalidInput([Fault("", "the body must be a JSON object")])
    return body


def decode(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: orjson refuses NaN, lone surrogates and broken UTF-8. Problem 400 otherwise.

    Integers stay integers, however large: orjson makes floats of those that 64 bits do not hold, and two bodies that
    differ in such a number would be one.
    """
    if is_too_deep(raw):
        raise Problem(400, f"the body is nested more than {MOST_DEPTH} deep")
    try:
        value = orjson.loads(raw)
        return json.loads(raw) if _LONG_NUMBER.search(raw) else value
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"the body is not JSON: {error}") from None
    except (RecursionError, ValueError):
        raise Problem(400, "the body is nested too deeply, or holds a number too long to read") from None


def is_too_deep(raw: bytes) -> bool:
    """Whether arrays and objects lie in one another more than 64 deep; what parses it never sees such a text."""
    if raw.count(b"[") + raw.count(b"{") <= MOST_DEPTH:
        return False
    depth = 0
    for bracket in _NOT_BRACKET.sub(b"", _TEXT.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_DEPTH:
            return True
    return False
