"""The gate as a whole: a query is read, planned, judged, and only then run, in a transaction that can only read.

Whoever calls holds the copy's server: `Stuck` means that it works on and no limit stops it, so it has to be ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

import orjson
from neo4j import READ_ACCESS, AsyncTransaction, ResultSummary
from neo4j.exceptions import (
    BrokenRecordError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from vitograph.graph.analytics.plan import check_plan
from vitograph.graph.analytics.text import check_parameters, check_text
from vitograph.graph.analytics.values import Text, outgrows, to_json
from vitograph.graph.driver import Graph
from vitograph.resolver.errors import GraphUnavailable, RefusedQuery

T = TypeVar("T")

PLANNING = 5.0  # seconds in which a query must be planned
GRACE = 2.0  # seconds that a server gets to end a query after its time
LOOK = 1.0  # seconds in which the loop, once it goes on, finds what had come before the time was over
_EXPLAIN = "EXPLAIN "
_PLACE = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")
# The server's own code of a transaction that it ended is Neo.TransientError.Transaction.Terminated; the driver, which
# would else run it again, makes a client error of it.
_TIMED_OUT = ("Neo.ClientError.Transaction.TransactionTimedOut", "Neo.ClientError.Transaction.Terminated")
FETCH = 200  # rows that are on their way at once


class Stop(StrEnum):
    """What ended a query before its last row."""

    ROWS = "rows"
    BYTES = "bytes"
    TIME = "time"
    MEMORY = "memory"
    ERROR = "error"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its parameters; `text` is what its strings are told as."""

    query: str
    parameters: Mapping[str, Any]
    text: Text = str


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one query: seconds, rows and bytes of its answer."""

    seconds: float = 5.0
    rows: int = 1_000
    bytes: int = 8 << 20


class Stuck(Exception):
    """The server does not end a query whose time is over."""


class _Cut(Exception):
    """No more of the answer is wanted."""

    def __init__(self, stop: Stop, detail: str) -> None:
        self.reason = stop, detail
        super().__init__(detail)


@dataclass(slots=True)
class Told:
    """How an answer ended."""

    rows: int = 0
    bytes: int = 0
    stopped: Stop | None = None
    detail: str | None = None


async def plan(graph: Graph, question: Question) -> list[str]:
    """The columns of a query that passed the gate. `RefusedQuery`, `InvalidInput`, `Stuck`, `GraphUnavailable`."""
    check_text(question.query)
    check_parameters(question.parameters)
    try:
        columns, summary = await _within(time.monotonic() + PLANNING + GRACE, _explained(graph, question))
    except Neo4jError as error:
        raise _planning_refused(error) from None
    except (DriverError, OSError) as error:
        raise GraphUnavailable("the analysts' Neo4j does not answer") from error
    check_plan(summary.query_type or "", summary.plan)
    return columns


async def _explained(graph: Graph, question: Question) -> tuple[list[str], ResultSummary]:
    async with _reading(graph, PLANNING) as tx:
        # The one text that is put together: EXPLAIN before a query that itself may not begin with it.
        result = await tx.run(cast(Any, _EXPLAIN + question.query), dict(question.parameters))
        return list(result.keys()), await result.consume()


async def rows(graph: Graph, question: Question, limits: Limits, told: Told) -> AsyncIterator[bytes]:
    """The rows as JSON arrays, a line each; `told` says afterwards how it ended. Raises `Stuck`.

    Only what the server is waited for counts as its time, not how fast the rows are taken.
    """
    deadline = time.monotonic() + limits.seconds + GRACE
    async with _ended(told), _reading(graph, limits.seconds) as tx:
        result = await _within(deadline, tx.run(cast(Any, question.query), dict(question.parameters)))
        while (record := await _within(deadline, anext(result, None))) is not None:
            if told.rows == limits.rows:
                raise _Cut(Stop.ROWS, f"there are more than {limits.rows} rows")
            line = _line(record.values(), question.text, limits.bytes - told.bytes)
            if line is None:
                raise _Cut(Stop.BYTES, f"the answer has more than {limits.bytes} bytes")
            told.rows += 1
            told.bytes += len(line)
            yield line


def _line(values: Sequence[object], text: Text, most: int) -> bytes | None:
    """A row as a line; none when it has more bytes, which is seen before anything as large as that is made."""
    if outgrows(values, most):
        return None
    line = orjson.dumps([to_json(value, text) for value in values]) + b"\n"
    return line if len(line) <= most else None


async def _within(deadline: float, work: Awaitable[T]) -> T:
    """Its result. Raises `Stuck` when the server does not give it in time.

    A loop that stood meanwhile, for it read what another query is answered, has yet to look at what came.
    """
    asked = asyncio.ensure_future(work)
    try:
        for seconds in (deadline - time.monotonic(), LOOK):
            await asyncio.wait([asked], timeout=max(0.0, seconds))
            if asked.done():
                return asked.result()
        raise Stuck("the server does not end this query")
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


@contextlib.asynccontextmanager
async def _reading(graph: Graph, seconds: float) -> AsyncIterator[AsyncTransaction]:
    """An explicit transaction that can only read, ended by the server after its time; always rolled back."""
    async with graph.driver.session(
        database=graph.database, default_access_mode=READ_ACCESS, fetch_size=FETCH
    ) as session:
        tx = await session.begin_transaction(timeout=seconds)
        try:
            yield tx
        except BaseException:
            tx.cancel()  # the connection is closed, not asked: a server that hangs would not answer
            raise
        if tx.closed():
            return
        await tx.rollback()


@contextlib.asynccontextmanager
async def _ended(told: Told) -> AsyncIterator[None]:
    """What the server says against a query that runs becomes the end of its answer."""
    try:
        yield
    except _Cut as cut:
        told.stopped, told.detail = cut.reason
    except Neo4jError as error:
        told.stopped, told.detail = _reason(error)
    except BrokenRecordError:
        told.stopped, told.detail = Stop.ERROR, "a value of this row is beyond what can be told"
    except (ServiceUnavailable, SessionExpired, OSError):
        told.stopped, told.detail = Stop.RESTART, "the analysts' Neo4j ended meanwhile; ask again"
    except DriverError as error:
        told.stopped, told.detail = Stop.ERROR, str(error)
    except MemoryError:
        told.stopped, told.detail = Stop.MEMORY, "a row of the answer needs more memory than one may have"
    except (orjson.JSONEncodeError, RecursionError):
        told.stopped, told.detail = Stop.ERROR, "a value of this row is nested too deep to be told"


def _reason(error: Neo4jError) -> tuple[Stop, str]:
    code = error.code or ""
    if code.startswith(_TIMED_OUT):
        return Stop.TIME, "the query's time was over"
    if "OutOfMemory" in code or "StackOverflow" in code:
        return Stop.MEMORY, "the query needs more memory than one may have"
    return Stop.ERROR, error.message or code


def _planning_refused(error: Neo4jError) -> Exception:
    """What no server can plan was not shown to read, be it a slip or an attempt: both are told what the server says."""
    if (error.code or "").startswith("Neo.TransientError.General.DatabaseUnavailable"):
        return GraphUnavailable("the analysts' Neo4j does not answer")
    if _reason(error)[0] in (Stop.TIME, Stop.MEMORY):
        return RefusedQuery("the query is too much to plan: make it shorter")
    return RefusedQuery(f"the query could not be shown to be read-only: {_placed(error.message or '')}")


def _placed(message: str) -> str:
    """What the server says of a text, with places as they are without the EXPLAIN in front of it."""

    def shifted(found: re.Match[str]) -> str:
        line, column = int(found[1]), int(found[2])
        return f"(line {line}, column {max(1, column - len(_EXPLAIN)) if line == 1 else column})"

    return _PLACE.sub(shifted, message).partition("\n")[0].replace(_EXPLAIN, "")
