"""Reading the decision log, and following its chain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from vitograph.graph.deciding.entries import shown
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.deciding.ledger import Broken, Head, Verifier, misplaced

LIST_DECISIONS = load("decision/list_decisions")
GET_PLACE = load("decision/get_place")
LIST_ENTRIES = load("decision/list_entries")
LIST_UNNUMBERED = load("decision/list_unnumbered")
GET_HEAD = load("decision/get_head")
GET_LAST = load("decision/get_last")

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the log is as it was written; `redacted` entries lost their words to an erasure.

    `head` can be noted elsewhere: it then proves the whole log up to it.
    """

    head: Head
    broken: Broken | None
    redacted: int = 0


async def list_decisions(graph: Graph, since: str, after: int, limit: int) -> list[Row]:
    """Entries from a moment on (in the form of `entries.moment`; '' for all), after a seq, oldest first.

    A page walks the log from where it begins: the first one is found by the moment.
    """
    if since and not after:
        place = (await graph.rows(GET_PLACE, since=since))[0]["seq"]
        if place is None:
            return []
        after = place - 1
    return [shown(row) for row in await graph.rows(LIST_DECISIONS, since=since, after=after, limit=limit)]


async def export(graph: Graph) -> AsyncIterator[dict[str, Any]]:
    """Every entry as it is stored, with its salt, up to the head as it is when this is called; last, `{"head": …}`."""
    head = _head(await graph.rows(GET_HEAD))
    after = 0
    while rows := await graph.rows(LIST_ENTRIES, after=after, last=head.seq, limit=PAGE):
        for row in rows:
            yield row["entry"]
        after = rows[-1]["entry"]["seq"]
    yield {"head": {"seq": head.seq, "hash": head.hash}}


async def last_seq(graph: Graph) -> int:
    """The seq of the last entry; 0 when there is none."""
    return _head(await graph.rows(GET_HEAD)).seq


def _head(rows: list[Row]) -> Head:
    return Head(rows[0]["seq"], rows[0]["hash"]) if rows else Head()


async def verify_log(graph: Graph) -> Verification:
    """Follows the chain from its first entry to its head as it is when this is called."""
    return await graph.read(_verify, wall_clock=600.0)


async def _verify(tx: Transaction) -> Verification:
    # Read before the head: what is appended meanwhile is within the head that is read after it.
    last_entry = await tx.one(GET_LAST)
    row = await tx.one(GET_HEAD)
    head = Head(row["seq"], row["hash"]) if row else Head()
    # Without a head nothing tells where the log should end, so every entry that is there is read.
    last = head.seq if row else 2**62
    verifier = Verifier()
    while page := await tx.run(LIST_ENTRIES, after=verifier.seq, last=last, limit=PAGE):
        for entry in page:
            if broken := verifier.follow(entry["entry"]):
                return Verification(head, broken)
            if sentence := misplaced(**entry):
                return Verification(head, Broken(verifier.seq, entry["entry"]["id"], sentence))
    if broken := verifier.ends_at(head):
        return Verification(head, broken)
    if last_entry is not None and last_entry["seq"] > head.seq:
        return Verification(head, Broken(head.seq + 1, last_entry["id"], "the log goes on after its head"))
    for row in await tx.run(LIST_UNNUMBERED):
        return Verification(head, Broken(0, row["id"], "this entry has no place in the log"))
    return Verification(head, None, verifier.redacted)
