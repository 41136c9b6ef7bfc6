"""Many specialists deciding at once on one queue over HTTP: what is lost or doubled (nothing), and decisions a second.

    python -m benchmarks.deciding [--pairs N] [--specialists S]

Each asks for the next pair, decides it, and goes on until the queue is empty; one in twenty takes their decision back.
Beside it, one specialist alone on a fiftieth of the pairs: the ratio is what many gain over one on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from neo4j import AsyncGraphDatabase

from benchmarks.instance import Running, run_vito
from benchmarks.queue import fill

VERDICTS = ("same", "same", "different", "household", "unsure")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5_000)
    parser.add_argument("--specialists", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        asyncio.run(measure(vito, arguments.pairs, arguments.specialists))
        print(vito.vito("audit"))


async def measure(vito: Running, pairs: int, specialists: int) -> None:
    login = json.loads((vito.data / "instance.json").read_text())["addresses"]
    auth = (login["neo4j_user"], login["neo4j_password"])
    keys = [vito.make_key(f"specialist {number}", "specialist") for number in range(specialists)]
    async with (
        AsyncGraphDatabase.driver(login["neo4j_uri"], auth=auth) as driver,
        httpx.AsyncClient(
            base_url=vito.url, timeout=120, trust_env=False, limits=httpx.Limits(max_connections=100)
        ) as client,
    ):
        ids = await fill(driver, pairs // 50, seed=1)
        alone = await day(client, keys[:1])
        ids |= await fill(driver, pairs, seed=2)
        together = await day(client, keys)
        log = await export(client, keys[0])
        decided = {entry["candidate_id"] for entry in log if entry["entry"] == "decision"}
        acknowledged = [*alone.acknowledged, *together.acknowledged]
        assert {entry["id"] for entry in log} == set(acknowledged), "an acknowledged decision is not in the log"
        assert len(log) == len(acknowledged), "an entry of the log was acknowledged by nobody, or twice"
        assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
        verdict = (await client.get("/v1/decisions/verify", headers=bearer(keys[0]))).json()
        assert verdict["ok"], verdict
        assert ids <= decided, f"{len(ids - decided)} pairs were decided by nobody"
    for name, found, who in (("one alone", alone, 1), (f"{specialists} at once", together, specialists)):
        waits = sorted(found.waits)
        rate, p95 = len(found.acknowledged) / found.seconds, waits[int(len(waits) * 0.95)] * 1000
        print(
            f"{name:<14} {len(found.acknowledged):>6} entries in {found.seconds:.0f} s: {rate:.1f} a second, "
            f"{rate * 60 / who:.1f} a minute each; "
            f"next pair and verdict p95 {p95:.0f} ms; refused {dict(found.refused)}"
        )
    ratio = (len(together.acknowledged) / together.seconds) / (len(alone.acknowledged) / alone.seconds)
    print(f"{specialists} at once / one alone: x{ratio:.2f}; nothing lost, nothing doubled, the chain holds")


class Day:
    """What became of a queue that some specialists worked through."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.waits: list[float] = []
        self.refused: Counter[int] = Counter()
        self.seconds = 0.0


async def day(client: httpx.AsyncClient, keys: list[str]) -> Day:
    found = Day()
    started = time.perf_counter()
    await asyncio.gather(*(work(client, key, random.Random(number), found) for number, key in enumerate(keys)))
    found.seconds = time.perf_counter() - started
    return found


async def work(client: httpx.AsyncClient, key: str, chance: random.Random, found: Day) -> None:
    """Until the queue is empty: the next pair, a verdict on it."""
    headers = bearer(key)
    while True:
        started = time.perf_counter()
        pair = await client.post("/v1/candidates/next", json={}, headers=headers)
        if pair.status_code == 204:
            return
        if pair.status_code == 503:  # the head of the log was busy for longer than a call may take: asked again
            found.refused[503] += 1
            continue
        pair.raise_for_status()
        body = {"verdict": chance.choice(VERDICTS), "reason": "bench"}
        tag = headers | {"If-Match": pair.headers["ETag"]}
        decided = await client.post(f"/v1/candidates/{pair.json()['id']}/decisions", json=body, headers=tag)
        found.waits.append(time.perf_counter() - started)
        if decided.status_code not in (201, 202):
            found.refused[decided.status_code] += 1
            continue
        found.acknowledged.append(decided.json()["id"])
        if chance.random() < 0.05:
            back = await client.post(f"/v1/decisions/{decided.json()['id']}/retract", headers=headers)
            if back.status_code != 201:
                found.refused[back.status_code] += 1
                continue
            found.acknowledged.append(back.json()["id"])


async def export(client: httpx.AsyncClient, key: str) -> list[dict[str, object]]:
    answer = await client.get("/v1/decisions/export", headers=bearer(key))
    return [json.loads(line) for line in answer.text.splitlines()][:-1]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


if __name__ == "__main__":
    main()
