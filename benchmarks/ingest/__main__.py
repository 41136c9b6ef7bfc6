"""Intake beside the bare driver: observations posted over HTTP, and the same written by hand, on one server in one run.

    python -m benchmarks.ingest [--observations N] [--rounds R] [--only batches|singles]
    python -m benchmarks.ingest --sizes 10k 100k 1M [--folder DIR]        growth, see `growth`

Each way has its turn in every round, with data of its own, and begins when all that came before is scored; what counts
is the ratio within a round. What scoring takes after a turn of ours stands beside it. The benchmark's own client shares
the machine, on both sides: microseconds of CPU by process stand beside what the clock says.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.ingest import bare, growth
from benchmarks.ingest.posting import bodies, post_batches, post_single
from benchmarks.ingest.spent import CLIENT, Clock, Spent
from benchmarks.instance import Running, run_vito
from benchmarks.online.__main__ import SIZES

BATCHES, SINGLES = "batches", "singles"
OVER_HTTP = "batches over HTTP"
AT_64 = "single posts, 64 connections"
BARE_ROWS, BARE_NODES = "bare UNWIND, events and identifiers", "bare UNWIND, persons and holds too"
ONE_ROWS, ONE_NODES = "bare, one a transaction, 32 in flight", "the same, persons and holds too"
OURS = (OVER_HTTP, AT_64)
PAIRS = ((OVER_HTTP, BARE_ROWS), (OVER_HTTP, BARE_NODES), (AT_64, ONE_ROWS), (AT_64, ONE_NODES))
SCORED = ", scored afterwards"
WAITING = "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN count(p) AS waiting"
LOOK = 0.2  # seconds between two looks whether anybody waits to be scored
SHARE = 4  # single posts a round are so much fewer

Way = tuple[str, int, Awaitable[None]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--observations", type=int, default=5_000, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=(BATCHES, SINGLES))
    parser.add_argument("--sizes", nargs="+", choices=SIZES, help="growth instead: persons that are there already")
    parser.add_argument("--folder", type=Path, help="keeps these graphs there and takes those that are")
    asked = parser.parse_args()
    if asked.sizes:
        with tempfile.TemporaryDirectory(prefix="vito-growth-") as folder:
            place = asked.folder or Path(folder)
            print(growth.told(asyncio.run(growth.measure(asked.sizes, place, asked.observations, asked.rounds))))
        return
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        found = asyncio.run(measure(vito, asked.observations, asked.rounds, asked.only))
    print(f"{asked.observations} observations a round, {asked.rounds} rounds")
    print(told(found))


async def measure(vito: Running, observations: int, rounds: int, only: str | None) -> list[dict[str, Spent]]:
    login = vito.instance["addresses"]
    auth = (login["neo4j_user"], login["neo4j_password"])
    clock = Clock(vito.instance["pid"])
    key = vito.make_key("bench", "channel")
    found = []
    async with AsyncGraphDatabase.driver(login["neo4j_uri"], auth=auth) as driver:
        await bare.prepare(driver)
        for number in range(rounds + 1):
            name = f"r{number}" if number else "warm"
            spent = {}
            for way, n, work in ways(vito, key, driver, name, observations, only):
                spent[way] = await clock.spent(n, work)
                scored = await clock.spent(n, at_rest(driver))
                if way in OURS:
                    spent[way + SCORED] = scored
            rates = ", ".join(f"{one.rate:.0f}" for way, one in spent.items() if not way.endswith(SCORED))
            print(f"  {name}, load {os.getloadavg()[0]:.0f}: {rates}", flush=True)
            found.append(spent)
    return found[1:]


async def at_rest(driver: AsyncDriver) -> None:
    """Nobody waits to be scored any more."""
    while (await driver.execute_query(WAITING)).records[0]["waiting"]:  # noqa: ASYNC110 – Neo4j tells nobody
        await asyncio.sleep(LOOK)


def ways(vito: Running, key: str, driver: AsyncDriver, name: str, count: int, only: str | None) -> Iterator[Way]:
    """Each way, what it is about, and its work, which is made when its turn comes."""

    def made(way: str, count: int) -> list[dict[str, Any]]:
        return bodies(f"{name}-{way}", count)

    if only != SINGLES:
        yield OVER_HTTP, count, post_batches(vito, key, made("batch", count))
        for way, statement in ((BARE_ROWS, bare.ROWS), (BARE_NODES, bare.NODES)):
            yield way, count, bare.write_batches(driver, statement, bare.rows(made(way, count)))
    if only != BATCHES:
        few = max(count // SHARE, 100)
        for connections in (1, 16, 64):
            some = max(few // 4, 64) if connections == 1 else few
            way = f"single posts, {connections} connection{'s' * (connections > 1)}"
            yield way, some, post_single(vito, key, connections, made(f"single-{connections}", some))
        for way, statement in ((ONE_ROWS, bare.ROWS), (ONE_NODES, bare.NODES)):
            yield way, few, bare.write_single(driver, statement, 32, bare.rows(made(way, few)))


def told(found: list[dict[str, Spent]]) -> str:
    lines = ["a second, min / median / max; microseconds of CPU for one by process, medians"]
    for way in found[0]:
        rates = [spent[way].rate for spent in found]
        cpu = {name: statistics.median(spent[way].cpu[name] for spent in found) for name in found[0][way].cpu}
        parts = ", ".join(f"{name} {value:.0f}" for name, value in cpu.items() if value >= 1)
        lines.append(f"  {way:<40}{_three(rates, 0):>22}   {parts}")
    lines.append(
        "ours / bare: of the rate; and bare / ours of the CPU, all of it, and without the worker and HTTP's client"
    )
    for ours, other in PAIRS:
        if ours in found[0]:
            rates = [spent[ours].rate / spent[other].rate for spent in found]
            whole = [spent[other].whole / spent[ours].whole for spent in found]
            served = [spent[other].without("worker") / spent[ours].without("worker", CLIENT) for spent in found]
            lines.append(f"  {ours} / {other}: {_three(rates, 2)}; {_three(whole, 2)}; {_three(served, 2)}")
    return "\n".join(lines)


def _three(values: list[float], digits: int) -> str:
    return " / ".join(f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


if __name__ == "__main__":
    main()
