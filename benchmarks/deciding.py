"""Many specialists deciding at once on one queue over HTTP: what is lost or doubled (nothing), and decisions a second.

    python -m benchmarks.deciding [--pairs N] [--specialists S]

The queue is what channels posted and `vito resolve --all` scored. Each asks for the next pair, decides it, and goes on
until the queue is empty; one in twenty takes their decision back.
Beside it, one specialist alone on a fiftieth of the pairs: the ratio is what many gain over one on this machine. At the
end, `vito audit` judges the whole graph.
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
from typing import Any

import httpx

from benchmarks.instance import Running, run_vito
from benchmarks.shares import at_share

VERDICTS = ("same", "same", "different", "household", "unsure")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5_000)
    parser.add_argument("--specialists", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1e9, help="after which nobody takes another pair")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        asyncio.run(measure(vito, arguments.pairs, arguments.specialists, arguments.seconds))
        print(vito.vito("audit"))


async def measure(vito: Running, pairs: int, specialists: int, seconds: float) -> None:
    keys = [vito.make_key(f"specialist {number}", "specialist") for number in range(specialists)]
    channel = vito.make_key("shop", "channel")
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=vito.url, timeout=120, trust_env=False, limits=limits) as client:
        ids = await fill(vito, client, channel, (0, pairs // 50))
        alone = await day(client, keys[:1], seconds)
        ids |= await fill(vito, client, channel, (pairs // 50, pairs + pairs // 50))
        together = await day(client, keys, seconds)
        log = await export(client, keys[0])
        left = set(await waiting(client, keys[0]))
        decided = {entry["candidate_id"] for entry in log if entry["entry"] == "decision"}
        acknowledged = [*alone.acknowledged, *together.acknowledged]
        assert {entry["id"] for entry in log} == set(acknowledged), "an acknowledged decision is not in the log"
        assert len(log) == len(acknowledged), "an entry of the log was acknowledged by nobody, or twice"
        assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
        verdict = (await client.get("/v1/decisions/verify", headers=bearer(keys[0]))).json()
        assert verdict["ok"], verdict
        assert left or ids <= decided, f"{len(ids - decided)} pairs were decided by nobody"
        again = Counter(entry["candidate_id"] for entry in log if entry["entry"] == "decision")
        back = Counter(entry["candidate_id"] for entry in log if entry["entry"] == "retraction")
        assert all(count <= 1 + back[id] for id, count in again.items()), "a pair was decided twice"
        print(f"{len(ids)} pairs waited, {len(left)} wait still")
    for name, found, who in (("one alone", alone, 1), (f"{specialists} at once", together, specialists)):
        rate, p95 = len(found.acknowledged) / found.seconds, at_share(found.waits, 0.95) * 1000
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


async def fill(vito: Running, client: httpx.AsyncClient, channel: str, numbers: tuple[int, int]) -> set[str]:
    """Posts two records of each of so many persons, scores them, and returns the pairs that wait then."""
    lines = [json.dumps(one) for number in range(*numbers) for one in couple(number)]
    for start in range(0, len(lines), 5_000):
        body = "\n".join(lines[start : start + 5_000]) + "\n"
        answer = await client.post("/v1/observations/batch", content=body, headers=bearer(channel))
        while answer.status_code == 503:  # the machine is busy; each observation is accepted once, by its id
            await asyncio.sleep(2)
            answer = await client.post("/v1/observations/batch", content=body, headers=bearer(channel))
        answer.raise_for_status()
        assert all("event_id" in json.loads(line) for line in answer.text.splitlines())
    await asyncio.to_thread(vito.vito, "resolve", "--all")
    return set(await waiting(client, vito.make_key("counter", "specialist")))


def couple(number: int) -> list[dict[str, Any]]:
    """Two accounts of one person, who has a name, a birth date and a phone of their own."""
    chance = random.Random(number)
    name = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))
    traits = {
        "given_name": chance.choice(("Maria", "Ingrid", "Omar", "Chen", "Anna", "Luis")),
        "family_name": name.title(),
        "date_of_birth": f"19{chance.randrange(40, 99)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
    }
    phone = {"kind": "phone", "value": f"+346{number:08}", "assurance": "verified"}
    return [
        {
            "id": f"bench-{number}-{account}",
            "channel": "web_form",
            "occurred_at": "2026-11-20T10:00:00Z",
            "identifiers": [{"kind": "user_id", "value": f"shop:{number}-{account}", "assurance": "verified"}, phone],
            "traits": traits,
            "event": {"type": "campaign.enrolled", "target_id": "summer-offer"},
        }
        for account in range(2)
    ]


async def waiting(client: httpx.AsyncClient, key: str) -> list[str]:
    """The ids of all pairs that wait, claimed ones too."""
    ids: list[str] = []
    for status in ("open", "claimed", "awaiting"):
        cursor = None
        while True:
            asked = {"status": status, "limit": 500} | ({"cursor": cursor} if cursor else {})
            page = (await client.get("/v1/candidates", params=asked, headers=bearer(key))).json()
            ids += [item["id"] for item in page["items"]]
            if (cursor := page["next"]) is None:
                break
    return ids


async def day(client: httpx.AsyncClient, keys: list[str], seconds: float) -> Day:
    found = Day()
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(*(work(client, key, random.Random(number), found, until) for number, key in enumerate(keys)))
    found.seconds = time.perf_counter() - started
    return found


async def work(client: httpx.AsyncClient, key: str, chance: random.Random, found: Day, until: float) -> None:
    """Until the queue is empty or the time is over: the next pair, a verdict on it."""
    headers = bearer(key)
    while time.perf_counter() < until:
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
