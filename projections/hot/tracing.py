"""A hot memory whose round trips are spans of a trace, by their command, never by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.ready import Ready
from vitograph.resolver.publishing.outbox import Entry

SYSTEM = "redis"


class Tracer(Protocol):
    """Where spans go."""

    def call(self, system: str, name: str) -> AbstractContextManager[object]:
        """A call of another server; outside of any span it is none."""
        ...

    def follow(self, name: str, traces: Sequence[str]) -> AbstractContextManager[object]:
        """Work that goes on with what was begun elsewhere: `traces` say where (W3C Trace Context)."""
        ...


@dataclass(frozen=True, slots=True)
class TracedHotMemory(HotMemory):
    tracer: Tracer

    def call(self, name: str) -> AbstractContextManager[object]:
        return self.tracer.call(SYSTEM, name)

    async def put(self, id: str, ready: Ready, lasts: float = 0.0) -> bool:
        with self.tracer.call(SYSTEM, "EVAL put"):
            return await HotMemory.put(self, id, ready, lasts)

    async def put_visitor(self, cookie: str, value: bytes, lasts: float) -> None:
        with self.tracer.call(SYSTEM, "SET"):
            await HotMemory.put_visitor(self, cookie, value, lasts)

    async def forget_visitors(self, cookies: Sequence[str]) -> None:
        with self.tracer.call(SYSTEM, "SET bar"):
            await HotMemory.forget_visitors(self, cookies)


def traced(hot: HotMemory, tracer: Tracer | None) -> HotMemory:
    """The same hot memory, traced; without a tracer the very same."""
    return hot if tracer is None else TracedHotMemory(hot.client, tracer)


def follow(tracer: Tracer | None, name: str, entries: Sequence[Entry]) -> AbstractContextManager[object]:
    """Goes on with the traces of these entries where there is a tracer."""
    if tracer is None:
        return nullcontext()
    return tracer.follow(name, [entry.trace for entry in entries if entry.trace is not None])
