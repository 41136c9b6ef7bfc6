"""What the worker of the resolver holds on to."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import dataclass, field
from typing import Any

import pytest

from vitograph.graph.resolving import worker


@dataclass(eq=False)
class Beside:
    """A resolver that estimates the priors, once."""

    graph: Any = None
    model: Any = None
    outgrown: list[bool] = field(default_factory=list)

    def has_outgrown(self) -> bool:
        return self.outgrown.pop() if self.outgrown else False

    async def count(self) -> None:
        """Nobody."""

    async def estimate_priors(self, at_once: int) -> None:
        """From nobody."""


async def test_what_was_read_to_estimate_the_priors_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Beside]] = []

    def make(*_: Any) -> Beside:
        made.append(weakref.ref(one := Beside()))
        return one

    monkeypatch.setattr(worker, "Resolver", make)
    monkeypatch.setattr(worker, "ESTIMATED_EVERY", 0.0)
    task = asyncio.create_task(worker._keep_priors(Beside(outgrown=[True])))  # type: ignore[arg-type]
    for _ in range(20):
        await asyncio.sleep(0)
    gc.collect()
    assert [one() for one in made] == [None]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
