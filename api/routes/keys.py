"""Keys for channels, people and programs."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from vitograph.api.guard import Allowed
from vitograph.api.new_keys import CreatedKey, NewKey, make_key
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.access import keys

router = APIRouter(prefix="/v1/keys", tags=["keys"])


class Rotation(BaseModel):
    """`overlap`: seconds for which the secret before stays good; 0 ends it at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    overlap: Annotated[int, Field(ge=0, le=90 * 86_400)] = 86_400


class RotatedKey(BaseModel):
    """`key` is shown this once. `until`: the end of the secret before."""

    id: str
    key: str
    until: str


@router.post("", status_code=201, operation_id="create_key", response_model_exclude_none=True)
async def create_key(body: NewKey, state: StateDep, response: Response, caller: Allowed) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department or a region."""
    made = await make_key(state.graph, state.signing, body)
    response.headers["Cache-Control"] = "no-store"
    return made


@router.get("", operation_id="list_keys")
async def list_all(graph: GraphDep, caller: Allowed, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Keys, oldest first, revoked ones too, without their secrets. `last_used_at` is a minute old at most. What a
    channel's may say is told as it was set: `publishable`, `campaigns`, `channels`, `origins`, `accounts`, `identity`.
    """
    found = await keys.list_keys(graph, paging.decode_moment(cursor) or keys.FIRST, limit + 1)
    return paging.page(found, limit, itemgetter("created_at", "id"))


@router.post("/{id}/rotate", status_code=201, operation_id="rotate_key")
async def rotate_key(
    id: str, graph: GraphDep, response: Response, caller: Allowed, body: Rotation | None = None
) -> RotatedKey:
    """Gives a key another secret, and lets the one before be used until its holders have changed."""
    overlap = dt.timedelta(seconds=(body or Rotation()).overlap)
    made = await keys.rotate_key(graph, id, overlap)
    response.headers["Cache-Control"] = "no-store"
    return RotatedKey(id=made["id"], key=made["key"], until=made["until"])


@router.delete("/{id}", status_code=204, operation_id="revoke_key")
async def revoke_key(id: str, graph: GraphDep, caller: Allowed) -> None:
    """Ends a key with all its secrets, within a second."""
    await keys.revoke_key(graph, id)
