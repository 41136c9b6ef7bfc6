"""Hot reads: from Valkey, from the graph when Valkey has nothing, is away or is slow. Never `active` by default."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from vitograph.projections.breaker import Breaker
from vitograph.projections.hot import HotMemory
from vitograph.projections.ready import Ready, ready, unknown
from vitograph.resolver.campaigns import Campaign
from vitograph.resolver.errors import GraphUnavailable, HotMemoryUnavailable

T = TypeVar("T")

# Seconds. What a silent Valkey may cost a read, and what a read may cost altogether beyond that.
HOT_PATIENCE = 0.04
GRAPH_PATIENCE = 1.0
# Seconds for which a reader's own copy stays: a reader may have read before a write and put after a flush.
REFILL_LASTS = 60.0
UNKNOWN_LASTS = 5.0
MOST_ASKING = 16
SETTLE_PAUSE = 0.25


class CampaignSource(Protocol):
    """The graph, as far as reading campaigns goes. GraphUnavailable when it does not answer."""

    async def campaign(self, id: str) -> Campaign | None: ...

    async def campaign_ids(self, after: str) -> list[str]: ...

    async def is_settled(self) -> bool:
        """Whether every change that was committed has been carried to the hot memory."""
        ...


class Origin(StrEnum):
    """Where an answer comes from, as Server-Timing says it."""

    REDIS = "redis"
    GRAPH = "graph"


class Missing(StrEnum):
    """Why Valkey gave no answer."""

    ABSENT = "absent"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Found:
    ready: Ready
    origin: Origin


class CampaignReader:
    """Reads campaigns. Reads of one turn of the event loop are one round trip; readers of one campaign ask once.

    A Valkey that was away may have come back with what was true before: it is doubted, and the graph answers, until all
    that was committed meanwhile has been carried to it.
    """

    def __init__(
        self, hot: HotMemory, source: CampaignSource, breaker: Breaker | None = None, patience: float = HOT_PATIENCE
    ) -> None:
        self._hot = hot
        self._source = source
        self._breaker = breaker or Breaker()
        self._patience = patience
        self._gathering: dict[str, list[asyncio.Future[bytes | Missing]]] = {}
        self._asking: dict[str, asyncio.Task[Ready]] = {}
        self._places = asyncio.Semaphore(MOST_ASKING)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._doubt: asyncio.Task[None] | None = None

    async def read(self, id: str) -> Found:
        """What there is to reply about a campaign. GraphUnavailable when neither store can say."""
        held = Missing.AWAY if self._doubt or not self._breaker.lets_through() else await self._held(id)
        if not isinstance(held, Missing):
            found = Ready.from_bytes(held)
            if found is not None:
                return Found(found, Origin.REDIS)
            held = Missing.ABSENT
        task = self._asking.get(id)
        if task is None:
            task = self._asking[id] = self._start(self._ask(id, refill=held is Missing.ABSENT))
            task.add_done_callback(lambda _: self._asking.pop(id, None))
        # A reader that hangs up does not take the answer from the others.
        return Found(await asyncio.shield(task), Origin.GRAPH)

    async def push(self, campaign: Campaign) -> None:
        """Shows a change that was just committed, if Valkey can be had at once; the outbox sees to it in any case."""
        if self._breaker.lets_through():
            await self._put(campaign.id, ready(campaign), 0.0)
        else:
            self._fail()

    async def close(self) -> None:
        """Ends what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _held(self, id: str) -> bytes | Missing:
        loop = asyncio.get_running_loop()
        if not self._gathering:
            loop.call_soon(self._send)
        future: asyncio.Future[bytes | Missing] = loop.create_future()
        self._gathering.setdefault(id, []).append(future)
        return await future

    def _send(self) -> None:
        gathered, self._gathering = self._gathering, {}
        self._start(self._fetch(gathered))

    async def _fetch(self, gathered: dict[str, list[asyncio.Future[bytes | Missing]]]) -> None:
        answers: dict[str, bytes | Missing] = {}
        try:
            async with asyncio.timeout(self._patience):
                held = await self._hot.get(list(gathered))
            answers = {id: Missing.ABSENT if value is None else value for id, value in zip(gathered, held, strict=True)}
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()
        finally:
            for id, futures in gathered.items():
                for future in futures:
                    if not future.done():
                        future.set_result(answers.get(id, Missing.AWAY))

    async def _ask(self, id: str, *, refill: bool) -> Ready:
        try:
            async with asyncio.timeout(GRAPH_PATIENCE), self._places:
                campaign = await self._source.campaign(id)
        except TimeoutError as error:
            raise GraphUnavailable(f"the graph did not answer within {GRAPH_PATIENCE:g} s") from error
        answer = unknown() if campaign is None else ready(campaign)
        if refill:
            self._start(self._put(id, answer, REFILL_LASTS if campaign else UNKNOWN_LASTS))
        return answer

    async def _put(self, id: str, answer: Ready, lasts: float) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._hot.put(id, answer, lasts)
            self._breaker.succeeded()
        except (HotMemoryUnavailable, TimeoutError):
            self._fail()

    def _fail(self) -> None:
        self._breaker.failed()
        if self._doubt is None:
            self._doubt = self._start(self._wait_settled())

    async def _wait_settled(self) -> None:
        """Ends the doubt once Valkey answers and nothing waits to be carried to it."""
        while True:
            await asyncio.sleep(SETTLE_PAUSE)
            with contextlib.suppress(HotMemoryUnavailable, GraphUnavailable, TimeoutError):
                async with asyncio.timeout(GRAPH_PATIENCE):
                    await self._hot.get([""])
                    if await self._source.is_settled():
                        break
        self._breaker.succeeded()
        self._doubt = None

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # Whoever waits sees the error; when nobody waits any more, nobody is told.
        with contextlib.suppress(asyncio.CancelledError):
            task.exception()
