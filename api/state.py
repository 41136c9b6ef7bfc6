"""What one API process holds while it runs, made in the app's lifespan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Depends, Request

from vitograph.api.remembered import Remembered
from vitograph.api.settings import Settings
from vitograph.graph.changes import Changes
from vitograph.graph.driver import Graph
from vitograph.graph.observations import Recorded, Refusal
from vitograph.ingest.groups import Groups
from vitograph.projections.reader import CampaignReader

if TYPE_CHECKING:
    from vitograph.api.access import Callers


@dataclass(slots=True)
class State:
    settings: Settings
    graph: Graph
    callers: Callers
    reader: CampaignReader
    groups: Groups[Recorded | Refusal]
    counts: Remembered[dict[str, Any]]
    evidence: Remembered[dict[str, Any]]
    quality: Remembered[dict[str, Any]]
    changes: Changes


# Coroutines, though nothing is awaited: FastAPI sends plain functions to a thread.
async def get_state(request: Request) -> State:
    return cast(State, request.app.state.vito)


async def get_graph(request: Request) -> Graph:
    return cast(State, request.app.state.vito).graph


StateDep = Annotated[State, Depends(get_state)]
GraphDep = Annotated[Graph, Depends(get_graph)]
