"""Reading the desk's queue over HTTP at its full length: every filter beside the plain list of one run, and the next
pair, claimed and with all that helps to decide it, under every filter.

    python -m benchmarks.queue [--pairs N] [--rounds R]

The pairs are written as scoring writes them, with persons, names, identifiers and events; nothing else runs.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.instance import Running, run_vito
from benchmarks.shares import at_share

GROUPS = ("account", "address", "birth_date", "device", "email", "name", "phone")
WRITE = """
UNWIND $rows AS row
CREATE (l:Person {id: row.left, view_id: row.left, kind: 'known', given_names: ['maria'], family_names: [row.name]})
CREATE (r:Person {id: row.right, view_id: row.right, kind: 'known', given_names: ['m'], family_names: [row.name]})
CREATE (l)-[:HAS {assurance: 'verified', count: 1, first_seen: $at, last_seen: $at, ambiguous: false}]
  ->(:Identifier {key: 'email:' + row.left, kind: 'email', value: row.left, status: 'exclusive'})
CREATE (r)-[:HAS {assurance: 'asserted', count: 1, first_seen: $at, last_seen: $at, ambiguous: false}]
  ->(:Identifier {key: 'email:' + row.right, kind: 'email', value: row.right, status: 'exclusive'})
CREATE (:Event {id: 'e-' + row.left, type: 'campaign.enrolled', target_id: row.campaign, traits: '{}', properties: '{}',
  occurred_at: $at, received_at: $at})-[:OF]->(l)
CREATE (c:Candidate {id: row.id, kind: 'person', left: row.left, right: row.right, status: 'open', version: 1,
  p_same: row.p, p_household: 0.1, bits_stranger: 9.0, bits_household: row.bits, band: row.band, value: row.p,
  proposed_as: 'same', groups: row.groups, model: 'default-1', evidence: row.evidence,
  created_at: row.at, updated_at: row.at})
CREATE (c)-[:PAIRS]->(l)
CREATE (c)-[:PAIRS]->(r)
"""
WRITE_BUSY = """
UNWIND range(1, 20000) AS number
CREATE (p:Person {id: 'busy-' + number, view_id: 'busy-' + number, kind: 'known'})
CREATE (:Event {id: 'e-busy-' + number, type: 'campaign.enrolled', target_id: 'busy', traits: '{}', properties: '{}',
  occurred_at: $at, received_at: $at})-[:OF]->(p)
