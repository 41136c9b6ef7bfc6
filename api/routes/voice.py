"""Telephone calls: their streams come in, and specialists settle what was heard in them and is doubtful."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from contextlib import suppress
from operator import itemgetter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect, status
from pydantic import BaseModel, ConfigDict, Field

from vitograph.api.access.policy import load_policy
from vitograph.api.guard import Admits, Allowed, admit, operation_of
from vitograph.api.signing import call_tokens
from vitograph.api.signing.twilio_signatures import require_signed_stream
from vitograph.api.state import State, StateDep
from vitograph.api.wire import paging
from vitograph.api.wire.paging import Cursor, Limit
from vitograph.api.wiring.calls import open_spool
from vitograph.graph.access.keys import Caller, find_holder
from vitograph.graph.deciding.call_reviews import get_review, list_reviews
from vitograph.ingest.browsers import restrain
from vitograph.ingest.voice.calls import CHANNEL, campaign_of
from vitograph.ingest.voice.settling import Word, proposed_by, settle
from vitograph.ingest.voice.spool import LONGEST, StreamWriter
from vitograph.ingest.voice.twilio import BadFormat, BadMessage, Media, Start, Stop, read
from vitograph.resolver.errors import (
    Forbidden,
    GraphUnavailable,
    ReusedId,
    ServerFailed,
    TooBusy,
    Unauthenticated,
    VitoError,
    WrongState,
)
from vitograph.resolver.model import ENROLLED

router = APIRouter(prefix="/v1/voice", tags=["voice"])
log = logging.getLogger(__name__)

START_WITHIN = 15.0  # seconds from the socket's opening to the start of its stream
SILENT = 60.0  # seconds without a message after which a socket is dead
SYNC = 1.0  # seconds between writes to the disk itself
ASKED_EVERY = 5.0  # seconds between two looks whether the call's key is still good
MOST_SKIPPED = 100  # messages that cannot be read, before the socket is closed
TOKENS = ("token", "key")  # parameters in which a call brings its token or key

CLOSED_BY_FAULT: dict[type[Exception], int] = {
    BadFormat: status.WS_1003_UNSUPPORTED_DATA,
    BadMessage: status.WS_1007_INVALID_FRAME_PAYLOAD_DATA,
    ServerFailed: status.WS_1011_INTERNAL_ERROR,
    Unauthenticated: status.WS_1008_POLICY_VIOLATION,
    Forbidden: status.WS_1008_POLICY_VIOLATION,
    WrongState: status.WS_1008_POLICY_VIOLATION,
    GraphUnavailable: status.WS_1013_TRY_AGAIN_LATER,
    TooBusy: status.WS_1013_TRY_AGAIN_LATER,
}
FAULTS: tuple[type[Exception], ...] = (*CLOSED_BY_FAULT, TimeoutError)


class TokenRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seconds: int = Field(default=300, ge=1, le=call_tokens.LONGEST)


class Settlement(BaseModel):
    model_config = ConfigDict(extra="forbid")
    verdict: Literal["confirm", "reject"]
    type: str | None = Field(default=None, max_length=128)
    target_id: str | None = Field(default=None, max_length=128)
    identifiers: list[dict[str, Any]] = Field(default_factory=list, max_length=8)
    note: str | None = Field(default=None, max_length=2000)


@router.websocket("/twilio", name="stream_call", dependencies=[Admits])
async def twilio(socket: WebSocket) -> None:
    """A call's stream, by Twilio's Media Streams protocol. Every frame is on disk before the next one is read.

    The key of a channel, or a token of `POST /v1/voice/tokens`, comes as `Authorization: Bearer` or as the call's
    parameter `token`; a signature of Twilio's on the socket must be right. Nothing is transcribed here: the worker
    does that when the stream is over.
    """
    state: State = socket.app.state.vito
    await socket.accept()
    try:
        require_signed_stream(state.settings, socket)
        await _receive(socket, state)
    except WebSocketDisconnect:
        return
    except FAULTS as error:
        code = next((code for kind, code in CLOSED_BY_FAULT.items() if isinstance(error, kind)), 1008)
        await socket.close(code, (str(error) or "nothing came in time")[:120])
    except OSError as error:
        log.error("a call's stream cannot be kept: %s", error)
        await socket.close(status.WS_1011_INTERNAL_ERROR, "the stream cannot be kept")


async def _receive(socket: WebSocket, state: State) -> None:
    async with asyncio.timeout(START_WITHIN):
        start = await _start(socket)
        caller = await _caller(socket, start, state)
    facts = {
        "started_at": dt.datetime.now(dt.UTC).isoformat(),
        "parameters": {name: value for name, value in start.parameters.items() if name not in TOKENS},
        "region": caller.region or state.settings.default_region,
        "key": caller.id,
        "tracks": list(start.tracks),
    }
    spool = open_spool(state.settings)
    writer = await asyncio.to_thread(spool.open_stream, start.call_sid, start.stream_sid, facts)
    watch = asyncio.create_task(_watch(socket, start, state, caller.id))
    stopped = False
    try:
        stopped = await _write(socket, writer, watch)
    finally:
        watch.cancel()
        writer.close(stopped)
    await socket.close()


async def _start(socket: WebSocket) -> Start:
    while True:
        message = read(await _text(socket))
        if isinstance(message, Start):
            return message
        if message is not None:
            raise BadMessage("media came before the start of the stream")


async def _caller(socket: WebSocket, start: Start, state: State) -> Caller:
    """The channel whose key or token the call brings. Unauthenticated, Forbidden."""
    scheme, _, secret = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        secret = next((start.parameters[name] for name in TOKENS if start.parameters.get(name)), "")
    if not secret:
        raise Unauthenticated("the call brings no token: pass one as <Parameter name='token'>")
    if secret.count(".") != 2:
        caller = await admit(socket, secret)
        _require_terms(start, caller)
        return caller
    return await _holder(socket, start, state, call_tokens.verify(state.settings, secret))


async def _holder(socket: WebSocket, start: Start, state: State, id: str) -> Caller:
    """Whose key has this id, if it may stream this call now. Unauthenticated, Forbidden."""
    caller = await find_holder(state.graph, id)
    if caller is None:
        raise Unauthenticated("the call's key was revoked or has expired")
    load_policy().grant(operation_of(socket), caller)
    _require_terms(start, caller)
    return caller


async def _watch(socket: WebSocket, start: Start, state: State, id: str) -> None:
    """Goes on for as long as the key may stream this call; while the graph cannot say, it may."""
    while True:
        await asyncio.sleep(ASKED_EVERY)
        with suppress(GraphUnavailable):
            await _holder(socket, start, state, id)


def _require_terms(start: Start, caller: Caller) -> None:
    """Forbidden where the key may not say what the call may come to: its caller's enrolment."""
    event = {"type": ENROLLED, "target_id": campaign_of(start.parameters)}
    restrain({"channel": CHANNEL, "identifiers": [{"kind": "phone"}], "event": event}, caller.terms)


