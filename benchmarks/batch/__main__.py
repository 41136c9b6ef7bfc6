"""`python -m benchmarks.batch [20k 100k 1M]`: `vito resolve --all` beside Splink's whole run, on the same persons.

Ours goes from the graph to the queue: it reads everybody, estimates the priors, blocks, scores, and writes each kept
pair as a candidate, first those a specialist may be asked about: when these are written the queue is full. Splink's
trains, predicts and clusters over a table that is in memory already, on two threads; it writes nothing. Seconds are the
clock's; CPU is of the client and of Neo4j together.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from benchmarks.batch.parts import taking_parts
from benchmarks.online.observing import Site, open_site
from benchmarks.online.seeding import PER_HOME, person_id, profile_of
from benchmarks.online.town import household
from benchmarks.scoring import splink_side
from benchmarks.scoring.records import FIELDS, Record
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.queries import Statement
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.parameters_json import load_model

SIZES = {"20k": 20_000, "100k": 100_000, "1M": 1_000_000}
THREADS = 2
FORGET = Statement("benchmark/forget", "MATCH (c:Candidate) CALL (c) { DETACH DELETE c } IN TRANSACTIONS OF 1000 ROWS")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["20k"], help=", ".join(SIZES))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keeps the graphs there and takes those that are")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vito-batch-") as folder:
        for size in chosen.sizes:
            at = (chosen.folder or Path(folder)) / size
            asyncio.run(measure(size, open_site(at, SIZES[size]), chosen.rounds))


async def measure(size: str, opening: AbstractAsyncContextManager[Site], rounds: int) -> None:
    """Both in turns; the candidates of the round before are forgotten first."""
    records = records_of(SIZES[size])
    async with opening as site:
        for _ in range(rounds):
            started, own = time.perf_counter(), time.process_time()
            pairs = await asyncio.to_thread(splink_side.whole, records, THREADS)
            theirs, their_cpu = time.perf_counter() - started, time.process_time() - own
            await site.graph.run(FORGET, wall_clock=1_800.0)
            site.graph.taken.clear()
            started, cpu, own = time.perf_counter(), site.cpu(), time.process_time()
            with taking_parts() as parts:
                tally = await resolve_whole(site.graph, load_model())
            full = parts.ended["fill_queue"] - started
            ours, cpu, own = time.perf_counter() - started, site.cpu() - cpu, time.process_time() - own
            print(
                f"{size}: {tally.persons:,} persons; Splink {theirs:.1f} s, CPU {their_cpu:.1f} s, {pairs:,} pairs; "
                f"ViTo's queue is full after {full:.1f} s ({full / theirs:.1f}×), "
                f"all after {ours:.1f} s ({ours / theirs:.1f}×), CPU {own:.1f} s here and {cpu - own:.1f} s in Neo4j "
                f"({cpu / their_cpu:.1f}×), {tally.pairs:,} pairs, {tally.proposed:,} candidates; "
                f"load {os.getloadavg()[0]:.1f}"
            )
            for name, seconds in sorted((parts.seconds | site.graph.taken).items(), key=lambda part: -part[1]):
                if seconds >= 0.01 * ours:
                    print(f"    {seconds:7.1f} s  {name}")


def records_of(persons: int) -> list[Record]:
    """Everybody in the graph of so many persons, as a table has them."""
    found = [
        profile_of(person_id(number, place), resident)[1]
        for number in range(round(persons / PER_HOME))
        for place, resident in enumerate(household(number))
    ]
    return [Record(profile.view_id, 0, _fields(profile)) for profile in found]


def _fields(profile: Profile) -> dict[str, str | None]:
    held = {one.identifier.kind.value: one.identifier.value for one in profile.identifiers.values()}
    stated = (profile.given_names, profile.family_names, profile.birth_dates)
    city = profile.addresses[0].city if profile.addresses else None
    values = (*(values[0] if values else None for values in stated), city, held.get("email"), held.get("phone"))
    return dict(zip(FIELDS, values, strict=True))


if __name__ == "__main__":
    main()
