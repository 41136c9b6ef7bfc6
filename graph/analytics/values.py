"""Values of Cypher as JSON: as it is where JSON has the type, else as Neo4j's Query API types it.

Null, Boolean, String, finite Float, Integer of at most 53 bits, List and Map are plain JSON. All else is
`{"$type": T, "_value": V}`: Integer (a string, beyond ±(2^53-1)), Float (`"NaN"`, `"Infinity"`, `"-Infinity"`), Base64,
Date, Time, LocalTime, OffsetDateTime, ZonedDateTime, LocalDateTime, Duration (ISO 8601), Point (EWKT), Node,
Relationship, Path, and Map where a map has a key `$type` itself. Source: Neo4j Query API, "Typed JSON".
A Vector is told as Cypher writes it.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

SAFE = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact (RFC 8259 §6)."""

Text = Callable[[str], str]


def to_json(value: object, text: Text = str) -> Any:
    """The JSON form of a value; every string of it, also inside others, is what `text` makes of it."""
    match value:
        case None | bool():
            return value
        case str():
            return text(value)
        case int():
            return value if -SAFE <= value <= SAFE else typed("Integer", str(value))
        case float():
            return value if math.isfinite(value) else typed("Float", _unreal(value))
        case bytes() | bytearray():
            return typed("Base64", _base64(bytes(value)))
        case Node() | Relationship() | Path() | Point() | Duration():
            return _structure(value, text)  # some of these are mappings or tuples too
        case list() | tuple():
            return [to_json(one, text) for one in value]
        case Mapping():
            inner = {text(str(key)): to_json(one, text) for key, one in value.items()}
            return typed("Map", inner) if "$type" in inner else inner
    return _structure(value, text)


def outgrows(values: Iterable[object], most: int) -> bool:
    """Whether their JSON surely has more bytes than `most`, seen without making it: no value has less than two, with
    the comma. Strings count as that too, for what they are told as may be shorter.
    """
    waiting: list[Iterator[object]] = [iter(values)]
    while waiting and most >= 0:
        for value in waiting[-1]:
            most -= 2
            if most < 0:
                break
            if isinstance(value, list):
                waiting.append(iter(value))
                break
            if isinstance(value, dict):
                waiting.append(iter(value.values()))
                break
        else:
            waiting.pop()
    return most < 0


def typed(name: str, value: object) -> dict[str, Any]:
    """A value whose type JSON cannot tell."""
    return {"$type": name, "_value": value}


def _structure(value: object, text: Text) -> Any:
    match value:
        case Node():
            return typed("Node", _node(value, text))
        case Relationship():
            return typed("Relationship", _relationship(value, text))
        case Path():
            return typed("Path", _path(value, text))
        case Point():
            return typed("Point", _ewkt(value))
        case DateTime():
            return typed(_moment_type(value), _iso(value) + _zone(value))
        case Time():
            return typed("LocalTime" if value.tzinfo is None else "Time", value.iso_format())
        case Date():
            return typed("Date", value.iso_format())
        case Duration():
            return typed("Duration", value.iso_format())
    return typed(type(value).__name__, text(str(value)))


def _iso(value: DateTime) -> str:
    """ISO 8601, to the nanosecond.

    The driver's own form asks the zone about a moment of the driver's, and zones of the standard library that are asked
    about what is no `datetime` read memory that is not theirs (up to a crash of the process).
    """
    clock = (value.hour, value.minute, value.second, value.nanosecond)
    plain = DateTime(value.year, value.month, value.day, *clock).iso_format()
    offset = value.to_native().replace(microsecond=0).isoformat()[len("2026-01-02T10:00:00") :]
    return str(plain + offset)


def _node(node: Node, text: Text) -> dict[str, Any]:
    properties = {name: to_json(one, text) for name, one in node.items()}
    return {"_element_id": node.element_id, "_labels": sorted(node.labels), "_properties": properties}


def _relationship(relationship: Relationship, text: Text) -> dict[str, Any]:
    start, end = relationship.nodes
    return {
        "_element_id": relationship.element_id,
        "_start_node_element_id": start.element_id if start is not None else None,
        "_end_node_element_id": end.element_id if end is not None else None,
        "_type": relationship.type,
        "_properties": {name: to_json(one, text) for name, one in relationship.items()},
    }


def _path(path: Path, text: Text) -> list[Any]:
    """Nodes and relationships in turn, from one end to the other."""
    steps: list[object] = [path.start_node]
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        steps += [relationship, node]
    return [to_json(step, text) for step in steps]


def _ewkt(point: Point) -> str:
    letter = " Z" if len(point) == 3 else ""
    return f"SRID={point.srid};POINT{letter} ({' '.join(repr(float(one)) for one in point)})"


def _moment_type(moment: DateTime) -> str:
    if moment.tzinfo is None:
        return "LocalDateTime"
    return "ZonedDateTime" if _zone(moment) else "OffsetDateTime"


def _zone(moment: DateTime) -> str:
    """`[Europe/Madrid]` where the zone has a name."""
    name = getattr(moment.tzinfo, "zone", None) or getattr(moment.tzinfo, "key", None)
    return f"[{name}]" if isinstance(name, str) and "/" in name else ""


def _unreal(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
