"""CloudEvents over HTTP: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

The handshake before the first of them: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response

from vitograph.api.examples import also, takes
from vitograph.api.guard import Allowed
from vitograph.api.pointers import told_of, warned_of
from vitograph.api.recording import record_all, record_one
from vitograph.api.routes.observations import WITHOUT_BREAK, Parsed, answer, in_order, read
from vitograph.api.state import State, StateDep
from vitograph.api.wire.bodies import MOST_BYTES, decode, plain_body
from vitograph.api.wire.errors import Problem, problem, problem_document, status_of
from vitograph.graph.access.keys import Caller
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES
from vitograph.ingest.cloudevents import BATCH, STRUCTURED, body_of, channel_of, of_headers
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import VitoError
from vitograph.resolver.model import Observation

router = APIRouter(tags=["cloudevents"])

MOST_EVENTS = 1_000
PLACES = {
    "/identifiers": "/data/identifiers",
    "/traits": "/data/traits",
    "/event/properties": "/data",
    "/event": "/data/event",
    "/occurred_at": "/time",
}
EXAMPLE = {
    "specversion": "1.0",
    "id": "42",
    "source": "https://shop.example/orders",
    "type": "order.placed",
    "time": "2026-11-24T10:00:00Z",
    "data": {"identifiers": [{"kind": "email", "value": "maria@example.com"}], "total": 12.5},
}


@router.post(
    "/v1/cloudevents",
    status_code=201,
    operation_id="cloudevent",
    openapi_extra=takes(EXAMPLE, STRUCTURED),
    responses=also(_200="the same event came before; or a batch, with an answer or a problem for each of its events"),
)
async def receive(request: Request, state: StateDep, caller: Allowed) -> Response:
    """Accepts a CloudEvent (structured or binary mode), answered as an observation is, or a batch of up to 1,000.

    A batch is answered 200 with a list: a result or a problem each, in order; 5xx when ViTo failed at one of them, so
    that all of it is sent again. The same `source` and `id` again is a replay.
    """
    media_type = request.scope.get("media_type", "").partition(";")[0].strip().lower()
    if media_type == BATCH:
        with state.batches.entered():
            return await _batch(decode(await plain_body(request, MOST_BYTES)), state, caller)
    raw = await plain_body(request, MOST_OBSERVATION_BYTES)
    content = decode(raw) if raw else None
    is_binary = media_type != STRUCTURED and "ce-specversion" in request.headers
    event = of_headers(request.headers.items(), content) if is_binary else content
    return answer(await record_one(state, await _read(event, state, caller)))


@router.options("/v1/cloudevents", operation_id="agree_to_cloudevents", response_class=Response)
async def agree(request: Request, state: StateDep) -> Response:
    """Agrees to be sent events by the origin that asks (`WebHook-Request-Origin`): CloudEvents' abuse protection.

    It tells nobody apart and lets nobody in: each event needs a key all the same. A preflight of a page is refused.
    """
    origin = request.headers.get("webhook-request-origin", "").strip()
    if not origin:
        raise HTTPException(405)
    headers = {
        "Allow": "OPTIONS, POST",
        "WebHook-Allowed-Origin": origin,
        "WebHook-Allowed-Rate": str(state.settings.key_rate * 60),
    }
    return Response(headers=headers)


async def _batch(content: Any, state: StateDep, caller: Caller) -> Response:
    if not isinstance(content, list) or len(content) > MOST_EVENTS:
        raise Problem(400, f"a batch is a list of at most {MOST_EVENTS} events")
    parsed: list[Parsed] = []
    for some in batched(content, WITHOUT_BREAK):
        parsed += [await _one(event, state, caller) for event in some]
        await asyncio.sleep(0)
    outcomes = await record_all(state, [one for one in parsed if isinstance(one, Observation)])
    return Response(orjson.dumps(list(in_order(parsed, outcomes))), media_type="application/json")


async def _one(event: object, state: State, caller: Caller) -> Parsed:
    """The observation of an event of a batch, or the problem with it; raises what is none of the event's."""
    if len(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_OBSERVATION_BYTES:
        return problem_document(413, f"an event may have {MOST_OBSERVATION_BYTES} bytes")
    try:
        return await _read(event, state, caller)
    except VitoError as error:
        if status_of(error) >= 500:
            raise
        return problem(error)


async def _read(event: object, state: State, caller: Caller) -> Observation:
    body = body_of(event, channel_of(caller.name))
    with told_of(PLACES):
        return warned_of(await read(body, state, caller), PLACES)
