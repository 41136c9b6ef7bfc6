"""Persons, as specialists, marketing (its leads) and sales (who it negotiates with) read them."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query

from vitograph.api.guard import Allowed, Reached
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.people import persons
from vitograph.resolver.errors import Fault, InvalidInput, UnknownThing
from vitograph.resolver.values import normalize

router = APIRouter(prefix="/v1/persons", tags=["persons"])


@router.get("", operation_id="find_persons")
async def find(
    identifier: Annotated[str, Query(min_length=3, max_length=600)],
    state: StateDep,
    caller: Allowed,
    reach: Reached,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The views that hold an identifier such as `email:maria@example.com`, normalised as an observation's is.

    Marketing and sales find those of whom an event of theirs carries it.
    """
    key = normalised_key("/identifier", identifier, caller.region or state.settings.default_region)
    place = paging.decode(cursor, str)
    ids = await persons.find_views(state.graph, key, reach, place[0] if place else "", limit + 1)
    answer = paging.page(ids, limit, str)
    items = []
    for id in answer["items"]:
        with contextlib.suppress(UnknownThing):  # its last event in reach is gone since
            items.append(await persons.get_view(state.graph, id, reach))
    return answer | {"items": items}


@router.get("/{id}", operation_id="get_person")
async def get(id: str, graph: GraphDep, reach: Reached) -> dict[str, Any]:
    """The view that a person is in now, by the id of any of its fragments, and every view that this one was in before.

    `devices` are likely the view's, undecided, and no part of it. Marketing and sales are told what their events say
    and carry: no link, no earlier view, no device, and nothing of anybody else.
    """
    view = await persons.get_view(graph, id, reach)
    if not reach.everything:
        return {**view, "since": None, "history": [], "devices": []}
    history, devices = await asyncio.gather(persons.list_stays(graph, id), persons.list_devices(graph, view["view_id"]))
    return {**view, "since": history[-1].since, "history": [asdict(stay) for stay in history], "devices": devices}


@router.get("/{id}/timeline", operation_id="get_timeline")
async def timeline(
    id: str, graph: GraphDep, reach: Reached, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What happened to all fragments of a view, newest first: to marketing and sales, their own events."""
    view = await persons.get_view(graph, id, reach)
    before = paging.decode_moment(cursor) or (persons.END_OF_TIME, "")
    events = await persons.list_timeline(graph, view, reach, before, limit + 1)
    return paging.page(events, limit, itemgetter("occurred_at", "id"))


@router.get("/{id}/graph", operation_id="get_neighbourhood")
async def neighbourhood(id: str, graph: GraphDep, reach: Reached) -> dict[str, Any]:
    """The view's persons and identifiers, and to specialists who else holds these: nodes and edges."""
    view = await persons.get_view(graph, id, reach)
    return await persons.get_neighbourhood(graph, view, reach)


def normalised_key(pointer: str, identifier: str, region: str | None) -> str:
    """The key of an identifier as somebody wrote it into a query. InvalidInput at the pointer."""
    kind, colon, value = identifier.partition(":")
    if not colon:
        raise InvalidInput([Fault(pointer, "must name its kind before a colon, e.g. email:maria@example.com")])
    if kind == "phone" and value.startswith(" "):
        value = f"+{value[1:]}"  # what a plus that was not percent-encoded has become
    try:
        return normalize.identifier(kind, value, region).key
    except ValueError as error:
        raise InvalidInput([Fault(pointer, str(error))]) from None
