"""The queue of pairs that wait for a specialist."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response

from vitograph.api import paging
from vitograph.api.access import allow
from vitograph.api.etags import IfMatch, etag, required_version
from vitograph.api.paging import Cursor, Limit
from vitograph.api.state import GraphDep
from vitograph.graph import candidates, models, persons
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Caller, Role
from vitograph.resolver.explanation import counterfactuals, missing_bits, why_not

router = APIRouter(prefix="/v1/candidates", tags=["candidates"])

Specialist = Annotated[Caller, allow(Role.SPECIALIST)]
Status = Literal["open", "claimed", "awaiting", "decided", "stored", "superseded"]


@router.get("", operation_id="list_candidates")
async def queue(
    graph: GraphDep,
    caller: Specialist,
    status: Status = "open",
    kind: Literal["person", "device"] = "person",
    band: Literal["A", "B", "C", "-"] | None = None,
    order: Literal["value"] = "value",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The queue, the most valuable pair first."""
    place = paging.decode(cursor, float, str)
    after = (place[0], place[1]) if place else candidates.FIRST
    items = await candidates.list_candidates(graph, status, kind, band, after, limit)
    last = items[-1] if items else {"value": 0.0, "id": ""}
    return paging.page(items, limit, last["value"], last["id"])


@router.get("/counts", operation_id="count_candidates")
async def counts(graph: GraphDep, caller: Specialist) -> dict[str, Any]:
    """How many pairs there are by kind, status and band, and how many persons wait for theirs to be scored."""
    return {
        "items": await candidates.count_candidates(graph),
        "next": None,
        "waiting": await candidates.count_waiting(graph),
    }


@router.get("/{id}", operation_id="get_candidate")
async def get(id: str, graph: GraphDep, response: Response, caller: Specialist) -> dict[str, Any]:
    """The pair side by side, with the evidence that was frozen when it was scored."""
    candidate = await candidates.get_candidate(graph, id)
    evidence = candidate.pop("evidence")
    response.headers["ETag"] = etag(candidate["version"])
    return {
        **candidate,
        "left_person": await persons.get_view(graph, candidate["left"]),
        "right_person": await persons.get_view(graph, candidate["right"]),
        "waterfall": evidence,
        "why_not": why_not(evidence),
        "missing_bits": missing_bits(evidence),
        "counterfactuals": await _counterfactuals(graph, candidate, evidence),
    }


@router.post("/{id}/claim", operation_id="claim_candidate")
async def claim(
    id: str, graph: GraphDep, response: Response, caller: Specialist, if_match: IfMatch = None
) -> dict[str, Any]:
    """Takes the pair for ten minutes, or renews that; others see who has it."""
    version = required_version(if_match) if if_match is not None else None
    claimed = await candidates.claim(graph, id, caller.id, version)
    response.headers["ETag"] = etag(claimed["version"])
    del claimed["refused"]
    return claimed


async def _counterfactuals(graph: Graph, candidate: dict[str, Any], evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """By the model that the candidate names; nothing when the graph does not know it any more."""
    if candidate["kind"] != "person" or not evidence:
        return []
    model = await models.find_model(graph, candidate["model"])
    return counterfactuals(evidence, model) if model is not None else []
