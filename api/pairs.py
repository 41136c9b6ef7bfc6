"""A pair as a specialist reads it: both sides, the evidence, and what a decision would do, in one answer."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Response

from vitograph.api.blind import blinded
from vitograph.api.etags import etag
from vitograph.graph import candidates, models, persons, reviews
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Caller
from vitograph.graph.reach import EVERYTHING
from vitograph.resolver.consent import conflicting, consents, from_json, to_json
from vitograph.resolver.explanation import counterfactuals, missing_bits, why_not

# Events of either side that come with the pair.
MOST_EVENTS = 50


async def read_pair(
    graph: Graph, id: str, caller: Caller, response: Response, *, blind: bool = False, whole: bool = False
) -> dict[str, Any]:
    """The pair with its ETag. `blind`: without what tells a score or a verdict, while it waits for this caller's.

    `whole`: with both timelines and both neighbourhoods, so that a page needs no other call.
    """
    candidate, is_due = await asyncio.gather(candidates.get_candidate(graph, id), reviews.is_due(graph, id, caller))
    evidence = candidate.pop("evidence")
    response.headers["ETag"] = etag(candidate["version"])
    # Who looks again sees the two as if nobody had joined them.
    without = candidate["decision"] if blind and is_due else None
    left, right = await asyncio.gather(
        *(persons.get_view(graph, candidate[side], EVERYTHING, without) for side in ("left", "right"))
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
        views = (left["view_id"], right["view_id"])
        start = (persons.END_OF_TIME, "")
        pair["timelines"], pair["graphs"] = await asyncio.gather(
            asyncio.gather(*(persons.list_timeline(graph, view, EVERYTHING, start, MOST_EVENTS) for view in views)),
            asyncio.gather(*(persons.get_neighbourhood(graph, view, EVERYTHING) for view in views)),
        )
    waits = candidate["status"] in ("open", "reopened", "claimed", "stored", "superseded")
    return blinded(pair) if blind and (waits or is_due) else pair
