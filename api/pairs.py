"""A pair as a specialist reads it: both sides, the evidence, and what a decision would do, in one answer."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Response

from vitograph.api.blind import Blinding
from vitograph.api.state import State
from vitograph.api.wire.etags import etag
from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding import candidates, reviews
from vitograph.graph.driver import Graph
from vitograph.graph.people import persons
from vitograph.graph.reach import EVERYTHING
from vitograph.graph.resolving import models
from vitograph.resolver.publishing.consent import conflicting, consents, from_json, to_json
from vitograph.resolver.scoring.explanation import counterfactuals, missing_bits, why_not

# Events of either side that come with the pair.
MOST_EVENTS = 50

_WAITS = ("open", "reopened", "claimed", "stored", "superseded")


async def read_pair(
    state: State, id: str, caller: Caller, response: Response, *, blind: bool = False, whole: bool = False
) -> dict[str, Any]:
    """The pair with its ETag. `blind`: without what tells a score or a verdict, while it waits for this caller's.

    `whole`: with both timelines and both neighbourhoods, so that a page needs no other call.
    """
    graph = state.graph
    candidate, is_due = await asyncio.gather(candidates.get_candidate(graph, id), reviews.is_due(graph, id, caller))
    blind = blind and (is_due or candidate["status"] in _WAITS)
    blinding = Blinding(state.signing, caller)
    version = candidate["version"]
    response.headers["ETag"] = blinding.etag(id, version) if blind else etag(version)
    # Who looks blind sees the two as if nobody had decided on them.
    hidden = candidate["decision"] if blind else None
    evidence = candidate.pop("evidence")
    left, right = await asyncio.gather(
        *(persons.get_view(graph, candidate[side], EVERYTHING, hidden) for side in ("left", "right"))
    )
    # None when the graph does not know the model of the evidence any more.
    model = await models.find_model(graph, candidate["model"]) if evidence else None
    said = [from_json(side["consents"]) for side in (left, right)]
    candidate["preview"] |= {
        "consents": to_json(consents(word for side in said for word in side.values())),
        "consent_conflicts": conflicting(*said),
    }
    pair = {
        **candidate,
        "left_person": left,
        "right_person": right,
        "waterfall": evidence,
        "why_not": why_not(evidence),
        "missing_bits": missing_bits(evidence, model.calibration if model else None),
        "counterfactuals": counterfactuals(evidence, model) if model and candidate["kind"] == "person" else [],
    }
    if whole:
        pair |= await _surroundings(graph, (left, right), hidden)
    return blinding.shown(pair) if blind else pair


async def _surroundings(graph: Graph, sides: tuple[dict[str, Any], ...], hidden: str | None) -> dict[str, Any]:
    """Timelines and neighbourhoods of both sides, without what the `hidden` decision drew and joined."""
    start = (persons.END_OF_TIME, "")
    timelines, graphs = await asyncio.gather(
        asyncio.gather(*(persons.list_timeline(graph, side, EVERYTHING, start, MOST_EVENTS) for side in sides)),
        asyncio.gather(*(persons.get_neighbourhood(graph, side, EVERYTHING) for side in sides)),
    )
    if hidden is not None:
        views = {id: side["view_id"] for side in sides for id in persons.fragments_of(side)}
        for picture in graphs:
            picture["edges"] = [edge for edge in picture["edges"] if edge.get("decision") != hidden]
            for node in picture["nodes"]:
                if node["id"] in views:
                    node["view_id"] = views[node["id"]]
    return {"timelines": timelines, "graphs": graphs}
