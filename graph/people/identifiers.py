"""Reading how identifiers stand: status, who uses them, why, and how it came to that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.moments import moment
from vitograph.graph.people.holdings import HUB, gather
from vitograph.graph.queries import load
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.lifecycle import Standing, standing, usage_of
from vitograph.resolver.scoring.parameters_json import load_model

LIST_HELD = load("identifier/list_held")
LIST_USES = load("identifier/list_uses")
LIST_STATED = load("identifier/list_stated")
LIST_STANDING = load("identifier/list_standing")

Place = tuple[int, str]
FIRST: Place = ((1 << 62), "")
"""Above every degree."""


async def get_identifier(graph: Graph, key: str) -> dict[str, Any] | None:
    """How one identifier stands, why, who holds it (of a hub nobody) and its history, newest step first."""
    found = await _described(graph, [key])
    return found[0] if found else None


async def list_identifiers(graph: Graph, status: str, after: Place, limit: int) -> list[dict[str, Any]]:
    """Those of a status from a place on, the one that most hold first."""
    rows = await graph.rows(LIST_STANDING, status=status, degree=after[0], key=after[1], limit=limit)
    described = {one["key"]: one for one in await _described(graph, [row["key"] for row in rows])}
    return [described[row["key"]] for row in rows if row["key"] in described]


async def list_held(graph: Graph, keys: Sequence[str]) -> frozenset[str]:
    """Those of these keys that somebody holds."""
    return frozenset(row["key"] for row in await graph.rows(LIST_HELD, keys=list(keys))) if keys else frozenset()


async def list_misjudged(graph: Graph, keys: Sequence[str], wall_clock: float) -> list[str]:
    """Of these identifiers, those whose status is not what their use says."""
    rows, holdings = await _read(graph, keys, wall_clock)
    return [row["key"] for row in rows if _now(row["key"], holdings).status is not holdings.before[row["key"]]]


async def _described(graph: Graph, keys: Sequence[str]) -> list[dict[str, Any]]:
    rows, holdings = await _read(graph, keys)
    return [_description(row, _now(row["key"], holdings)) for row in rows]


async def _read(graph: Graph, keys: Sequence[str], wall_clock: float = 30.0) -> tuple[list[Row], Holdings]:
    rows = await graph.rows(LIST_USES, wall_clock=wall_clock, keys=list(keys), hub=HUB)
    views = sorted({hold["view_id"] for row in rows for hold in row["holders"]})
    stated = await graph.rows(LIST_STATED, wall_clock=wall_clock, views=views) if views else []
    return rows, gather(rows, stated)


def _now(key: str, holdings: Holdings) -> Standing:
    return standing(usage_of(key, holdings), load_model())


def _description(row: Row, now: Standing) -> dict[str, Any]:
    return {
        "key": row["key"],
        "status": row["status"],
        "since": row["since"],
        "why": now.why.value,
        "sentence": now.sentence,
        "degree": row["degree"],
        "persons": now.persons,
        "households": now.households,
        "strangers": round(now.strangers, 3),
        "holders": _holders(row["holders"]),
        "history": [orjson.loads(step) for step in reversed(row["history"])],
    }


def _holders(holds: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "person_id": hold["person_id"],
            "view_id": hold["view_id"],
            "kind": hold["kind"],
            "assurance": hold["assurance"],
            **{name: _text(hold[name]) for name in ("first_seen", "last_seen", "first_bound", "last_bound")},
        }
        for hold in holds
    ]


def _text(stored: int | None) -> str | None:
    return None if stored is None else moment(stored).isoformat()
