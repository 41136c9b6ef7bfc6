"""Evidence as the graph knows it: by hash, with its retention period; the bytes are in the evidence store."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import Gone, UnknownThing, WrongState

UPSERT_EVIDENCE = load("evidence/upsert_evidence")
LOCK_EVIDENCE = load("evidence/lock_evidence")
GET_EVIDENCE = load("evidence/get_evidence")
MARK_DAMAGED = load("evidence/mark_damaged")
LIST_UNKNOWN = load("evidence/list_unknown")
LIST_DUE = load("evidence/list_due")
CLAIM_BYTES = load("evidence/claim_bytes")
CLOSE_BYTES = load("evidence/close_bytes")

PAGE = 500
DELETED_WITHIN = 60.0  # seconds, for one file: an object store that is slow is tried again meanwhile


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of a file beside its bytes. `bytes` is their number, `uri` where the API serves them."""

    sha256: str
    media_type: str
    bytes: int
    uri: str

    def reply(self) -> dict[str, Any]:
        return {"sha256": self.sha256, "media_type": self.media_type, "bytes": self.bytes, "uri": self.uri}


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of evidence that was posted. `is_new`: it was not kept, or no longer."""

    evidence: Evidence
    is_new: bool


def evidence_of(sha256: str, media_type: str, size: int) -> Evidence:
    """Evidence at the place where the API serves it."""
    return Evidence(sha256, media_type, size, f"/v1/evidence/{sha256}")


async def record_evidence(graph: Graph, evidence: Evidence, keep: dt.timedelta | None) -> Stored:
    """Notes that its bytes are stored, for as long as they are to be kept; posted again, for the longer time.

    WrongState while a worker of an older version deletes them, who looks at no lock.
    """
    now = dt.datetime.now(dt.UTC)
    fields = {"media_type": evidence.media_type, "bytes": evidence.bytes, "uri": evidence.uri}

    async def work(tx: Transaction) -> Row:
        await tx.run(LOCK_EVIDENCE, hashes=[evidence.sha256])
        rows = await tx.run(
            UPSERT_EVIDENCE, sha256=evidence.sha256, fields=fields, at=now, expires_at=now + keep if keep else None
        )
        if rows[0]["before"] == "purging":
            raise WrongState(f"evidence {evidence.sha256} is being deleted; send it again")
        return rows[0]

    row = await graph.write(work)
    known = Evidence(evidence.sha256, row["media_type"], row["bytes"], row["uri"])
    return Stored(known, row["before"] != "stored")


async def get_evidence(graph: Graph, sha256: str) -> Evidence:
    """UnknownThing when nobody posted it, Gone when its retention period is over."""
    rows = await graph.rows(GET_EVIDENCE, sha256=sha256)
    if not rows:
        raise UnknownThing("evidence", sha256)
    row = rows[0]
    if row["status"] != "stored":
        raise Gone(f"the retention period of evidence {sha256} is over; it was deleted")
    return Evidence(row["sha256"], row["media_type"], row["bytes"], row["uri"])


async def mark_damaged(graph: Graph, sha256: str) -> None:
    """What is stored is not what its hash says; the audit tells of it."""
    await graph.write(lambda tx: tx.run(MARK_DAMAGED, sha256=sha256, at=dt.datetime.now(dt.UTC)))


async def list_due(graph: Graph, now: dt.datetime) -> list[str]:
    """Up to 500 hashes whose bytes may be deleted now."""
    return [row["sha256"] for row in await graph.rows(LIST_DUE, now=now, limit=PAGE)]


async def list_unposted(graph: Graph, hashes: Sequence[str]) -> list[str]:
    """Of these hashes, those of which no evidence is known now."""
    return [
        row["sha256"] for some in batched(hashes, PAGE) for row in await graph.rows(LIST_UNKNOWN, hashes=sorted(some))
    ]


async def delete_unkept(graph: Graph, sha256: str, delete: Callable[[str], Awaitable[None]], now: dt.datetime) -> bool:
    """Has bytes deleted that nobody keeps: those of unknown evidence, or whose time is over; whether they were.

    Under the lock that whoever posts them waits for: what they put before is gone then, what they put after stays.
    """

    async def work(tx: Transaction) -> bool:
        row = await tx.one(CLAIM_BYTES, sha256=sha256, now=now)
        assert row is not None
        if row["may"]:
            await _ended(delete(sha256))
            await tx.run(CLOSE_BYTES, sha256=sha256, now=now)
        return bool(row["may"])

    return await graph.write(work, DELETED_WITHIN)


async def _ended(deletion: Awaitable[None]) -> None:
    """A deletion that has begun cannot be called back: whoever is cancelled meanwhile keeps the lock until it ends."""
    task = asyncio.ensure_future(deletion)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
