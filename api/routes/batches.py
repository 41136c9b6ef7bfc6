"""Bulk acts: deciding a list that was shown, and taking it back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vitograph.api.blind import Blinding, require_blind
from vitograph.api.guard import Allowed
from vitograph.api.routes.decisions import REHEARSED, BatchRetractionBody, Note, Reason
from vitograph.api.routes.queue import FilterBody, Filtered, with_checks
from vitograph.api.state import GraphDep, State, StateDep
from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding import bulk
from vitograph.graph.deciding.decisions import Said
from vitograph.graph.deciding.queue import list_items
from vitograph.graph.deciding.retractions import Wish
from vitograph.resolver.deciding.bulk import MOST
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import Fault, InvalidInput, StaleList

router = APIRouter(prefix="/v1", tags=["batches"])

Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class ShownItem(BaseModel):
    """A pair of the list, as it was shown."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    version: Annotated[int, Field(ge=0, lt=2**62)] | Annotated[str, StringConstraints(max_length=64)]


class BulkBody(BaseModel):
    """One verdict and one reason for all pairs of a list; filter, items and snapshot are those that were shown.

    `blind`: the list was shown in blind mode, where versions are texts.
    """

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    reason: Reason
    note: Note | None = None
    filter: FilterBody = FilterBody()
    items: Annotated[list[ShownItem], Field(min_length=1, max_length=MOST)]
    snapshot: Annotated[str, StringConstraints(max_length=64)]
    blind: bool = False


@router.get("/candidates/bulk", operation_id="show_bulk")
async def show(
    state: StateDep,
    caller: Allowed,
    filter: Filtered,
    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST,
    blind: bool = False,
) -> dict[str, Any]:
    """The pairs that a bulk act under this filter would decide, with the snapshot to send back.

    `blind=true`: without scores, by id, with second looks among them; of the filter, what tells nothing.
    """
    if not blind:
        listed = await bulk.show(state.graph, filter, limit)
        return {"items": listed.items, "snapshot": listed.snapshot}
    require_blind(filter)
    listed = await bulk.show(state.graph, filter, limit, blind=True)
    items = await with_checks(state.graph, listed.items, filter, caller, limit)
    blinding = Blinding(state.signing, caller)
    shown = [blinding.shown(item) for item in items[:MOST]]
    return {"items": shown, "snapshot": bulk.snapshot((item["id"], item["version"]) for item in shown)}


@router.post("/candidates/bulk", operation_id="decide_bulk", status_code=201)
async def decide(body: BulkBody, state: StateDep, caller: Allowed) -> dict[str, Any]:
    """Decides every pair of the list, one decision each. 409 when they cannot be decided at once.

    412 with `changed`, and nothing is decided, when one of them is not what was shown.
    """
    if body.verdict in (Verdict.RETRACT, Verdict.SHARED_IDENTIFIER):
        raise InvalidInput([Fault("/verdict", f"{body.verdict} is said of one pair at a time")])
    shown = {item.id: item.version for item in body.items}
    if len(shown) < len(body.items):
        raise InvalidInput([Fault("/items", "a pair is there twice")])
    said = Said(body.verdict, body.reason, body.note, blind=body.blind or None)
    filter, token = body.filter.filter(), body.snapshot
    if not body.blind:
        numbers = {id: version for id, version in shown.items() if isinstance(version, int)}
        if len(numbers) < len(shown):
            raise InvalidInput([Fault("/items", "the version of a pair is a number, unless `blind` is said")])
        return await bulk.decide_shown(state.graph, filter, numbers, said, caller, token)
    require_blind(filter)
    if token != bulk.snapshot(shown.items()):
        raise InvalidInput([Fault("/snapshot", "this is not the snapshot of these pairs")])
    seen = await _unblinded(state, shown, caller)
    return await bulk.decide_shown(state.graph, filter.blinded(), seen, said, caller, bulk.snapshot(seen.items()))


async def _unblinded(state: State, shown: dict[str, int | str], caller: Caller) -> dict[str, int]:
    """The versions that a blind list meant. StaleList when one of them is another by now."""
    current = {item["id"]: item["version"] for item in await list_items(state.graph, list(shown))}
    blinding = Blinding(state.signing, caller)
    changed = [id for id, said in shown.items() if id not in current or said != blinding.version(id, current[id])]
    if changed:
        raise StaleList(changed)
    return {id: current[id] for id in shown}


@router.get("/batches/{id}", operation_id="get_batch")
async def get(id: str, graph: GraphDep, caller: Allowed) -> dict[str, Any]:
    """What was asked, what stands of it, and what second looks at its sample say."""
    return await bulk.get_batch(graph, id)


@router.post("/batches/{id}/retract", operation_id="retract_batch", status_code=201, responses=REHEARSED)
async def retract(
    id: str,
    graph: GraphDep,
    response: Response,
    caller: Allowed,
    body: BatchRetractionBody | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Takes back whatever stands of a bulk act; `dry_run=true` answers 200 with what that is, and changes nothing."""
    body = body or BatchRetractionBody()
    wish = Wish(body.reason, body.note, body.keep_apart, body.scope)
    if dry_run:
        response.status_code = 200
        return await bulk.rehearse_batch(graph, id, wish, caller)
    return await bulk.retract_batch(graph, id, wish, caller)
