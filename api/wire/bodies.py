"""Request bodies: capped while they arrive, parsed as JSON whatever their content type says."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitograph.api.wire.errors import Problem
from vitograph.ingest import bodies
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.faults import fault_of

M = TypeVar("M", bound=BaseModel)

MIB = 1 << 20
MOST_BYTES = 16 * MIB

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
    """JSON as `ingest.bodies` reads it. Problem 400 otherwise."""
    try:
        return bodies.decode(raw)
    except ValueError as error:
        raise Problem(400, str(error)) from None


def validated(model: type[M], body: Any) -> M:
    """A body as a call takes it. InvalidInput with a pointer for each thing wrong."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise InvalidInput([fault_of(found) for found in error.errors()]) from None
