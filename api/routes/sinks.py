"""Sinks: where campaigns are written to, as an admin sets them up."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from vitograph.api.examples import also
from vitograph.api.guard import Allowed
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire.bodies import json_object
from vitograph.api.wiring import sinking
from vitograph.api.wiring.sealing import seals
from vitograph.graph.publishing import sinks

router = APIRouter(prefix="/v1/sinks", tags=["sinks"])

Abandon = Annotated[bool, Query(description="give up a sink that is `leaving`; what stands there is left")]

_BODY = {
    "adapter": {"type": "string"},
    "settings": {"type": "object"},
    "secret": {"type": ["string", "null"], "writeOnly": True, "description": "never shown; none keeps the one held"},
    "departments": {"type": "array", "items": {"type": "string"}, "description": "`*` is every department"},
    "campaigns": {"type": "array", "items": {"type": "string"}},
}
_SCHEMA = {"type": "object", "properties": _BODY, "required": ["adapter"], "additionalProperties": False}
_TAKES = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}}}


@router.get("", operation_id="list_sinks")
async def list_all(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """All sinks, without their secrets."""
    return {"items": await sinking.list_shown(graph), "next": None}


@router.get("/{id}", operation_id="get_sink")
async def get(id: str, graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """One sink, without its secret."""
    return await sinking.get_shown(graph, id)


@router.put("/{id}", operation_id="put_sink", openapi_extra=_TAKES, responses=also(_201="there was none"))
async def put(id: str, request: Request, state: StateDep, response: Response, caller: Allowed) -> dict[str, Any]:
    """Sets a sink up, or anew; campaigns follow. 201 for a new one."""
    raw = await json_object(request)
    sink = await sinking.set_up(state.graph, seals(state.settings), id, raw, caller.id)
    if sink.version == 1:
        response.status_code = 201
    return await sinking.get_shown(state.graph, id)


@router.delete("/{id}", operation_id="delete_sink", status_code=202, responses=also(_200="it was given up"))
async def delete(
    id: str, graph: GraphDep, response: Response, caller: Allowed, abandon: Abandon = False
) -> dict[str, Any]:
    """Takes every campaign away from a sink; the sink is gone once that is done.

    One whose server is gone for good never gets there. It is given up by `abandon`, once it is `leaving`: it is gone at
    once, and `campaigns` are those that may still stand there, dark by their dead man's switch alone.
    """
    if not abandon:
        await sinks.remove(graph, id)
        return {"id": id, "leaving": True}
    response.status_code = 200
    return {"id": id, "abandoned": True, "campaigns": await sinks.abandon(graph, id, caller.id)}
