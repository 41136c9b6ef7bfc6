"""The connection to Neo4j: managed transactions with retry, a wall clock round each, errors translated once."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vitograph.graph.failures import VANISHED, Vanished, translated
from vitograph.graph.queries import Statement
from vitograph.graph.shunning import without
from vitograph.resolver.erasure import Seal

with without("pandas", "pyarrow"):  # for arguments that nobody passes: a quarter of what the start of a process costs
    from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, AsyncResult, Query, Record, unit_of_work
    from neo4j.exceptions import Neo4jError

Row = dict[str, Any]
T = TypeVar("T")

# Seconds. A call that hangs is worse than one that fails: its caller holds the same id and may retry.
WALL_CLOCK = 30.0
RETRY_BUDGET = 15.0
MOST_CONNECTIONS = 64
ACQUIRED_WITHIN = 10.0  # seconds for which one of them is waited for
RETRY_PAUSE = 0.05  # the first one, on average; doubled with every attempt up to a second

# Somebody else made the same constraint or index between the server's look and its work.
_MADE_ALREADY = frozenset(
    f"Neo.ClientError.Schema.{name}"
    for name in ("EquivalentSchemaRuleAlreadyExists", "ConstraintAlreadyExists", "IndexAlreadyExists")
)


class _Undone(Exception):
    """Ends a rehearsal."""


@dataclass(slots=True)
class _Turn:
    """A place in a line of this process, kept from `take` until `leave`."""

    line: asyncio.Lock
    is_held: bool = False

    async def take(self) -> None:
        if not self.is_held:
            await self.line.acquire()
            self.is_held = True

    def leave(self) -> None:
        if self.is_held:
            self.is_held = False
            self.line.release()


@dataclass(frozen=True, slots=True)
class Transaction:
    """One managed transaction. It is retried as a whole, so its work must not have effects elsewhere."""

    _tx: AsyncManagedTransaction
    seal: Seal | None = None
    _turn: _Turn | None = None

    async def wait_turn(self) -> None:
        """Comes after the transactions of this process that asked before, until each has ended.

        To be asked for before the one lock that every transaction of a kind takes. It excludes nobody, the lock does:
        but those who wait for a lock of Neo4j poll for it, ever more seldom, and in no order.
        """
        if self._turn is not None:
            await self._turn.take()

    def trace(self) -> str | None:
        """Where this belongs in a trace, for whoever goes on with it elsewhere; None when nothing is traced."""
        return None

    async def run(self, statement: Statement, /, **parameters: Any) -> list[Row]:
        """All rows of a statement."""
        result = await self._tx.run(statement.text, parameters)
        return await _rows(result)

    async def listed(self, statement: Statement, /, **parameters: Any) -> list[Row]:
        """The rows of a statement that returns them as one list, `rows`: each record costs the driver four reads."""
        result = await self._tx.run(statement.text, parameters)
        record = await result.single(strict=True)
        rows: list[Row] = record["rows"]
        return rows

    async def one(self, statement: Statement, /, **parameters: Any) -> Row | None:
        """The only row of a statement, or None."""
        rows = await self.run(statement, **parameters)
        if len(rows) > 1:
            raise ValueError(f"{statement.name} returned {len(rows)} rows where one was due")
        return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Graph:
    """A Neo4j database. The async driver only: the sync one hangs when threads share it (docs/adr/0003).

    `seal` is the key of its tombstones, which it does not hold itself; without it nobody can be erased.
    """

    driver: AsyncDriver
    database: str = "neo4j"
    seal: Seal | None = None
    _line: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    def span(self, name: str) -> AbstractContextManager[object]:
        """Work of ours, as a part of a trace; see `graph.tracing`."""
        return contextlib.nullcontext()

    async def write(self, work: Callable[[Transaction], Awaitable[T]], wall_clock: float = WALL_CLOCK) -> T:
        """Runs `work` in a write transaction, again when Neo4j says that trying again may help."""
        turn = _Turn(self._line)
        try:
            async with translated(wall_clock), self.driver.session(database=self.database) as session:
                return await session.execute_write(_managed(work, wall_clock, self.seal, turn))
        finally:
            turn.leave()

    async def rehearse(self, work: Callable[[Transaction], Awaitable[object]]) -> None:
        """Runs `work` in a write transaction and undoes all of it: its statements are compiled then."""

        async def undone(tx: Transaction) -> None:
            await work(tx)
            raise _Undone

        with contextlib.suppress(_Undone):
            await self.write(undone)

    async def read(self, work: Callable[[Transaction], Awaitable[T]], wall_clock: float = WALL_CLOCK) -> T:
        """Runs `work` in a read transaction: all its statements see committed data only."""
        async with translated(wall_clock), self.driver.session(database=self.database) as session:
            return await session.execute_read(_managed(work, wall_clock, self.seal))

    async def rows(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        """All rows of one reading statement, in its own transaction and one round trip."""
        async with (
            translated(wall_clock),
            self.driver.session(database=self.database, default_access_mode="READ") as session,
        ):
            result = await session.run(Query(statement.text, timeout=wall_clock), parameters)
            return await _rows(result)

    async def stream(self, statement: Statement, /, wall_clock: float, **parameters: Any) -> AsyncIterator[Row]:
        """The rows of one reading statement as they come, of a graph that does not stand still meanwhile."""
        async with (
            translated(wall_clock),
            self.driver.session(database=self.database, default_access_mode="READ") as session,
        ):
            result = await session.run(Query(statement.text, timeout=wall_clock), parameters)
            async for record in result:
                yield _row(record)

    async def run(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        """Runs one statement outside a managed transaction, as schema changes need it."""
        async with translated(wall_clock), self.driver.session(database=self.database) as session:
            result = await session.run(Query(statement.text, timeout=wall_clock), parameters)
            return await _rows(result)

    async def ensure(self, statement: Statement, /, wall_clock: float = WALL_CLOCK, **parameters: Any) -> list[Row]:
        """All rows of a statement that does nothing when its effect is there already, in one round trip.

        It is tried again while Neo4j says that this may help: who writes at once may deadlock with each other.
        """
        async with translated(wall_clock), self.driver.session(database=self.database) as session:
            deadline = asyncio.get_running_loop().time() + RETRY_BUDGET
            pause = RETRY_PAUSE
            while True:
                try:
                    result = await session.run(Query(statement.text, timeout=wall_clock), parameters)
                    return await _rows(result)
                except Neo4jError as error:
                    if error.code in _MADE_ALREADY:
                        return []
                    may_help = error.is_retryable() or error.code == VANISHED
                    if not may_help or asyncio.get_running_loop().time() > deadline:
                        raise
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, 1.0)

    async def ensure_all(self, statements: Sequence[Statement], wall_clock: float = WALL_CLOCK) -> None:
        """Runs statements that do nothing when their effect is there already, as one transaction.

        Each in its own, where somebody else has an effect of theirs made meanwhile.
        """

        async def work(tx: Transaction) -> None:
            for statement in statements:
                await tx.run(statement)

        try:
            await self.write(work, wall_clock)
        except Neo4jError as error:
            if error.code not in _MADE_ALREADY:
                raise
            for statement in statements:
                await self.ensure(statement, wall_clock)


def _row(record: Record) -> Row:
    return {key: record[place] for place, key in enumerate(record.keys())}


async def _rows(result: AsyncResult) -> list[Row]:
    """All records, their values as the driver read them: `Result.data` would go through each once more, and through
    those of its lists, which takes longer than to read them did. No statement of ours returns nodes.
    """
    return [_row(record) async for record in result]


def _managed(
    work: Callable[[Transaction], Awaitable[T]], wall_clock: float, seal: Seal | None, turn: _Turn | None = None
) -> Callable[[AsyncManagedTransaction], Awaitable[T]]:
    """The work as the driver calls it; the server ends it after the wall clock, whatever its own limit is."""

    @unit_of_work(timeout=wall_clock)
    async def managed(tx: AsyncManagedTransaction) -> T:
        try:
            return await work(Transaction(tx, seal, turn))
        except BaseException as error:
            if turn is not None:
                turn.leave()  # nobody waits while this one rests before it tries again
            if isinstance(error, Neo4jError) and error.code == VANISHED:
                raise Vanished from error
            raise

    return managed


@asynccontextmanager
async def open_graph(
    uri: str, user: str, password: str, database: str = "neo4j", seal: Seal | None = None
) -> AsyncIterator[Graph]:
    """Connects to a running server. GraphUnavailable when it does not answer or refuses the account."""
    driver = AsyncGraphDatabase.driver(
        uri,
        auth=(user, password),
        max_connection_pool_size=MOST_CONNECTIONS,
        connection_timeout=5.0,
        connection_acquisition_timeout=ACQUIRED_WITHIN,
        max_transaction_retry_time=RETRY_BUDGET,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )
    async with driver:
        async with translated(10.0):
            await driver.verify_connectivity()
        yield Graph(driver, database, seal)
