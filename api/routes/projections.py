"""How far the read models are behind, and what failed too often."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from vitograph.api.guard import Allowed
from vitograph.api.state import GraphDep
from vitograph.api.wiring import sinking
from vitograph.graph import outbox
from vitograph.graph.publishing import deliveries

router = APIRouter(prefix="/v1/projections", tags=["projections"])


class RetryBody(BaseModel):
    """`id`: of one entry; none tries all."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = None


@router.get("", operation_id="projections_status")
async def status(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """What waits, what is dead, and how long the oldest has waited, in seconds."""
    figures = [asdict(one) for one in await deliveries.figures(graph)]
    return {"outbox": asdict(await outbox.backlog(graph)), "sinks": figures}


@router.get("/dead", operation_id="list_dead_entries")
async def dead(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """Entries of the outbox and deliveries to sinks that failed too often, oldest first."""
    return {"items": await sinking.list_dead(graph), "next": None}


@router.post("/retry", operation_id="retry_dead_entries")
async def retry(graph: GraphDep, caller: Allowed, body: RetryBody | None = None) -> dict[str, int]:
    """Tries what is dead, and what fails at sinks, again at once. 404 when there is none of that id."""
    return {"retried": await sinking.retry(graph, None if body is None else body.id)}
