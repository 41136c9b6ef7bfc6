"""Alive, and ready to serve."""

from __future__ import annotations

from fastapi import APIRouter

from vitograph.api.state import GraphDep
from vitograph.graph.schema import check

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="health")
async def health() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="ready")
async def ready(graph: GraphDep) -> dict[str, str]:
    """Neo4j answers and its schema is whole; 503 or 409 otherwise."""
    await check(graph)
    return {"status": "ready"}
