"""Verdicts of specialists on candidates, second persons, the way back, and the log of it all."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from operator import itemgetter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import StreamingResponse

from vitograph.api.blind import Blinding
from vitograph.api.examples import also
from vitograph.api.guard import Allowed
from vitograph.api.state import GraphDep, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.etags import IfMatch, etag, required_version
from vitograph.api.wire.moments import Moment, utc
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.graph.deciding import decisions, entries, log, retractions, reviews
from vitograph.graph.deciding.acknowledging import acknowledge
from vitograph.graph.deciding.candidates import get_version
from vitograph.graph.deciding.decisions import Outcome, Said
from vitograph.graph.deciding.retractions import Wish
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.retraction import Scope
from vitograph.resolver.errors import Fault, InvalidInput

router = APIRouter(prefix="/v1", tags=["decisions"])

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]+$")
]
Note = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=r"^[^\x00]*$")]


PENDING = also(_202="a second person must confirm: nothing is joined until then")
REHEARSED = also(_200="`dry_run`: what would be taken back; nothing was")


class VerdictBody(BaseModel):
    """A verdict. `identifier` (a key such as `phone:+34…`) is for `shared_identifier` only: which one is shared.

    `blind`: the pair was read in blind mode, which the decision records. A second look is sent so too: blind mode does
    not tell it from others.
    """

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    reason: Reason
    note: Note | None = None
    identifier: Key | None = None
    blind: bool = False


class BatchRetractionBody(BaseModel):
    """Why decisions are taken back; `keep_apart: false` leaves pairs that were joined open again.

    `scope`: a decision alone, the sub-tree that hangs on its link, or all that was decided later on the view that it
    had joined.
    """

    model_config = ConfigDict(extra="forbid")

    reason: Reason = "taken back"
    note: Note | None = None
    keep_apart: bool = True
    scope: Scope = Scope.DECISION


class RetractionBody(BatchRetractionBody):
    """The same of one decision. `stays`: a fragment of the part that a sub-tree leaves alone.

    `snapshot`: that of the dry run that was looked at.
    """

    stays: Key | None = None
    snapshot: Annotated[str, StringConstraints(max_length=64)] | None = None


@router.post("/candidates/{id}/decisions", operation_id="decide_candidate", status_code=201, responses=PENDING)
async def decide(
    id: str, body: VerdictBody, state: StateDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Decides the pair as it was read. 202 when a second person must confirm: nothing is joined until then."""
    graph = state.graph
    if body.identifier is not None and body.verdict is not Verdict.SHARED_IDENTIFIER:
        raise InvalidInput([Fault("/identifier", "only a shared_identifier verdict names one")])
    said = Said(body.verdict, body.reason, body.note, body.identifier, body.blind or None)
    if body.blind:
        blinding = Blinding(state.signing, caller)
        version = blinding.required_version(if_match, id, await get_version(graph, id))
        if await reviews.is_due(graph, id, caller):
            response.headers["ETag"] = blinding.etag(id, version)
            return await reviews.review(graph, id, said, caller, version)
    else:
        version = required_version(if_match)
    return _answer(await decisions.decide(graph, id, said, caller, version), response)


class AcknowledgementBody(BaseModel):
    """Why a link stays whose evidence became weaker; `weakened_by` is what was looked at, as the pair told it."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = "looked at, and left"
    note: Note | None = None
    weakened_by: Annotated[list[Key], Field(min_length=1, max_length=1_000)]


@router.post("/candidates/{id}/acknowledge", operation_id="acknowledge_link", status_code=201)
async def leave(
    id: str, body: AcknowledgementBody, graph: GraphDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """Leaves an approved link whose evidence became weaker: it is off that list until its evidence changes again.

    409 when it is no such link; 412 when it is weakened by something else than was looked at.
    """
    version = required_version(if_match)
    said = (body.reason, body.note)
    return _answer(await acknowledge(graph, id, body.weakened_by, said, caller, version), response)


@router.post("/decisions/{id}/confirm", operation_id="confirm_decision", status_code=201)
async def confirm(
    id: str, graph: GraphDep, response: Response, caller: Allowed, if_match: IfMatch = None
) -> dict[str, Any]:
    """The second person's yes: the decision takes effect. Whoever made it cannot confirm it.

    If-Match is not needed; one that is sent must be the candidate's: nobody confirms another join than they saw.
    """
    version = required_version(if_match) if if_match is not None else None
    return _answer(await decisions.confirm(graph, id, caller, version), response)


@router.post("/decisions/{id}/retract", operation_id="retract_decision", status_code=201, responses=REHEARSED)
async def retract(
    id: str,
    graph: GraphDep,
    response: Response,
    caller: Allowed,
    body: RetractionBody | None = None,
    dry_run: bool = False,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Takes a decision back, with what its `scope` says, or refuses one that waits for a second person.

    `dry_run=true` answers 200 with what would be taken back, and changes nothing. If-Match is not needed, for an entry
    of the log never changes; one that is sent must be the candidate's.
    """
    body = body or RetractionBody()
    version = required_version(if_match) if if_match is not None else None
    wish = Wish(body.reason, body.note, body.keep_apart, body.scope, body.stays, body.snapshot, version)
    if dry_run:
        response.status_code = 200
        return (await retractions.rehearse(graph, id, wish, caller)).to_json()
    outcomes = await retractions.retract_all(graph, id, wish, caller)
    named = next(outcome for outcome in outcomes if outcome.decision["supersedes"] == id)
    return _answer(named, response) | {"retracted": [outcome.decision["supersedes"] for outcome in outcomes]}


@router.get("/decisions", operation_id="list_decisions")
async def list_log(
    graph: GraphDep,
    caller: Allowed,
    since: Annotated[Moment | None, Query(description="entries from this moment on")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The log, oldest first, each entry with its `state`: pending, lapsed (its pair went on without it), applied,
    superseded or retracted."""
    place = paging.decode(cursor, int)
    found = await log.list_decisions(graph, _moment(since), place[0] if place else 0, limit + 1)
    return paging.page(found, limit, itemgetter("seq"))


@router.get("/decisions/export", operation_id="export_decisions", response_class=StreamingResponse)
async def export(graph: GraphDep, caller: Allowed) -> StreamingResponse:
    """The whole log as NDJSON, as it is stored; the last line is the head. `vito decisions verify` reads it."""

    async def lines() -> AsyncIterator[bytes]:
        async for entry in log.export(graph):
            yield orjson.dumps(entry) + b"\n"

    headers = {"Content-Disposition": 'attachment; filename="decisions.ndjson"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


@router.get("/decisions/verify", operation_id="verify_decisions")
async def verify(graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """Follows the hash chain from its first entry to its head; `redacted` entries lost their words to an erasure."""
    found = await log.verify_log(graph)
    broken = found.broken
    return {
        "ok": broken is None,
        "entries": found.head.seq,
        "head": found.head.hash,
        "redacted": found.redacted,
        "broken": broken and {"seq": broken.seq, "id": broken.id, "detail": broken.sentence},
    }


def _answer(outcome: Outcome, response: Response) -> dict[str, Any]:
    if outcome.pending:
        response.status_code = 202
    response.headers["ETag"] = etag(outcome.version)
    return outcome.decision


def _moment(since: dt.datetime | None) -> str:
    if since is None:
        return ""
    try:
        return entries.moment(utc(since))
    except ValueError as error:
        raise InvalidInput([Fault("/since", str(error))]) from None
