"""Claiming the ids of observations, and refusing what speaks of somebody who was erased, with nothing left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from vitograph.graph.driver import Transaction
from vitograph.graph.queries import load
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.erasure import Sealed
from vitograph.resolver.model import Observation

CLAIM_EVENTS = load("observation/claim_events")
CLOSE_REFUSED = load("observation/close_refused")


@dataclass(slots=True)
class Claims:
    """Body hash and reply by event id, no reply where the event is new; `erased` are the ids that are refused.

    `unheld` are identifiers that only refused observations carried.
    """

    accepted: dict[str, tuple[str, dict[str, Any] | None]]
    erased: set[str]
    unheld: set[str] = field(default_factory=set)

    def fresh(self, observations: Sequence[Observation]) -> dict[str, Observation]:
        """Those that are new, by id; of one id sent twice, the first."""
        found: dict[str, Observation] = {}
        for observation in observations:
            if self.accepted[observation.id][1] is None and observation.id not in self.erased:
                found.setdefault(observation.id, observation)
        return found

    def refuse_late(self, fresh: dict[str, Observation], holdings: Holdings) -> None:
        """Takes out of the fresh ones what happened before somebody was erased whose identifier it carries."""
        for id in [id for id, observation in fresh.items() if _is_late(observation, holdings)]:
            self.erased.add(id)
            self.unheld.update(carried.identifier.key for carried in fresh.pop(id).carried)

    async def close_refused(self, tx: Transaction) -> None:
        """Nothing is stored of what is refused."""
        if self.erased:
            await tx.run(CLOSE_REFUSED, ids=sorted(self.erased), keys=sorted(self.unheld))


async def claim(tx: Transaction, observations: Sequence[Observation]) -> Claims:
    """Makes or finds the events of these observations. Of one id sent twice, the first counts."""
    hashes: dict[str, str] = {}
    for observation in observations:
        hashes.setdefault(observation.id, observation.body_hash)
    seal = tx.seal
    rows = await tx.listed(
        CLAIM_EVENTS,
        events=[
            {"id": id, "body_hash": hashes[id], "tombstone": seal and seal.of(Sealed.EVENT, id)}
            for id in sorted(hashes)
        ],
    )
    accepted = {row["id"]: (row["body_hash"], row["reply"] and orjson.loads(row["reply"])) for row in rows}
    return Claims(accepted, {row["id"] for row in rows if row["erased"]})


def _is_late(observation: Observation, holdings: Holdings) -> bool:
    found = (holdings.buried.get(carried.identifier.key) for carried in observation.carried)
    return any(buried.refuses(observation.occurred_at) for buried in found if buried is not None)
