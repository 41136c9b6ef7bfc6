"""Recording what a request brought: few with all who come at the same time, many in transactions of their own."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

from vitograph.api.state import State
from vitograph.graph.observations import Recorded, record
from vitograph.resolver.errors import ReusedId
from vitograph.resolver.model import Observation

CHUNK = 500
"""Observations a transaction: large enough to be fast, small enough to hold its locks for a moment only."""

FEW = 20
"""Observations up to which a request is scored as if each had come alone; the pairs of more let others go first."""


def put_off(count: int) -> dt.timedelta | None:
    """By how much the scoring of so many is put off."""
    return dt.timedelta() if count > FEW else None


async def record_all(state: State, observations: Sequence[Observation]) -> list[Recorded | ReusedId]:
    """Records them in their order. GraphUnavailable when some may be missing: all can be sent again."""
    if len(observations) <= FEW:
        return list(await asyncio.gather(*(state.groups.add(one) for one in observations)))
    outcomes: list[Recorded | ReusedId] = []
    for start in range(0, len(observations), CHUNK):
        outcomes += await record(state.graph, observations[start : start + CHUNK], put_off(len(observations)))
        await asyncio.sleep(0)
    return outcomes
