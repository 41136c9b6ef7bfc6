"""The queue of pairs that wait for a specialist: pages, counts, the next one, and what changes in it."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from operator import itemgetter
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import StreamingResponse

from vitograph.api.blind import Blinding, require_blind
from vitograph.api.guard import Allowed, is_still_known
from vitograph.api.pairs import read_pair
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.moments import Moment, utc
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding import candidates, queue, reviews
from vitograph.graph.deciding.queue import Filter
from vitograph.graph.driver import Graph
from vitograph.resolver.errors import Fault, GraphUnavailable, InvalidInput

router = APIRouter(prefix="/v1/candidates", tags=["queue"])

Status = Literal["open", "claimed", "awaiting", "decided", "stored", "superseded", "reopened"]
Kind = Literal["person", "device"]
Band = Literal["A", "B", "C", "-"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]

# Share of second looks among what blind mode is served.
CHECKS = 0.1
# Seconds without a change after which a listener is told that the line is open.
HEARTBEAT = 15.0


class FilterBody(BaseModel):
    """What of the queue is meant. `evidence` is a group that speaks for one person; times are of a pair's creation."""

    model_config = ConfigDict(extra="forbid")

    status: Status = "open"
    kind: Kind = "person"
    band: Band | None = None
    evidence: Name | None = None
    campaign: Name | None = None
    person: Name | None = None
    since: Moment | None = None
    until: Moment | None = None

    def filter(self) -> Filter:
        """As the graph reads it: what was reopened is open too."""
        again = self.status == "reopened"
        return Filter(
            "open" if again else self.status,
            self.kind,
            self.band,
            self.evidence,
            self.campaign,
            self.person,
            True if again else None,
            _utc("/since", self.since),
            _utc("/until", self.until),
        )


async def filtered(
    status: Status = "open",
    kind: Kind = "person",
    band: Band | None = None,
    evidence: Name | None = None,
    campaign: Name | None = None,
    person: Name | None = None,
    since: Annotated[Moment | None, Query(description="made from this moment on")] = None,
    until: Annotated[Moment | None, Query(description="made before this moment")] = None,
) -> Filter:
    """The filter that a query names."""
    return FilterBody(
        status=status,
        kind=kind,
        band=band,
        evidence=evidence,
        campaign=campaign,
        person=person,
        since=since,
        until=until,
    ).filter()


Filtered = Annotated[Filter, Depends(filtered)]


