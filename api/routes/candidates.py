"""One pair that waits for a specialist: read, claimed, given back; made gold by an administrator."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response

from vitograph.api.access import allow
from vitograph.api.etags import IfMatch, etag, required_version
from vitograph.api.pairs import read_pair
from vitograph.api.state import GraphDep
from vitograph.graph import candidates, reviews
from vitograph.graph.keys import Caller, Role

router = APIRouter(prefix="/v1/candidates", tags=["candidates"])

Specialist = Annotated[Caller, allow(Role.SPECIALIST)]
Admin = Annotated[Caller, allow(Role.ADMIN)]


@router.get("/{id}", operation_id="get_candidate")
async def get(
    id: str, graph: GraphDep, response: Response, caller: Specialist, blind: bool = False, whole: bool = False
) -> dict[str, Any]:
    """The pair side by side, with the evidence that was frozen when it was scored.

    `whole=true`: with timelines and neighbourhoods of both. `blind=true`: without scores, until the caller has decided.
    """
    return await read_pair(graph, id, caller, response, blind=blind, whole=whole)


@router.post("/{id}/claim", operation_id="claim_candidate")
async def claim(
    id: str, graph: GraphDep, response: Response, caller: Specialist, if_match: IfMatch = None
) -> dict[str, Any]:
    """Takes the pair for ten minutes, or renews that; others see who has it."""
    version = required_version(if_match) if if_match is not None else None
    claimed = await candidates.claim(graph, id, caller, version)
    response.headers["ETag"] = etag(claimed["version"])
    del claimed["refused"]
    return claimed


@router.delete("/{id}/claim", operation_id="release_candidate")
async def release(id: str, graph: GraphDep, response: Response, caller: Specialist) -> dict[str, Any]:
    """Gives the pair back before the ten minutes are over."""
    released = await candidates.release(graph, id, caller.id)
    response.headers["ETag"] = etag(released["version"])
    return released


@router.put("/{id}/gold", operation_id="make_gold", status_code=204)
async def make_gold(id: str, graph: GraphDep, caller: Admin) -> None:
    """Has every specialist look at this decided pair, blind, to measure how they agree with what was decided."""
    await reviews.make_gold(graph, id, is_gold=True)


@router.delete("/{id}/gold", operation_id="unmake_gold", status_code=204)
async def unmake_gold(id: str, graph: GraphDep, caller: Admin) -> None:
    """Has nobody look at it any more; what was said stays counted."""
    await reviews.make_gold(graph, id, is_gold=False)