"""
READS = {
    "the plain list": "",
    "band A": "band=A",
    "evidence: account (1 in 1,000)": "evidence=account",
    "evidence: email": "evidence=email",
    "evidence that no pair has": "evidence=gender",
    "a campaign of 1 in 3 pairs": "campaign=wide",
    "a campaign of 20 pairs": "campaign=narrow",
    "a campaign of 20,000 events and no pair": "campaign=busy",
    "older than a week": "until=7",
    "older than all of them": "until=900",
    "reopened (none)": "status=reopened",
    "weakened (none)": "weakened=true",
    "blind": "blind=true",
}
NEXT: dict[str, dict[str, str]] = {
    "no filter": {},
    "band A": {"band": "A"},
    "band B, with the rarest evidence": {"band": "B", "evidence": "account"},
    "evidence that no pair has": {"evidence": "gender"},
    "a campaign of 1 in 3 pairs": {"campaign": "wide"},
    "a campaign of 20 pairs": {"campaign": "narrow"},
    "older than all of them": {"until": "2001-01-01T00:00:00Z"},
    "reopened (none)": {"status": "reopened"},
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        asyncio.run(measure(vito, arguments.pairs, arguments.rounds))


async def measure(vito: Running, pairs: int, rounds: int) -> None:
    login = vito.instance["addresses"]
    auth = (login["neo4j_user"], login["neo4j_password"])
    async with AsyncGraphDatabase.driver(login["neo4j_uri"], auth=auth) as driver:
        await fill(driver, pairs)
        await fill_busy(driver)
    headers = {"Authorization": f"Bearer {vito.make_key('bench', 'specialist')}"}
    async with httpx.AsyncClient(base_url=vito.url, headers=headers, timeout=60, trust_env=False) as client:
        first = (await client.get("/v1/candidates")).json()
        ids = [item["id"] for item in first["items"]]
        found = {
            name: await timed(client, f"/v1/candidates?{query_of(query)}", rounds) for name, query in READS.items()
        }
        deep = first["next"]
        for _ in range(20):
            deep = (await client.get("/v1/candidates", params={"cursor": deep, "limit": 500})).json()["next"]
        found["the plain list, 10,000 pairs down"] = await timed(client, f"/v1/candidates?cursor={deep}", rounds)
        found["counts"] = await timed(client, "/v1/candidates/counts", rounds)
        found["matches of a filter, counted"] = await timed(client, "/v1/candidates/matching?evidence=email", rounds)
        found["one pair, all that helps to decide it"] = await timed(client, f"/v1/candidates/{ids[0]}", rounds)
        for name, filter in NEXT.items():
            found[f"the next pair: {name}"] = await timed(client, "/v1/candidates/next", rounds, {"filter": filter})
    plain = statistics.median(found["the plain list"])
    print(f"{pairs} pairs wait; ms a call over HTTP, median / p95 of {rounds}, and the median beside the plain list")
    for name, times in found.items():
        median, p95 = statistics.median(times), at_share(times, 0.95)
        print(f"  {name:<44}{median:>8.1f} /{p95:>7.1f}   x{median / plain:.2f}")


def query_of(query: str) -> str:
    if query.startswith("until="):
        moment = dt.datetime.now(dt.UTC) - dt.timedelta(days=int(query[6:]))
        return f"until={moment.isoformat().replace('+', '%2B')}"
    return query


async def timed(client: httpx.AsyncClient, path: str, rounds: int, body: dict[str, Any] | None = None) -> list[float]:
    """Milliseconds of each call, after two that are not counted."""
    times = []
    for number in range(rounds + 2):
        started = time.perf_counter()
        answer = await (client.get(path) if body is None else client.post(path, json=body))
        answer.raise_for_status()
        if number >= 2:
            times.append((time.perf_counter() - started) * 1000)
    return times


async def fill(driver: AsyncDriver, pairs: int, seed: int = 1) -> set[str]:
    """Writes pairs that wait, and returns their ids; another seed makes others."""
    chance = random.Random(seed)
    now = dt.datetime.now(dt.UTC)
    ids: set[str] = set()
    for start in range(0, pairs, 1_000):
        rows = [row(number, chance, now) for number in range(start, min(start + 1_000, pairs))]
        await driver.execute_query(WRITE, rows=rows, at=now)
        ids.update(row["id"] for row in rows)
    return ids


async def fill_busy(driver: AsyncDriver) -> None:
    """Writes a campaign with many events, of persons who are in no pair."""
    await driver.execute_query(WRITE_BUSY, at=dt.datetime.now(dt.UTC))


def row(number: int, chance: random.Random, now: dt.datetime) -> dict[str, Any]:
    p = chance.random()
    groups = [group for group in GROUPS[1:] if chance.random() < 0.4] + ["account"] * (chance.random() < 0.001)
    step = {
        "group": "email", "comparison": "email", "level": "equal", "sentence": "Both use this e-mail address.",
        "left": "a", "right": "a", "bits_stranger": 9.0, "bits_household": 3.0, "capped": False,
    }  # fmt: skip
    score = {"p_same": p, "p_household": 0.1, "bits_stranger": 9.0, "bits_household": 3.0, "evidence": [step]}
    return {
        "id": f"c-{chance.getrandbits(128):032x}",
        "left": f"p-{chance.getrandbits(128):032x}",
        "right": f"p-{chance.getrandbits(128):032x}",
        "name": f"name{number % 997}",
        "campaign": "narrow" if number < 20 else "wide" if number % 3 == 0 else "other",
        "p": p,
        "bits": p * 10,
        "band": "A" if p > 0.9 else "B" if p > 0.6 else "C",
        "groups": sorted(groups),
        "evidence": json.dumps(score),
        "at": now - dt.timedelta(days=chance.random() * 60),
    }


if __name__ == "__main__":
    main()
