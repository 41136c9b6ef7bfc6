"""What stands in the queue and beside it before a batch, so that it writes only what differs."""

from __future__ import annotations

from typing import NamedTuple

from vitograph.graph.driver import Graph
from vitograph.graph.queries import load
from vitograph.graph.resolving.proposing import DRIFT

LIST_STANDING = load("batch/list_standing")

PAGE = 20_000
SLOW = 120.0  # seconds
_WAITS = frozenset({"open", "claimed", "stored"})
_TAKES_EVIDENCE = _WAITS | {"superseded"}


class Standing(NamedTuple):
    """A candidate as it was read."""

    version: int
    status: str
    decision: str | None
    model: str | None
    band: str | None
    bits_stranger: float | None
    bits_household: float | None

    @property
    def waits(self) -> bool:
        """It waits for a decision and was not reopened: who was reopened waits until somebody looks."""
        return self.status in _WAITS and self.decision is None

    def differs(self, model: str, band: str, bits_stranger: float, bits_household: float) -> bool:
        """Whether `propose_candidates` would write what scoring found now."""
        if self.status not in _WAITS or self.bits_stranger is None or self.bits_household is None:
            return self.status in _TAKES_EVIDENCE
        drift = max(abs(self.bits_stranger - bits_stranger), abs(self.bits_household - bits_household))
        return self.model != model or self.band != band or drift > DRIFT


async def read_standing(graph: Graph) -> dict[str, Standing]:
    """All candidates, by their ids."""
    standing: dict[str, Standing] = {}
    after = ""
    while True:
        [row] = await graph.rows(LIST_STANDING, after=after, limit=PAGE, wall_clock=SLOW)
        standing |= {id: Standing(*facts) for id, *facts in row["found"]}
        if len(row["found"]) < PAGE:
            return standing
        after = row["found"][-1][0]
