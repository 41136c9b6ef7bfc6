"""How long each part of a batch takes by the clock: the functions that `graph.batch.run` calls, by name."""

from __future__ import annotations

import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from vitograph.graph.batch import run
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


@contextmanager
def taking_parts() -> Iterator[dict[str, float]]:
    """Seconds by part, filled in while it is open. Statements run inside of parts."""
    taken: dict[str, float] = defaultdict(float)
    whole = {name: getattr(run, name) for name in PARTS}
    find = InProcess.find
    for name, part in whole.items():
        setattr(run, name, _timed(part, name, taken))
    InProcess.find = _timed(find, "find", taken)  # type: ignore[method-assign]
    try:
        yield taken
    finally:
        for name, part in whole.items():
            setattr(run, name, part)
        InProcess.find = find  # type: ignore[method-assign]


def _timed(part: Callable[..., Any], name: str, taken: dict[str, float]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(part):

        @wraps(part)
        async def awaited(*given: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return await part(*given, **named)
            finally:
                taken[f"part: {name}"] += time.perf_counter() - started

        return awaited

    @wraps(part)
    def called(*given: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return part(*given, **named)
        finally:
            taken[f"part: {name}"] += time.perf_counter() - started

    return called
