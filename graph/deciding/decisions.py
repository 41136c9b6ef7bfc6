"""Deciding: the one write path by which two persons become one, and the way back.

A decision, its effects, the candidate's new state, the entry of the log and those of the outbox are one transaction.
Entries are immutable. What becomes of one is told by later entries: a CONFIRMS or SUPERSEDES that points at it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.candidates import claimed, not_waiting
from vitograph.graph.deciding.cases import Case, Locks, lock_case
from vitograph.graph.deciding.entries import GET_DECISION, append, let_stand, new_entry, require_kept, shown, words
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.people.consents import conflicts
from vitograph.graph.people.holdings import Moved
from vitograph.graph.queries import load
from vitograph.graph.resolving import waterfalls
from vitograph.resolver.deciding.decisions import Concern, Entry, Verdict, reasons_for_second_person
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

GET_CONCERNS = load("decision/get_concerns")


class _Untold(Exception):
    """The candidate has no waterfall yet."""


T = TypeVar("T")
Work = Callable[[Transaction], Awaitable[T]]

# Views that change under us as often as this are changed by something that will go on.
ATTEMPTS = 10

# What the queue does not ask for can be answered all the same: a human may know of two persons what no score tells.
WAITING = frozenset({"open", "claimed", "stored", "superseded"})
NOTHING_SHARED = Fault("/verdict", "the two hold no identifier in common that could be shared")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The entry that was appended, and the candidate's version after it.

    `pending`: nothing is joined yet. `touched` are other candidates whose version this moved on by one.
    """

    decision: Row
    version: int
    pending: bool = False
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a human says, in their words. `identifier` is the key of the shared one, where not all in common are.

    `blind`: they saw no score. `batch`: the bulk act that this is a part of.
    """

    verdict: Verdict
    reason: str
    note: str | None = None
    identifier: str | None = None
    blind: bool | None = None
    batch: str | None = None


async def decide(graph: Graph, candidate_id: str, said: Said, actor: Caller, version: int) -> Outcome:
    """Decides a candidate as it was read at `version`.

    UnknownThing; StaleVersion; WrongState when it does not wait for this actor; InvalidInput when there is nothing to
    share; ContradictoryDecision with the path when joining would bring a pair together that a decision keeps apart.
    """
    require_human(actor)
    if said.verdict is Verdict.RETRACT:
        raise InvalidInput([Fault("/verdict", "retract a decision, not a candidate")])
    sharing = said.verdict is Verdict.SHARED_IDENTIFIER

    async def work(tx: Transaction, *, is_told: bool = False) -> Outcome:
        case = await lock_case(tx, candidate_id, sharing=sharing, named=said.identifier)
        if case.candidate["evidence"] is None and not is_told:
            raise _Untold
        if said.verdict is Verdict.SAME and not case.is_joined:
            # Before all else: who may not join them is told why, however old what they read is.
            _require_joinable(case, case.candidate["decision"])
        _require_waiting(case, actor, version)
        if sharing and not case.shareable:
            named = said.identifier
            raise InvalidInput([Fault("/identifier", f"the two do not both hold {named}") if named else NOTHING_SHARED])
        return await _decide(case, said, actor)

    try:
        return await attempt(graph.write, work)
    except _Untold:  # an entry of the log has the evidence that it was decided on
        await waterfalls.tell(graph, [candidate_id])
    return await attempt(graph.write, partial(work, is_told=True))


async def confirm(graph: Graph, decision_id: str, actor: Caller, version: int | None = None) -> Outcome:
    """Applies a decision that waited for a second person. Forbidden to whoever made it; WrongState when none waits, or
    its candidate went on without it: only what stood when it was made may be replaced by it.

    `version`, of its candidate, need not be told; StaleVersion when one that is told is not current.
    """
    require_human(actor)

    async def work(tx: Transaction) -> Outcome:
        case, decision = await _lock_decision(tx, decision_id)
        _require_awaited(case, decision)
        if actor.id == decision["actor"] or actor.human == (decision.get("holder") or decision["actor"]).lower():
            raise Forbidden("a second person must confirm; you decided this yourself")
        if version is not None and case.candidate["version"] != version:
            raise StaleVersion("candidate", case.candidate["id"])
        replaced = case.candidate["decision"]
        _require_joinable(case, replaced)
        entry = new_entry(case, Entry.CONFIRMATION, decision["verdict"], actor, confirms=decision_id)
        await case.draw(entry, decision, replaced)
        now = await case.settle("decided", decision["verdict"], decision_id)
        return Outcome(await append(case, entry), now)

    return await attempt(graph.write, work)


async def retract_in(
    tx: Transaction,
    decision_id: str,
    reason: str,
    actor: Caller,
    *,
    note: str | None = None,
    keep_apart: bool = True,
    within: tuple[str | None, Locks] | None = None,
) -> Outcome:
    """Takes a decision back: a pending one is refused by it, an applied one loses all effect.

    The two whom a retracted `same` had joined are kept apart, unless `keep_apart` is false. What the decision had
    replaced stands again where it kept them apart, in the retraction's name. WrongState when the decision is of no
    effect any more, or is a confirmation (what it confirms can be retracted). `within`: its candidate, if known,
    and all locks that are to be taken first.
    """
    case, decision = await _lock_decision(tx, decision_id, *within or ())
    _require_retractable(case, decision)
    applied, joined = decision["state"] == "applied", decision["verdict"] == Verdict.SAME
    apart = keep_apart and applied and joined
    entry = new_entry(case, Entry.RETRACTION, Verdict.RETRACT, actor, supersedes=decision_id, keep_apart=apart)
    entry |= words(reason, note)
    # A never-link that is itself taken back is gone; and older versions let two be joined by a detour meanwhile.
    if applied and decision["entry"] == Entry.DECISION and (joined or not case.is_joined):
        entry |= await let_stand(case, decision.get("supersedes"))
    await case.draw(entry, entry, decision_id)
    # While a pending one waited, the resolver left its pair alone: so it is scored anew as well.
    if decision["state"] == "lapsed":
        now = await case.settle(None, None, None)
    elif apart:
        now = await case.settle("decided", Verdict.RETRACT, entry["id"])
    else:
        stands = case.candidate["decision"]
        if applied:
            stands = entry["id"] if entry["keep_apart"] else None
        now = await case.settle("open", None, stands)
    return Outcome(await append(case, entry), now)


async def _decide(case: Case, said: Said, actor: Caller) -> Outcome:
    replaced = case.candidate["decision"]
    concerns: tuple[Concern, ...] = ()
    if said.verdict is Verdict.SAME:
        _require_joinable(case, replaced)
        left, right = case.fragments(case.left), case.fragments(case.right)
        events = sum(row["events"] for row in case.members.values())
        has_lifted, conflict = await _look_back(case, actor)
        overrides = has_lifted or any(edge.decision == replaced for edge in case.apart)
        concerns = reasons_for_second_person(
            len(left), len(right), events, overrides=overrides, consents_conflict=conflict
        )
    entry = new_entry(case, Entry.DECISION, said.verdict, actor, supersedes=replaced)
    entry |= {"concerns": [concern.value for concern in concerns], "blind": said.blind, "batch": said.batch}
    entry |= words(said.reason, said.note, case.shareable)
    if said.verdict is Verdict.UNSURE:
        entry |= await let_stand(case, replaced)
    if concerns:
        await case.draw(entry)
        version = await case.settle("awaiting", said.verdict, replaced, anew=False)
        return Outcome({**await append(case, entry), "state": "pending"}, version, pending=True)
    await case.draw(entry, entry, replaced)
    anew = said.verdict is not Verdict.UNSURE or replaced is not None
    version = await case.settle("decided", said.verdict, entry["id"], anew=anew)
    return Outcome(await append(case, entry), version, touched=tuple(case.touched))


async def _look_back(case: Case, actor: Caller) -> tuple[bool, bool]:
    """Whether who decides took away what another human had said against it: in two steps it is an override as well.
    And whether the two sides contradict each other in what they consent to.

    It is said against any two whom it would bring together, on whichever of their candidates.
    """
    left, right = ([row["id"] for row in case.fragments(end)] for end in (case.left, case.right))
    [row] = await case.tx.run(GET_CONCERNS, left=left, right=right, actor=actor.id, human=actor.human)
    return bool(row["lifted"]), bool(conflicts(row["consents"], left))


def require_human(actor: Caller) -> None:
    if actor.role is not Role.SPECIALIST:
        raise Forbidden("only a specialist, a named human, decides who is whom")


def _require_waiting(case: Case, actor: Caller, version: int) -> None:
    candidate = case.candidate
    if candidate["version"] != version:
        raise StaleVersion("candidate", candidate["id"])
    if case.is_joined and candidate["status"] != "decided":
        raise case.one_already()
    if candidate["status"] not in WAITING:
        raise not_waiting(candidate["id"], candidate["status"], candidate["decision"])
    if candidate["status"] == "claimed" and candidate["claimed_by"] != actor.id:
        until = candidate["claimed_until"]
        if until is not None and until.to_native() > case.at:
            raise claimed(candidate)


def _require_joinable(case: Case, replaced: str | None) -> None:
    """What this candidate's own earlier decision said may be overridden; what another one says must be retracted."""
    if case.is_joined:
        raise case.one_already()
    if found := case.contradiction(left_out=replaced):
        raise ContradictoryDecision(found.path, found.decision)


