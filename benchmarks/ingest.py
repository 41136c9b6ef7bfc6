"""Intake beside the bare driver: the same observations posted in batches, and the same nodes written by one UNWIND.

    python -m benchmarks.ingest [--observations N] [--rounds R]

Both go to one server in one run, turn by turn; what counts is the ratio. Single posts are given at 1, 16 and 64
connections, beside one write a transaction of the bare driver with 32 in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.instance import Running, run_vito

BATCH = 1_000
BARE = """
UNWIND $rows AS row
MERGE (i:BenchIdentifier {key: row.key})
MERGE (e:BenchEvent {id: row.id}) ON CREATE SET e.type = row.type, e.occurred_at = row.occurred_at
MERGE (e)-[:CARRIES]->(i)
"""
CONSTRAINTS = (
    "CREATE CONSTRAINT bench_identifier IF NOT EXISTS FOR (i:BenchIdentifier) REQUIRE i.key IS UNIQUE",
    "CREATE CONSTRAINT bench_event IF NOT EXISTS FOR (e:BenchEvent) REQUIRE e.id IS UNIQUE",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--observations", type=int, default=5_000, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        asyncio.run(measure(vito, arguments.observations, arguments.rounds))


async def measure(vito: Running, observations: int, rounds: int) -> None:
    login = vito.instance["addresses"]
    auth = (login["neo4j_user"], login["neo4j_password"])
    headers = {"Authorization": f"Bearer {vito.make_key('bench', 'channel')}"}
    async with (
        AsyncGraphDatabase.driver(login["neo4j_uri"], auth=auth) as driver,
        aiohttp.ClientSession(vito.url, headers=headers) as client,
    ):
        for constraint in CONSTRAINTS:
            await driver.execute_query(constraint)
        await one_round(client, driver, observations, "warm")
        found = []
        for number in range(rounds):
            found.append(await one_round(client, driver, observations, f"r{number}"))
            print(f"  round {number + 1}: {', '.join(f'{r:.0f}' for r in found[-1].values())}", flush=True)
    print(f"{observations} a round, {rounds} rounds; observations or events a second, min / median / max")
    for name in found[0]:
        rates = [rates[name] for rates in found]
        print(f"  {name:<44}{min(rates):>8.0f} / {statistics.median(rates):.0f} / {max(rates):.0f}")
    for ours, bare in (("batches over HTTP", "bare driver, UNWIND of 1,000"), ("single posts, 64 connections", SINGLE)):
        ratios = [rates[ours] / rates[bare] for rates in found]
        print(f"  {ours} / {bare}: {min(ratios):.2f} / {statistics.median(ratios):.2f} / {max(ratios):.2f}")


SINGLE = "bare driver, one a transaction, 32 in flight"


async def one_round(client: aiohttp.ClientSession, driver: AsyncDriver, count: int, name: str) -> dict[str, float]:
    """Rates of each way, one after another, each with data of its own."""
    some = max(count // 5, 64)
    rates = {
        "batches over HTTP": await rate(count, partial(post_batches, client, bodies(f"{name}-batch", count))),
        "bare driver, UNWIND of 1,000": await rate(count, partial(write_batches, driver, rows(f"{name}-bare", count))),
    }
    for connections in (1, 16, 64):
        rates[f"single posts, {connections} connections"] = await rate(
            some, partial(in_flight, connections, bodies(f"{name}-single-{connections}", some), partial(post, client))
        )
    one_each = partial(write_one, driver)
    rates[SINGLE] = await rate(some, partial(in_flight, 32, rows(f"{name}-tx", some)[::2], one_each))
    return rates


def bodies(name: str, count: int) -> list[dict[str, Any]]:
    """Observations of which four in five come from somebody who was seen before."""
    return [
        {
            "id": f"{name}-{n}",
            "channel": "bench",
            "occurred_at": "2026-11-24T10:00:00Z",
            "identifiers": [
                {"kind": "email", "value": f"{name}.{n % max(count // 5, 1)}@example.com"},
                {"kind": "cookie", "value": f"{name}-{n % max(count // 4, 1)}"},
            ],
            "event": {"type": "page.viewed", "properties": {"page": n}},
        }
        for n in range(count)
    ]


def rows(name: str, count: int) -> list[dict[str, Any]]:
    """The events and identifiers of `bodies`, as rows."""
    return [
        {
            "id": f"{name}-{n}-{kind}",
            "key": f"{name}-{kind}-{n % max(count // share, 1)}",
            "type": "page.viewed",
            "occurred_at": "2026-11-24T10:00:00Z",
        }
        for n in range(count)
        for kind, share in (("email", 5), ("cookie", 4))
    ]


async def rate(count: int, work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return count / (time.perf_counter() - started)


async def post_batches(client: aiohttp.ClientSession, each: list[dict[str, Any]]) -> None:
    for start in range(0, len(each), BATCH):
        lines = b"\n".join(json.dumps(body).encode() for body in each[start : start + BATCH])
        async with client.post("/v1/observations/batch", data=lines) as answer:
            assert answer.status == 200
            assert all("event_id" in line for line in (await answer.text()).splitlines())


async def post(client: aiohttp.ClientSession, body: dict[str, Any]) -> None:
    async with client.post("/v1/observations", json=body) as answer:
        assert answer.status == 201
        await answer.read()


async def write_batches(driver: AsyncDriver, each: list[dict[str, Any]]) -> None:
    ordered = sorted(each, key=lambda row: str(row["key"]))
    for start in range(0, len(ordered), BATCH):
        await driver.execute_query(BARE, rows=ordered[start : start + BATCH])


async def write_one(driver: AsyncDriver, row: dict[str, Any]) -> None:
    await driver.execute_query(BARE, rows=[row])


async def in_flight(most: int, items: list[dict[str, Any]], work: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Works through the items with so many at once."""
    waiting = iter(items)

    async def one_worker() -> None:
        for item in waiting:
            await work(item)

    await asyncio.gather(*(one_worker() for _ in range(most)))


if __name__ == "__main__":
    main()
