"""What both clients do alike: requests, answers, and when to try again. No I/O."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from vitograph.client.messages import Accepted, Observation, Refused, Unavailable

ATTEMPTS = 6
LONGEST_WAIT = 30.0
AGAIN = frozenset({429, 500, 502, 503, 504})
MOST_LINES = 2_000
TIMEOUT = 60.0
BATCH = "/v1/observations/batch"

Outcome = Accepted | Refused


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "User-Agent": "vitograph-client"}


def wait(attempt: int, answer: httpx.Response | None) -> float:
    """Seconds before the next attempt: what the answer asks for, else twice as long each time, spread."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    if asked.isdecimal():
        return min(float(asked), LONGEST_WAIT)
    return float(min(LONGEST_WAIT, 0.2 * 2.0**attempt) * random.uniform(0.5, 1.0))


def is_to_repeat(answer: httpx.Response) -> bool:
    return answer.status_code in AGAIN


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer when it is one. Refused otherwise, Unavailable when trying again could have helped."""
    if answer.is_success:
        return answer
    if is_to_repeat(answer):
        raise Unavailable(f"ViTo answered {answer.status_code} to every attempt")
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    raise Refused(problem if isinstance(problem, dict) else {}, answer.status_code)


def accepted(answer: httpx.Response) -> Accepted:
    return Accepted.from_json(checked(answer).json(), answer.headers.get("Idempotent-Replayed") == "true")


def batches(observations: Iterable[Observation], size: int) -> Iterator[list[Observation]]:
    batch: list[Observation] = []
    for one in observations:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@dataclass(slots=True)
class Batch:
    """Observations sent as one batch until each is accepted or refused; only those left are sent again."""

    observations: Sequence[Observation]
    outcomes: dict[int, Outcome]

    @property
    def left(self) -> list[int]:
        return [place for place in range(len(self.observations)) if place not in self.outcomes]

    def body(self) -> bytes:
        return "\n".join(json.dumps(self.observations[place].to_json()) for place in self.left).encode()

    def read(self, answer: httpx.Response) -> None:
        """Takes in what is answered; lines that a broken connection cut off are left."""
        for place, line in zip(self.left, answer.content.splitlines(), strict=False):
            try:
                said: Any = json.loads(line)
            except ValueError:
                return
            if "event_id" in said:
                self.outcomes[place] = Accepted.from_json(said)
            elif said.get("status") not in AGAIN:
                self.outcomes[place] = Refused(said)

    def result(self) -> list[Outcome]:
        """One outcome an observation, in order. Unavailable when some are left."""
        if self.left:
            raise Unavailable(f"{len(self.left)} of {len(self.observations)} observations were not answered")
        return [self.outcomes[place] for place in range(len(self.observations))]
