"""Marks on persons: that their pairs are to be scored, and from when."""

from __future__ import annotations

import datetime as dt

from vitograph.graph.moments import microseconds
from vitograph.graph.queries import load

MARK_PERSONS = load("observation/mark_persons")

# For how long a worker leaves alone what an import brings: the import scores it at its end, with the frequencies of
# the whole file. Should the import die, the worker takes over then.
PUT_OFF = dt.timedelta(minutes=30)

# Marks of what comes in bulk are this much later than their moment: whoever comes alone has the first turn.
BULK = 1 << 61


def mark_of(received_at: dt.datetime, put_off: dt.timedelta | None) -> int:
    """The mark of what was received then; None where nothing is put off."""
    return microseconds(received_at) if put_off is None else BULK + microseconds(received_at + put_off)
