"""What one API process holds while it runs, made in the app's lifespan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph
from vitograph.projections.reader import CampaignReader

if TYPE_CHECKING:
    from vitograph.api.access import Callers


@dataclass(slots=True)
class State:
    settings: Settings
    graph: Graph
    callers: Callers
    reader: CampaignReader


def get_state(request: Request) -> State:
    return cast(State, request.app.state.vito)


def get_graph(request: Request) -> Graph:
    return get_state(request).graph


StateDep = Annotated[State, Depends(get_state)]
GraphDep = Annotated[Graph, Depends(get_graph)]
