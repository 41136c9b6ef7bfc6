"""Erasing a person, on their request or another's that obliges us to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from vitograph.api.guard import Allowed
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wiring.projecting import GraphErasures
from vitograph.graph.erasing import erasures
from vitograph.graph.erasing.erasures import Wish
from vitograph.graph.people import export as exports

router = APIRouter(prefix="/v1", tags=["erasure"])


@router.delete("/persons/{id}", status_code=202, operation_id="erase_person")
async def erase(
    id: str,
    state: StateDep,
    caller: Allowed,
    devices: Annotated[bool, Query()] = True,
    suppress: Annotated[bool, Query()] = False,
) -> dict[str, Any]:
    """Erases the whole view of this person, for good. The graph has nothing of it when this answers; the rest follows.

    `devices`: also the devices that only this person was ever known on. `suppress`: refuse also what happens later to
    the identifiers that only this person held. 410 when it was done before.

    `disk` of the answer is `to be compacted` as long as bytes are left in the files of the embedded Neo4j: until its
    instance stops, or `vito compact`. Of a Neo4j of your own it stays so.
    """
    erasure = await erasures.erase(state.graph, id, caller, Wish(devices, suppress))
    traces = await GraphErasures(state.graph).traces(erasure["id"])
    await state.visitors.forget(traces.cookies if traces is not None else ())
    return erasure


@router.get("/persons/{id}/export", operation_id="export_person")
async def export(id: str, graph: GraphDep, caller: Allowed) -> StreamingResponse:
    """Everything that is held about the view of this person, as one JSON document (GDPR art. 15 and 20)."""
    pieces = exports.export(graph, id)
    first = await anext(pieces)  # an error comes before the answer begins

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    headers = {"Content-Disposition": 'attachment; filename="person.json"', "Cache-Control": "no-store"}
    return StreamingResponse(whole(), media_type="application/json", headers=headers)


@router.get("/erasures/{id}", operation_id="get_erasure")
async def get(id: str, graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """How far an erasure is: `erasing`, `forgetting` (outside the graph) or `done`; `disk` as when it was asked for.

    A run of the retention periods, which may still be under way, is `expiring` at first.
    """
    return await erasures.get_erasure(graph, id)
