"""What recording one observation costs in graphs of growing size, in batches and one a transaction.

The graphs are those of `benchmarks.online`, made by offline import and kept where a folder is given. Sizes have their
turns one after another, so that what else the machine does falls on all of them: what counts is the ratio to the first.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.online.__main__ import SIZES
from benchmarks.online.observing import Site, open_site
from vitograph.graph.intake.observations import record

CHUNK = 250  # as the API records batches
BULK = dt.timedelta()
ALONE = 10  # observations a turn that come alone, for one hundred in batches
Costs = dict[tuple[str, str], list[tuple[float, float]]]
"""By way and size: microseconds of CPU (client and Neo4j) and of the clock for one observation, a pair a round."""


async def measure(sizes: list[str], folder: Path, observations: int, rounds: int) -> Costs:
    """So many observations of each size a round, the first of which only warms up."""
    found: Costs = defaultdict(list)
    async with AsyncExitStack() as stack:
        sites = {size: await stack.enter_async_context(open_site(folder / size, SIZES[size])) for size in sizes}
        for number in range(rounds + 1):
            for size, site in sites.items():
                in_batches = await _cost(site, observations, CHUNK)
                alone = await _cost(site, observations * ALONE // 100, 1)
                if number:
                    found["batches", size].append(in_batches)
                    found["one a transaction", size].append(alone)
    return found


async def _cost(site: Site, count: int, at_once: int) -> tuple[float, float]:
    drawn = [site.draw(number) for number in range(count)]
    cpu, started = site.cpu(), time.perf_counter()
    for start in range(0, count, at_once):
        await record(site.graph, drawn[start : start + at_once], BULK if at_once > 1 else None)
    took = time.perf_counter() - started
    return (site.cpu() - cpu) / count * 1e6, took / count * 1e6


def told(found: Costs) -> str:
    """A line for each way and size; ratios are to the first size."""
    lines = ["microseconds for one observation, medians: CPU of client and Neo4j (ratio to the first size), clock"]
    first: dict[str, float] = {}
    for (way, size), rounds in sorted(found.items(), key=lambda item: item[0][0]):
        cpu, clock = (statistics.median(values) for values in zip(*rounds, strict=True))
        ratio = cpu / first.setdefault(way, cpu)
        lines.append(f"  {way:<20}{size:>6}{cpu:>10.0f} ({ratio:.2f}x){clock:>10.0f}")
    return "\n".join(lines)
