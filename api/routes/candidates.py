"""One pair that waits for a specialist: read, claimed, given back; made gold by an administrator."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Response

from vitograph.api.blind import Blinding
from vitograph.api.guard import Allowed
from vitograph.api.pairs import read_pair
from vitograph.api.state import GraphDep, State, StateDep
from vitograph.api.wire.etags import IfMatch, etag, required_version
from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding import candidates, reviews
from vitograph.resolver.errors import WrongState

router = APIRouter(prefix="/v1/candidates", tags=["candidates"])


@router.get("/{id}", operation_id="get_candidate")
async def get(
    id: str, state: StateDep, response: Response, caller: Allowed, blind: bool = False, whole: bool = False
) -> dict[str, Any]:
    """The pair side by side, with the evidence that was frozen when it was scored.

    `whole=true`: with timelines and neighbourhoods of both. `blind=true`: without scores, until the caller has decided.
    """
    return await read_pair(state, id, caller, response, blind=blind, whole=whole)


@router.post("/{id}/claim", operation_id="claim_candidate")
async def claim(
    id: str, state: StateDep, response: Response, caller: Allowed, blind: bool = False, if_match: IfMatch = None
) -> dict[str, Any]:
    """Takes the pair for ten minutes, or renews that; others see who has it.

    `blind=true`: as blind mode does, which may be a second look. Several can take one at once.
    """
    if blind:
        return await _claimed_blind(state, id, caller, response, if_match)
    version = required_version(if_match) if if_match is not None else None
    claimed = await candidates.claim(state.graph, id, caller, version)
    response.headers["ETag"] = etag(claimed["version"])
    del claimed["refused"], claimed["decision"]
    return claimed


@router.delete("/{id}/claim", operation_id="release_candidate")
async def release(id: str, state: StateDep, response: Response, caller: Allowed, blind: bool = False) -> dict[str, Any]:
    """Gives the pair back before the ten minutes are over.

    `blind=true`: answered the same whether it was had or not, since nobody has a second look.
    """
    graph = state.graph
    if blind:
        current = await candidates.get_version(graph, id)
        with suppress(WrongState):
            await candidates.release(graph, id, caller.id)
        return Blinding(state.signing, caller).claimed(id, current, is_held=False)
    released = await candidates.release(graph, id, caller.id)
    response.headers["ETag"] = etag(released["version"])
    return released


async def _claimed_blind(
    state: State, id: str, caller: Caller, response: Response, if_match: str | None
) -> dict[str, Any]:
    graph, blinding = state.graph, Blinding(state.signing, caller)
    current = await candidates.get_version(graph, id)
    version = None if if_match is None else blinding.required_version(if_match, id, current)
    if not await reviews.is_due(graph, id, caller):
        await candidates.claim(graph, id, caller, version)
    response.headers["ETag"] = blinding.etag(id, current)
    return blinding.claimed(id, current)


@router.put("/{id}/gold", operation_id="make_gold", status_code=204)
async def make_gold(id: str, graph: GraphDep, caller: Allowed) -> None:
    """Has every specialist look at this decided pair, blind, to measure how they agree with what was decided."""
    await reviews.make_gold(graph, id, is_gold=True)


@router.delete("/{id}/gold", operation_id="unmake_gold", status_code=204)
async def unmake_gold(id: str, graph: GraphDep, caller: Allowed) -> None:
    """Has nobody look at it any more; what was said stays counted."""
    await reviews.make_gold(graph, id, is_gold=False)
