"""Persons, as specialists, sales and marketing (of their own leads) read them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from vitograph.api import paging
from vitograph.api.access import allow
from vitograph.api.paging import Cursor, Limit
from vitograph.api.state import GraphDep, StateDep
from vitograph.graph import persons
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Caller, Role
from vitograph.resolver import normalize
from vitograph.resolver.errors import Fault, InvalidInput, UnknownThing

router = APIRouter(prefix="/v1/persons", tags=["persons"])

Reader = Annotated[Caller, allow(Role.SPECIALIST, Role.SALES, Role.MARKETING)]


@router.get("", operation_id="find_persons")
async def find(
    identifier: Annotated[str, Query(min_length=3, max_length=600)],
    state: StateDep,
    caller: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The views that hold an identifier such as `email:maria@example.com`, normalised as an observation's is."""
    key = normalised_key("/identifier", identifier, caller.region or state.settings.default_region)
    place = paging.decode(cursor, str)
    ids = await persons.find_views(state.graph, key, place[0] if place else "", limit)
    items = [await persons.get_view(state.graph, id) for id in ids if await _may_read(state.graph, id, caller)]
    return {"items": items, "next": paging.encode(ids[-1]) if len(ids) == limit else None}


@router.get("/{id}", operation_id="get_person")
async def get(id: str, graph: GraphDep, caller: Reader) -> dict[str, Any]:
    """The view that a person is in now, by the id of any of its fragments, and every view that this one was in before.

    `devices` are likely the view's, undecided, and no part of it; marketing is told of nobody outside the view.
    """
    view = await _readable_view(graph, id, caller)
    history, devices = await asyncio.gather(persons.list_stays(graph, id), persons.list_devices(graph, view["view_id"]))
    return {
        **view,
        "since": history[-1].since,
        "history": [asdict(stay) for stay in history],
        "devices": [] if caller.role is Role.MARKETING else devices,
    }


@router.get("/{id}/timeline", operation_id="get_timeline")
async def timeline(
    id: str, graph: GraphDep, caller: Reader, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What happened to all fragments of a view, newest first."""
    view = await _readable_view(graph, id, caller)
    before = paging.decode_moment(cursor) or (persons.END_OF_TIME, "")
    department = (caller.department or "") if caller.role is Role.MARKETING else None
    events = await persons.list_timeline(graph, view["view_id"], before, limit, department)
    last = events[-1] if events else {"occurred_at": "", "id": ""}
    return paging.page(events, limit, last["occurred_at"], last["id"])


@router.get("/{id}/graph", operation_id="get_neighbourhood")
async def neighbourhood(id: str, graph: GraphDep, caller: Reader) -> dict[str, Any]:
    """The view's persons and identifiers, and who else holds these (not for marketing): nodes and edges."""
    view = await _readable_view(graph, id, caller)
    return await persons.get_neighbourhood(graph, view["view_id"], caller.role is not Role.MARKETING)


def normalised_key(pointer: str, identifier: str, region: str | None) -> str:
    """The key of an identifier as somebody wrote it into a query. InvalidInput at the pointer."""
    kind, _, value = identifier.partition(":")
    if kind == "phone" and value.startswith(" "):
        value = f"+{value[1:]}"  # what a plus that was not percent-encoded has become
    try:
        return normalize.identifier(kind, value, region).key
    except ValueError as error:
        raise InvalidInput([Fault(pointer, str(error))]) from None


async def _readable_view(graph: Graph, id: str, caller: Caller) -> dict[str, Any]:
    """The view, if the caller may read it; one that may not be read is answered like one that is not there."""
    view = await persons.get_view(graph, id)
    if not await _may_read(graph, view["view_id"], caller):
        raise UnknownThing("person", id)
    return view


async def _may_read(graph: Graph, view_id: str, caller: Caller) -> bool:
    return caller.role is not Role.MARKETING or await persons.is_lead(graph, view_id, caller.department)
