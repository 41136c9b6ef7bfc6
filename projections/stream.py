"""A Redis stream as intake: what producers add is handed on at least once, and forgotten once accepted or refused.

A consumer group shares the entries among any number of consumers. Who dies leaves its entries pending; another one
claims them after a while. What can never be accepted goes to `<stream>:dead` with its reason, in the step that forgets
it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from redis import exceptions
from redis.asyncio import Redis

from vitograph.projections.hot.cancelling import hear_cancellations
from vitograph.resolver.errors import GraphUnavailable

hear_cancellations()

log = logging.getLogger(__name__)

FIELD = b"observation"
"""Field of an entry that holds the JSON body of an observation."""

MOST = 500
BLOCK = 1_000
"""Milliseconds that a read waits for something new."""

ABANDONED = 60_000
"""Milliseconds after which an entry that somebody took and did not finish is another's."""

MOST_DELIVERIES = 5
"""Times that an entry may fail for a reason that nobody foresaw."""

PAUSE = 1.0

Entry = tuple[str, bytes]
Held = tuple[str, dict[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry can never be accepted. One about somebody who was erased is not kept, neither here nor there."""

    reason: str
    is_kept: bool = True


Accept = Callable[[Sequence[Entry]], Awaitable[Sequence[Refusal | None]]]
"""Takes entries (id, body); says of each why it can never be accepted, or None when it was. GraphUnavailable: later."""


@dataclass(slots=True)
class Stream:
    """One consumer of a stream."""

    client: Redis
    name: str
    group: str
    consumer: str
    accept: Accept
    abandoned: int = ABANDONED

    async def run(self) -> None:
        """Works until it is cancelled. What is logged are names, no values."""
        while True:
            try:
                await self.open()
                while True:
                    await self.step()
            except Exception as error:
                log.warning("the intake goes on after %s", type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def open(self) -> None:
        """Makes the group (and the stream) where there is none; what is in the stream already is taken in too."""
        with contextlib.suppress(exceptions.ResponseError):
            await self.client.xgroup_create(self.name, self.group, id="0", mkstream=True)

    async def step(self, block: int = BLOCK) -> int:
        """Takes in what others left, else what is new; how many entries were taken. GraphUnavailable: they wait."""
        entries = await self._abandoned() or await self._new(block)
        if not entries:
            return 0
        try:
            refusals = await self._accept(entries)
        except GraphUnavailable:
            raise
        except Exception:
            # One that fails for a reason that nobody foresaw sinks no other.
            for entry in entries:
                await self._alone(entry)
            return len(entries)
        for (id, fields), refusal in zip(entries, refusals, strict=True):
            await self._forget(id, fields, refusal)
        return len(entries)

    async def count_waiting(self) -> int:
        """Entries that somebody took and did not finish yet."""
        return int((await self.client.xpending(self.name, self.group))["pending"])

    async def _abandoned(self) -> list[Held]:
        claimed: Any = await self.client.xautoclaim(
            self.name, self.group, self.consumer, min_idle_time=self.abandoned, start_id="0-0", count=MOST
        )
        return _entries(claimed[1])

    async def _new(self, block: int) -> list[Held]:
        found: Any = await self.client.xreadgroup(
            self.group, self.consumer, {self.name: ">"}, count=MOST, block=block or None
        )
        return _entries(found[0][1]) if found else []

    async def _forget(self, id: str, fields: dict[bytes, bytes], refusal: Refusal | None) -> None:
        """Acknowledges an entry; a refused one is kept beside the stream by the same step, or taken off it."""
        async with self.client.pipeline(transaction=True) as step:
            if refusal is not None:
                kept = fields if refusal.is_kept else {}
                step.xadd(f"{self.name}:dead", cast("Any", {**kept, b"reason": refusal.reason, b"entry": id}))
            step.xack(self.name, self.group, id)
            if refusal is not None and not refusal.is_kept:
                step.xdel(self.name, id)
            await step.execute()

    async def _accept(self, entries: Sequence[Held]) -> Sequence[Refusal | None]:
        return await self.accept([(id, fields.get(FIELD, b"")) for id, fields in entries])

    async def _alone(self, entry: Held) -> None:
        """Takes one in; where that fails too often it is dead, before that it waits until it counts as abandoned."""
        id, fields = entry
        try:
            [refusal] = await self._accept([entry])
            await self._forget(id, fields, refusal)
        except GraphUnavailable:
            raise
        except Exception as error:
            log.error("an entry was not taken in", exc_info=error)
            pending = await self.client.xpending_range(self.name, self.group, id, id, 1)
            if pending and int(pending[0]["times_delivered"]) >= MOST_DELIVERIES:
                await self._forget(id, fields, Refusal(f"it failed {MOST_DELIVERIES} times: {type(error).__name__}"))


def _entries(found: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> list[Held]:
    """Those that are still there: an entry that was trimmed away has no fields."""
    return [(id.decode(), fields) for id, fields in found if fields is not None]


@asynccontextmanager
async def open_stream_client(url: str) -> AsyncIterator[Redis]:
    """A connection whose reads may wait for something new."""
    client = Redis.from_url(url, socket_timeout=30.0, socket_connect_timeout=5.0, client_name="vito-intake")
    try:
        yield client
    finally:
        await client.aclose()
