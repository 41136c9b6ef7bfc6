"""Entries of the decision log: how one is made, appended and shown."""

from __future__ import annotations

import datetime as dt
import secrets

import uuid_utils

from vitograph.graph.cases import Case
from vitograph.graph.driver import Row
from vitograph.graph.keys import Caller
from vitograph.graph.queries import load
from vitograph.resolver.decisions import Entry
from vitograph.resolver.ledger import Head, chain, evidence_hash

RECORD_DECISION = load("decision/record_decision")


def shown(row: Row) -> Row:
    """An entry of the log with its `state`: pending, applied, superseded or retracted."""
    entry: Row = dict(row["entry"])
    if Entry.RETRACTION in row["superseded_by"]:
        state = "retracted"
    elif row["superseded_by"]:
        state = "superseded"
    elif entry["concerns"] and not row["confirmed"]:
        state = "pending"
    else:
        state = "applied"
    for unshown in ("salt", "evidence"):
        entry.pop(unshown, None)
    return {**entry, "state": state}


async def append(case: Case, entry: Row) -> Row:
    whole = chain(case.head, entry)
    stored = {name: value for name, value in whole.items() if value is not None}
    await case.tx.run(RECORD_DECISION, entry=stored)
    case.head = Head(whole["seq"], whole["hash"])
    return shown({"entry": whole, "superseded_by": [], "confirmed": True})


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
        "at": moment(case.at),
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


def moment(at: dt.datetime) -> str:
    """A moment as entries keep it: what is stored is what is hashed, and its order as text is its order in time."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
