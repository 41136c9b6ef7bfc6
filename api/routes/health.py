"""Alive, and ready to serve."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from vitograph.api.state import StateDep
from vitograph.graph.schema import check

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="health")
async def health() -> dict[str, str]:
    """The process runs and takes requests."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="ready")
async def ready(state: StateDep) -> dict[str, Any]:
    """`ready`, or `degraded` with what is away or behind: requests are answered.

    503 when they cannot be, since Neo4j does not answer; 409 when its schema is not whole.
    """
    await check(state.graph)
    degraded = await state.figures.degraded()
    return {"status": "degraded" if degraded else "ready", "degraded": degraded}
