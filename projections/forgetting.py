"""Forgetting outside the graph: what everything must do that holds something of a person who was erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vitograph.projections.hot.memory import HotMemory

COOKIE = "cookie:"


@dataclass(frozen=True, slots=True)
class Traces:
    """What is left to be forgotten of somebody: ids of persons, keys of identifiers, SHA-256 of evidence, in hex."""

    persons: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    evidence: Sequence[str] = ()

    @property
    def cookies(self) -> list[str]:
        """The values of the cookies among the identifiers."""
        return [key.removeprefix(COOKIE) for key in self.identifiers if key.startswith(COOKIE)]


class Forgetful(Protocol):
    """Something that holds what was read off a person. Forgetting twice is harmless; an error has it tried again."""

    async def forget(self, traces: Traces) -> None: ...


class Erasures(Protocol):
    """Where the traces come from."""

    async def traces(self, id: str) -> Traces | None: ...

    async def close(self, id: str, traces: Traces) -> bool:
        """These are forgotten; whether they are all that is to be."""
        ...


@dataclass(frozen=True, slots=True)
class ErasureProjection:
    """Carries an erasure to everything that must forget, and closes it once all have."""

    source: Erasures
    forgetful: Sequence[Forgetful]

    async def project(self, key: str, version: int) -> None:
        while (traces := await self.source.traces(key)) is not None:
            for one in self.forgetful:
                await one.forget(traces)
            if await self.source.close(key, traces):
                return


@dataclass(frozen=True, slots=True)
class ForgetfulHot:
    """The hot memory: what it held is gone from its file too.

    The cookies are barred, so that nobody puts there what they had read before.
    """

    hot: HotMemory

    async def forget(self, traces: Traces) -> None:
        await self.hot.forget_visitors(traces.cookies)
        await self.hot.rewrite()
