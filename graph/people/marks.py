"""Marks on persons: that their pairs are to be scored, and from when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vitograph.graph.driver import Graph
from vitograph.graph.moments import microseconds
from vitograph.graph.queries import load

MARK_PERSONS = load("observation/mark_persons")
COUNT_PENDING = load("resolution/count_pending")

# For how long a worker leaves alone what an import brings: the import scores it at its end, with the frequencies of
# the whole file. Should the import die, the worker takes over then.
PUT_OFF = dt.timedelta(minutes=30)

# Marks of what comes in bulk are this much later than their moment: whoever comes alone has the first turn.
BULK = 1 << 61


@dataclass(frozen=True, slots=True)
class Pending:
    """Persons who wait to be scored, and for how many seconds the first of them has waited."""

    waiting: int
    lag: float


def mark_of(received_at: dt.datetime, put_off: dt.timedelta | None) -> int:
    """The mark of what was received then; None where nothing is put off."""
    return microseconds(received_at) if put_off is None else BULK + microseconds(received_at + put_off)


async def count_pending(graph: Graph) -> Pending:
    """How far the resolver is behind."""
    now = microseconds(dt.datetime.now(dt.UTC))
    [row] = await graph.rows(COUNT_PENDING, due=now, bulk=BULK, bulk_due=BULK + now)
    marks = [row["alone_since"], row["bulk_since"] and row["bulk_since"] - BULK]
    oldest = min((mark for mark in marks if mark is not None), default=now)
    return Pending(row["alone"] + row["in_bulk"], max(0.0, (now - oldest) / 1e6))
