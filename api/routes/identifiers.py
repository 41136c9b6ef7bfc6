"""How identifiers stand, as specialists read it: why one is not trusted, and which are shared by most."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from vitograph.api.guard import Allowed
from vitograph.api.routes.persons import normalised_key
from vitograph.api.state import StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.people import identifiers

router = APIRouter(prefix="/v1/identifiers", tags=["identifiers"])


@router.get("", operation_id="list_identifiers")
async def find(
    state: StateDep,
    caller: Allowed,
    key: Annotated[str | None, Query(min_length=3, max_length=600)] = None,
    status: Literal["suspected", "shared", "blocked"] = "shared",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """One identifier by its `key`, or those of a status, the one that most hold first."""
    if key is not None:
        wanted = normalised_key("/key", key, caller.region or state.settings.default_region)
        one = await identifiers.get_identifier(state.graph, wanted)
        return {"items": [] if one is None else [one], "next": None}
    place = paging.decode(cursor, int, str)
    after = (place[0], place[1]) if place else identifiers.FIRST
    found = await identifiers.list_identifiers(state.graph, status, after, limit + 1)
    return paging.page(found, limit, itemgetter("degree", "key"))
