"""Cursor paging: `?limit=&cursor=` in, `{"items": […], "next": "…"|null}` out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query

from vitograph.resolver.errors import Fault, InvalidInput

Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


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
        or not all(isinstance(value, kind) for value, kind in zip(place, types, strict=True))
    ):
        raise InvalidInput([Fault("/cursor", "this is not a cursor that a list of ours gave out")])
    return tuple(place)


def page(items: Sequence[Any], limit: int, *place: Any) -> dict[str, Any]:
    """A page of a list; there is a next one when this one is full, from the place of its last item."""
    return {"items": list(items), "next": encode(*place) if len(items) == limit else None}
