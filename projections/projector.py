"""The projector: carries what the outbox holds to the read models, at least once, and never stops on an error."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot import HotMemory
from vitograph.projections.reader import CampaignSource
from vitograph.projections.ready import ready, unknown
from vitograph.resolver.errors import HotMemoryUnavailable, VitoError
from vitograph.resolver.outbox import Entry

log = logging.getLogger(__name__)

# Seconds.
IDLE = 0.2
TARGET_AWAY = 1.0
OUTBOX_AWAY = 2.0


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


@dataclass(frozen=True, slots=True)
class CampaignProjection:
    """Campaigns in the hot memory."""

    source: CampaignSource
    hot: HotMemory

    async def project(self, key: str, version: int) -> None:
        campaign = await self.source.campaign(key)
        if campaign is not None and campaign.version < version:
            raise LaggingSource(f"campaign {key!r} was read as version {campaign.version} where {version} was due")
        await self.hot.put(key, unknown(version) if campaign is None else ready(campaign))


async def rebuild(source: CampaignSource, hot: HotMemory) -> int:
    """Fills the hot memory anew; how many campaigns it holds now.

    Forgets first and reads then: what others put meanwhile is of the graph as it is, and versions put it in order.
    Reads fall back to the graph until their campaign is back.
    """
    await hot.clear()
    count, after = 0, ""
    while ids := await source.campaign_ids(after):
        for id in ids:
            campaign = await source.campaign(id)
            if campaign is not None:
                await hot.put(id, ready(campaign))
                count += 1
        after = ids[-1]
    return count


@dataclass(slots=True)
class Projector:
    """Carries entries to the projection of their aggregate; those that nothing projects yet are dropped."""

    outbox: Outbox
    projections: Mapping[str, Projection]
    idle: float = IDLE

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
