"""Everybody at work at once, for minutes: whether memory and waiting times stay flat, and queues short.

    python -m benchmarks.load [--minutes M] [--rate R] [--out FILE.ndjson]

A channel that posts as much as is taken, a modest one with a key of its own (`--rate` posts a second: what it waits
tells how fair ViTo is between keys), landing pages, specialists and an analyst. Each half minute: milliseconds by role,
memory by process, what waits. At the end the last third beside the first, every status, and the audit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import httpx
import psutil

from benchmarks.hot_read.__main__ import fill
from benchmarks.instance import Running, run_vito
from benchmarks.load.everybody import Everybody, Notes
from benchmarks.shares import at_share

EVERY = 30.0  # seconds between two looks
WAITING = ("vito_outbox_waiting", "vito_outbox_lag_seconds", "vito_resolver_waiting", "vito_resolver_lag_seconds")
ROLES = {
    "greedy channel": "channel",
    "modest channel": "channel",
    "specialist": "specialist",
    "analyst": "analyst",
    "watch": "admin",
}
Look = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=5.0, help="posts a second of the modest channel")
    parser.add_argument("--out", type=Path, help="a line of JSON for each look")
    asked = parser.parse_args()
    with ExitStack() as stack:
        out = stack.enter_context(asked.out.open("w")) if asked.out else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vito-bench-"))
        vito = stack.enter_context(run_vito(Path(folder) / "data", 0))
        fill(vito)
        looks, notes = asyncio.run(measure(vito, asked.minutes * 60, asked.rate, out))
        report(looks, notes)
        print(vito.vito("audit"))


async def measure(vito: Running, seconds: float, rate: float, out: IO[str] | None) -> tuple[list[Look], Notes]:
    notes, looks = Notes(), list[Look]()
    keys = {role: vito.make_key(role, kind) for role, kind in ROLES.items()}
    limits = httpx.Limits(max_connections=100)
    root = psutil.Process(vito.instance["pid"])
    async with httpx.AsyncClient(base_url=vito.url, timeout=180, trust_env=False, limits=limits) as client:
        everybody = Everybody(client, keys, notes)
        working = [asyncio.create_task(work()) for work in everybody.at_work(rate)]
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            done, _ = await asyncio.wait(working, timeout=EVERY, return_when=asyncio.FIRST_EXCEPTION)
            for one in done:
                one.result()
            look = await look_at(client, keys["watch"], root, notes.take())
            looks.append(look)
            print(f"{time.monotonic() - started:6.0f} s  {told(look)}", flush=True)
            if out is not None:
                print(json.dumps(look), file=out, flush=True)
        for one in working:
            one.cancel()
        await asyncio.gather(*working, return_exceptions=True)
    return looks, notes


async def look_at(client: httpx.AsyncClient, key: str, root: psutil.Process, taken: dict[str, list[float]]) -> Look:
    """What the last seconds were like: milliseconds and calls a second by role, MiB by process, what waits."""
    look: Look = {}
    for role, times in sorted(taken.items()):
        look[f"{role} /s"] = len(times) / EVERY
        look[f"{role} p50"], look[f"{role} p99"] = statistics.median(times), at_share(times, 0.99)
    for process in (root, *root.children(recursive=True)):
        name = f"MiB {name_of(process)}"
        look[name] = look.get(name, 0.0) + process.memory_info().rss / 2**20
    metrics = await client.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    for line in metrics.text.splitlines():
        name, _, value = line.partition(" ")
        if name in WAITING:
            look[name] = float(value)
    return look


def name_of(process: psutil.Process) -> str:
    """What the process does: the module that it runs, or its program."""
    words = process.cmdline()
    if "-m" in words:
        return str(words[words.index("-m") + 1]).removeprefix("vitograph.")
    return "vito up" if "up" in words else str(process.name())


def told(look: Look) -> str:
    roles = [name.removesuffix(" /s") for name in look if name.endswith(" /s")]
    calls = (
        f"{role} {look[f'{role} /s']:.1f}/s {look[f'{role} p50']:.0f}/{look[f'{role} p99']:.0f} ms" for role in roles
    )
    memory = (f"{name.removeprefix('MiB ')} {value:.0f}" for name, value in look.items() if name.startswith("MiB "))
    waiting = (f"{name.removeprefix('vito_')} {look[name]:.0f}" for name in WAITING if name in look)
    return f"{', '.join(calls)} | MiB: {', '.join(memory)} | {', '.join(waiting)}"


def report(looks: list[Look], notes: Notes) -> None:
    """The last third beside the first, by median; what began later than that is left out."""
    third = max(1, len(looks) // 3)
    first, last = looks[:third], looks[-third:]
    print("\nmedians of the first third and of the last, and their ratio")
    for name in sorted({name for look in looks for name in look}):
        before, after = (values(some, name) for some in (first, last))
        if before and after:
            a, b = statistics.median(before), statistics.median(after)
            print(f"  {name:<32}{a:>10.1f}{b:>10.1f}   x{b / a if a else float('nan'):.2f}")
    print("answers")
    for role, statuses in sorted(notes.answered.items()):
        print(f"  {role:<20}{dict(sorted(statuses.items()))}")


def values(looks: list[Look], name: str) -> list[Any]:
    return [look[name] for look in looks if name in look]


if __name__ == "__main__":
    main()
