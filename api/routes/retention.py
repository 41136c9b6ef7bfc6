"""For how long events are kept, by type."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from vitograph.api.guard import Allowed
from vitograph.api.state import GraphDep
from vitograph.graph.erasing import retention

router = APIRouter(prefix="/v1/retention", tags=["erasure"])

EventType = Annotated[str, Path(max_length=128, pattern=r"^[a-z0-9_.]+$")]


class Period(BaseModel):
    """Days after which an event is erased, counted from when it occurred."""

    model_config = ConfigDict(extra="forbid", strict=True)

    days: Annotated[int, Field(ge=1, le=36_500)]


@router.get("", operation_id="list_retention")
async def list_periods(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """Every period; events of types that are not named are kept for good."""
    return {"items": await retention.list_policies(graph), "next": None}


@router.put("/{type}", operation_id="set_retention")
async def put(type: EventType, body: Period, graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """Has events of a type erased after so many days; a worker looks every hour."""
    await retention.set_policy(graph, type, body.days, caller)
    return {"type": type, "days": body.days}


@router.delete("/{type}", status_code=204, operation_id="drop_retention")
async def delete(type: EventType, graph: GraphDep, caller: Allowed) -> None:
    """Has events of a type kept for good again."""
    await retention.drop_policy(graph, type)
