"""A Redis stream as intake: what producers add is handed on at least once, and forgotten once accepted or refused.

A consumer group shares the entries among any number of consumers. Who dies leaves its entries pending; another one
claims them after a while, one at a time, and counts how often it began each: an entry that takes its process along
goes on no longer than others that fail. What can never be accepted goes to `<stream>:dead` with its reason, in the
step that forgets it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
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
"""Times that an entry may fail for a reason that nobody foresaw, or end the process that takes it in."""

PAUSE = 1.0

Entry = tuple[str, bytes | None]
Held = tuple[str, dict[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry can never be accepted. One about somebody who was erased is not kept, neither here nor there."""

    reason: str
    is_kept: bool = True


Accept = Callable[[Sequence[Entry]], Awaitable[Sequence[Refusal | None]]]
"""Takes entries (id, body, None without the field); says of each why it can never be accepted, or None when it was.

GraphUnavailable: later.
"""


@dataclass(slots=True)
class Stream:
    """One consumer of a stream."""

    client: Redis
    name: str
    group: str
    consumer: str
    accept: Accept
    abandoned: int = ABANDONED
    _held: deque[Held] = field(default_factory=deque)

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
        """Takes in what it holds, else one that others left, else what is new; how many entries were taken.

        On GraphUnavailable it holds what it took, which no other claims and no failure counts, and reads nothing new.
        """
        if self._held:
            await self._keep()
        elif found := await self._abandoned():
            self._held.extend(found)
        else:
            self._held.extend(await self._new(block))
            count = len(self._held)
            if await self._together():
                return count
        count = len(self._held)
        while self._held:
            await self._alone(*self._held[0])
            self._held.popleft()
        return count

    async def count_waiting(self) -> int:
        """Entries that somebody took and did not finish yet."""
        return int((await self.client.xpending(self.name, self.group))["pending"])

    @property
    def _begun(self) -> str:
        """How often each entry was begun by itself. Valkey's own count grows also while the graph is away."""
        return f"{self.name}:{self.group}:begun"

    async def _keep(self) -> None:
        """What it holds counts as taken just now."""
        held: list[Any] = [id for id, _ in self._held]
        await self.client.xclaim(self.name, self.group, self.consumer, min_idle_time=0, message_ids=held, justid=True)

    async def _abandoned(self) -> list[Held]:
        """Claims the first entry that somebody took and did not finish."""
        lost, found = 0, list[Held]()
        while not found and (left := await self._pending("-", "+", self.abandoned)):
            claimed: Any = await self.client.xautoclaim(
                self.name, self.group, self.consumer, self.abandoned, start_id=left["message_id"], count=1
            )
            found, lost = _entries(claimed[1]), lost + sum(map(len, claimed[2:]))
        if lost:
            log.error("%d entries were trimmed off %s before they were taken in", lost, self.name)
        return found

    async def _pending(self, first: str, last: str, idle: int = 0) -> Any:
        """The first of the entries that somebody took so long ago, in milliseconds, and did not finish; or None."""
        found: Any = await self.client.xpending_range(self.name, self.group, first, last, 1, idle=idle)
        return found[0] if found else None

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
            step.hdel(self._begun, id)
            if refusal is not None and not refusal.is_kept:
                step.xdel(self.name, id)
            await step.execute()

    async def _accept(self, entries: Sequence[Held]) -> Sequence[Refusal | None]:
        return await self.accept([(id, fields.get(FIELD)) for id, fields in entries])

    async def _together(self) -> bool:
        """Whether all were taken in at once: one that fails for a reason that nobody foresaw sinks no other."""
        if not self._held:
            return True
        try:
            refusals = await self._accept(self._held)
        except GraphUnavailable:
            raise
        except Exception:
            return False
        for (id, fields), refusal in zip(list(self._held), refusals, strict=True):
            await self._forget(id, fields, refusal)
            self._held.popleft()
        return True

    async def _alone(self, id: str, fields: dict[bytes, bytes]) -> None:
        """Takes one in; where that goes wrong too often it is dead, before that it waits until it counts as abandoned.

        It is counted before it is begun: a process that it takes along can count nothing any more.
        """
        times = int(await self.client.hincrby(self._begun, id, 1))
        if times > MOST_DELIVERIES:
            await self._forget(id, fields, Refusal(f"it was begun {MOST_DELIVERIES} times, and never finished"))
            return
        try:
            [refusal] = await self._accept([(id, fields)])
        except GraphUnavailable:
            await self.client.hincrby(self._begun, id, -1)
            raise
        except Exception as error:
            log.error("an entry was not taken in", exc_info=error)
            if times < MOST_DELIVERIES:
                return
            refusal = Refusal(f"it failed {MOST_DELIVERIES} times: {type(error).__name__}")
        await self._forget(id, fields, refusal)


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
