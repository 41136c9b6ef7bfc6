"""Moments as callers write them: in queries, in bodies and on the command line alike."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Strict

_WRITTEN = re.compile(r"\s*\d{4}-")


def _written_out(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and not _WRITTEN.match(value)):
        raise ValueError("write a moment out, as 2026-11-24T10:00:00Z")
    return value


Moment = Annotated[AwareDatetime, Strict(False), BeforeValidator(_written_out)]
"""RFC 3339, with an offset: a bare number would be read as the seconds since 1970, `2027` as half past midnight."""


def utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC. ValueError for one without an offset, or which UTC cannot say: the years are 1 to 9999."""
    if moment.tzinfo is None:
        raise ValueError("this time has no offset")
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("this moment is out of range") from None
