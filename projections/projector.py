"""The projector: carries what the outbox holds to the read models, at least once, and never stops on an error."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot import HotMemory
from vitograph.projections.reader import CampaignSource
from vitograph.projections.ready import ready, unknown
from vitograph.projections.tracing import Tracer, follow
from vitograph.resolver.campaigns import Campaign
from vitograph.resolver.errors import HotMemoryUnavailable, VitoError
from vitograph.resolver.outbox import Entry

log = logging.getLogger(__name__)

# Seconds.
IDLE = 0.2
TARGET_AWAY = 1.0
OUTBOX_AWAY = 2.0

# Campaigns that a rebuild reads and writes at once.
AT_ONCE = 50


class Outbox(Protocol):
    """Where the entries come from. Each call may raise GraphUnavailable."""

    async def take(self) -> Sequence[Entry]: ...

    async def done(self, entries: Iterable[Entry]) -> None: ...

    async def failed(self, entries: Iterable[Entry], error: str) -> None: ...

    async def give_back(self, entries: Iterable[Entry], wait: float) -> None: ...


class Projection(Protocol):
    """A read model of one kind of aggregate."""

    async def project(self, key: str, version: int) -> None:
        """Brings it to the state the graph has now, which is of that version or later; harmless when repeated."""
        ...


class LaggingSource(VitoError):
    """The graph that was read has not seen the change yet that is to be projected."""


class Plan(Protocol):
    """What makes campaigns due at their sinks."""

    async def __call__(self, campaigns: Sequence[Campaign]) -> object:
        """Of campaigns that the hot memory shows as they are given. May raise GraphUnavailable."""
        ...


async def no_plan(campaigns: Sequence[Campaign]) -> None:
    """There are no sinks."""


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


async def rebuild(source: CampaignSource, hot: HotMemory, plan: Plan = no_plan) -> int:
    """Fills the hot memory anew and makes every campaign due at its sinks; how many campaigns the hot memory holds now.

    Forgets first and reads then: what others put meanwhile is of the graph as it is, and versions put it in order.
    Reads fall back to the graph until their campaign is back.
    """
    await hot.clear()
    count, after = 0, ""
    while ids := await source.campaign_ids(after):
        for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
            read = await asyncio.gather(*(source.campaign(id) for id in some))
            campaigns = [campaign for campaign in read if campaign is not None]
            await asyncio.gather(*(hot.put(campaign.id, ready(campaign)) for campaign in campaigns))
            await plan(campaigns)
            count += len(campaigns)
        after = ids[-1]
    return count


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
            while left:
                (aggregate, key), same = next(iter(left.items()))
                await self._carry(aggregate, key, same)
                del left[aggregate, key]
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

    async def _carry(self, aggregate: str, key: str, entries: Sequence[Entry]) -> None:
        """Entries of one aggregate are one: its current state holds what each of them meant."""
        projection = self.projections.get(aggregate)
        try:
            if projection is not None:
                with follow(self.tracer, f"project/{aggregate}", entries):
                    await projection.project(key, max(entry.version for entry in entries))
        except HotMemoryUnavailable:
            raise
        except Exception as error:
            name = type(error).__name__
            log.warning("a %s was not projected: %s, attempt %d", aggregate, name, entries[0].attempts + 1)
            await self.outbox.failed(entries, name)
        else:
            await self.outbox.done(entries)


def _by_key(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.aggregate, entry.key), []).append(entry)
    return groups


def _all(groups: Mapping[tuple[str, str], Sequence[Entry]]) -> list[Entry]:
    return [entry for same in groups.values() for entry in same]
