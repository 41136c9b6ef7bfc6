"""Group commit: observations that arrive together are recorded in one transaction, and answered after its commit.

A commit costs one flush of the disk and a handful of round trips, whatever it holds; so many single posts at once cost
little more than one. Nothing is held back to make a group: whoever arrives while those that may be are under way joins
the next.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from vitograph.resolver.errors import TooBusy, VitoError
from vitograph.resolver.model import Observation

Outcome = TypeVar("Outcome")

MOST = 250
"""Observations of one transaction: more would hold their locks for longer and gain nothing."""

AT_ONCE = 2
"""Transactions under way at once: while Neo4j works for one, the other is attributed here."""

FEW = 16
"""A second transaction is not worth its round trips for fewer that wait."""

MOST_WAITING = 2_000
"""Observations that wait at once. More are refused, to be sent again: waiting longer would only grow the memory."""


Waiting = tuple[Observation, asyncio.Future[Outcome]]


@dataclass(slots=True)
class Groups(Generic[Outcome]):
    """Records through `record`, which answers one outcome an observation, all of a call or none.

    It is told how many are at once: beside those of the call, all who are under way or wait.
    """

    record: Callable[[Sequence[Observation], int], Awaitable[Sequence[Outcome]]]
    _waiting: deque[tuple[Context, list[Waiting[Outcome]]]] = field(default_factory=deque)
    _count: int = 0
    _under_way: int = 0
    _working: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def waiting(self) -> int:
        """Observations that wait for a transaction."""
        return self._count

    async def drain(self) -> None:
        """All that were added before are recorded and answered, or refused."""
        while self._working:
            await asyncio.gather(*self._working, return_exceptions=True)

    async def add(self, observation: Observation) -> Outcome:
        """The outcome of one observation, once the transaction that holds it is committed.

        Raises what `record` raises for this observation alone: a group that fails is recorded one by one. TooBusy when
        too many wait.
        """
        [answer] = self._enter([observation])
        return await answer

    async def add_all(self, observations: Sequence[Observation]) -> list[Outcome]:
        """The same for a few that are recorded in their order, in one transaction."""
        return list(await asyncio.gather(*self._enter(observations)))

    def _enter(self, observations: Sequence[Observation]) -> list[asyncio.Future[Outcome]]:
        """They wait for their transaction; the futures of their outcomes."""
        if self._count >= MOST_WAITING:
            raise TooBusy(f"{self._count} observations wait already; send it again")
        loop = asyncio.get_running_loop()
        unit: list[Waiting[Outcome]] = [(one, loop.create_future()) for one in observations]
        self._waiting.append((copy_context(), unit))
        self._count += len(unit)
        if len(self._working) < AT_ONCE and self._count > len(self._working) * FEW:
            self._working.add(asyncio.create_task(self._work()))
        return [answer for _, answer in unit]

    async def _work(self) -> None:
        while self._waiting:
            # Whoever is ready in this turn of the loop joins, so that the first of many does not go alone.
            await asyncio.sleep(0)
            # What is logged and traced meanwhile is the first one's, whose observation it is at least.
            context = self._waiting[0][0] if self._waiting else None
            group = self._next()
            if group:
                await asyncio.create_task(self._answer(group), context=context)
        # Nothing is awaited since nobody waited: whoever comes now finds no worker, and starts one.
        if task := asyncio.current_task():
            self._working.discard(task)

    async def _answer(self, group: list[Waiting[Outcome]]) -> None:
        try:
            if not await self._record(group):
                for one in group:
                    await self._record([one], alone=True)
        finally:
            self._under_way -= len(group)

    def _next(self) -> list[Waiting[Outcome]]:
        group: list[Waiting[Outcome]] = []
        while self._waiting and (not group or len(group) + len(self._waiting[0][1]) <= MOST):
            group += self._waiting.popleft()[1]
        self._count -= len(group)
        self._under_way += len(group)
        return group

    async def _record(self, group: list[Waiting[Outcome]], alone: bool = False) -> bool:
        """Records and answers a group; False when it has to be tried one by one."""
        try:
            outcomes = await self.record([observation for observation, _ in group], self._under_way + self._count)
        except VitoError as error:
            # The graph does not answer: trying each alone would only ask it more often.
            _fail(group, error)
            return True
        except Exception as error:
            if not alone and len(group) > 1:
                return False
            _fail(group, error)
            return True
        for (_, answer), outcome in zip(group, outcomes, strict=True):
            if not answer.done():
                answer.set_result(outcome)
        return True


def _fail(group: Sequence[Waiting[Outcome]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
