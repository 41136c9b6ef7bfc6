"""What one API process holds while it runs, made in the app's lifespan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Depends, Request

from vitograph.api.access.throttle import Buckets
from vitograph.api.remembered import Remembered
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.api.telemetry.figures import Figures
from vitograph.graph.deciding.changes import Changes
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Outcome
from vitograph.ingest.evidence.store import EvidenceStore
from vitograph.ingest.gate import Gate
from vitograph.ingest.groups import Groups
from vitograph.ingest.identities import Identities
from vitograph.ingest.images import Images
from vitograph.projections.hot.reader import CampaignReader
from vitograph.projections.hot.visitors import VisitorReader

if TYPE_CHECKING:
    from vitograph.api.access.callers import Callers
    from vitograph.api.access.signing_in import SigningIn
    from vitograph.api.analysts.client import Analysts


@dataclass(slots=True)
class State:
    settings: Settings
    graph: Graph
    callers: Callers
    reader: CampaignReader
    visitors: VisitorReader
    images: Images
    store: EvidenceStore
    groups: Groups[Outcome]
    batches: Gate
    uploads: Gate
    pages: Buckets
    identities: Identities
    signing: Signing
    counts: Remembered[dict[str, Any]]
    evidence: Remembered[dict[str, Any]]
    quality: Remembered[dict[str, Any]]
    changes: Changes
    analysts: Analysts
    signing_in: SigningIn
    figures: Figures


# Coroutines, though nothing is awaited: FastAPI sends plain functions to a thread.
async def get_state(request: Request) -> State:
    return cast(State, request.app.state.vito)


async def get_graph(request: Request) -> Graph:
    return cast(State, request.app.state.vito).graph


StateDep = Annotated[State, Depends(get_state)]
GraphDep = Annotated[Graph, Depends(get_graph)]
