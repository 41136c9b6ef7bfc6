"""Segment's HTTP Tracking API, as its libraries and RudderStack's call it.

https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/. A library appends `/v1/batch` to its
host, or replaces the whole path by it; so every call is there below `/segment` and at the root.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from vitograph.api.examples import SEGMENT
from vitograph.api.guard import Admits, from_anywhere
from vitograph.api.recording import record_all
from vitograph.api.state import State, StateDep
from vitograph.api.wire.errors import RESPONSES, Problem, status_of
from vitograph.graph.access.keys import Caller
from vitograph.graph.people.identifiers import list_held
from vitograph.ingest.bodies import has_long_number
from vitograph.ingest.browsers import restrain
from vitograph.ingest.compressed import NotGzip, TooLarge, unpacked
from vitograph.ingest.lenient import parse_leniently
from vitograph.ingest.segment.clocks import moment
from vitograph.ingest.segment.messages import CALLS, Source, as_device, observation_bodies, previous_of
from vitograph.resolver.errors import Fault, Forbidden, InvalidInput, VitoError
from vitograph.resolver.model import Observation

MOST_PACKED = 2 << 20
MOST_BYTES = 8 << 20
"""Of a request, unpacked. Segment itself takes 500 KB."""

MOST_MESSAGES = 5_000
SHORT = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": "batch"}
SUCCESS = {"success": True}

HEADERS = {
    401: {"WWW-Authenticate": 'Bearer realm="vito"'},
    429: {"Retry-After": "2"},
    503: {"Retry-After": "2"},
}

# Where we refuse, it is as Segment's libraries read it; what is refused before, by headers or body, is a problem.
REFUSED: dict[int | str, dict[str, Any]] = {
    status: {**described, "content": {**described["content"], "application/json": {"schema": {"type": "object"}}}}
    for status, described in RESPONSES.items()
}

calls = APIRouter(tags=["segment"])


@dataclass(slots=True)
class Reading:
    """The messages of a request as observations in order of their times; what was wrong with others, by place."""

    observations: list[Observation] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def reject(self, place: int, error: InvalidInput | Forbidden) -> None:
        faults = error.faults if isinstance(error, InvalidInput) else ()
        errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
        self.rejected.append({"index": place, "detail": str(error), "errors": errors})


async def receive(request: Request, state: StateDep) -> JSONResponse:
    """Accepts one message, or those of a batch: each once by its `messageId`, and a bad one sinks no other."""
    try:
        return await _receive(request, state)
    except Problem as error:
        return _refusal(error.status, error.detail, dict(error.headers or {}))
    except VitoError as error:
        status = 400 if isinstance(error, InvalidInput) else status_of(error)
        return _refusal(status, str(error), HEADERS.get(status, {}))


async def _receive(request: Request, state: State) -> JSONResponse:
    body = await _body(request)
    call = request.url.path.rpartition("/")[2]
    call = SHORT.get(call, call)
    caller = await from_anywhere(request, state, _write_key(request, body))
    with state.batches.entered():
        messages = _messages(call, body)
        reading = await _read(messages, body.get("sentAt"), state, caller)
        if call != "batch" and reading.rejected:
            raise Problem(400, reading.rejected[0]["detail"])
        await record_all(state, reading.observations)  # what was sent before, or of somebody erased, is done with
    if reading.rejected:
        return JSONResponse({**SUCCESS, "rejected": reading.rejected})
    return JSONResponse(SUCCESS)


async def _body(request: Request) -> dict[str, Any]:
    """The object in the body: gzip or not, whatever its content type says. Problem 400 or 413."""
    said = request.headers.get("content-length", "")
    is_large = said.isdecimal() and int(said) > MOST_PACKED
    raw = b"" if is_large else await request.body()
    if is_large or len(raw) > MOST_PACKED:
        raise Problem(413, f"a request may have {MOST_PACKED} bytes")
    claims = "gzip" in request.headers.get("content-encoding", "").lower()
    try:
        text = await run_in_threadpool(unpacked, raw, MOST_BYTES, claims)
    except TooLarge:
        raise Problem(413, f"a request may have {MOST_BYTES} bytes when unpacked") from None
    except NotGzip as error:
        raise Problem(400, str(error)) from None
    body = _decoded(text)
    if not isinstance(body, dict):
        raise Problem(400, "malformed JSON: the body must be an object")
    return body


def _decoded(text: bytes) -> Any:
    """JSON, also as Python and JavaScript write what it does not hold: such a value sinks its own message only.

    Integers stay integers, however large: as floats, two accounts would be one.
    """
    if not has_long_number(text):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(text)
    try:
        return json.loads(text)
    except UnicodeDecodeError:
        raise Problem(400, "malformed JSON: the body is neither UTF-8 nor gzip") from None
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"malformed JSON: {error}") from None


def _write_key(request: Request, body: dict[str, Any]) -> str | None:
    """The key in the body, as browsers send it; that of the request comes first."""
    key = body.get("writeKey")
    return key if isinstance(key, str) and not request.headers.get("authorization") else None


def _messages(call: str, body: dict[str, Any]) -> list[Any]:
    if call != "batch":
        return [{**body, "type": call}]
    messages = body.get("batch")
    if not isinstance(messages, list):
        raise Problem(400, "a batch has its messages in `batch`")
    if len(messages) > MOST_MESSAGES:
        raise Problem(413, f"a batch may have {MOST_MESSAGES} messages")
    return messages


async def _read(messages: list[Any], sent_at: object, state: State, caller: Caller) -> Reading:
    received_at = dt.datetime.now(dt.UTC)
    source = Source(caller.id, caller.terms.account_assurance)
    known = await list_held(state.graph, [f"user_id:{one}" for one in _previous(messages)])
    reading = Reading()
    region = caller.region or state.settings.default_region
    for place, message in enumerate(messages):
        if place % 200 == 199:
            await asyncio.sleep(0)  # others have a turn, too
        try:
            if not isinstance(message, dict):
                raise InvalidInput([Fault("", "a message is an object")])
            at = moment(message, sent_at, received_at).isoformat()
            bodies = observation_bodies(message, at, source)
            previous = previous_of(message)
            if previous and previous.is_anonymous and f"user_id:{previous.value}" not in known:
                bodies = as_device(bodies, previous.value)
            read = [parse_leniently(restrain(one, caller.terms), received_at, region) for one in bodies]
        except (InvalidInput, Forbidden) as error:
            reading.reject(place, error)
        else:
            reading.observations.extend(read)
    reading.observations.sort(key=lambda one: one.occurred_at)
    return reading


def _previous(messages: list[Any]) -> Iterator[str]:
    for message in messages:
        if isinstance(message, dict) and (previous := previous_of(message)) and previous.is_anonymous:
            yield previous.value


def _refusal(status: int, detail: str, headers: dict[str, str]) -> JSONResponse:
    """As Segment's libraries read it: they look for `code` and `message`."""
    codes = {400: "invalid_request", 401: "invalid_write_key", 413: "request_too_large"}
    body = {"success": False, "code": codes.get(status, "error"), "message": detail, "status": status, "detail": detail}
    return JSONResponse(body, status, headers=headers)


@calls.post("/v1/m", operation_id="segment_metrics", include_in_schema=False)
async def metrics() -> dict[str, bool]:
    """What the browser's library measures of itself is not kept."""
    return SUCCESS


for name in (*CALLS, "batch"):
    calls.add_api_route(
        f"/v1/{name}",
        receive,
        methods=["POST"],
        operation_id=f"segment_{name}",
        openapi_extra=SEGMENT[name],
        responses=REFUSED,
        dependencies=[Admits],
    )
for name in SHORT:
    calls.add_api_route(
        f"/v1/{name}",
        receive,
        methods=["POST"],
        operation_id=f"segment_{SHORT[name]}",
        include_in_schema=False,
        dependencies=[Admits],
    )

router = APIRouter()
router.include_router(calls, prefix="/segment")
router.include_router(calls, include_in_schema=False)
