"""What channels post."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from vitograph.api.examples import BATCH, OBSERVATION, REPLAYED
from vitograph.api.guard import Admits, from_anywhere, permitted
from vitograph.api.recording import AT_ONCE, CHUNK, Turns, put_off, record_one
from vitograph.api.state import State, get_state
from vitograph.api.wire.bodies import MOST_BYTES, decode, json_body, plain_body
from vitograph.api.wire.errors import Problem, problem
from vitograph.graph.access.keys import Caller
from vitograph.graph.intake.observations import Recorded
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES
from vitograph.ingest.browsers import lowered, restrain
from vitograph.ingest.observations import parse
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import Fault, GraphUnavailable, InvalidInput, VitoError
from vitograph.resolver.model import Observation

router = APIRouter(tags=["observations"])

MOST_LINES = 10_000

WITHOUT_BREAK = 25
"""Lines that are read without a break: whoever asks for a page meanwhile waits for them."""

_IDENTIFIER = re.compile(r"^/identifiers/(\d+)")

Parsed = Observation | dict[str, Any]
Outcome = Recorded | VitoError


@router.post(
    "/v1/observations",
    status_code=201,
    operation_id="observe",
    openapi_extra=OBSERVATION,
    responses=REPLAYED,
    dependencies=[Admits],
)
async def observe(request: Request) -> Response:
    """Accepts one observation. The same id and body again: 200 and the first answer; another body: 409."""
    state = await get_state(request)
    caller = await from_anywhere(request, state)
    observation = await read(await json_body(request), state, caller)
    return answer(await record_one(state, observation))


def answer(outcome: Outcome) -> Response:
    """201 with what became of an observation, 200 for a replay."""
    if isinstance(outcome, VitoError):
        raise outcome
    return Response(
        orjson.dumps(outcome.reply()),
        status_code=200 if outcome.replayed else 201,
        headers={"Idempotent-Replayed": "true"} if outcome.replayed else {},
        media_type="application/json",
    )


@router.post("/v1/observations/batch", operation_id="observe_batch", openapi_extra=BATCH, dependencies=[Admits])
async def observe_batch(request: Request) -> Response:
    """Accepts up to 10,000 observations, one JSON a line; answers a result or a problem a line, in order.

    503 when the graph is away at the beginning; later that is a problem on each line left.
    """
    state, caller = await get_state(request), await permitted(request)
    with state.batches.entered():
        lines = (await plain_body(request, MOST_BYTES)).split(b"\n")
        if lines and not lines[-1].strip():
            lines.pop()
        if len(lines) > MOST_LINES:
            raise Problem(413, f"a batch may have {MOST_LINES} lines; this one has {len(lines)}")
        answers = _answers(lines, state, caller)
        first = await anext(answers, b"")
    return StreamingResponse(_rest(first, answers, state), media_type="application/x-ndjson")


async def _rest(first: bytes, answers: AsyncIterator[bytes], state: State) -> AsyncIterator[bytes]:
    """The answers, the first of which is known; one that is read slowly still counts as under way."""
    state.batches.inside += 1
    try:
        yield first
        async for some in answers:
            yield some
    finally:
        state.batches.inside -= 1


async def _answers(lines: list[bytes], state: State, caller: Caller) -> AsyncIterator[bytes]:
    """A part at a time: while one is recorded, the next is read. GraphUnavailable when the very first one fails."""
    turns = Turns(state, put_off(len(lines)))
    waiting: deque[list[Parsed]] = deque()
    for start in range(0, len(lines), CHUNK):
        parsed = await _parsed(lines[start : start + CHUNK], state, caller)
        if turns.are_full:
            yield await _answer(waiting.popleft(), turns, is_first=start == AT_ONCE * CHUNK)
        await turns.begin([one for one in parsed if isinstance(one, Observation)])
        waiting.append(parsed)
    is_first = len(lines) <= AT_ONCE * CHUNK
    while waiting:
        yield await _answer(waiting.popleft(), turns, is_first=is_first)
        is_first = False


async def _answer(parsed: list[Parsed], turns: Turns, *, is_first: bool) -> bytes:
    """The lines of the part that began first, once it is recorded."""
    outcomes = await turns.end()
    if is_first and outcomes and all(isinstance(one, GraphUnavailable) for one in outcomes):
        while turns.are_under_way:
            await turns.end()
        raise outcomes[0]  # type: ignore[misc]
    return b"".join(orjson.dumps(one) + b"\n" for one in in_order(parsed, outcomes))


async def _parsed(lines: Sequence[bytes], state: State, caller: Caller) -> list[Parsed]:
    parsed: list[Parsed] = []
    for some in batched(lines, WITHOUT_BREAK):
        parsed += [await _line(line, state, caller) for line in some]
        await asyncio.sleep(0)
    return parsed


async def _line(line: bytes, state: State, caller: Caller) -> Parsed:
    """The observation of a line, or the problem with it."""
    try:
        if len(line) > MOST_OBSERVATION_BYTES:
            raise Problem(413, f"a line may have {MOST_OBSERVATION_BYTES} bytes")
        return await read(decode(line), state, caller)
    except VitoError as error:
        return problem(error)
    except Problem as error:
        return {"type": "about:blank", "title": "Bad line", "status": error.status, "detail": error.detail}


def in_order(parsed: list[Parsed], outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    following = iter(outcomes)
    for one in parsed:
        if isinstance(one, dict):
            yield one
            continue
        outcome = next(following)
        yield problem(outcome) if isinstance(outcome, VitoError) else outcome.reply()


async def read(body: Any, state: State, caller: Caller) -> Observation:
    """The observation in a body, with what its `identity` proves in place of it, within what the key may say."""
    if not isinstance(body, dict):
        raise InvalidInput([Fault("", "an observation is a JSON object")])
    kept = restrain(body, caller.terms)
    found = await proved(kept, state, caller) if "identity" in kept else []
    region = caller.region or state.settings.default_region
    try:
        observation = parse(_with(found, kept), received_at=dt.datetime.now(dt.UTC), default_region=region)
    except InvalidInput as error:
        faults = [Fault(_as_sent(fault.pointer, found), fault.detail) for fault in error.faults]
        raise InvalidInput(faults) from None
    warnings = (*lowered(body, kept), *(_as_sent(warning, found) for warning in observation.warnings))
    return replace(observation, warnings=warnings)


async def proved(body: dict[str, Any], state: State, caller: Caller) -> list[dict[str, Any]]:
    """The identifiers that the `identity` of a body proves. Unauthenticated when it proves nothing."""
    return await state.identities.identifiers(body["identity"], caller.id, caller.terms.identity)


def _with(found: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The body with identifiers that were proved before its own.

    The proof is not stored, and not part of what a replay is compared by: a token that was renewed is no other body.
    """
    rest = {name: value for name, value in body.items() if name != "identity"}
    carried = rest.get("identifiers", [])
    return {**rest, "identifiers": [*found, *carried]} if found and isinstance(carried, list) else rest


def _as_sent(told: str, found: Sequence[object]) -> str:
    """What is told of a place among the identifiers, of the place that it had in the body."""

    def place(now: re.Match[str]) -> str:
        sent = int(now[1]) - len(found)
        return "/identity" if sent < 0 else f"/identifiers/{sent}"

    return _IDENTIFIER.sub(place, told)
