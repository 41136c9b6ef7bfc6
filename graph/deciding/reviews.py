"""Second looks at decided pairs, blind: how well specialists agree with what was decided, and with each other.

A pair is looked at again when an administrator made it gold, or when it fell into the sample of a bulk act. A second
look is of no effect on anybody: it becomes a figure, and perhaps a retraction by a person who reads that figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import uuid_utils

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.decisions import Said, require_human
from vitograph.graph.deciding.entries import moment
from vitograph.graph.deciding.queue import list_items
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import Fault, InvalidInput, StaleVersion, UnknownThing, WrongState

LIST_DUE = load("review/list_due")
LIST_DUE_AMONG = load("review/list_due_among")
MARK_CHECK = load("review/mark_check")
LOCK_CANDIDATE = load("review/lock_candidate")
RECORD_REVIEW = load("review/record_review")
LIST_PAIRS = load("review/list_pairs")

GOLD = "gold"
RECHECK = "recheck"


async def list_due(graph: Graph, kind: str, actor: Caller, limit: int) -> list[str]:
    """Candidates that somebody is due to look at again, by id: the same first ones for everybody."""
    rows = await graph.rows(LIST_DUE, kind=kind, human=actor.human, limit=limit)
    return [row["id"] for row in rows]


async def is_due(graph: Graph, id: str, actor: Caller) -> bool:
    return bool(await due_among(graph, [id], actor))


async def due_among(graph: Graph, ids: Iterable[str], actor: Caller) -> dict[str, Row]:
    """Of these candidates, those that somebody is due to look at again, as a bulk act shows them."""
    rows = await graph.rows(LIST_DUE_AMONG, ids=list(ids), human=actor.human)
    return {row["id"]: row for row in rows}


async def mark(graph: Graph, ids: list[str], check: str | None) -> list[str]:
    """Has decided candidates looked at again, or no more; those that can be."""
    rows = await graph.write(lambda tx: tx.run(MARK_CHECK, ids=sorted(ids), check=check))
    return [row["id"] for row in rows]


async def make_gold(graph: Graph, id: str, *, is_gold: bool) -> None:
    """Makes a decided pair gold, or no more. UnknownThing; WrongState when no verdict stands that could be right."""
    if await mark(graph, [id], GOLD if is_gold else None):
        return
    if is_gold and await list_items(graph, [id]):
        raise WrongState(f"candidate {id!r} has no verdict that others could be measured by")
    raise UnknownThing("candidate", id)


async def review(graph: Graph, id: str, said: Said, actor: Caller, version: int) -> dict[str, Any]:
    """Keeps a second look. WrongState when this actor is not due one; StaleVersion; InvalidInput."""
    require_human(actor)
    if said.verdict is Verdict.RETRACT:
        raise InvalidInput([Fault("/verdict", "a second look says what it sees; it takes nothing back")])

    async def work(tx: Transaction) -> Row:
        candidate = await tx.one(LOCK_CANDIDATE, id=id)
        if candidate is None:
            raise UnknownThing("candidate", id)
        if not await tx.run(LIST_DUE_AMONG, ids=[id], human=actor.human):
            raise WrongState(f"candidate {id!r} does not wait for a second look of yours")
        if candidate["version"] != version:
            raise StaleVersion("candidate", id)
        kept = {
            "id": f"r-{uuid_utils.uuid7()}",
            "candidate_id": id,
            "purpose": candidate["check"],
            "decision": candidate["decision"],
            "decided": candidate["verdict"],
            "verdict": said.verdict.value,
            "agrees": said.verdict == candidate["verdict"],
            "reason": said.reason,
            "actor": actor.id,
            "actor_name": actor.name,
            "human": actor.human,
            "at": moment(dt.datetime.now(dt.UTC)),
        }
        await tx.run(RECORD_REVIEW, candidate_id=id, review=kept)
        return kept

    return {**await graph.write(work), "entry": "review", "state": "reviewed"}


async def list_pairs(graph: Graph) -> list[Row]:
    """How often a decided verdict and that of a second look met, by purpose."""
    return await graph.rows(LIST_PAIRS)
