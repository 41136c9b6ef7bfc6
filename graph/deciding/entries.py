"""Entries of the decision log: how one is made, appended and shown."""

from __future__ import annotations

import datetime as dt
import secrets

import uuid_utils

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.cases import Case, stored
from vitograph.graph.driver import Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import Entry, keeping
from vitograph.resolver.deciding.ledger import GENESIS, Head, chain, evidence_hash
from vitograph.resolver.errors import Erased

GET_DECISION = load("decision/get_decision")
RECORD_NUMBER = load("decision/record_number")
LOCK_HEAD = load("decision/lock_head")


def shown(row: Row) -> Row:
    """An entry of the log with its `state`: pending, lapsed, applied, superseded or retracted.

    `lapsed`: it waited for a second person, and its candidate went on without it.
    """
    entry: Row = dict(row["entry"])
    if Entry.RETRACTION in row["superseded_by"]:
        state = "retracted"
    elif row["superseded_by"]:
        state = "superseded"
    elif entry["concerns"] and not row["confirmed"]:
        state = "pending" if row["is_awaited"] else "lapsed"
    else:
        state = "applied"
    for unshown in ("salt", "evidence"):
        entry.pop(unshown, None)
    return {**entry, "state": state}


def require_kept(entry: Row) -> None:
    """Erased when an entry was about somebody who was: nothing is left to do about it."""
    if entry.get("erased"):
        raise Erased(f"decision {entry['id']!r} was about somebody who was erased")


async def append(case: Case, entry: Row) -> Row:
    """Gives a drawn entry its number, time and hash, and tells the projections which views it moved.

    Every decision waits here for every other one, so this comes after all effects: nothing but the commit follows.
    """
    head = await lock_head(case.tx)
    whole = chain(head, entry | {"at": moment(dt.datetime.now(dt.UTC))})
    moved = {"views": sorted(case.moved), "trace": case.tx.trace()}
    await case.tx.run(RECORD_NUMBER, entry=stored(whole), moved=moved)
    case.moved.clear()
    return shown({"entry": whole, "superseded_by": [], "confirmed": True})


async def lock_head(tx: Transaction) -> Head:
    """Where the log ends, and nobody else appends to it before this transaction has ended."""
    await tx.wait_turn()
    row = (await tx.run(LOCK_HEAD, genesis=GENESIS))[0]
    return Head(row["seq"], row["hash"])


def new_entry(
    case: Case,
    kind: Entry,
    verdict: str,
    actor: Caller,
    *,
    supersedes: str | None = None,
    confirms: str | None = None,
    keep_apart: bool | None = None,
) -> Row:
    return {
        "id": f"d-{uuid_utils.uuid7()}",
        "entry": kind.value,
        "verdict": str(verdict),
        "actor": actor.id,
        "actor_name": actor.name,
        "actor_role": actor.role.value,
        "holder": actor.holder,
        "candidate_id": case.candidate["id"],
        "left": case.left,
        "right": case.right,
        "evidence_hash": evidence_hash(case.candidate["evidence"] or ""),
        "model": case.candidate["model"],
        "evidence": None if kind is Entry.CONFIRMATION else case.candidate["evidence"],
        "concerns": [],
        "supersedes": supersedes,
        "confirms": confirms,
        "keep_apart": keep_apart,
    }


def words(reason: str, note: str | None, identifiers: list[str] | None = None) -> Row:
    """What may name a person, and so can be redacted."""
    return {"reason": reason, "note": note, "identifiers": identifiers or None, "salt": secrets.token_hex(16)}


async def let_stand(case: Case, earlier: str | None) -> Row:
    """What an entry that replaces it adds to keep the two apart as an earlier one did; nothing where that did not."""
    row = await case.tx.one(GET_DECISION, id=earlier) if earlier is not None else None
    if row is None or (verdict := keeping(row["entry"])) is None:
        return {}
    keys = [key for key in row["entry"].get("identifiers") or () if key in case.scope.shared]
    return {"keep_apart": True, "keeps": verdict.value, "identifiers": keys or None}


def moment(at: dt.datetime) -> str:
    """A moment as entries keep it: what is stored is what is hashed, and its order as text is its order in time."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
