"""Values as JSON: what JSON has is plain, all else names its type."""

from __future__ import annotations

import datetime as dt
import json
import math
from zoneinfo import ZoneInfo

import pytest
from neo4j.graph import Graph, Node
from neo4j.spatial import CartesianPoint, WGS84Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.vector import Vector

from vitograph.graph.analytics.values import to_json


def typed(name: str, value: object) -> dict[str, object]:
    return {"$type": name, "_value": value}


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (2**53 - 1, 2**53 - 1),
        (2**53, typed("Integer", "9007199254740992")),
        (-(2**63), typed("Integer", "-9223372036854775808")),
        (math.nan, typed("Float", "NaN")),
        (-math.inf, typed("Float", "-Infinity")),
        ([1, [None]], [1, [None]]),
        ({"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"$type": "Node"}, typed("Map", {"$type": "Node"})),
        (b"\x00\xff", typed("Base64", "AP8=")),
        (Date(2026, 1, 2), typed("Date", "2026-01-02")),
        (Time(10, 0), typed("LocalTime", "10:00:00.000000000")),
        (Time(10, 0, tzinfo=dt.UTC), typed("Time", "10:00:00.000000000+00:00")),
        (DateTime(2026, 1, 2), typed("LocalDateTime", "2026-01-02T00:00:00.000000000")),
        (DateTime(2026, 1, 2, tzinfo=dt.UTC), typed("OffsetDateTime", "2026-01-02T00:00:00.000000000+00:00")),
        (Duration(months=1, days=2, seconds=3), typed("Duration", "P1M2DT3S")),
        (WGS84Point((-3.7, 40.4)), typed("Point", "SRID=4326;POINT (-3.7 40.4)")),
        (Vector([1, 2], "i8"), typed("Vector", "vector([1, 2], 2, INTEGER8 NOT NULL)")),
        (CartesianPoint((1, 2, 3)), typed("Point", "SRID=9157;POINT Z (1.0 2.0 3.0)")),
    ],
)
def test_the_form_of_a_value(value: object, form: object) -> None:
    assert to_json(value) == form
    json.dumps(to_json(value), allow_nan=False)


def test_a_relationship_names_its_ends_though_nothing_else_is_known_of_them() -> None:
    graph = Graph()
    ends = [Node(graph, id, number) for number, id in enumerate(("a", "b"))]
    held = graph.relationship_type("HAS")(graph, "r", 1, {})
    held._start_node, held._end_node = ends
    told = to_json(held)["_value"]
    assert (told["_start_node_element_id"], told["_end_node_element_id"]) == ("a", "b")


def test_a_named_zone_is_told() -> None:
    moment = DateTime.from_native(dt.datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Madrid")))
    assert to_json(moment) == typed("ZonedDateTime", "2026-07-01T00:00:00.000000000+02:00[Europe/Madrid]")


def test_every_string_is_told_as_wished() -> None:
    assert to_json({"a": ["b", {"c": "d"}]}, str.upper) == {"A": ["B", {"C": "D"}]}
