"""Who works: each role as a loop over HTTP that notes how long each call took and how it was answered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from benchmarks.world import build

PEOPLE = 300  # of one world; a next one comes when its observations are posted
CAMPAIGN = "/hot/campaigns/summer-offer"
OVERLOADED = (429, 503)


@dataclass(slots=True)
class Notes:
    """Milliseconds of the calls of each role since the last look, and how many were answered how."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answered: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    async def call(self, role: str, calling: Awaitable[httpx.Response]) -> httpx.Response:
        """Notes a call; whoever is told to wait does."""
        started = time.perf_counter()
        answer = await calling
        self.taken[role].append((time.perf_counter() - started) * 1000)
        self.answered[role][answer.status_code] += 1
        if answer.status_code in OVERLOADED:
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def take(self) -> dict[str, list[float]]:
        """What was noted since the last look."""
        taken, self.taken = self.taken, defaultdict(list)
        return taken


def observations(seed: int) -> Iterator[dict[str, Any]]:
    """For ever: world after world, of other people."""
    while True:
        for number, body in enumerate(build(PEOPLE, seed).observations):
            yield {**body, "id": f"{seed}-{number}-{body['id']}"}
        seed += 1


@dataclass(frozen=True, slots=True)
class Everybody:
    """The roles, each with a key of its own. `keys` are by role."""

    client: httpx.AsyncClient
    keys: dict[str, str]
    notes: Notes

    def at_work(self, rate: float) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """Every loop. `rate`: posts a second of the channel that is modest; another one posts as much as is taken."""
        greedy = observations(1_000_000)
        return [
            *(lambda: self.post("greedy channel", greedy, 0.0) for _ in range(8)),
            lambda: self.post("modest channel", observations(1), 1 / rate),
            *(lambda: self.look() for _ in range(4)),
            *(lambda number=number: self.decide(Random(number)) for number in range(2)),
            self.ask,
        ]

    async def post(self, role: str, bodies: Iterator[dict[str, Any]], pause: float) -> None:
        """A channel: one observation after the other; one that was not taken is sent again."""
        for body in bodies:
            while True:
                posting = self.client.post("/v1/observations", json=body, headers=self._bearer(role))
                if (await self.notes.call(role, posting)).status_code not in OVERLOADED:
                    break
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """A landing page, fifty times a second."""
        while True:
            await self.notes.call("page", self.client.get(CAMPAIGN))
            await asyncio.sleep(0.02)

    async def decide(self, random: Random) -> None:
        """A specialist: the next pair, a look at it, a verdict, now and then taken back."""
        role = "specialist"
        headers = self._bearer(role)
        while True:
            pair = await self.notes.call(role, self.client.post("/v1/candidates/next", json={}, headers=headers))
            await asyncio.sleep(0.3)
            if pair.status_code != 200:
                continue
            body = {"verdict": random.choice(("same", "different", "household", "unsure")), "reason": "load"}
            tag = headers | {"If-Match": pair.headers["ETag"]}
            path = f"/v1/candidates/{pair.json()['id']}/decisions"
            decided = await self.notes.call(role, self.client.post(path, json=body, headers=tag))
            if decided.status_code == 201 and random.random() < 0.2:
                back = f"/v1/decisions/{decided.json()['id']}/retract"
                await self.notes.call(role, self.client.post(back, headers=headers))

    async def ask(self) -> None:
        """An analyst: how the queue stands, every five seconds."""
        role, path = "analyst", "/v1/cypher/named/queue_health"
        while True:
            await self.notes.call(role, self.client.post(path, json={}, headers=self._bearer(role)))
            await asyncio.sleep(5)

    def _bearer(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[role]}"}
