"""Campaigns, as the department that owns them writes them, and their leads."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Any

from fastapi import APIRouter, Request, Response

from vitograph.api.examples import also
from vitograph.api.guard import Allowed, Reached
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.bodies import json_object
from vitograph.api.wire.etags import IfMatch, etag, matching
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.access.keys import Caller
from vitograph.graph.publishing import campaigns, deliveries, removals
from vitograph.graph.publishing.campaigns import Lead, Writer
from vitograph.graph.reach import Reach
from vitograph.resolver.errors import Fault, Forbidden, InvalidInput
from vitograph.resolver.publishing.artifacts import needs_bytes, read_artifact
from vitograph.resolver.publishing.campaigns import Campaign, read_body

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])


_BODY = {
    "name": {"type": "string", "minLength": 1},
    "starts_at": {"type": ["string", "null"], "format": "date-time"},
    "ends_at": {"type": ["string", "null"], "format": "date-time"},
    "closing": {"type": ["string", "null"], "description": "shown once the campaign is over"},
}
_ARTIFACT = {
    "kind": {"enum": ["copy", "image", "offer"]},
    "content": {"type": "object", "description": "meaning only; a layout key at any depth is refused"},
}


def _takes(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """How the API description shows a body that is read by rules of our own."""
    schema = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get("", operation_id="list_campaigns")
async def list_all(graph: GraphDep, reach: Reached, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Campaigns by their ids, without artifacts: to marketing those of its department, to sales every one."""
    place = paging.decode(cursor, str)
    found = await campaigns.list_campaigns(graph, reach.department, place[0] if place else "", limit + 1)
    return paging.page([_head(one) for one in found], limit, itemgetter("id"))


