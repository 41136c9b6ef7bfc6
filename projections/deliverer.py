"""The deliverer: brings campaigns to their sinks and takes them away, one lane a sink, and never stops on an error.

A sink that is slow or away holds up nobody else's lane. What is there is a function of the campaign as the graph has it
now, so a late, repeated or lost step is made good by the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vitograph.projections.adapters import Place
from vitograph.projections.edge.placement import Placed
from vitograph.resolver.errors import LaggingSource, SinkFailed, SinkUnavailable, StillPublic, VitoError
from vitograph.resolver.publishing.campaigns import Campaign, Shown
from vitograph.resolver.publishing.sinks import Delivery, Sink, SinkState, Wish, next_change, wish

log = logging.getLogger(__name__)

# Seconds.
IDLE = 0.3
LOOK = 1.0
NOT_YET = 0.3
AWAY = 2.0
# One attempt, all calls of it. Shorter than a lease, so that nobody else begins before it ended.
PATIENCE = 40.0
SECOND_LOOK = 45.0

AT_ONCE = 4
LONGEST_ERROR = 300


class Campaigns(Protocol):
    """The graph, as far as it says what a campaign is."""

    async def campaign(self, id: str) -> Campaign | None: ...


class Deliveries(Protocol):
    """Where deliveries come from and what is noted of them. Each call may raise GraphUnavailable."""

    async def sinks(self) -> Sequence[Sink]: ...

    def open(self, sink: Sink) -> Place:
        """Its adapter. VitoError when it cannot be opened."""
        ...

    async def take(self, sink_id: str, limit: int) -> Sequence[Delivery]: ...

    async def begin(self, sink: Sink, delivery: Delivery, state: SinkState, reason: str, version: int) -> bool | None:
        """Whether to go on: not yet, or not to this sink as it was read (False), or another has it now (None)."""
        ...

    async def done(self, delivery: Delivery, state: SinkState, version: int, again: float | None) -> None: ...

    async def forget(self, delivery: Delivery) -> None: ...

    async def failed(self, delivery: Delivery, error: str, version: int, mortal: bool) -> None: ...

    async def give_back(self, delivery: Delivery, wait: float) -> None: ...

    async def forget_sink(self, id: str) -> None: ...


@dataclass(slots=True)
class Deliverer:
    """Runs a lane for every sink there is. Several deliverers share the work by leases."""

    deliveries: Deliveries
    campaigns: Campaigns
    clock: Callable[[], float] = time.time
    at_once: int = AT_ONCE
    _open: dict[str, tuple[Sink, Place]] = field(default_factory=dict, init=False)

    async def run(self) -> None:
        """Works until it is cancelled."""
        lanes: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                with contextlib.suppress(VitoError):
                    for sink in await self.deliveries.sinks():
                        if sink.id not in lanes or lanes[sink.id].done():
                            lanes[sink.id] = asyncio.create_task(self._lane(sink.id))
                await asyncio.sleep(LOOK)
        finally:
            for lane in lanes.values():
                lane.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)
            await self.close()

    async def step(self) -> int:
        """One turn of every lane; how many deliveries were carried out."""
        return sum(await asyncio.gather(*(self.turn(sink) for sink in await self.deliveries.sinks())))

    async def turn(self, sink: Sink) -> int:
        """Takes what is due at a sink and carries it; how much of it was carried out."""
        taken = await self.deliveries.take(sink.id, self.at_once)
        async with asyncio.TaskGroup() as group:
            carried = [group.create_task(self._carry(sink, delivery)) for delivery in taken]
        if sink.leaving and not taken:
            await self.deliveries.forget_sink(sink.id)
        return sum(task.result() for task in carried)

    async def settle(self) -> int:
        """Works until nothing more can be carried out now; how much was. For a command: `run` is what a worker does."""
        count, idle = 0, 0
        while idle < 3:
            carried = await self.step()
            count, idle = count + carried, 0 if carried else idle + 1
            await asyncio.sleep(0.0 if carried else NOT_YET)
        return count

    async def close(self) -> None:
        """Closes what is open."""
        for id in list(self._open):
            await self._forget(id)

    async def _forget(self, id: str) -> None:
        """Closes what is open of a sink."""
        _, place = self._open.pop(id, (None, None))
        if place is not None:
            with contextlib.suppress(Exception):
                await place.close()

    async def _lane(self, id: str) -> None:
        """The turns of one sink until it is gone. What is logged are names, no values."""
        while True:
            try:
                sink = next((sink for sink in await self.deliveries.sinks() if sink.id == id), None)
                if sink is None:
                    await self._forget(id)
                    return
                pause = 0.0 if await self.turn(sink) else IDLE
            except Exception as error:
                log.warning("the lane of a sink goes on after %s", type(error).__name__)
                pause = AWAY
            await asyncio.sleep(pause)

    async def _carry(self, sink: Sink, delivery: Delivery) -> bool:
        """Brings one campaign to what is wanted at one sink, or notes why not; whether it did."""
        version = 0
        try:
            async with asyncio.timeout(PATIENCE):
                campaign = await self.campaigns.campaign(delivery.campaign_id)
                version = 0 if campaign is None else campaign.version
                if campaign is not None and version < delivery.version:
                    raise LaggingSource(f"the graph that was read has not version {delivery.version} yet")
                return await self._bring(sink, delivery, campaign)
        except asyncio.CancelledError:
            # The lease would end anyway; so the next worker need not wait for it.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1.0):
                    await self.deliveries.give_back(delivery, 0.0)
            raise
        except Exception as error:
            log.warning("sink %s: not delivered, %s, attempt %d", sink.id, type(error).__name__, delivery.attempts + 1)
            mortal = not isinstance(error, SinkUnavailable | StillPublic | TimeoutError | LaggingSource)
            await self.deliveries.failed(delivery, _sentence(error), version, mortal)
            return False

    async def _bring(self, sink: Sink, delivery: Delivery, campaign: Campaign | None) -> bool:
        now = self.clock()
        shows = Shown.UNKNOWN if campaign is None else campaign.shown(dt.datetime.fromtimestamp(now, dt.UTC))
        wanted = wish(sink, campaign, shows)
        version = 0 if campaign is None else campaign.version
        if wanted is Wish.REMOVE and delivery.state is SinkState.WAITING:
            # Nothing was ever begun there.
            await self._settle(sink, delivery, campaign, Placed(SinkState.WAITING, _until(campaign, now)))
            return True
        # What says at an edge that a campaign is over takes it away from there, though it is a write.
        ends = wanted is Wish.REMOVE or shows is Shown.ENDED
        state = SinkState.REMOVING if ends else SinkState.PUBLISHING
        begun = await self.deliveries.begin(sink, delivery, state, _reason(sink, campaign, shows), version)
        if not begun:
            if begun is not None:
                await self.deliveries.give_back(delivery, NOT_YET)
            return False
        place = await self._opened(sink)
        if wanted is Wish.PLACE and campaign is not None:
            placed = await place.place(campaign, shows, now)
        else:
            await place.remove(delivery.campaign_id)
            placed = Placed(SinkState.GONE, _until(campaign, now))
            if delivery.state is SinkState.PUBLISHING:
                # What was begun and not confirmed may still arrive there, after this.
                placed = Placed(SinkState.GONE, min(placed.again or SECOND_LOOK, SECOND_LOOK))
        await self._settle(sink, delivery, campaign, placed)
        return True

    async def _settle(self, sink: Sink, delivery: Delivery, campaign: Campaign | None, placed: Placed) -> None:
        if campaign is None or not sink.takes(campaign):
            await self.deliveries.forget(delivery)
        else:
            await self.deliveries.done(delivery, placed.state, campaign.version, placed.again)

    async def _opened(self, sink: Sink) -> Place:
        """The sink as it is set up now; what was open of an earlier version is closed."""
        held, place = self._open.get(sink.id, (None, None))
        # One that was removed and set up anew has the version of the other, not its settings or secret.
        if place is None or held != sink:
            self._open[sink.id] = (sink, opened := self.deliveries.open(sink))
            if place is not None:
                await place.close()
            return opened
        return place


def _until(campaign: Campaign | None, now: float) -> float | None:
    return None if campaign is None else next_change(campaign, now)


def _reason(sink: Sink, campaign: Campaign | None, shows: Shown) -> str:
    """Why a campaign is removed, as it is noted."""
    if campaign is None or not sink.takes(campaign):
        return "withdrawn"
    return "ended" if shows is Shown.ENDED else "not_started"


def _sentence(error: Exception) -> str:
    """What may be shown of an error: our own words, else its name."""
    if isinstance(error, SinkFailed) or (isinstance(error, VitoError) and not isinstance(error, LaggingSource)):
        return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return "it took too long" if isinstance(error, TimeoutError) else type(error).__name__
