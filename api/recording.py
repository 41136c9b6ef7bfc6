"""Recording what a request brought: few with all who come at the same time, many in transactions of their own.

Those of one request overlap: while one is written, the next takes its locks, and is attributed once it has them. So the
next never comes before it where both concern the same, and Neo4j and this process work at the same time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from vitograph.api.state import State
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Outcome, Recorded, record
from vitograph.projections.bell import Bell
from vitograph.projections.hot.visitors import VisitorReader
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import GraphUnavailable, ServerFailed, VitoError
from vitograph.resolver.model import Observation
from vitograph.resolver.publishing.visitors import cookies_of

log = logging.getLogger(__name__)

CHUNK = 250
"""Observations a transaction: large enough to be fast, small enough to hold its locks for a moment only."""

AT_ONCE = 2
"""Transactions of one request that are under way at once."""

FEW = 20
"""Observations up to which those that come at once are scored as if each had come alone.

The pairs of more let others go first, whether one request brought them or as many requests as are under way at once:
then intake needs the machine.
"""


def put_off(count: int) -> dt.timedelta | None:
    """By how much the scoring of so many is put off; None where it is not."""
    return dt.timedelta() if count > FEW else None


async def record_group(
    graph: Graph, visitors: VisitorReader, bell: Bell, observations: Sequence[Observation], at_once: int
) -> list[Outcome]:
    """Records those who came at the same time, and forgets at once whom they may have changed a greeting of.

    Whose scoring is not put off waits for the resolver, which is told. Whether it is does not depend on how those who
    are `at_once` were parted into transactions.
    """
    later = put_off(at_once)
    outcomes = await record(graph, observations, later)
    if later is None:
        bell.ring()
    await visitors.forget(cookies_of(observations))
    return outcomes


async def record_one(state: State, observation: Observation) -> Recorded | VitoError:
    """Records one, together with all who come at the same time. TooBusy, GraphUnavailable."""
    return await state.groups.add(observation)


async def record_all(state: State, observations: Sequence[Observation]) -> list[Recorded | VitoError]:
    """Records them in their order. GraphUnavailable or ServerFailed when some are missing: all can be sent again.

    Whoever sends many reads the status alone, so what ViTo failed at must not hide behind what it took.
    """
    outcomes: list[Recorded | VitoError] = []
    if len(observations) <= FEW:
        if observations:
            outcomes += await state.groups.add_all(observations)
        return outcomes
    turns = Turns(state, put_off(len(observations)))
    for some in batched(observations, CHUNK):
        if turns.are_full:
            outcomes += await turns.end()
        await turns.begin(some)
    while turns.are_under_way:
        outcomes += await turns.end()
    for outcome in outcomes:
        if isinstance(outcome, GraphUnavailable | ServerFailed):
            raise outcome
    return outcomes


@dataclass(slots=True)
class Turns:
    """Parts of one request, each in a transaction of its own, in their order; `later` as `put_off` says."""

    state: State
    later: dt.timedelta | None
    _under_way: deque[asyncio.Task[list[Recorded | VitoError]]] = field(default_factory=deque)
    _before: asyncio.Event | None = None

    @property
    def are_under_way(self) -> bool:
        return bool(self._under_way)

    @property
    def are_full(self) -> bool:
        return len(self._under_way) >= AT_ONCE

    async def begin(self, observations: Sequence[Observation]) -> None:
        """Begins with a part, once the one before it holds its locks."""
        if self._before is not None:
            await self._before.wait()
        settled = asyncio.Event()
        task = asyncio.create_task(record_each(self.state, observations, self.later, settled))
        task.add_done_callback(lambda _: settled.set())
        self._under_way.append(task)
        self._before = settled

    async def end(self) -> list[Recorded | VitoError]:
        """The outcomes of the part that began first, once it is recorded."""
        return await self._under_way.popleft()


async def record_each(
    state: State,
    observations: Sequence[Observation],
    later: dt.timedelta | None,
    settled: asyncio.Event | None = None,
) -> list[Recorded | VitoError]:
    """Records them in one transaction, an outcome each; where that fails for another reason than the graph, singly."""
    try:
        outcomes = await record(state.graph, observations, later, settled=settled) if observations else []
        await state.visitors.forget(cookies_of(observations))
        return list(outcomes)
    except VitoError as error:
        return [error for _ in observations]
    except Exception as error:
        if len(observations) == 1:
            log.error("an observation could not be recorded", exc_info=error)
            return [ServerFailed("this is our fault and was logged")]
        return [outcome for one in observations for outcome in await record_each(state, [one], later)]
