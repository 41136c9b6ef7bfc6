"""Group commit: observations that arrive together are recorded in one transaction, and answered after its commit.

A commit costs one flush of the disk and a handful of round trips, whatever it holds; so many single posts at once cost
little more than one. Nothing is held back to make a group: whoever arrives while one is under way joins the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from vitograph.resolver.errors import TooBusy, VitoError
from vitograph.resolver.model import Observation

Outcome = TypeVar("Outcome")

MOST = 250
"""Observations of one transaction: more would hold their locks for longer and gain nothing."""

MOST_WAITING = 2_000
"""Observations that wait at once. More are refused, to be sent again: waiting longer would only grow the memory."""


@dataclass(slots=True)
class Groups(Generic[Outcome]):
    """Records through `record`, which answers one outcome an observation, all of a call or none."""

    record: Callable[[Sequence[Observation]], Awaitable[Sequence[Outcome]]]
    _waiting: list[tuple[Observation, asyncio.Future[Outcome]]] = field(default_factory=list)
    _working: asyncio.Task[None] | None = None

    async def add(self, observation: Observation) -> Outcome:
        """The outcome of one observation, once the transaction that holds it is committed.

        Raises what `record` raises for this observation alone: a group that fails is recorded one by one. TooBusy when
        too many wait.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise TooBusy(f"{MOST_WAITING} observations wait already; send it again")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((observation, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            # Whoever is ready in this turn of the loop joins, so that the first of many does not go alone.
            await asyncio.sleep(0)
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if not await self._record(group):
                for one in group:
                    await self._record([one], alone=True)

    async def _record(self, group: list[tuple[Observation, asyncio.Future[Outcome]]], alone: bool = False) -> bool:
        """Records and answers a group; False when it has to be tried one by one."""
        try:
            outcomes = await self.record([observation for observation, _ in group])
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


def _fail(group: Sequence[tuple[Observation, asyncio.Future[Outcome]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
