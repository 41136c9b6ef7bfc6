"""The wiring between the evidence store, which has the bytes, and the graph, which knows whose they are."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph
from vitograph.graph.intake.evidence import (
    Evidence,
    Stored,
    delete_unkept,
    evidence_of,
    list_due,
    list_unposted,
    mark_damaged,
    record_evidence,
)
from vitograph.ingest.evidence.store import EvidenceStore, open_store
from vitograph.projections.forgetting import Forgetful, Traces
from vitograph.resolver.errors import DamagedEvidence, EvidenceUnavailable, UnknownThing

log = logging.getLogger(__name__)

BROKE_OFF = dt.timedelta(days=1)
"""What nobody has gone on with for so long, nobody will."""


def open_evidence(settings: Settings) -> EvidenceStore:
    """The store that the settings name; without one, a folder beside the other data."""
    return open_store(settings.evidence_url, settings.data / "evidence")


@dataclass(frozen=True, slots=True)
class ForgetfulEvidence:
    """The evidence store, as an erasure has it forget: what is not there any more is forgotten already.

    What is known by now somebody posted anew, after the erasure: that is theirs, and stays.
    """

    graph: Graph
    store: EvidenceStore

    async def forget(self, traces: Traces) -> None:
        for sha256 in traces.evidence:
            await delete_unkept(self.graph, sha256, self.store.delete, dt.datetime.now(dt.UTC))


def list_forgetful(graph: Graph, settings: Settings) -> list[Forgetful]:
    """Whatever holds something of persons outside of the graph and the hot memory: the one list of it."""
    return [ForgetfulEvidence(graph, open_evidence(settings))]


def retention(settings: Settings) -> dt.timedelta | None:
    """How long evidence is kept; None for ever."""
    return dt.timedelta(days=settings.evidence_days) if settings.evidence_days else None


async def keep(
    graph: Graph, store: EvidenceStore, evidence: Evidence, content: IO[bytes] | bytes, time: dt.timedelta | None
) -> Stored:
    """Stores the bytes, then says so in the graph: evidence that is known can be read.

    A process that dies in between leaves an object that nobody knows of, and the same bytes posted again adopt it.
    """
    await store.put(evidence.sha256, content)
    stored = await record_evidence(graph, evidence, time)
    await store.put_missing(evidence.sha256, content)  # until the graph said so, others may have deleted it
    return stored


async def keep_bytes(
    graph: Graph, store: EvidenceStore, content: bytes, media_type: str, time: dt.timedelta | None
) -> Evidence:
    """The same for bytes in memory."""
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    evidence = evidence_of(digest, media_type, len(content))
    return (await keep(graph, store, evidence, content, time)).evidence


async def verified(graph: Graph, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks; damage is noted in the graph and logged as an alarm, and what the graph knows must be there."""
    try:
        async for chunk in chunks:
            yield chunk
    except DamagedEvidence as error:
        log.critical("ALARM %s", error)
        await mark_damaged(graph, error.sha256)
        raise
    except UnknownThing as error:
        log.critical("ALARM evidence %s is known and not in the store", error.id)
        raise EvidenceUnavailable(f"the bytes of evidence {error.id} are not in the store") from None


async def purge(graph: Graph, store: EvidenceStore, now: dt.datetime) -> int:
    """Deletes what may no longer be kept, and says how many files that were. What breaks off is gone on with.

    Any number may run at once, and whoever posts meanwhile what is deleted has it kept.
    """
    deleted = 0
    while hashes := await list_due(graph, now):
        some = sum([await delete_unkept(graph, sha256, store.delete, now) for sha256 in hashes])
        if not some:  # others were quicker
            break
        deleted += some
    return deleted


async def list_unknown(graph: Graph, store: EvidenceStore, now: dt.datetime) -> list[str]:
    """Files of which the graph knows nothing, a day after they were put: left by posts that broke off."""
    return await list_unposted(graph, await store.list_older(now - BROKE_OFF))


async def sweep(graph: Graph, store: EvidenceStore, now: dt.datetime) -> int:
    """Deletes them, and says how many files that were.

    Nobody but who knows that this graph is all that the store is for may have that done: to a graph that was restored
    from before they came, or that shares its bucket, the files of others are unknown too.
    """
    unknown = await list_unknown(graph, store, now)
    return sum([await delete_unkept(graph, sha256, store.delete, now) for sha256 in unknown])
