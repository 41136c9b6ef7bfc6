"""Observations of senders who cannot be asked again: what cannot be read is left out, and what can be is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from vitograph.ingest.observations import parse
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Observation

_LONGEST_UNREAD = 256


def parse_leniently(body: dict[str, Any], received_at: dt.datetime, region: str | None) -> Observation:
    """The observation without the identifiers and traits that cannot be read; these stand in its property `unread`.

    InvalidInput when no identifier is left, or when something else is wrong.
    """
    left_out: dict[str, str] = {}
    while True:
        try:
            return parse(body, received_at=received_at, default_region=region)
        except InvalidInput as refused:
            body = _without(body, refused, left_out)


def _without(body: dict[str, Any], refused: InvalidInput, left_out: dict[str, str]) -> dict[str, Any]:
    """The body without what is faulty. Raises what was refused when that cannot be taken out."""
    places: set[int] = set()
    traits = dict(body.get("traits", {}))
    for fault in refused.faults:
        match fault.pointer.split("/"):
            case ["", "identifiers", place, *_] if place.isdecimal():
                places.add(int(place))
                item = body["identifiers"][int(place)]
                left_out[item["kind"]] = _storable(item["value"])
            case ["", "traits", name] if name in traits:
                left_out[name] = _storable(traits.pop(name))
            case _:
                raise refused
    identifiers = [one for place, one in enumerate(body["identifiers"]) if place not in places]
    if not identifiers:
        raise refused
    event = dict(body.get("event", {"type": "person.identified"}))
    event["properties"] = {**event.get("properties", {}), "unread": dict(left_out)}
    return {**body, "identifiers": identifiers, "traits": traits, "event": event}


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:_LONGEST_UNREAD]