@router.put(
    "/{id}",
    operation_id="put_campaign",
    openapi_extra=_takes(_BODY, "name"),
    responses=also(_201="there was none: it is a draft"),
)
async def put(
    id: str, request: Request, state: StateDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Makes a draft that belongs to the caller's department, or says anew what a campaign is. 201 for a new one."""
    body = read_body(await json_object(request))
    campaign, is_new = await campaigns.put(state.graph, id, writer_of(caller, if_match), body)
    if is_new:
        response.status_code = 201
    return await _shown(state, response, campaign)


@router.put("/{id}/artifacts/{key}", operation_id="put_artifact", openapi_extra=_takes(_ARTIFACT, "kind", "content"))
async def put_artifact(
    id: str,
    key: str,
    request: Request,
    state: StateDep,
    response: Response,
    caller: Allowed,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Writes copy, an image asset or an offer of a campaign."""
    artifact = read_artifact(key, await json_object(request))
    if (checksum := needs_bytes(artifact)) is not None:
        image = await state.images.get(checksum)
        if image is None:
            fault = Fault("/content/sha256", f"nothing of it is here: POST /v1/campaigns/{id}/images first")
            raise InvalidInput([fault])
        if image.media_type != artifact.content["media_type"]:
            raise InvalidInput([Fault("/content/media_type", f"what was posted is {image.media_type}")])
    return await _shown(
        state, response, await campaigns.put_artifact(state.graph, id, writer_of(caller, if_match), artifact)
    )


@router.delete("/{id}/artifacts/{key}", operation_id="delete_artifact")
async def delete_artifact(
    id: str, key: str, state: StateDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Takes an artifact away from a campaign that has not ended."""
    return await _shown(
        state, response, await removals.remove_artifact(state.graph, id, writer_of(caller, if_match), key)
    )


@router.post("/{id}/activate", operation_id="activate_campaign")
async def activate(
    id: str, state: StateDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Makes a draft active."""
    return await _shown(state, response, await campaigns.activate(state.graph, id, writer_of(caller, if_match)))


@router.post("/{id}/end", operation_id="end_campaign")
async def end(
    id: str, state: StateDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Ends an active campaign for good: its landing pages go dark."""
    return await _shown(state, response, await campaigns.end(state.graph, id, writer_of(caller, if_match)))


@router.delete("/{id}", operation_id="delete_campaign", status_code=204)
async def delete(id: str, state: StateDep, caller: Allowed, if_match: IfMatch = None) -> None:
    """Discards a draft that was a mistake. 409 once it was active, or where an event targets it."""
    version = await removals.discard(state.graph, id, writer_of(caller, if_match), caller.id)
    await state.reader.push_end(id, version)


@router.get("/{id}", operation_id="get_campaign")
async def get(id: str, graph: GraphDep, response: Response, reach: Reached) -> dict[str, Any]:
    """A campaign with its artifacts, and how it stands at its sinks."""
    campaign = await campaigns.get(graph, id)
    _check_reads(campaign, reach)
    response.headers["ETag"] = etag(campaign.version)
    return {**_document(campaign), "sinks": await deliveries.of_campaign(graph, id)}


@router.get("/{id}/leads", operation_id="list_leads")
async def leads(id: str, graph: GraphDep, reach: Reached, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """The lens: persons with an enrolment that targets this campaign, each once, by their first.

    Sales is shown those with whom it negotiates. Whoever withdrew their consent to `marketing` is left out.
    """
    _check_reads(await campaigns.get(graph, id), reach)
    found = await campaigns.leads(graph, id, reach, paging.decode_moment(cursor), limit + 1)
    answer = paging.page(found, limit, lambda one: (one.enrolled_at.isoformat(), one.event_id))
    return answer | {"items": [_lead(one) for one in answer["items"]]}


@router.get("/{id}/funnel", operation_id="get_funnel")
async def funnel(id: str, graph: GraphDep, reach: Reached) -> dict[str, Any]:
    """For each type of event that targets this campaign: how many persons (views, each once), and how many events."""
    _check_reads(await campaigns.get(graph, id), reach)
    steps = await campaigns.funnel(graph, id)
    return {"id": id, "steps": [{"type": step.type, "persons": step.persons, "events": step.events} for step in steps]}


def writer_of(caller: Caller, if_match: str | None) -> Writer:
    """On whose behalf a caller writes. Forbidden to one of no department."""
    if caller.department is None:
        raise Forbidden("this key is of no department, and a campaign belongs to one")
    return Writer(caller.department, None if if_match is None else matching(if_match))


def _check_reads(campaign: Campaign, reach: Reach) -> None:
    """That there is a campaign is no secret: pages on the net show it. So another department is answered with 403."""
    if reach.department is not None and reach.department != campaign.department:
        raise Forbidden(f"campaign {campaign.id!r} belongs to another department")


async def _shown(state: StateDep, response: Response, campaign: Campaign) -> dict[str, Any]:
    """The answer to a write, which the hot memory shows already unless it is away."""
    await state.reader.push(campaign)
    response.headers["ETag"] = etag(campaign.version)
    return _document(campaign)


def _head(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "status": campaign.status.value,
        "shows": campaign.shown(dt.datetime.now(dt.UTC)).value,
        "department": campaign.department,
        "version": campaign.version,
        "name": campaign.body.name,
        "starts_at": campaign.body.starts_at,
        "ends_at": campaign.body.ends_at,
        "closing": campaign.body.closing,
    }


def _document(campaign: Campaign) -> dict[str, Any]:
    artifacts = [
        {"key": item.key, "kind": item.kind.value, "content": item.content, "version": item.version}
        for item in campaign.artifacts
    ]
    return {**_head(campaign), "artifacts": artifacts}


def _lead(lead: Lead) -> dict[str, Any]:
    return {
        "view_id": lead.view_id,
        "person_id": lead.person_id,
        "kind": lead.kind,
        "event_id": lead.event_id,
        "channel": lead.channel,
        "enrolled_at": lead.enrolled_at,
        "enrolments": lead.enrolments,
    }
