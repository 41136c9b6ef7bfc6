"""Cursor paging: `?limit=&cursor=` in, `{"items": […], "next": "…"|null}` out."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query

from vitograph.api.wire.moments import utc
from vitograph.resolver.errors import Fault, InvalidInput

Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]

_INT64 = range(-(2**63), 2**63)


def encode(*place: Any) -> str:
    """An opaque cursor of a place in an order."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def decode(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """The place that a cursor names, None for the first page. InvalidInput for one that is not ours."""
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != len(types)
        or not all(_is_a(kind, value) for value, kind in zip(place, types, strict=True))
    ):
        raise _forged()
    return tuple(place)


def decode_moment(cursor: str | None) -> tuple[dt.datetime, str] | None:
    """The place in an order by moment, in UTC, and then id. InvalidInput for one that is not ours."""
    place = decode(cursor, str, str)
    if place is None:
        return None
    try:
        return utc(dt.datetime.fromisoformat(place[0])), place[1]
    except ValueError:
        raise _forged() from None


def page(found: Sequence[Any], limit: int, place: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of a list of which `limit + 1` were looked for: with one more there is a next one, from the place of the
    last that is shown on. `place` tells it of an item: one value, or a tuple.
    """
    items = list(found[:limit])
    if len(found) <= limit:
        return {"items": items, "next": None}
    last = place(items[-1])
    return {"items": items, "next": encode(*last) if isinstance(last, tuple) else encode(last)}


def _is_a(kind: type, value: object) -> bool:
    """Whether a value can stand in a query where this kind is due; a bool is no number, and Bolt's have 64 bits."""
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    return not isinstance(value, int) or value in _INT64


def _forged() -> InvalidInput:
    return InvalidInput([Fault("/cursor", "this is not a cursor that a list of ours gave out")])
