"""Reading persons: the view somebody is in now, what it stated, what happened to it and who is near."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.consents import list_consents
from vitograph.graph.people.tombstones import missing_person
from vitograph.graph.queries import load
from vitograph.graph.reach import Reach
from vitograph.resolver.deciding.decisions import Edge, component, view_of
from vitograph.resolver.deciding.history import Act, Stay, stays
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.model import Assurance, PersonKind

GET_VIEW = load("person/get_view")
GET_PART = load("person/get_part")
LOCK_PERSONS = load("person/lock_persons")
LIST_BY_IDENTIFIER = load("person/list_by_identifier")
LIST_TRAITS = load("person/list_traits")
LIST_TIMELINE = load("person/list_timeline")
LIST_GRAPH = load("person/list_graph")
LIST_PART_GRAPH = load("person/list_part_graph")
LIST_DECIDED = load("person/list_decided")
LIST_ACTS = load("person/list_acts")
LIST_DEVICES = load("person/list_devices")

# Likely devices of a view that are told.
MOST_DEVICES = 20
# Persons whose links are followed to tell where a fragment has been.
MOST_FOLLOWED = 1_000

END_OF_TIME = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


async def get_view(graph: Graph, id: str, reach: Reach, without: str | None = None) -> dict[str, Any]:
    """The view of a fragment's or a view's id; as it would be `without` a decision, if one is named.

    What is not in reach is left out; UnknownThing when that is all of it, as when there is nobody of that id. Erased is
    told, as links and what others make of an identifier are, to those only who reach everything.
    """
    fragments = await _fragments(graph, id, reach)
    if not fragments:
        raise await missing_person(graph, id) if reach.everything else UnknownThing("person", id)
    whole = view_id = fragments[0]["view_id"]
    part: frozenset[str] | None = None
    stated = await graph.rows(LIST_TRAITS, view_id=view_id, reach=reach.parameter)
    tells = reach.everything and len(fragments) > 1
    ids = [row["id"] for row in fragments]
    decided = await graph.rows(LIST_DECIDED, persons=ids, with_others=False) if tells else []
    if without is not None:
        links = [Edge(row["left"], row["right"], row["decision"]) for row in decided if row["type"] == "SAME_AS"]
        part = component(id, [link for link in links if link.decision != without])
        fragments = [row for row in fragments if row["id"] in part]
        stated = [row for row in stated if row["person_id"] in part]
        decided = [row for row in decided if row["decision"] != without and row["left"] in part]
        view_id = view_of({row["id"]: PersonKind(row["kind"]) for row in fragments})
    kinds = {row["kind"] for row in fragments}
    return {
        "id": id,
        "view_id": view_id,
        "kind": "known" if "known" in kinds else min(kinds),
        "events": sum(row["events"] for row in fragments),
        "fragments": [{"id": row["id"], "kind": row["kind"], "events": row["events"]} for row in fragments],
        "links": [
            {name: row[name] for name in ("left", "right", "decision", "weakened_by")}
            for row in decided
            if row["type"] == "SAME_AS"
        ],
        "identifiers": [hold for row in fragments for hold in row["holds"]],
        "traits": preferred_traits(stated),
        "consents": await list_consents(graph, whole, reach, part),
    }


async def list_stays(graph: Graph, id: str) -> list[Stay]:
    """Every view that a fragment was in, the present one last: merged and parted ids resolve for ever."""
    kinds, acts = await list_acts(graph.rows, [id], MOST_FOLLOWED)
    return stays(id, kinds, acts) if acts else [Stay(id, None, None)]


async def list_acts(
    run: Callable[..., Awaitable[list[Row]]], ids: Iterable[str], most: float = math.inf
) -> tuple[dict[str, PersonKind], list[Act]]:
    """What links ever did to these persons and to whoever was linked with them, and of which kind each is.

    `run` is how a statement is run; no more than about `most` persons are followed.
    """
    kinds: dict[str, PersonKind] = {}
    acts: dict[tuple[str, bool], Act] = {}
    fresh = set(ids)
    followed: set[str] = set()
    while fresh and len(followed) < most:
        followed |= fresh
        rows = await run(LIST_ACTS, ids=sorted(fresh))
        fresh = {row[side] for row in rows if row["on"] for side in ("left", "right")} - followed
        for row in rows:
            kinds |= {row["left"]: PersonKind(row["left_kind"]), row["right"]: PersonKind(row["right_kind"])}
            for moment, joins in ((row["on"], True), (row["off"], False)):
                if row["on"] and moment:
                    edge = Edge(row["left"], row["right"], row["id"])
                    acts[row["id"], joins] = Act(moment["seq"], moment["at"], moment["id"], edge, joins)
    return kinds, list(acts.values())


async def list_devices(graph: Graph, view_id: str) -> list[Row]:
    """Devices that are likely a view's, and that nobody has decided; never part of the view."""
    return await graph.rows(LIST_DEVICES, view_id=view_id, limit=MOST_DEVICES)


