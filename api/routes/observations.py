"""What channels post."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from vitograph.api.access import allow
from vitograph.api.bodies import MOST_BYTES, MOST_OBSERVATION_BYTES, decode, json_body
from vitograph.api.errors import Problem, problem
from vitograph.api.state import State, StateDep
from vitograph.graph.keys import Caller, Role
from vitograph.graph.observations import Recorded
from vitograph.ingest.observations import parse
from vitograph.resolver.errors import Fault, InvalidInput, VitoError
from vitograph.resolver.model import Observation

router = APIRouter(tags=["observations"])

MOST_LINES = 10_000

# Observations a transaction: large enough to be fast, small enough to hold its locks for a moment only.
CHUNK = 250

# Lines up to which a batch is scored as if each had come alone; the pairs of a larger one let others go first.
FEW = 20

Channel = Annotated[Caller, allow(Role.CHANNEL)]


@router.post("/v1/observations", status_code=201, operation_id="observe")
async def observe(request: Request, state: StateDep, caller: Channel) -> Response:
    """Accepts one observation. The same id and body again: 200 and the first answer; another body: 409."""
    observation = _parsed(await json_body(request), _region(state, caller))
    outcome = await state.groups.add(observation)
    if isinstance(outcome, VitoError):
        raise outcome
    headers = {"Idempotent-Replayed": "true"} if outcome.replayed else {}
    return Response(
        orjson.dumps(outcome.reply()),
        status_code=200 if outcome.replayed else 201,
        headers=headers,
        media_type="application/json",
    )


@router.post("/v1/observations/batch", operation_id="observe_batch")
async def observe_batch(request: Request, state: StateDep, caller: Channel) -> Response:
    """Accepts up to 10,000 observations, one JSON a line; answers a result or a problem a line, in order."""
    raw = await request.body()
    if len(raw) > MOST_BYTES:
        raise Problem(413, f"a batch may have {MOST_BYTES} bytes")
    lines = raw.split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > MOST_LINES:
        raise Problem(413, f"a batch may have {MOST_LINES} lines; this one has {len(lines)}")
    return StreamingResponse(_answers(lines, state, _region(state, caller)), media_type="application/x-ndjson")


async def _answers(lines: list[bytes], state: State, region: str | None) -> AsyncIterator[bytes]:
    for start in range(0, len(lines), CHUNK):
        parsed = [_line(line, region) for line in lines[start : start + CHUNK]]
        observations = [one for one in parsed if isinstance(one, Observation)]
        outcomes = await _record_all(state, observations, dt.timedelta() if len(lines) > FEW else None)
        yield b"".join(orjson.dumps(answer) + b"\n" for answer in _in_order(parsed, iter(outcomes)))


def _line(line: bytes, region: str | None) -> Observation | dict[str, Any]:
    """The observation of a line, or the problem with it."""
    try:
        if len(line) > MOST_OBSERVATION_BYTES:
            raise Problem(413, f"a line may have {MOST_OBSERVATION_BYTES} bytes")
        return _parsed(decode(line), region)
    except VitoError as error:
        return problem(error)
    except Problem as error:
        return {"type": "about:blank", "title": "Bad line", "status": error.status, "detail": error.detail}


def _in_order(
    parsed: list[Observation | dict[str, Any]], outcomes: Iterator[Recorded | VitoError]
) -> Iterator[dict[str, Any]]:
    for one in parsed:
        if isinstance(one, dict):
            yield one
            continue
        outcome = next(outcomes)
        yield problem(outcome) if isinstance(outcome, VitoError) else outcome.reply()


async def _record_all(
    state: State, observations: list[Observation], put_off: dt.timedelta | None
) -> list[Recorded | VitoError]:
    """Records in one transaction; once the answer has begun, a graph that fails is a problem on each line."""
    try:
        return list(await state.record(observations, put_off)) if observations else []
    except VitoError as error:
        return [error for _ in observations]


def _region(state: State, caller: Caller) -> str | None:
    """The country of phone numbers that name none: the key's, else the one that is set for all."""
    return caller.region or state.settings.default_region


def _parsed(body: Any, region: str | None) -> Observation:
    if not isinstance(body, dict):
        raise InvalidInput([Fault("", "an observation is a JSON object")])
    return parse(body, received_at=dt.datetime.now(dt.UTC), default_region=region)
