"""What one erasure takes out of the graph, under lock, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.intake.evidence import LOCK_EVIDENCE
from vitograph.graph.people.persons import list_acts
from vitograph.graph.queries import load
from vitograph.resolver.deciding.parting import Meeting, blanked, meeting_of, meetings
from vitograph.resolver.erasure import Seal, Sealed
from vitograph.resolver.model import Identifier

LIST_EVENTS = load("erasure/list_events")
LIST_APART = load("erasure/list_apart")
LOCK_CANDIDATES = load("erasure/lock_candidates")
MARK_DECISIONS = load("erasure/mark_decisions")
MARK_PARTED = load("erasure/mark_parted")
MARK_BATCHES = load("erasure/mark_batches")
CLOSE_CANDIDATES = load("erasure/close_candidates")
CLOSE_EVENTS = load("erasure/close_events")
CLOSE_EVIDENCE = load("erasure/close_evidence")
CLOSE_KEYS = load("erasure/close_keys")
CLOSE_IDENTIFIERS = load("erasure/close_identifiers")
CLOSE_PERSONS = load("erasure/close_persons")
CLOSE_ENTRIES = load("erasure/close_entries")
RECORD_TOMBSTONES = load("erasure/record_tombstones")

# Events that one transaction erases: what it holds in memory and for how long it holds its locks stay bounded.
MOST_EVENTS = 1_000


@dataclass(slots=True)
class Erasing:
    """What one erasure takes, under lock. `own` are the identifiers that nobody else holds, `shared` the others."""

    tx: Transaction
    seal: Seal
    id: str
    at: dt.datetime
    persons: Sequence[str]
    own: Sequence[str]
    shared: Sequence[str]
    evidence: list[str] = field(default_factory=list)
    verdicts: int = 0

    async def bury(self, kind: Sealed, texts: Iterable[str], *, suppressed: bool = False) -> list[str]:
        """Tombstones of these texts; returned."""
        hashes = sorted(self.seal.of(kind, text) for text in texts)
        await self._record(kind, hashes, suppressed)
        return hashes

    async def bury_verdicts(self) -> None:
        """That the holder of these identifiers is not that of others is known ever after, by hashes only."""
        others = [row["key"] for row in await self.tx.run(LIST_APART, ids=self.persons)]
        strong = [key for key in self.own if Identifier.parse(key).kind.is_strong]
        hashes = {self.seal.apart(key, other) for key in strong for other in others}
        self.verdicts = len(hashes)
        await self._record(Sealed.APART, sorted(hashes), False)

    async def erase_events(self) -> bool:
        """Takes the next events; whether some may be left."""
        rows = await self.tx.run(LIST_EVENTS, ids=self.persons, limit=MOST_EVENTS)
        ids = [row["id"] for row in rows]
        await self.bury(Sealed.EVENT, ids)
        await self.tx.run(CLOSE_EVENTS, ids=ids)
        self.evidence += await close_evidence(self.tx, (sha256 for row in rows for sha256 in row["evidence"]))
        return len(ids) == MOST_EVENTS

    async def erase_candidates(self) -> None:
        """Takes what was proposed of the persons, and what may name them out of what was decided.

        So it does of those who were one with them once: what was looked at of these may be the persons'.
        """
        _, acts = await list_acts(self.tx.run, self.persons)
        met = meetings(self.persons, acts)
        rows = await self.tx.run(LOCK_CANDIDATES, ids=self.persons, met=sorted(met))
        own = [row["id"] for row in rows if row["is_own"]]
        parted = [_parted(row, meeting) for row in rows if (meeting := _meeting(row, met)) is not None]
        marked = await self.tx.run(MARK_DECISIONS, ids=own, erasure=self.id)
        if parted:
            marked += await self.tx.run(MARK_PARTED, rows=parted, own=self.own, erasure=self.id)
        batches = sorted({row["batch"] for row in marked if row["batch"]})
        await self.tx.run(MARK_BATCHES, ids=batches)
        await self.tx.run(CLOSE_CANDIDATES, ids=own)

    async def close_persons(self) -> None:
        await self.tx.run(CLOSE_KEYS, ids=self.persons)
        await self.tx.run(CLOSE_PERSONS, ids=self.persons, erasure=self.id)
        await self.tx.run(CLOSE_IDENTIFIERS, keys=self.own)
        waiting = [*self.persons, *self.own, *(Identifier.parse(key).value for key in self.own)]
        await self.tx.run(CLOSE_ENTRIES, keys=waiting)

    async def _record(self, kind: Sealed, hashes: Sequence[str], suppressed: bool) -> None:
        rows = [{"hash": hash, "kind": kind.value, "suppressed": suppressed} for hash in hashes]
        await self.tx.run(RECORD_TOMBSTONES, rows=rows, at=self.at)


async def close_evidence(tx: Transaction, hashes: Iterable[str]) -> list[str]:
    """Of this evidence, what no event refers to is not known any more: the hashes of that.

    Under its lock: an observation that attaches it meanwhile has it stay, or finds nothing to attach.
    """
    wanted = sorted(set(hashes))
    if not wanted:
        return []
    await tx.run(LOCK_EVIDENCE, hashes=wanted)
    return [row["sha256"] for row in await tx.run(CLOSE_EVIDENCE, ids=wanted)]


def _meeting(row: Row, met: Mapping[str, Meeting]) -> Meeting | None:
    return None if row["is_own"] else meeting_of(row["candidate"], met)


def _parted(row: Row, meeting: Meeting) -> Row:
    since = meeting.since.isoformat(timespec="microseconds")
    return {"id": row["id"], "seq": meeting.seq, "since": since, "changes": blanked(row["candidate"])}