def preferred_traits(stated: list[Row]) -> dict[str, Any]:
    """By trait: the preferred value — best assured, then newest — with its provenance, and the others stated.

    `stated` comes newest first: moments as texts have no fixed width, so their order is not that of time.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    ranked = sorted(stated, key=lambda row: Assurance.of(row["assurance"]), reverse=True)
    for row in ranked:
        provenance = {name: row[name] for name in ("event_id", "person_id", "channel", "occurred_at", "assurance")}
        for trait, value in orjson.loads(row["traits"]).items():
            values = found.setdefault(trait, [])
            if all(value != other["value"] for other in values):
                values.append({"value": value, **provenance})
    return {trait: {**values[0], "others": values[1:]} for trait, values in sorted(found.items())}


async def find_views(graph: Graph, key: str, reach: Reach, after: str, limit: int) -> list[str]:
    """View ids of those who hold an identifier, in the order of their ids.

    For who does not reach everything: of those of whom an event in reach carries it.
    """
    rows = await graph.rows(LIST_BY_IDENTIFIER, key=key, reach=reach.parameter, after=after, limit=limit)
    return [row["view_id"] for row in rows]


async def list_timeline(
    graph: Graph, view: Mapping[str, Any], reach: Reach, before: tuple[dt.datetime, str], limit: int
) -> list[Row]:
    """Events of a view (of `get_view`) that are in reach, newest first, from a place in the timeline on."""
    at, id = before
    rows = await graph.rows(
        LIST_TIMELINE, persons=fragments_of(view), reach=reach.parameter, before=at, before_id=id, limit=limit
    )
    for row in rows:
        row["occurred_at"] = row["occurred_at"].to_native().isoformat()
        row["properties"] = orjson.loads(row["properties"])
        row["traits"] = orjson.loads(row["traits"])
    return rows


async def get_neighbourhood(graph: Graph, view: Mapping[str, Any], reach: Reach) -> dict[str, Any]:
    """Nodes (persons, identifiers) and edges (HAS and what decisions drew) around a view (of `get_view`), as a picture.

    Who does not reach everything is told of what events in reach carry, and of nobody outside the view.
    """
    rows = await _picture(graph, view, reach)
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, Any]] = []
    for row in rows:
        nodes[row["person_id"]] = {
            "id": row["person_id"],
            "label": "Person",
            "kind": row["kind"],
            "view_id": row["view_id"],
        }
        nodes[row["key"]] = {
            "id": row["key"],
            "label": "Identifier",
            "kind": row["identifier_kind"],
            "value": row["value"],
            "status": row["status"],
        }
        edges.append({"source": row["person_id"], "target": row["key"], "type": "HAS", "assurance": row["assurance"]})
    persons = fragments_of(view)
    decided = await graph.rows(LIST_DECIDED, persons=persons, with_others=True) if reach.everything else []
    for row in decided:
        edges.append({"source": row["left"], "target": row["right"], "type": row["type"], "decision": row["decision"]})
    return {"nodes": list(nodes.values()), "edges": edges}


async def _fragments(graph: Graph, id: str, reach: Reach) -> list[Row]:
    if reach.everything:
        return await graph.rows(GET_VIEW, id=id)
    return await graph.rows(GET_PART, id=id, reach=reach.parameter)


async def _picture(graph: Graph, view: Mapping[str, Any], reach: Reach) -> list[Row]:
    if reach.everything:
        return await graph.rows(LIST_GRAPH, persons=fragments_of(view))
    return await graph.rows(LIST_PART_GRAPH, view_id=view["view_id"], reach=reach.parameter)


def fragments_of(view: Mapping[str, Any]) -> list[str]:
    """The ids of a view's fragments."""
    return [row["id"] for row in view["fragments"]]
