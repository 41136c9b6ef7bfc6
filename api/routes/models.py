"""The versions of the model; promoting one is a person's act."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from vitograph.api.guard import Allowed
from vitograph.api.routes.decisions import Reason
from vitograph.api.state import GraphDep
from vitograph.api.wire.etags import IfMatch, etag, required_version
from vitograph.graph.resolving import models
from vitograph.graph.training import promotion
from vitograph.resolver.scoring.parameters_json import dump_model

router = APIRouter(prefix="/v1/models", tags=["models"])


class PromotionBody(BaseModel):
    """Why this model is promoted."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = "promoted"


@router.get("", operation_id="list_models")
async def list_all(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """Every version, the oldest first; one is live."""
    return {"items": await models.list_models(graph), "next": None}


@router.get("/{name}", operation_id="get_model")
async def get(name: str, graph: GraphDep, response: Response, caller: Allowed) -> dict[str, Any]:
    """One version with its content and the report on which a promotion relies."""
    version = await models.get_version(graph, name)
    response.headers["ETag"] = etag(version.facts["version"])
    return {**version.facts, "content": dump_model(version.model), "report": version.report}


@router.post("/{name}/promote", operation_id="promote_model", status_code=201)
async def promote(
    name: str, graph: GraphDep, caller: Allowed, body: PromotionBody | None = None, if_match: IfMatch = None
) -> dict[str, Any]:
    """Makes a compared model live and has everybody scored by it. The answer is the entry of the log."""
    reason = (body or PromotionBody()).reason
    return await promotion.promote(graph, name, caller, reason, required_version(if_match))
