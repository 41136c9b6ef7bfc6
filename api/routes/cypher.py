"""Analysts' Cypher: any query that provably reads, and the named ones, over a masked copy of the graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from vitograph.api.access.throttle import Buckets
from vitograph.api.guard import Allowed
from vitograph.api.state import State, StateDep
from vitograph.api.wire import errors
from vitograph.api.wire.bodies import MIB, json_body, validated
from vitograph.api.wire.leaving import unless_gone
from vitograph.graph.access.keys import Caller
from vitograph.graph.analytics.named import get_named, list_named

router = APIRouter(prefix="/v1/cypher", tags=["cypher"])


MOST_BODY = 2 * MIB
MOST_ROWS = 10_000
RATES = Buckets(rate=10.0, burst=600.0)
MEDIA_TYPE = "application/x-ndjson"


class Asked(BaseModel):
    """Parameters of a query, and how many rows its answer may have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    parameters: dict[str, Any] = {}
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 1_000


class Query(Asked):
    """A query with its parameters."""

    query: Annotated[str, Field(min_length=1, max_length=100_000)]


NDJSON: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        "description": 'lines of JSON: {"columns": […]}, an array for each row, {"summary": {…}}',
    },
    403: {"description": "not shown to be read-only and bounded; `detail` says why"},
    422: {"description": "no Cypher, or it failed before its first row; `errors[]` says where"},
    429: {"description": "this key asks too often"},
    503: {"description": "the copy is being made, or the analysts' Neo4j starts anew: ask again"},
}


def _body(model: type[BaseModel], required: bool) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "",
    operation_id="run_cypher",
    response_class=StreamingResponse,
    responses=NDJSON,
    openapi_extra=_body(Query, required=True),
)
async def run(request: Request, state: StateDep, caller: Allowed) -> Response:
    """Runs a query that reads. `summary.stopped`: what ended it early (rows, bytes, time, memory, error, restart)."""
    body = validated(Query, await json_body(request, MOST_BODY))
    return await _answer(request, state, caller, body.model_dump())


@router.get("/named", operation_id="list_named_queries")
async def list_all(caller: Allowed) -> dict[str, Any]:
    """The named queries with their parameters, documents and texts."""
    return {"items": [query.to_json() for query in list_named()], "next": None}


@router.post(
    "/named/{name}",
    operation_id="run_named_query",
    response_class=StreamingResponse,
    responses=NDJSON,
    openapi_extra=_body(Asked, required=False),
)
async def run_named(name: str, request: Request, state: StateDep, caller: Allowed) -> Response:
    """Runs a named query; parameters that are left out are what the list says."""
    query = get_named(name)
    body = validated(Asked, await json_body(request, MOST_BODY) if await request.body() else {})
    asked = {"query": query.text, "parameters": query.complete(body.parameters), "limit": body.limit}
    return await _answer(request, state, caller, asked)


async def _answer(request: Request, state: State, caller: Caller, asked: dict[str, Any]) -> Response:
    """What the analysts' process says to `asked`: a query, its parameters and a limit."""
    if not RATES.take(caller.id):
        raise errors.Problem(429, "this key asks too often", {"Retry-After": str(RATES.wait(caller.id))})
    stack = AsyncExitStack()
    try:
        body = {**asked, "caller": caller.id, "pii": caller.pii, "seconds": state.settings.analytics_seconds}
        answer = await unless_gone(request, stack.enter_async_context(state.analysts.ask(body)))
        if answer.status_code != 200:
            content = await answer.aread()
            await stack.aclose()
            headers = {"Retry-After": "2"} if answer.status_code == 503 else {}
            return Response(content, answer.status_code, headers, errors.MEDIA_TYPE)
    except BaseException:
        await stack.aclose()
        raise

    async def lines() -> AsyncIterator[bytes]:
        async with stack:
            async for part in answer.aiter_raw():
                yield part

    return StreamingResponse(lines(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
