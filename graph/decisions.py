"""Deciding: the one write path by which two persons become one, and the way back.

A decision, its effects, the candidate's new state, the entry of the log and those of the outbox are one transaction.
Entries are immutable. What becomes of one is told by later entries: a CONFIRMS or SUPERSEDES that points at it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uuid_utils

from vitograph.graph.cases import Case, Moved, lock_case
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.keys import Caller, Role
from vitograph.graph.queries import load
from vitograph.resolver.decisions import Concern, Entry, Verdict, reasons_for_second_person
from vitograph.resolver.errors import (
    ContradictoryDecision,
    Fault,
    Forbidden,
    GraphUnavailable,
    InvalidInput,
    StaleVersion,
    UnknownThing,
    WrongState,
)
from vitograph.resolver.ledger import Head, chain, evidence_hash

RECORD_DECISION = load("decision/record_decision")
RECORD_SUPERSESSION = load("decision/record_supersession")
RECORD_CONFIRMATION = load("decision/record_confirmation")
GET_DECISION = load("decision/get_decision")

# Views that change under us as often as this are changed by something that will go on.
ATTEMPTS = 10

# What the queue does not ask for can be answered all the same: a human may know of two persons what no score tells.
WAITING = frozenset({"open", "claimed", "stored", "superseded"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The entry that was appended, and the candidate's version after it. `pending`: nothing is joined yet."""

    decision: Row
    version: int
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a human says, in their words. `identifier` is the key of the shared one, where not all in common are."""

    verdict: Verdict
    reason: str
    note: str | None = None
    identifier: str | None = None


async def decide(graph: Graph, candidate_id: str, said: Said, actor: Caller, version: int) -> Outcome:
    """Decides a candidate as it was read at `version`.

    UnknownThing; StaleVersion; WrongState when it does not wait for this actor; InvalidInput when there is nothing to
    share; ContradictoryDecision with the path when joining would bring a pair together that a decision keeps apart.
    """
    _require_human(actor)
    if said.verdict is Verdict.RETRACT:
        raise InvalidInput([Fault("/verdict", "retract a decision, not a candidate")])
    sharing = said.verdict is Verdict.SHARED_IDENTIFIER

    async def work(tx: Transaction) -> Outcome:
        case = await lock_case(tx, candidate_id, sharing=sharing, named=said.identifier)
        if said.verdict is Verdict.SAME and not case.is_joined:
            # Before all else: who may not join them is told why, however old what they read is.
            _require_joinable(case, case.candidate["decision"])
        _require_waiting(case, actor, version)
        if sharing and not case.shareable:
            raise InvalidInput([Fault("/identifier" if said.identifier else "/verdict", "the two do not both hold it")])
        return await _decide(case, said, actor)

    return await _attempt(graph, work)


async def confirm(graph: Graph, decision_id: str, actor: Caller) -> Outcome:
    """Applies a decision that waited for a second person. Forbidden to whoever made it; WrongState when none waits."""
    _require_human(actor)

    async def work(tx: Transaction) -> Outcome:
        case, decision = await _lock_decision(tx, decision_id)
        if decision["state"] != "pending" or case.candidate["status"] != "awaiting":
            raise WrongState(f"decision {decision_id!r} does not wait to be confirmed: it is {decision['state']}")
        if decision["actor"] == actor.id:
            raise Forbidden("a second person must confirm; you decided this yourself")
        replaced = case.candidate["decision"]
        _require_joinable(case, replaced)
        await _apply(case, Said(Verdict(decision["verdict"]), decision["reason"]), decision_id, replaced)
        entry = await _append(case, _entry(case, Entry.CONFIRMATION, decision["verdict"], actor, confirms=decision_id))
        await tx.run(RECORD_CONFIRMATION, id=entry["id"], confirmed=decision_id)
        if replaced is not None:
            await tx.run(RECORD_SUPERSESSION, id=decision_id, superseded=replaced)
        version = await case.write_status("decided", decision["verdict"], decision_id)
        return Outcome(entry, version)

    return await _attempt(graph, work)


async def retract(
    graph: Graph, decision_id: str, reason: str, actor: Caller, *, note: str | None = None, keep_apart: bool = True
) -> Outcome:
    """Takes a decision back: a pending one is refused by it, an applied one loses all effect.

    The two whom a retracted `same` had joined are kept apart, unless `keep_apart` is false. WrongState when the
    decision is of no effect any more, or is a confirmation (what it confirms can be retracted).
    """
    _require_human(actor)

    async def work(tx: Transaction) -> Outcome:
        case, decision = await _lock_decision(tx, decision_id)
        _require_retractable(case, decision)
        apart = keep_apart and decision["state"] == "applied" and decision["verdict"] == Verdict.SAME
        entry = _entry(case, Entry.RETRACTION, Verdict.RETRACT, actor, supersedes=decision_id, keep_apart=apart)
        entry |= _words(reason, note)
        stands = case.candidate["decision"]
        if decision["state"] == "applied":
            stands = entry["id"] if apart else None
            await case.undo(decision_id)
            if apart:
                await case.keep_apart(entry["id"])
        # Of a pending one too: while it waited, the resolver left its pair alone.
        await case.write_views()
        entry = await _append(case, entry)
        await tx.run(RECORD_SUPERSESSION, id=entry["id"], superseded=decision_id)
        status, verdict = ("decided", Verdict.RETRACT.value) if apart else ("open", None)
        if decision["state"] == "pending" and case.candidate["status"] != "awaiting":
            status = case.candidate["status"]
        return Outcome(entry, await case.write_status(status, verdict, stands))

    return await _attempt(graph, work)


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
    entry.pop("salt", None)
    return {**entry, "state": state}


async def _decide(case: Case, said: Said, actor: Caller) -> Outcome:
    replaced = case.candidate["decision"]
    concerns: tuple[Concern, ...] = ()
    if said.verdict is Verdict.SAME:
        overrides = any(edge.decision == replaced for edge in case.apart)
        _require_joinable(case, replaced)
        left, right = case.fragments(case.left), case.fragments(case.right)
        events = sum(row["events"] for row in case.members.values())
        concerns = reasons_for_second_person(len(left), len(right), events, overrides=overrides)
    entry = _entry(case, Entry.DECISION, said.verdict, actor, supersedes=replaced)
    entry |= {"concerns": [concern.value for concern in concerns]}
    entry |= _words(said.reason, said.note, case.shareable)
    entry = await _append(case, entry)
    if concerns:
        version = await case.write_status("awaiting", said.verdict.value, replaced)
        return Outcome({**entry, "state": "pending"}, version, pending=True)
    await _apply(case, said, entry["id"], replaced)
    if replaced is not None:
        await case.tx.run(RECORD_SUPERSESSION, id=entry["id"], superseded=replaced)
    return Outcome(entry, await case.write_status("decided", said.verdict.value, entry["id"]))


async def _apply(case: Case, said: Said, decision_id: str, replaced: str | None) -> None:
    """The effects of a verdict. A candidate has one decision of effect at most: the one before it is undone."""
    if replaced is not None:
        await case.undo(replaced)
    if said.verdict is Verdict.SAME:
        await case.join(decision_id)
        return
    if said.verdict.keeps_apart:
        await case.keep_apart(decision_id, household=said.verdict is Verdict.HOUSEHOLD)
    if said.verdict is Verdict.SHARED_IDENTIFIER:
        await case.share(decision_id)
    if said.verdict is not Verdict.UNSURE or replaced is not None:
        await case.write_views()


async def _append(case: Case, entry: Row) -> Row:
    whole = chain(case.head, entry)
    stored = {name: value for name, value in whole.items() if value is not None}
    await case.tx.run(RECORD_DECISION, entry=stored)
    case.head = Head(whole["seq"], whole["hash"])
    return shown({"entry": whole, "superseded_by": [], "confirmed": True})


def _entry(
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
        "at": moment(case.at),
        "candidate_id": case.candidate["id"],
        "left": case.left,
        "right": case.right,
        "evidence_hash": evidence_hash(case.candidate["evidence"] or ""),
        "model": case.candidate["model"],
        "concerns": [],
        "supersedes": supersedes,
        "confirms": confirms,
        "keep_apart": keep_apart,
    }


def _words(reason: str, note: str | None, identifiers: list[str] | None = None) -> Row:
    """What may name a person, and so can be redacted."""
    return {"reason": reason, "note": note, "identifiers": identifiers or None, "salt": secrets.token_hex(16)}


def moment(at: dt.datetime) -> str:
    """A moment as entries keep it: what is stored is what is hashed, and its order as text is its order in time."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _require_human(actor: Caller) -> None:
    if actor.role is not Role.SPECIALIST:
        raise Forbidden("only a specialist, a named human, decides who is whom")