@router.get("", operation_id="list_candidates")
async def page(
    state: StateDep,
    caller: Allowed,
    filter: Filtered,
    order: Literal["value"] = "value",
    weakened: bool = False,
    blind: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The queue, the most valuable pair first.

    `weakened=true`: approved pairs that lean on what is shared by now, whatever the filter says but for its kind.
    `blind=true`: without scores, in an order that tells nothing, with second looks among them.
    Of the filter, what tells nothing.
    """
    graph = state.graph
    if weakened and blind:
        raise InvalidInput([Fault("/weakened", "blind mode does not say what was decided")])
    if weakened or blind:
        place = paging.decode(cursor, str)
        after = place[0] if place else queue.LAST_ID
        if weakened:
            found = await queue.list_weakened(graph, filter.kind, after, limit + 1)
            return paging.page(found, limit, itemgetter("id"))
        require_blind(filter)
        answer = paging.page(await queue.list_blind(graph, filter, after, limit + 1), limit, itemgetter("id"))
        items = answer["items"]
        if place is None:
            items = await with_checks(graph, items, filter, caller, limit)
        blinding = Blinding(state.signing, caller)
        return answer | {"items": [blinding.shown(item) for item in items]}
    place = paging.decode(cursor, float, str)
    found = await queue.list_queue(graph, filter, (place[0], place[1]) if place else queue.FIRST, limit + 1)
    return paging.page(found, limit, itemgetter("value", "id"))


@router.get("/counts", operation_id="count_candidates")
async def counts(state: StateDep, caller: Allowed) -> dict[str, Any]:
    """How many pairs there are by kind, status and band, a second old at most; by evidence of what is open, 15 at most.

    `waiting` is how many persons wait for their pairs to be scored, `doubtful` how many events for a specialist's word.
    """
    counted, evidence = await asyncio.gather(state.counts.get(), state.evidence.get())
    return {**counted, "evidence": evidence}


@router.get("/by-person", operation_id="list_device_owners")
async def by_person(graph: GraphDep, caller: Allowed, limit: Limit = 50, blind: bool = False) -> dict[str, Any]:
    """Whose devices wait for a decision, the persons with most of them first, each with its pairs.

    `?kind=device&person=` of a list or of a bulk act shows the pairs of one.
    """
    items = await queue.list_by_person(graph, limit)
    if blind:
        items = [{**one, "value": None, "ids": sorted(one["ids"])} for one in items]
        items.sort(key=lambda one: (-one["pairs"], one["person_id"]))
    return {"items": items, "next": None}


@router.get("/matching", operation_id="count_matching")
async def matching(graph: GraphDep, caller: Allowed, filter: Filtered) -> dict[str, Any]:
    """How many pairs match a filter; `more` when they were not all counted."""
    count = await queue.count_matching(graph, filter)
    return {"count": count, "more": count >= queue.MOST_COUNTED}


class NextBody(BaseModel):
    """Which queue the next pair is to come from; `skip` are pairs that the specialist has put aside."""

    model_config = ConfigDict(extra="forbid")

    filter: FilterBody = FilterBody()
    blind: bool = False
    skip: Annotated[list[Name], Field(max_length=200)] = []


@router.post("/next", operation_id="claim_next", response_model=None, responses={204: {"description": "None is left"}})
async def claim_next(
    state: StateDep, response: Response, caller: Allowed, body: NextBody | None = None
) -> dict[str, Any] | Response:
    """Claims one of the most valuable pairs that nobody has, and answers with all of it. 204 when none is left."""
    graph = state.graph
    body = body or NextBody()
    filter = body.filter.filter()
    if filter.status != "open":
        raise InvalidInput([Fault("/filter/status", "the next pair is an open or a reopened one")])
    id = None
    if body.blind:
        require_blind(filter)
    if body.blind and not (filter.person or filter.campaign) and random.random() < CHECKS:
        due = await reviews.list_due(graph, filter.kind, caller, len(body.skip) + 1)
        id = next((one for one in due if one not in body.skip), None)
    id = id or await candidates.claim_next(graph, filter, caller, body.skip, blind=body.blind)
    if id is None:
        return Response(status_code=204)
    return await read_pair(state, id, caller, response, blind=body.blind)


@router.get("/stream", operation_id="stream_changes", response_class=StreamingResponse)
async def stream(
    request: Request, state: StateDep, caller: Allowed, kind: Kind | None = None, blind: bool = False
) -> StreamingResponse:
    """Server-sent events: a pair that came, was claimed or was decided; `many` says to look again as a whole.

    `blind=true`: without what tells a score or a verdict. It ends when the key is revoked or the session has ended.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    blinding = Blinding(state.signing, caller) if blind else None
    return StreamingResponse(
        _events(state.changes.listen(), kind, blinding, lambda: is_still_known(request)),
        media_type="text/event-stream",
        headers=headers,
    )


async def _events(
    news: AsyncIterator[dict[str, Any]],
    kind: str | None,
    blinding: Blinding | None,
    is_known: Callable[[], Awaitable[bool]],
) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    pending = asyncio.ensure_future(anext(news))
    known_until = time.monotonic() + HEARTBEAT
    try:
        while True:
            done, _ = await asyncio.wait([pending], timeout=HEARTBEAT)
            if time.monotonic() >= known_until:
                with suppress(GraphUnavailable):  # then nobody is told anything either
                    if not await is_known():
                        return
                known_until = time.monotonic() + HEARTBEAT
            if not done:
                yield b": open\n\n"
                continue
            try:
                change = pending.result()
            except StopAsyncIteration:
                return
            pending = asyncio.ensure_future(anext(news))
            told = blinding.changed(change) if blinding else change
            if told is not None and kind in (None, change.get("kind", kind)):
                yield b"event: " + told["type"].encode() + b"\ndata: " + orjson.dumps(told) + b"\n\n"
    finally:
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)


async def with_checks(
    graph: Graph, items: list[dict[str, Any]], filter: Filter, caller: Caller, limit: int
) -> list[dict[str, Any]]:
    """The head of a blind list with second looks of the caller's among it, a tenth.

    None where the list is of one person or campaign: what is of neither would be known as one.
    """
    if filter.status != "open" or filter.person or filter.campaign:
        return items
    due = await reviews.list_due(graph, filter.kind, caller, math.ceil(limit * CHECKS))
    return _strewn(items, await queue.list_items(graph, due), caller)


def _strewn(items: list[dict[str, Any]], checks: list[dict[str, Any]], caller: Caller) -> list[dict[str, Any]]:
    """Second looks among the rest, where nobody can tell them: at places that are a function of caller and pair."""
    found = list(items)
    for check in checks:
        place = hashlib.sha256(f"{caller.human}|{check['id']}".encode()).digest()
        found.insert(int.from_bytes(place[:4]) % (len(found) + 1), check)
    return found


def _utc(pointer: str, moment: dt.datetime | None) -> dt.datetime | None:
    try:
        return None if moment is None else utc(moment)
    except ValueError as error:
        raise InvalidInput([Fault(pointer, str(error))]) from None
