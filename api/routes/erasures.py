"""Erasing a person, on their request or another's that obliges us to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from vitograph.api.access import allow
from vitograph.api.state import GraphDep
from vitograph.graph import erasures
from vitograph.graph.erasures import Wish
from vitograph.graph.keys import Caller, Role

router = APIRouter(prefix="/v1", tags=["erasure"])

Admin = Annotated[Caller, allow(Role.ADMIN)]


@router.delete("/persons/{id}", status_code=202, operation_id="erase_person")
async def erase(
    id: str,
    graph: GraphDep,
    caller: Admin,
    devices: Annotated[bool, Query()] = True,
    suppress: Annotated[bool, Query()] = False,
) -> dict[str, Any]:
    """Erases the whole view of this person, for good. The graph has nothing of it when this answers; the rest follows.

    `devices`: also the devices that only this person was ever known on. `suppress`: refuse also what happens later to
    the identifiers that only this person held. 410 when it was done before.
    """
    return await erasures.erase(graph, id, caller, Wish(devices, suppress))


@router.get("/erasures/{id}", operation_id="get_erasure")
async def get(id: str, graph: GraphDep, caller: Admin) -> dict[str, Any]:
    """How far an erasure is: `erasing`, `forgetting` (outside the graph) or `done`."""
    return await erasures.get_erasure(graph, id)