def _require_waiting(case: Case, actor: Caller, version: int) -> None:
    candidate = case.candidate
    if candidate["version"] != version:
        raise StaleVersion("candidate", candidate["id"])
    if candidate["status"] not in WAITING or case.is_joined:
        raise WrongState(f"candidate {candidate['id']!r} does not wait for a decision: it is {candidate['status']}")
    if candidate["status"] == "claimed" and candidate["claimed_by"] != actor.id:
        until = candidate["claimed_until"]
        if until is not None and until.to_native() > case.at:
            raise WrongState(f"candidate {candidate['id']!r} is claimed by {candidate['claimed_by']} until {until}")


def _require_joinable(case: Case, replaced: str | None) -> None:
    """What this candidate's own earlier decision said may be overridden; what another one says must be retracted."""
    if case.is_joined:
        raise WrongState(f"{case.left} and {case.right} are one already")
    if found := case.contradiction(left_out=replaced):
        raise ContradictoryDecision(found.path, found.decision)


def _require_retractable(case: Case, decision: Row) -> None:
    id, state, kind = decision["id"], decision["state"], decision["entry"]
    if kind == Entry.CONFIRMATION:
        raise WrongState(f"{id!r} confirms decision {decision['confirms']!r}; retract that one")
    if state not in ("applied", "pending") or (kind == Entry.RETRACTION and not decision["keep_apart"]):
        raise WrongState(f"decision {id!r} is of no effect that could be taken back: it is {state}")
    if state == "applied" and case.candidate["status"] == "awaiting":
        raise WrongState(f"another decision on candidate {case.candidate['id']!r} waits for a second person")


async def _lock_decision(tx: Transaction, id: str) -> tuple[Case, Row]:
    """A decision with its candidate's case: what becomes of it is written under the lock of its candidate only."""
    row = await tx.one(GET_DECISION, id=id)
    if row is None:
        raise UnknownThing("decision", id)
    if row["entry"]["entry"] == Entry.MODEL:
        raise WrongState(f"{id!r} promoted model {row['entry']['model']!r}; promote the one before it to take it back")
    case = await lock_case(tx, row["entry"]["candidate_id"])
    row = await tx.one(GET_DECISION, id=id)
    if row is None:
        raise UnknownThing("decision", id)
    return case, shown(row)


async def _attempt(graph: Graph, work: Callable[[Transaction], Awaitable[Outcome]]) -> Outcome:
    for _ in range(ATTEMPTS):
        try:
            return await graph.write(work)
        except Moved:
            continue
    raise GraphUnavailable("the views of this candidate keep changing; try again")
