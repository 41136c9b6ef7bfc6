"""What Valkey holds and may not be believed, until all that was committed meanwhile has been carried to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from enum import StrEnum
from typing import Any

from vitograph.projections.hot.memory import PREFIX, VISITOR_PREFIX, visitor_key
from vitograph.projections.hot.patience import GRAPH_PATIENCE
from vitograph.resolver.errors import GraphUnavailable, HotMemoryUnavailable
from vitograph.resolver.publishing.outbox import MANY

log = logging.getLogger(__name__)

# Seconds. Between two looks whether all is carried; and after which a change of a campaign is waited for no longer.
SETTLE_PAUSE = 0.25
LATE = 2.0
MOST_DOUBTED = 10_000


class Kind(StrEnum):
    """What the hot memory holds."""

    CAMPAIGN = "campaign"
    VISITOR = "view"


CARRIED_BY = {Kind.CAMPAIGN: ("campaign",), Kind.VISITOR: ("view", "erasure")}
"""Aggregates whose entries of the outbox change what is held of a kind: an erasure takes those of its views along."""

KEYS = {Kind.CAMPAIGN: PREFIX, Kind.VISITOR: VISITOR_PREFIX}  # how they begin

Unsettled = Callable[[str, float], Awaitable[Sequence[str]]]


def key_of(kind: Kind, id: str) -> str:
    """Where one of a kind is held."""
    return visitor_key(id) if kind is Kind.VISITOR else PREFIX + id


class Doubt:
    """`answers()`: a round trip to Valkey, HotMemoryUnavailable where there is none; `settled()`: nothing is doubted.

    `start` begins a task; `unsettled` is that of `HotLine`.
    """

    def __init__(
        self,
        unsettled: Unsettled,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        answers: Callable[[], Awaitable[object]],
        settled: Callable[[], None],
    ) -> None:
        self._unsettled = unsettled
        self._start = start
        self._answers = answers
        self._settled = settled
        self._doubted: dict[str, Kind] = {}  # keys, or what all keys of a kind begin with
        self._back: dict[Kind, float] = {}  # since when Valkey answers again
        self._waiting: asyncio.Task[None] | None = None
        self._is_closed = False

    def is_of(self, key: str) -> bool:
        """Whether what is held under this key is doubted."""
        doubted = self._doubted
        return bool(doubted) and (
            key in doubted or any(prefix in doubted and key.startswith(prefix) for prefix in KEYS.values())
        )

    def add(self, what: Mapping[str, Kind]) -> None:
        """Doubts keys, or all that begin with one of `KEYS`."""
        if self._is_closed or not what:
            return
        for kind in what.values():
            self._back.pop(kind, None)
        self._doubted.update(what)
        if len(self._doubted) > MOST_DOUBTED:
            self._doubted = {KEYS[kind]: kind for kind in self._doubted.values()}
        if self._waiting is None or self._waiting.done():
            self._waiting = self._start(self._wait_settled())

    async def look(self) -> None:
        """Doubts campaigns whose change should have come to Valkey by now."""
        late = await self._list_unsettled(Kind.CAMPAIGN, LATE) or ()
        keys = [PREFIX] if len(late) == MANY else [key_of(Kind.CAMPAIGN, id) for id in late]
        self.add(dict.fromkeys(keys, Kind.CAMPAIGN))

    def close(self) -> None:
        """Nothing is doubted from now on: nobody reads any more."""
        self._is_closed = True

    async def _wait_settled(self) -> None:
        """Ends the doubt of each kind once Valkey answers again and nothing waits that was committed before it did."""
        while self._doubted:
            await asyncio.sleep(SETTLE_PAUSE)
            try:
                async with asyncio.timeout(GRAPH_PATIENCE):
                    await self._answers()
            except Exception as error:  # whatever it is: who ceased to ask would doubt for good
                if not isinstance(error, HotMemoryUnavailable | TimeoutError):
                    log.warning("whether Valkey answers is not known: %s", type(error).__name__)
                self._back.clear()
                continue
            for kind in set(self._doubted.values()):
                await self._settle(kind)
        self._settled()
        self._waiting = None

    async def _settle(self, kind: Kind) -> None:
        clock = asyncio.get_running_loop().time
        back = self._back.setdefault(kind, clock())
        # What failed meanwhile was committed later, and is waited for from the beginning.
        left = await self._list_unsettled(kind, clock() - back)
        if left is not None and not left and self._back.get(kind) == back:
            self._doubted = {key: other for key, other in self._doubted.items() if other is not kind}

    async def _list_unsettled(self, kind: Kind, within: float) -> Sequence[str] | None:
        """None where the graph cannot say, for whatever reason: it is asked again soon."""
        try:
            async with asyncio.timeout(GRAPH_PATIENCE):
                return [id for aggregate in CARRIED_BY[kind] for id in await self._unsettled(aggregate, within)]
        except (GraphUnavailable, TimeoutError):
            return None
        except Exception as error:
            log.warning("which changes of %ss are not carried is not known: %s", kind, type(error).__name__)
            return None
