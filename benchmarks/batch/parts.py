"""How long each part of a batch takes by the clock: the functions that `graph.batch.run` calls, by name."""

from __future__ import annotations

import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from vitograph.graph.batch import run
from vitograph.graph.batch.engines import Found
from vitograph.graph.batch.inprocess import InProcess

PARTS = (
    "read_standing",
    "read_whole",
    "population_of",
    "_estimate_priors",
    "_device_pairs",
    "fill_queue",
    "propose_all",
    "close_stale",
    "_reopen",
    "close_marks",
)


@dataclass(slots=True)
class Taken:
    """Seconds by part, and when each ended for the last time by `time.perf_counter`. Statements run inside of parts."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    ended: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.ended[name] = time.perf_counter()
            self.seconds[f"part: {name}"] += self.ended[name] - started


@contextmanager
def taking_parts() -> Iterator[Taken]:
    """What parts take, filled in while it is open. Scoring (`find`) runs beside `fill_queue`."""
    taken = Taken()
    whole = {name: getattr(run, name) for name in PARTS}
    find = InProcess.find
    for name, part in whole.items():
        setattr(run, name, _timed(part, name, taken))
    InProcess.find = _timed_parts(find, taken)  # type: ignore[method-assign]
    try:
        yield taken
    finally:
        for name, part in whole.items():
            setattr(run, name, part)
        InProcess.find = find  # type: ignore[method-assign]


def _timed(part: Callable[..., Any], name: str, taken: Taken) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(part):

        @wraps(part)
        async def awaited(*given: Any, **named: Any) -> Any:
            with taken.measure(name):
                return await part(*given, **named)

        return awaited

    @wraps(part)
    def called(*given: Any, **named: Any) -> Any:
        with taken.measure(name):
            return part(*given, **named)

    return called


def _timed_parts(find: Callable[..., Generator[Found]], taken: Taken) -> Callable[..., Generator[Found]]:
    @wraps(find)
    def found(*given: Any, **named: Any) -> Generator[Found]:
        parts = find(*given, **named)
        while True:
            with taken.measure("find"):
                part = next(parts, None)
            if part is None:
                return
            yield part

    return found
