"""Writing how identifiers stand, in the transaction that changed their use, and telling whom it concerns.

Views that hold an identifier whose status changed are scored again; approved links that lean on one which became shared
are flagged, never split. Which event belongs to whom is not touched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import orjson

from vitograph.graph.driver import Transaction
from vitograph.graph.queries import load
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.lifecycle import Standing
from vitograph.resolver.deciding.decisions import Edge, leaning
from vitograph.resolver.model import SILENT, PersonKind

RECORD_STATUSES = load("identifier/record_statuses")
RECORD_WEAKENED = load("identifier/record_weakened")
CLOSE_WEAKENED = load("identifier/close_weakened")
LIST_CONTESTED = load("identifier/list_contested")
LIST_EDGES = load("decision/list_edges")

# Steps that are kept of an identifier's history: enough to see how it came to stand so.
MOST_STEPS = 20


async def write_statuses(
    tx: Transaction, holdings: Holdings, standings: Mapping[str, Standing], at: dt.datetime
) -> set[str]:
    """Writes what changed since the holdings were locked; the persons whose pairs must be scored again.

    `at` is a moment after the locks were taken: who anchored by an identifier before it was shared, did so earlier.
    """
    moved = {key: now for key, now in sorted(standings.items()) if now.status is not holdings.before[key]}
    if not moved:
        return set()
    rows = [{"key": key, "status": now.status.value, "step": _step(now, at)} for key, now in moved.items()]
    await tx.run(RECORD_STATUSES, rows=rows, at=at, most=MOST_STEPS)
    marked: set[str] = set()
    for key, now in moved.items():
        was_silent, is_silent = holdings.before[key] in SILENT, now.status in SILENT
        if was_silent != is_silent:
            await _flag(tx, key, holdings, weakened=is_silent)
        if not (was_silent and is_silent):
            marked |= _known_holders(key, holdings)
    return marked


async def _flag(tx: Transaction, key: str, holdings: Holdings, *, weakened: bool) -> None:
    """Flags the approved links that lean on an identifier, or takes the flags back."""
    views = [view for view in holdings.views(key) if len(holdings.members(view)) > 1]
    ids = sorted(fragment.id for view in views for fragment in holdings.members(view))
    if not ids:
        return
    if not weakened:
        await tx.run(CLOSE_WEAKENED, ids=ids, cause=key)
        return
    edges = await tx.run(LIST_EDGES, ids=ids)
    same = [Edge(row["left"], row["right"], row["decision"]) for row in edges if row["type"] == "SAME_AS"]
    leaners = leaning(same, holdings.holds[key])
    if leaners:
        rows = [{"left": edge.left, "right": edge.right, "decision": edge.decision} for edge in sorted(leaners)]
        await tx.run(RECORD_WEAKENED, rows=rows, cause=key)


def _known_holders(key: str, holdings: Holdings) -> set[str]:
    """At most as many as a hub has: of a greater one none are listed."""
    return {id for id in holdings.holds[key] if holdings.fragments[id].kind is PersonKind.KNOWN}


def _step(now: Standing, at: dt.datetime) -> str:
    """One step of a history, as an identifier keeps it."""
    step = {
        "at": at.isoformat(),
        "status": now.status.value,
        "why": now.why.value,
        "sentence": now.sentence,
        "persons": now.persons,
        "households": now.households,
        "strangers": round(now.strangers, 3),
    }
    return orjson.dumps(step).decode()
