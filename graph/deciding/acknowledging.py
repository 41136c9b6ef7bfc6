"""An approved link whose evidence became weaker, and a human who looks at it and leaves it: recorded, no more.

It is off the list until its evidence changes again: an identifier that it leans on becomes shared anew, or another
model judges it otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.cases import Case, lock_case
from vitograph.graph.deciding.decisions import Outcome, attempt, require_human
from vitograph.graph.deciding.entries import append, new_entry, words
from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import Entry, Verdict
from vitograph.resolver.errors import StaleVersion, WrongState

LIST_CAUSES = load("decision/list_causes")
CLOSE_WEAKENED = load("decision/close_weakened")


async def acknowledge(
    graph: Graph, candidate_id: str, seen: Sequence[str], said: tuple[str, str | None], actor: Caller, version: int
) -> Outcome:
    """Leaves a link as it is, whose `weakened_by` was `seen`; `said` are the reason and a note.

    UnknownThing; WrongState when it is no link to be looked at; StaleVersion when it is weakened by something else now.
    """
    require_human(actor)

    async def work(tx: Transaction) -> Outcome:
        case = await lock_case(tx, candidate_id)
        if case.candidate["version"] != version:
            raise StaleVersion("candidate", candidate_id)
        link = {"left": case.left, "right": case.right, "decision": case.candidate["decision"]}
        causes = [row["cause"] for row in await tx.run(LIST_CAUSES, **link)]
        if not causes:
            raise WrongState(f"candidate {candidate_id!r} is no link whose evidence became weaker")
        if sorted(seen) != causes:
            raise StaleVersion("candidate", candidate_id)
        return await _leave(case, causes, said, actor)

    return await attempt(graph.write, work)


async def _leave(case: Case, causes: list[str], said: tuple[str, str | None], actor: Caller) -> Outcome:
    decision = case.candidate["decision"]
    entry = new_entry(case, Entry.ACKNOWLEDGEMENT, Verdict.SAME, actor)
    entry |= {"acknowledges": decision} | words(*said, causes)
    await case.draw(entry)
    await case.tx.run(CLOSE_WEAKENED, left=case.left, right=case.right, decision=decision)
    version = await case.settle(case.candidate["status"], Verdict.SAME, decision, anew=False)
    return Outcome(await append(case, entry), version)
