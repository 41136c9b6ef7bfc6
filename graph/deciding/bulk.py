"""Bulk acts: a decision for each pair of a list that a human was shown, a sample to look at again, and the way back.

Each pair is a transaction of its own, so that a bulk act holds up nobody; it is refused as a whole, before the first,
when what is there is not what was shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any

import orjson
import uuid_utils

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding import reviews
from vitograph.graph.deciding.candidates import ambiguous_of
from vitograph.graph.deciding.decisions import Said, decide, require_human
from vitograph.graph.deciding.entries import moment
from vitograph.graph.deciding.queue import FIRST, LAST_ID, Filter, list_blind, list_queue
from vitograph.graph.deciding.retractions import Plan, Wish, rehearse, retract_all
from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.deciding.bulk import Shown, sample, unfit
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import (
    Conflict,
    ContradictoryDecision,
    Erased,
    Fault,
    GraphUnavailable,
    InvalidInput,
    StaleList,
    StaleVersion,
    UnknownThing,
    VitoError,
    WrongState,
)

RECORD_BATCH = load("bulk/record_batch")
GET_BATCH = load("bulk/get_batch")
LIST_SHOWN = load("bulk/list_shown")

_TOLD = ("id", "candidate_id", "verdict", "state")
BY_ITSELF = "look at this one by itself before you decide"
AMBIGUOUS = "another pair of one of the two is nearly as likely: look at both before you decide"


@dataclass(frozen=True, slots=True)
class Listed:
    """The pairs that a bulk act would decide, with a token of exactly these in these versions."""

    items: list[Row]
    snapshot: str


async def show(graph: Graph, filter: Filter, limit: int, *, blind: bool = False) -> Listed:
    """The most valuable pairs under a filter, as they can be decided at once; the first by id in `blind` mode."""
    items = await (list_blind(graph, filter, LAST_ID, limit) if blind else list_queue(graph, filter, FIRST, limit))
    return Listed(items, snapshot((item["id"], item["version"]) for item in items))


def snapshot(versions: Any) -> str:
    """The token of a list of (id, version)."""
    text = "\n".join(f"{id} {version}" for id, version in sorted(versions))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def decide_shown(
    graph: Graph, filter: Filter, shown: dict[str, int], said: Said, actor: Caller, token: str
) -> dict[str, Any]:
    """Decides every pair that was shown, by id and version, under the filter that it was shown under.

    StaleList, and nothing is decided, when one of them is gone from under the filter or of another version. A pair that
    changes while others are decided is refused alone, with its sentence; so is an ambiguous one that would be joined.
    Said in blind mode, what is a second look of this actor's becomes a review.
    """
    require_human(actor)
    if token != snapshot(shown.items()):
        raise InvalidInput([Fault("/snapshot", "this is not the snapshot of these pairs")])
    due = await reviews.due_among(graph, shown, actor) if said.blind else {}
    rows = due | {row["id"]: row for row in await graph.rows(LIST_SHOWN, ids=list(shown), **filter.parameters())}
    if changed := [id for id, version in shown.items() if id not in rows or rows[id]["version"] != version]:
        raise StaleList(changed)
    if sentence := unfit([Shown(**rows[id]) for id in shown], said.verdict, filter.kind, blind=bool(said.blind)):
        raise WrongState(sentence)
    batch = f"b-{uuid_utils.uuid7()}"
    await graph.write(lambda tx: tx.run(RECORD_BATCH, batch=_kept(batch, filter, shown, said, actor, token)))
    unclear = await ambiguous_of(graph, shown) if said.verdict is Verdict.SAME else set()
    clear = {id: version for id, version in shown.items() if id not in unclear and id not in due}
    decided, refused = await _decide_each(graph, clear, replace(said, batch=batch), actor)
    why = BY_ITSELF if said.blind else AMBIGUOUS
    refused += [{"candidate_id": id, "problem": "WrongState", "detail": why} for id in sorted(unclear - due.keys())]
    drawn = sample(batch, [row["candidate_id"] for row in decided if row["state"] == "applied"])
    try:
        sampled = await reviews.mark(graph, drawn, reviews.RECHECK)
    except GraphUnavailable:
        sampled = []
    for id in due:
        try:
            look = await reviews.review(graph, id, said, actor, shown[id])
        except (Conflict, StaleVersion, UnknownThing, GraphUnavailable) as error:
            refused.append(_refusal(id, error))
            continue
        decided.append({name: look[name] for name in _TOLD})
    return {"id": batch, "decided": decided, "refused": refused, "sampled": len(sampled)}


async def _decide_each(graph: Graph, shown: dict[str, int], said: Said, actor: Caller) -> tuple[list[Row], list[Row]]:
    """One after another. A pair whose version only our own decisions moved is still what was shown.

    Once something is decided, a graph that goes away refuses the rest: what was decided must be told.
    """
    due = dict(shown)
    decided: list[Row] = []
    refused: list[Row] = []
    for place, id in enumerate(shown):
        try:
            outcome = await decide(graph, id, said, actor, due[id])
        except (Conflict, StaleVersion, UnknownThing, InvalidInput) as error:
            refused.append(_refusal(id, error))
            continue
        except GraphUnavailable as error:
            if not decided:
                raise
            refused += [_refusal(left, error) for left in [*shown][place:]]
            break
        decided.append({name: outcome.decision[name] for name in _TOLD})
        for touched in outcome.touched:
            if touched in due:
                due[touched] += 1
    return decided, refused


async def get_batch(graph: Graph, id: str) -> dict[str, Any]:
    """A bulk act: what was asked, what stands of it, and what the second looks at its sample say. UnknownThing.

    Without `reason` and `filter` when all that it decided was about people who were erased.
    """
    rows = await graph.rows(GET_BATCH, id=id)
    if not rows:
        raise UnknownThing("batch", id)
    batch, decisions = rows[0]["batch"], rows[0]["decisions"]
    looks = [agrees for row in decisions for agrees in row.pop("looks")]
    return {
        "reason": None,
        **batch,
        "filter": orjson.loads(batch.get("filter", "null")),
        "decisions": decisions,
        "standing": sum(row["standing"] for row in decisions),
        "sampled": sum(row["check"] == reviews.RECHECK for row in decisions),
        "looks": len(looks),
        "disagreed": looks.count(False),
    }


async def retract_batch(graph: Graph, id: str, wish: Wish, actor: Caller) -> dict[str, Any]:
    """Takes back whatever stands or waits of a bulk act, newest first; to be called again if it is interrupted."""
    retracted: list[str] = []
    refused: list[Row] = []
    for decision in await _standing(graph, id):
        if decision in retracted:  # it went with one before
            continue
        try:
            outcomes = await retract_all(graph, decision, wish, actor)
        except (Conflict, Erased) as error:
            refused.append({"decision": decision, "detail": str(error)})
            continue
        retracted += [outcome.decision["supersedes"] for outcome in outcomes]
    return {"id": id, "retracted": retracted, "refused": refused}


async def rehearse_batch(graph: Graph, id: str, wish: Wish, actor: Caller) -> dict[str, Any]:
    """What `retract_batch` would take back and be refused, decision by decision. Nothing is changed."""
    plans: list[Plan] = []
    refused: list[Row] = []
    for decision in await _standing(graph, id):
        try:
            plans.append(await rehearse(graph, decision, wish, actor))
        except (Conflict, Erased) as error:
            refused.append({"decision": decision, "detail": str(error)})
    gone = {row["id"]: row for plan in plans for row in plan.decisions}
    resting = {row["id"]: row for plan in plans for row in plan.resting}
    return {
        "id": id,
        "decisions": list(gone.values()),
        "resting": [row for id, row in resting.items() if id not in gone],
        "views": [row for plan in plans for row in plan.views],
        "identifiers": [row for plan in plans for row in plan.identifiers],
        "refused": refused,
    }


async def _standing(graph: Graph, id: str) -> list[str]:
    rows = (await get_batch(graph, id))["decisions"]
    return [row["id"] for row in rows if row["standing"] or row["waits"]]


def _kept(batch: str, filter: Filter, shown: dict[str, int], said: Said, actor: Caller, token: str) -> Row:
    asked = {name: value for name, value in filter.parameters().items() if value is not None}
    return {
        "id": batch,
        "verdict": said.verdict.value,
        "reason": said.reason,
        "filter": orjson.dumps(asked).decode(),
        "snapshot": token,
        "shown": len(shown),
        "actor": actor.id,
        "actor_name": actor.name,
        "at": moment(dt.datetime.now(dt.UTC)),
    }


def _refusal(id: str, error: VitoError) -> Row:
    path = {"path": list(error.path)} if isinstance(error, ContradictoryDecision) else {}
    return {"candidate_id": id, "problem": type(error).__name__, "detail": str(error), **path}