async def _write(socket: WebSocket, writer: StreamWriter, watch: asyncio.Task[None]) -> bool:
    """Whether the stream was stopped on purpose; it ends either way, and when it is as long as a call can be.

    What ends the watch ends the stream, with what was received of it kept.
    """
    loop = asyncio.get_running_loop()
    began = synced = loop.time()
    skipped = 0
    while loop.time() - began < LONGEST and not writer.is_full:
        try:
            async with asyncio.timeout(SILENT):
                message = read(await _text(socket))
        except (BadMessage, BadFormat) as error:
            skipped += 1
            log.warning("a message of a call's stream was skipped: %s", error)
            if skipped > MOST_SKIPPED:
                raise
            continue
        if watch.done():
            watch.result()
        if isinstance(message, Stop):
            return True
        if isinstance(message, Media):
            writer.append(message)
        if loop.time() - synced > SYNC:
            await asyncio.to_thread(writer.sync)
            synced = loop.time()
    log.warning("a call's stream was ended: it is longer than a call can be")
    return False


async def _text(socket: WebSocket) -> str | bytes:
    """The next message. WebSocketDisconnect when the socket is gone."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    return message.get("text") or message.get("bytes") or ""


@router.post("/tokens", status_code=201, operation_id="make_call_token")
async def make_token(body: TokenRequest, state: StateDep, caller: Allowed) -> Any:
    """A token that lets streams in for some minutes, to be written into a call's TwiML instead of the key."""
    token, expires = call_tokens.sign(state.settings, caller.id, body.seconds)
    return {"token": token, "expires_at": dt.datetime.fromtimestamp(expires, dt.UTC).isoformat()}


@router.get("/reviews", operation_id="list_call_reviews")
async def reviews(
    state: StateDep,
    caller: Allowed,
    status: Annotated[Literal["open", "closed"], Query()] = "open",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Events whose meaning is doubtful, the longest waiting first, with what was heard and why it is doubtful.

    `proposed` is the type of event that a confirmation makes where it names no other.
    """
    rows = await list_reviews(state.graph, status, paging.decode_moment(cursor), limit + 1)
    rows = [row | {"proposed": proposed_by(row)} for row in rows]
    return paging.page(rows, limit, itemgetter("opened_at", "event_id"))


@router.post("/reviews/{event_id:path}", status_code=201, operation_id="settle_call_review")
async def settle_review(event_id: str, body: Settlement, state: StateDep, caller: Allowed) -> Any:
    """Says what a doubtful event means. That becomes an event of its own, recorded with who said so; 409 by then."""
    review = await get_review(state.graph, event_id)
    word = Word(caller.human, caller.name, **body.model_dump())
    observation = settle(review, word, caller.region or state.settings.default_region)
    by_then = WrongState(f"event {event_id} was settled already")
    if review["status"] == "closed" and review["result"] != observation.id:
        raise by_then
    outcome = await state.groups.add(observation)
    if isinstance(outcome, ReusedId):  # somebody else's word
        raise by_then
    if isinstance(outcome, VitoError):
        raise outcome
    return outcome.reply()