def _require_awaited(case: Case, decision: Row) -> None:
    id, state = decision["id"], decision["state"]
    if state == "lapsed":
        status = case.candidate["status"]
        raise WrongState(
            f"decision {id!r} can no longer be confirmed: its candidate went on without it, and is {status} now"
        )
    if state != "pending":
        raise WrongState(f"decision {id!r} does not wait to be confirmed: it is {state}")


def _require_retractable(case: Case, decision: Row) -> None:
    id, state, kind = decision["id"], decision["state"], decision["entry"]
    if kind == Entry.CONFIRMATION:
        raise WrongState(f"{id!r} confirms decision {decision['confirms']!r}; retract that one")
    if kind == Entry.ACKNOWLEDGEMENT:
        raise WrongState(f"{id!r} left decision {decision['acknowledges']!r} as it is; retract that one")
    if state not in ("applied", "pending", "lapsed") or (kind == Entry.RETRACTION and not decision["keep_apart"]):
        raise WrongState(f"decision {id!r} is of no effect that could be taken back: it is {state}")
    if state == "applied" and case.candidate["status"] == "awaiting":
        raise WrongState(f"another decision on candidate {case.candidate['id']!r} waits for a second person")


async def _lock_decision(
    tx: Transaction, id: str, candidate_id: str | None = None, locks: Locks | None = None
) -> tuple[Case, Row]:
    """A decision with its candidate's case: what becomes of it is written under the lock of its candidate only."""
    case = await lock_case(tx, candidate_id or await _get_candidate_id(tx, id), locks=locks)
    return case, shown(await _get_decision(tx, id))


async def _get_candidate_id(tx: Transaction, id: str) -> str:
    entry = (await _get_decision(tx, id))["entry"]
    if entry["entry"] == Entry.MODEL:
        raise WrongState(f"{id!r} promoted model {entry['model']!r}; promote the one before it to take it back")
    if entry.get("candidate_id") is None:
        raise WrongState(f"{id!r} tells of an erasure, which cannot be taken back")
    require_kept(entry)
    return str(entry["candidate_id"])


async def _get_decision(tx: Transaction, id: str) -> Row:
    row = await tx.one(GET_DECISION, id=id)
    if row is None:
        raise UnknownThing("decision", id)
    return row


async def attempt(run: Callable[[Work[T]], Awaitable[T]], work: Work[T]) -> T:
    """Runs the work (by `Graph.write`, or `Graph.rehearse`) anew when what it must lock grew while it locked it."""
    for _ in range(ATTEMPTS):
        try:
            return await run(work)
        except Moved:
            continue
    raise GraphUnavailable("the views of this candidate keep changing; try again")
