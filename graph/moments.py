"""Moments as integers. The driver's temporal values cost several times what the rest of an observation costs."""

from __future__ import annotations

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def microseconds(moment: dt.datetime) -> int:
    """A moment in microseconds since 1970: equality of temporal values also asks for the same zone, this does not."""
    return (moment - EPOCH) // MICROSECOND


def moment(microseconds: int) -> dt.datetime:
    """The same back, in UTC."""
    return EPOCH + dt.timedelta(microseconds=microseconds)
