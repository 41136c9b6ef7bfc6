"""`python -m benchmarks.online [10k 100k 1M]`: what one observation costs the resolver in graphs of those sizes.

Each graph is made in bulk on an embedded Neo4j of its own with the default memory; then observations come one by one,
and each is scored and its candidates are written before the next comes. Sizes are measured turn by turn, so that what
else the machine does falls on all of them: what counts is the ratio to the first size. One observation in five is of a
stranger, the others are of somebody who is there, under a new account. CPU is of the client and of Neo4j together.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.online.observing import Measured, Site, open_site
from vitograph.graph.resolving.worker import SELDOM, SOON

SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
TURN = 25  # observations of one size before the next has its turn


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.online", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["10k", "100k"], help=", ".join(SIZES))
    parser.add_argument("--observations", type=int, default=200, help="measured of each size")
    parser.add_argument("--warm", type=int, default=100, help="not measured, of each size")
    parser.add_argument("--folder", type=Path, help="keeps the graphs there and takes those that are")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vito-online-") as folder:
        asyncio.run(measure(chosen.sizes, chosen.folder or Path(folder), chosen.observations, chosen.warm))


async def measure(sizes: list[str], folder: Path, observations: int, warm: int) -> None:
    async with AsyncExitStack() as stack:
        sites: dict[str, Site] = {}
        for size in sizes:
            started = time.perf_counter()
            sites[size] = await stack.enter_async_context(open_site(folder / size, SIZES[size]))
            print(f"{size}: made or opened in {time.perf_counter() - started:.0f} s", flush=True)
        for site in sites.values():
            await site.observe(warm)
            site.measured = Measured()
        for _ in range(0, observations, TURN):
            for site in sites.values():
                await site.observe(TURN)
        print(table({size: site.measured for size, site in sites.items()}))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"resident memory of this process, the resolvers in it: {memory} MB")


def table(found: dict[str, Measured]) -> str:
    """One column a size; ratios are to the first."""
    lines = ["| ms for one observation | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    first = next(iter(found.values()))
    for share in (0.5, 0.95, 0.99):
        cells = (
            f"{one.quantile(share):.1f} ({one.quantile(share) / first.quantile(share):.2f}×)" for one in found.values()
        )
        lines.append(f"| score and enqueue, p{share * 100:.0f} | " + " | ".join(cells) + " |")
    cells = (f"{one.cpu:.1f} ({one.cpu / first.cpu:.2f}×)" for one in found.values())
    lines.append("| CPU, mean | " + " | ".join(cells) + " |")
    lines.append("| pairs scored, mean | " + " | ".join(f"{one.pairs:.1f}" for one in found.values()) + " |")
    lines.append("| candidates written, mean | " + " | ".join(f"{one.proposed:.1f}" for one in found.values()) + " |")
    lines.append(
        "| blocking keys too common, mean | " + " | ".join(f"{one.dropped:.1f}" for one in found.values()) + " |"
    )
    for name in sorted(first.parts, key=lambda name: -first.parts[name]):
        cells = (f"{one.part(name):.2f}" for one in found.values())
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines.append(
        f"\nThe worker is told of who comes; else it looks after {SOON * 1e3:.0f} ms, and after twice as long each "
        f"time that it finds nobody, up to {SELDOM * 1e3:.0f}."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
