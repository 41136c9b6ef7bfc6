"""Figures for Prometheus, in its text format (version 0.0.4)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from vitograph.api.state import StateDep

router = APIRouter(tags=["health"])

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", operation_id="metrics", response_class=Response)
async def metrics(state: StateDep) -> Response:
    """How requests are answered, how far the rest is behind, and what fails; also when the graph does not answer."""
    return Response(await state.figures.lines(), media_type=MEDIA_TYPE)
