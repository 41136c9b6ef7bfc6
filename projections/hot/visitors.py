"""Hot reads of visitors: ready bytes from Valkey, else from the graph; and forgetting them when they change.

A visitor is never written over: readers put what they read where nothing is, for a minute, and whoever changes
something bars the cookie for some seconds. Barred, nothing can be put there: so what was read before a change was
committed is not put after it, whatever the order in which reads, commits and entries of the outbox arrive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from vitograph.projections.hot.doubt import Kind
from vitograph.projections.hot.line import HotLine, Missing, Origin
from vitograph.projections.hot.memory import BARRED, BARRED_FOR, HotMemory
from vitograph.projections.hot.sharing import Shared
from vitograph.projections.hot.tracking import COPY_LASTS
from vitograph.resolver.publishing.visitors import Visitor

# Seconds for which what was read is kept: of who is greeted, and of who is not (anybody can make up cookies).
# With what a process may have copied in the last moment, a minute.
GREETED_LASTS = 60.0 - COPY_LASTS
NOBODY_LASTS = 5.0
# What was read longer ago is not put: it must never be put after the bar that a change of it set has lapsed.
BELIEVED_FOR = BARRED_FOR / 2

NOBODY = b"{}"


class VisitorSource(Protocol):
    """The graph, as far as visitors go. GraphUnavailable when it does not answer."""

    async def visitor(self, cookie: str) -> Visitor | None: ...

    async def cookies(self, views: Sequence[str]) -> list[str]:
        """The cookies on which somebody of these views could be greeted."""
        ...


@dataclass(frozen=True, slots=True)
class Greeting:
    """The reply about a visitor, as ready bytes."""

    reply: bytes
    origin: Origin

    def visitor(self) -> Visitor | None:
        """Who it is, None for nobody."""
        said = orjson.loads(self.reply)
        return Visitor(said["first_name"], tuple(said["campaigns"])) if said else None


class VisitorReader:
    """Reads visitors by the line that it shares with other readers."""

    def __init__(self, line: HotLine, source: VisitorSource) -> None:
        self._line = line
        self._source = source
        self._asking: Shared[bytes] = Shared(line)

    def glance(self, cookie: str) -> bytes | None:
        """What the hot memory is known to say to whoever sends a cookie, without asking it."""
        held = self._line.copy(Kind.VISITOR, cookie)
        return None if held == BARRED else held

    async def read(self, cookie: str) -> Greeting:
        """What to say to whoever sends a cookie. GraphUnavailable when neither store can say."""
        if (known := self.glance(cookie)) is not None:
            return Greeting(known, Origin.REDIS)
        held = await self._line.read(Kind.VISITOR, cookie, lambda missing: self._shared(cookie, missing))
        if held == BARRED:
            self._asking.drop(cookie)  # what is under way may have begun before the change
            return await self._shared(cookie, Missing.AWAY)
        return held if isinstance(held, Greeting) else Greeting(held, Origin.REDIS)

    async def forget(self, cookies: Iterable[str]) -> None:
        """Forgets visitors of whom something was just committed, if Valkey can be had at once; else the outbox does."""
        known = sorted(set(cookies))
        for cookie in known:
            self._asking.drop(cookie)
        if known:
            await self._line.write(Kind.VISITOR, known, lambda: self._line.hot.forget_visitors(known))

    async def _shared(self, cookie: str, missing: Missing) -> Greeting:
        refill = missing is Missing.ABSENT
        return Greeting(await self._asking.ask(cookie, lambda: self._ask(cookie, refill=refill)), Origin.GRAPH)

    async def _ask(self, cookie: str, *, refill: bool) -> bytes:
        began = asyncio.get_running_loop().time()
        visitor = await self._line.ask(lambda: self._source.visitor(cookie))
        reply = reply_to(visitor)
        if refill and asyncio.get_running_loop().time() - began < BELIEVED_FOR:
            lasts = NOBODY_LASTS if visitor is None else GREETED_LASTS
            put = self._line.hot.put_visitor
            self._line.start(self._line.write(Kind.VISITOR, [cookie], lambda: put(cookie, reply, lasts)))
        return reply


@dataclass(frozen=True, slots=True)
class VisitorProjection:
    """Views in the hot memory: whoever could be greeted as one of them is forgotten, and read anew when they come."""

    source: VisitorSource
    hot: HotMemory

    async def project(self, key: str, version: int) -> None:
        await self.project_all([key])

    async def project_all(self, keys: Sequence[str]) -> None:
        cookies = await self.source.cookies(keys)
        if cookies:
            await self.hot.forget_visitors(cookies)


def reply_to(visitor: Visitor | None) -> bytes:
    """The first name and the campaigns met; nothing for nobody."""
    if visitor is None:
        return NOBODY
    return orjson.dumps({"first_name": visitor.first_name, "campaigns": visitor.campaigns})
