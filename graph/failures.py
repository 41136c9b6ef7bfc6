"""What Neo4j and its driver fail with, as the one error that says that the graph does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vitograph.graph.shunning import without
from vitograph.resolver.errors import GraphUnavailable

with without("pandas", "pyarrow"):
    from neo4j.exceptions import (
        AuthError,
        ConfigurationError,
        ConnectionPoolError,
        DriverError,
        Neo4jError,
        ServiceUnavailable,
        SessionExpired,
        TransientError,
    )

# The server ended the transaction because its time was over; it says so by one of these, and where it waited matters.
_TIMED_OUT = ("Neo.ClientError.Transaction.TransactionTimedOut", "Neo.ClientError.Transaction.LockClientStopped")
# An administrator did, or Neo4j itself while it shuts down. The driver makes a ClientError of this TransientError.
_ENDED = "Neo.ClientError.Transaction.Terminated"
# What one statement found, somebody else deleted before it was locked: whoever begins anew does not find it.
VANISHED = "Neo.ClientError.Statement.EntityNotFound"
_OUT_OF_MEMORY = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError")


class Vanished(TransientError):
    """What was found was deleted before it was locked; the driver begins anew what is transient."""


@asynccontextmanager
async def translated(wall_clock: float) -> AsyncIterator[None]:
    """Turns what means "the graph does not answer" into GraphUnavailable; other errors are bugs and stay."""
    try:
        async with asyncio.timeout(wall_clock):
            yield
    except TimeoutError as error:
        raise GraphUnavailable(_too_slow(wall_clock)) from error
    except (AuthError, ConfigurationError) as error:
        raise GraphUnavailable(f"Neo4j refused the connection: {error}") from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise GraphUnavailable("Neo4j does not answer") from error
    except Neo4jError as error:
        code = error.code or ""
        if code.startswith(_TIMED_OUT):
            raise GraphUnavailable(_too_slow(wall_clock)) from error
        if code == _ENDED:
            raise GraphUnavailable("the transaction was ended from outside; try again") from error
        if code == VANISHED or isinstance(error, Vanished):
            raise GraphUnavailable("what this was about was deleted meanwhile; try again") from error
        if code.endswith(_OUT_OF_MEMORY):
            raise GraphUnavailable(
                "Neo4j has not the memory for this: ask for less at once, or give it more"
            ) from error
        if isinstance(error, TransientError):
            raise GraphUnavailable(f"Neo4j cannot do this now: {code}") from error
        # Out of disk, read-only, shutting down: the server is there and cannot serve.
        if code.startswith("Neo.DatabaseError"):
            raise GraphUnavailable(f"Neo4j cannot serve: {code}") from error
        raise
    except ConnectionPoolError as error:
        raise GraphUnavailable("every connection to Neo4j is taken") from error
    except DriverError as error:
        if error.is_retryable():
            raise GraphUnavailable("the connection to Neo4j broke") from error
        raise


def _too_slow(wall_clock: float) -> str:
    return f"Neo4j did not answer within {wall_clock:g} s"
