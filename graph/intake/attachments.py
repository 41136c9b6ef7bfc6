"""What hangs on an event beside its person: evidence by hash, and the review that it opens or closes.

Written in the transaction that records the event, and after the other locks: those of evidence, by hash, are the last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.intake.evidence import LIST_UNKNOWN, LOCK_EVIDENCE
from vitograph.graph.people.holdings import Moved
from vitograph.graph.people.tombstones import erased_observation, list_erased_events
from vitograph.graph.queries import load
from vitograph.resolver.errors import Erased, Fault, InvalidInput
from vitograph.resolver.model import Observation

RECORD_EVIDENCE = load("observation/record_evidence")
RECORD_REVIEWS = load("observation/record_reviews")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Hashes that are attached and that nobody posted; and whose evidence is gone with them: ids of erased events."""

    hashes: frozenset[str]
    erased: frozenset[str]

    def refusal(self, observation: Observation) -> Erased | InvalidInput | None:
        """Why an observation cannot be taken for what it attaches, if it cannot."""
        attached = observation.event.evidence
        if self.hashes.isdisjoint(attached):
            return None
        if observation.id in self.erased:
            return erased_observation(observation.id)
        detail = "there is no such evidence: post it to /v1/evidence first"
        places = [place for place, sha256 in enumerate(attached) if sha256 in self.hashes]
        return InvalidInput([Fault(f"/event/evidence/{place}", detail) for place in places])


async def list_unknown(tx: Transaction, observations: Sequence[Observation]) -> Unknown:
    """Of the hashes that observations attach, those that nobody posted."""
    hashes = sorted({sha256 for observation in observations for sha256 in observation.event.evidence})
    unknown = frozenset(row["sha256"] for row in await tx.run(LIST_UNKNOWN, hashes=hashes)) if hashes else frozenset()
    asked = [one.id for one in observations if not unknown.isdisjoint(one.event.evidence)]
    return Unknown(unknown, await list_erased_events(tx, asked) if asked else frozenset())


async def write_attachments(tx: Transaction, observations: Sequence[Observation], at: dt.datetime) -> None:
    """Evidence and reviews of events that were just written. Moved, where evidence was erased meanwhile."""
    evidence = [
        {"event_id": observation.id, "sha256": sha256}
        for observation in observations
        for sha256 in observation.event.evidence
    ]
    if evidence:
        await tx.run(LOCK_EVIDENCE, hashes=sorted({row["sha256"] for row in evidence}))
        [written] = await tx.run(RECORD_EVIDENCE, rows=evidence)
        if written["attached"] < len(evidence):
            raise Moved
    reviews = [row for observation in observations if (row := _review(observation))]
    if reviews:
        await tx.run(RECORD_REVIEWS, rows=reviews, at=at)


def _review(observation: Observation) -> Row | None:
    """The review that the event opens, of itself, or closes, of the event that it settles."""
    event = observation.event
    if event.reviews is not None:
        closing = {name: event.properties.get(name) for name in ("verdict", "actor", "actor_name")}
        return {"event_id": event.reviews, "result": observation.id, **closing}
    return {"event_id": observation.id, "result": None} if event.needs_review else None
