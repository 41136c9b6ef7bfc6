"""The application of the analysts' process: one call, on a socket that only the API knows."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse

from vitograph.api.analysts.keeper import Keeper
from vitograph.api.analysts.places import Place
from vitograph.api.analysts.turns import Turns
from vitograph.api.settings import Settings
from vitograph.api.telemetry import TELEMETRY
from vitograph.api.wire import errors
from vitograph.api.wire.leaving import unless_gone
from vitograph.graph.analytics.copy import State
from vitograph.graph.analytics.masking import Mask
from vitograph.graph.analytics.query import Limits, Question, Stop, Stuck, Told, plan, rows
from vitograph.graph.driver import open_graph
from vitograph.resolver.errors import Fault, GraphUnavailable, InvalidInput, RefusedQuery

log = logging.getLogger(__name__)

ENDED = "only the end of the analysts' Neo4j stopped it; that starts anew"
AT_ONCE = 2
WAIT_TURN = 60.0  # seconds


class Asker:
    """Asks the copy, so many at once; what cannot be stopped is ended with its server."""

    def __init__(self, keeper: Keeper, mask: Mask) -> None:
        self._keeper = keeper
        self._mask = mask
        self._turns = Turns(AT_ONCE)
        self._asking: set[asyncio.Task[None]] = set()

    async def ask(self, body: dict[str, Any]) -> AsyncIterator[bytes]:
        """The lines of an answer, once it is sure that there is one. Raises what the gate says.

        Who ceases to wait for a turn has none.
        """
        try:
            await self._turns.take(body["caller"], WAIT_TURN)
        except TimeoutError:
            raise GraphUnavailable("too many queries at once: ask again") from None
        answer = Answer()
        task = asyncio.create_task(self._ask(body, answer))  # goes on when the reader leaves: it holds the clock
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        first = [await answer.next() for _ in range(2)]
        return _chained(first, answer)

    async def _ask(self, body: dict[str, Any], answer: Answer) -> None:
        began, told = time.monotonic(), Told()
        verdict = "answered"
        try:
            await self._answer(body, answer, told)
        except BaseException as error:  # a panic in the driver's compiled parts is no Exception
            verdict = type(error).__name__
            unread = GraphUnavailable("the answer could not be read: ask again")
            answer.fail(error if isinstance(error, Exception) else unread)
            if isinstance(error, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
                raise
        finally:
            self._turns.give_back(body["caller"])
        _record(body, verdict, told, time.monotonic() - began)

    async def _answer(self, body: dict[str, Any], answer: Answer, told: Told) -> None:
        reveal = self._mask.reveal if body["pii"] else str
        question = Question(body["query"], body["parameters"], reveal)
        limits = Limits(body["seconds"], body["limit"])
        began = time.monotonic()
        place, state, columns = await self._planned(question)
        answer.put({"columns": columns})
        await self._run(place, question, limits, (answer, told))
        if told.stopped is Stop.RESTART and not told.rows:  # another query took its server with it
            told.stopped = told.detail = None
            place, state = await self._keeper.copy()
            await self._run(place, question, limits, (answer, told))
        if told.stopped is Stop.ERROR and not told.rows:
            raise InvalidInput([Fault("/query", told.detail or "it failed")])
        answer.put({"summary": _summary(told, state, began, bool(body["pii"]))})
        answer.end()

    async def _run(self, place: Place, question: Question, limits: Limits, to: tuple[Answer, Told]) -> None:
        answer, told = to
        place.users += 1
        try:
            async for line in rows(place.graph, question, limits, told):
                answer.add(line)
        except Stuck:
            await self._keeper.kill(place)
            told.stopped, told.detail = Stop.TIME, ENDED
        finally:
            place.users -= 1
        if told.stopped is Stop.RESTART and await place.ran_out_of_memory():
            told.stopped, told.detail = Stop.MEMORY, "the analysts' Neo4j ran out of memory; it starts anew"

    async def _planned(self, question: Question) -> tuple[Place, State, list[str]]:
        for _ in range(3):
            place, state = await self._keeper.copy()
            try:
                columns = await plan(place.graph, question)
                if place.state is not None:  # else it is being emptied by now
                    return place, state, columns
            except Stuck:
                await self._keeper.kill(place)
                raise RefusedQuery("the query could not be planned in time: make it shorter") from None
            except GraphUnavailable:
                await asyncio.sleep(0.2)  # its server was ended by another query
        raise GraphUnavailable("the analysts' Neo4j does not answer: ask again")


class Answer:
    """The lines of one answer on their way from who asks to who reads, in their order; or an error in their place."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()

    def put(self, value: object) -> None:
        self._lines.put_nowait(orjson.dumps(value) + b"\n")

    def add(self, line: bytes) -> None:
        self._lines.put_nowait(line)

    def fail(self, error: Exception) -> None:
        self._lines.put_nowait(error)

    def end(self) -> None:
        self._lines.put_nowait(None)

    async def next(self) -> bytes | None:
        """The next line, or none after the last; raises what went wrong."""
        line = await self._lines.get()
        if isinstance(line, Exception):
            raise line
        return line


async def _chained(first: list[bytes | None], answer: Answer) -> AsyncIterator[bytes]:
    for line in first:
        if line is None:
            return
        yield line
    while (line := await answer.next()) is not None:
        yield line


def _summary(told: Told, state: State, began: float, pii: bool) -> dict[str, Any]:
    return {
        "rows": told.rows,
        "bytes": told.bytes,
        "ms": round((time.monotonic() - began) * 1000),
        "as_of": state.as_of.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
        "masked": not pii,
        "stopped": told.stopped,
        "detail": told.detail,
    }


def _record(body: dict[str, Any], verdict: str, told: Told, seconds: float) -> None:
    """Who asked what, by the hash of its text: texts may hold personal values."""
    digest = hashlib.sha256(body["query"].encode("utf-8", "surrogatepass")).hexdigest()[:16]
    ended = told.stopped or "whole"
    log.info("%s asked %s: %s, %s, %d rows, %.0f ms", body["caller"], digest, verdict, ended, told.rows, seconds * 1000)


def create_service(settings: Settings, mask: Mask) -> FastAPI:
    """The application; its copy is made at the first question, and gone when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_graph(*settings.login) as source:
            keeper = Keeper(settings, source, mask)
            housekeeping = asyncio.create_task(keeper.keep_house())
            app.state.asker = Asker(keeper, mask)
            yield
            housekeeping.cancel()
            await keeper.close()

    app = FastAPI(telemetry=TELEMETRY, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    errors.install(app)

    @app.post("/ask")
    async def ask(request: Request) -> StreamingResponse:
        asker: Asker = app.state.asker
        lines = await unless_gone(request, asker.ask(await request.json()))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.get("/")
    async def root() -> dict[str, bool]:
        return {"open": True}

    return app
