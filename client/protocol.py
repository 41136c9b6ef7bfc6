"""What both clients do alike: requests, answers, and when to try again. No I/O."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from vitograph.client.messages import Accepted, Observation, Refused, Unavailable

ATTEMPTS = 6
LONGEST_WAIT = 30.0
TOO_LARGE = 413
FAILED = 500
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
MOST_LINES = 2_000
MOST_BYTES = 1_000_000  # of a batch; a proxy in front of ViTo takes a MiB unless it was told to take more
TIMEOUT = 60.0
BATCH = "/v1/observations/batch"

Outcome = Accepted | Refused


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "User-Agent": "vitograph-client"}


def wait(attempt: int, answer: httpx.Response | None) -> float:
    """Seconds before the next attempt: what the answer asks for, else twice as long each time, spread."""
    asked = _seconds(answer.headers.get("Retry-After", "")) if answer is not None else -1.0
    if asked >= 0:
        return min(asked, LONGEST_WAIT)
    return float(min(LONGEST_WAIT, 0.2 * 2.0**attempt) * random.uniform(0.5, 1.0))


def _seconds(stated: str) -> float:
    """What Retry-After asks for: seconds, or a moment (RFC 9110 §10.2.3). Negative where that is past, or nothing."""
    if stated.isdecimal():
        return float(stated)
    try:
        return parsedate_to_datetime(stated).timestamp() - time.time()
    except (ValueError, OverflowError):
        return -1.0


def is_to_repeat(answer: httpx.Response) -> bool:
    return answer.status_code in AGAIN


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer when it is one. Refused otherwise, Unavailable when trying again could have helped."""
    if answer.is_success:
        return answer
    if is_to_repeat(answer):
        raise Unavailable(f"ViTo answered {answer.status_code} to every attempt")
    raise _refused(answer)


def _refused(answer: httpx.Response) -> Refused:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    return Refused(problem if isinstance(problem, dict) else {}, answer.status_code)


def accepted(answer: httpx.Response) -> Accepted:
    with _readable():
        return Accepted.from_json(checked(answer).json(), answer.headers.get("Idempotent-Replayed") == "true")


def person_path(id: str) -> str:
    """Where a view is, whatever its id holds."""
    return f"/v1/persons/{quote(id, safe='')}"


def person(answer: httpx.Response) -> dict[str, Any]:
    """Refused, Unavailable."""
    with _readable():
        return dict(checked(answer).json())


def persons(answer: httpx.Response) -> tuple[list[dict[str, Any]], str | None]:
    """A page and the cursor of the next, None after the last. Refused, Unavailable."""
    with _readable():
        said = checked(answer).json()
        return list(said["items"]), said["next"]


@contextmanager
def _readable() -> Iterator[None]:
    """Unavailable where a success is nothing that ViTo says: something in front of it has answered."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("what answered is not ViTo") from error


def batches(observations: Iterable[Observation | bytes], size: int) -> Iterator[Batch]:
    """Of up to `size` lines and `MOST_BYTES`; a line that is longer than that goes alone.

    ValueError where bytes are not one line: each line is answered, so those after it would have another's outcome.
    """
    lines: list[bytes] = []
    length = 0
    for one in observations:
        line = one.strip() if isinstance(one, bytes) else json.dumps(one.to_json()).encode()
        if not line or b"\n" in line:
            raise ValueError("a body that is sent as it is stands on one line")
        if lines and (len(lines) == size or length + len(line) + 1 > MOST_BYTES):
            yield Batch(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line) + 1
    if lines:
        yield Batch(lines)


@dataclass(slots=True)
class Batch:
    """Observations sent as one batch until each is accepted or refused; only those left are sent again."""

    lines: Sequence[bytes]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    failed: dict[int, Refused] = field(default_factory=dict)
    """Lines that ViTo itself fails at, while it answers: they are sent again, but keep nobody waiting for ever."""

    @property
    def left(self) -> list[int]:
        return [place for place in range(len(self.lines)) if place not in self.outcomes]

    def body(self) -> bytes:
        return b"\n".join(self.lines[place] for place in self.left)

    def read(self, answer: httpx.Response) -> None:
        """Takes in what is answered; lines that a broken connection cut off are left. Refused as a whole, Unavailable.

        Unavailable, too, when more is answered than was sent: nobody knows to which line an answer belongs.

        What is too large by itself is refused by itself: whoever sends many goes on with the others.
        """
        if answer.status_code == TOO_LARGE and len(self.lines) == 1:
            self.outcomes[0] = _refused(answer)
            return
        answers = checked(answer).content.splitlines()
        if len(answers) > len(self.left):
            raise Unavailable(f"{len(answers)} observations were answered, where {len(self.left)} were sent")
        self.failed.clear()
        for place, line in zip(self.left, answers, strict=False):
            try:
                said: Any = json.loads(line)
            except ValueError:
                return
            if not isinstance(said, dict):
                return
            if "event_id" in said:
                with _readable():
                    self.outcomes[place] = Accepted.from_json(said)
            elif isinstance(status := said.get("status"), int) and status not in AGAIN:
                self.outcomes[place] = Refused(said)
            elif status == FAILED:
                self.failed[place] = Refused(said)

    def result(self) -> list[Outcome]:
        """One outcome an observation, in order; what failed to the end, where others did not, is Refused.

        Unavailable when some are left.
        """
        if self.outcomes:
            self.outcomes |= self.failed
        if self.left:
            raise Unavailable(f"{len(self.left)} of {len(self.lines)} observations were not answered")
        return [self.outcomes[place] for place in range(len(self.lines))]
