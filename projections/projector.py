"""The projector: carries what the outbox holds to the read models, at least once, and never stops on an error."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vitograph.projections.hot.filling import Plan, no_plan
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.reader import CampaignSource
from vitograph.projections.hot.ready import ready, unknown
from vitograph.projections.hot.tracing import Tracer, follow
from vitograph.resolver.errors import (
    EvidenceUnavailable,
    GraphUnavailable,
    HotMemoryRefuses,
    HotMemoryUnavailable,
    LaggingSource,
    MailPutOff,
    MailUnavailable,
    NotRewritten,
)
from vitograph.resolver.publishing.outbox import UNDYING, Entry

log = logging.getLogger(__name__)

# Seconds.
IDLE = 0.2
TARGET_AWAY = 1.0
OUTBOX_AWAY = 2.0

# What a place says that is away: nothing of the same aggregate can be carried there now. And what else is no fault of
# an entry: however often it is heard, nothing dies of it.
_AWAY = (EvidenceUnavailable, MailUnavailable, NotRewritten)
_LATER = (*_AWAY, GraphUnavailable, HotMemoryRefuses, LaggingSource, MailPutOff, TimeoutError)


class Outbox(Protocol):
    """Where the entries come from. Each call may raise GraphUnavailable."""

    async def take(self) -> Sequence[Entry]: ...

    async def done(self, entries: Iterable[Entry]) -> None: ...

    async def failed(self, entries: Iterable[Entry], error: str, mortal: bool) -> None: ...

    async def give_back(self, entries: Iterable[Entry], wait: float) -> None: ...


class Projection(Protocol):
    """A read model of one kind of aggregate."""

    async def project(self, key: str, version: int) -> None:
        """Brings it to the state the graph has now, which is of that version or later; harmless when repeated."""
        ...


@runtime_checkable
class BatchProjection(Projection, Protocol):
    """One that brings many to their state for hardly more than one costs."""

    async def project_all(self, keys: Sequence[str]) -> None:
        """As `project`; harmless where some or all of them are brought there once more, one by one."""
        ...


@dataclass(frozen=True, slots=True)
class CampaignProjection:
    """Campaigns in the hot memory, and from there to their sinks: these are due once the hot memory shows it."""

    source: CampaignSource
    hot: HotMemory
    plan: Plan = no_plan

    async def project(self, key: str, version: int) -> None:
        campaign = await self.source.campaign(key)
        if campaign is not None and campaign.version < version:
            raise LaggingSource(f"campaign {key!r} was read as version {campaign.version} where {version} was due")
        await self.hot.put(key, unknown(version) if campaign is None else ready(campaign))
        if campaign is not None:
            await self.plan([campaign])


@dataclass(frozen=True, slots=True)
class SinkProjection:
    """A sink that was set up, changed or left: every campaign is due there."""

    plan_sink: Callable[[str], Awaitable[object]]

    async def project(self, key: str, version: int) -> None:
        await self.plan_sink(key)


Left = dict[tuple[str, str], list[Entry]]
"""Entries that are not carried yet, by aggregate and key."""


@dataclass(slots=True)
class Projector:
    """Carries entries to the projection of their aggregate; those that nothing projects yet are dropped."""

    outbox: Outbox
    projections: Mapping[str, Projection]
    idle: float = IDLE
    tracer: Tracer | None = None

    async def run(self) -> None:
        """Works until it is cancelled. What is logged are names, no values."""
        while True:
            try:
                pause = 0.0 if await self.step() else self.idle
            except Exception as error:
                log.warning("the projector goes on after %s", type(error).__name__)
                pause = TARGET_AWAY if isinstance(error, HotMemoryUnavailable) else OUTBOX_AWAY
            await asyncio.sleep(pause)

    async def step(self) -> int:
        """Takes what is due and carries it; how many entries were taken."""
        entries = await self.outbox.take()
        left = _by_key(entries)
        try:
            await self._carry_each(left, [place for place in left if not self._is_batch(place[0])])
            for aggregate in list(dict.fromkeys(aggregate for aggregate, _ in left)):
                await self._carry_all(aggregate, left)
            await self._carry_each(left, list(left))
        except HotMemoryUnavailable:
            await self.outbox.give_back(_all(left), TARGET_AWAY)
            raise
        except asyncio.CancelledError:
            # The lease would end anyway; so the next projector need not wait for it.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1.0):
                    await self.outbox.give_back(_all(left), 0.0)
            raise
        return len(entries)

    def _is_batch(self, aggregate: str) -> bool:
        return isinstance(self.projections.get(aggregate), BatchProjection)

    async def _carry_each(self, left: Left, places: Iterable[tuple[str, str]]) -> None:
        away: dict[str, Exception] = {}  # by aggregate: who waits for a place that is away holds up the others once
        for place in places:
            if place[0] in away:
                await self._fail(place[0], left[place], away[place[0]])
            elif isinstance(error := await self._carry(*place, left[place]), _AWAY):
                away[place[0]] = error
            del left[place]

    async def _carry_all(self, aggregate: str, left: Left) -> None:
        """Carries what is left of an aggregate at once; where that fails it stays to be carried singly."""
        projection = self.projections.get(aggregate)
        some = {place: entries for place, entries in left.items() if place[0] == aggregate}
        if len(some) < 2 or not isinstance(projection, BatchProjection):
            return
        try:
            with follow(self.tracer, f"project/{aggregate}", _all(some)):
                await projection.project_all([key for _, key in some])
        except Exception as error:
            if _is_away(error):
                raise
            if not isinstance(error, _LATER):  # one of them sinks no other
                log.warning("%ss were not projected together: %s", aggregate, type(error).__name__)
                return
            await self._fail(aggregate, _all(some), error)
        else:
            await self.outbox.done(_all(some))
        for place in some:
            del left[place]

    async def _carry(self, aggregate: str, key: str, entries: Sequence[Entry]) -> Exception | None:
        """Entries of one aggregate are one: its current state holds what each of them meant. Why they failed, if so."""
        projection = self.projections.get(aggregate)
        try:
            if projection is not None:
                with follow(self.tracer, f"project/{aggregate}", entries):
                    await projection.project(key, max(entry.version for entry in entries))
        except Exception as error:
            if _is_away(error):
                raise
            await self._fail(aggregate, entries, error)
            return error
        await self.outbox.done(entries)
        return None

    async def _fail(self, aggregate: str, entries: Sequence[Entry], error: Exception) -> None:
        name = str(error) if isinstance(error, HotMemoryRefuses) else type(error).__name__
        log.warning("a %s was not projected: %s, attempt %d", aggregate, name, entries[0].attempts + 1)
        mortal = aggregate not in UNDYING and not isinstance(error, _LATER)
        await self.outbox.failed(entries, name, mortal)


def _is_away(error: Exception) -> bool:
    """Whether Valkey is away for all that was taken."""
    return isinstance(error, HotMemoryUnavailable) and not isinstance(error, HotMemoryRefuses)


def _by_key(entries: Iterable[Entry]) -> Left:
    """What failed before comes last: it may never end, and holds up what comes for the first time."""
    groups: Left = {}
    for entry in sorted(entries, key=lambda entry: entry.attempts):
        groups.setdefault((entry.aggregate, entry.key), []).append(entry)
    return groups


def _all(groups: Mapping[tuple[str, str], Sequence[Entry]]) -> list[Entry]:
    return [entry for same in groups.values() for entry in same]
