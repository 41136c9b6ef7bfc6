"""Records of a graph as lines of JSON: moments are objects of one key, so that they come back as what they were."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from neo4j.time import Date, DateTime

from vitograph.graph.driver import Row

_TYPES: dict[str, Any] = {"$datetime": DateTime, "$date": Date}


def encode(row: Row) -> bytes:
    """One line, without its end. TypeError for a value that no statement of ours stores."""
    return orjson.dumps(row, default=_typed, option=orjson.OPT_SORT_KEYS)


def decode(line: bytes) -> Row:
    """The reverse of `encode`."""
    row: Row = _plain(orjson.loads(line))
    return row


def at_offset(value: Any) -> Any:
    """What was read, as it can be written again: the driver reads +00:00 as the zone UTC, and would write a moment that
    Neo4j tells as `…Z[UTC]` and that equals no other.
    """
    match value:
        case list():
            return [at_offset(item) for item in value]
        case dict():
            return {name: at_offset(item) for name, item in value.items()}
        case DateTime() if value.utcoffset() == dt.timedelta():
            return value.replace(tzinfo=dt.UTC)
    return value


def _typed(value: Any) -> dict[str, str]:
    for name, kind in _TYPES.items():
        if isinstance(value, kind):
            return {name: value.iso_format()}
    raise TypeError(f"{type(value).__name__} has no place in a record")


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1 and (kind := _TYPES.get(next(iter(value)))) is not None:
            return kind.from_iso_format(next(iter(value.values())))
        return {name: _plain(item) for name, item in value.items()}
    return value
