"""Who is greeted on a cookie: on the real graph, through the real Valkey, over the whole app."""

from __future__ import annotations

from typing import Any

import httpx

from tests.deciding import join, saw
from vitograph.api.projecting import make_projector
from vitograph.graph import campaigns, outbox, visitors
from vitograph.graph.campaigns import Writer
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Role
from vitograph.projections.hot import BARRED, VISITOR_PREFIX, HotMemory
from vitograph.resolver.campaigns import CampaignBody
from vitograph.resolver.visitors import Visitor

Headers = dict[Role, dict[str, str]]
NORTH = Writer("north")
MARIA = {"given_name": "María", "family_name": "López"}


def post(page: httpx.AsyncClient, bearer: Headers, *identifiers: str, **more: Any) -> Any:
    """Posts an observation of these identifiers, e.g. `email:maria@example.com!`."""
    levels = {"!": "verified", "?": "observed"}
    carried = [
        {
            "kind": text.partition(":")[0],
            "value": text.partition(":")[2].rstrip("!?"),
            "assurance": levels.get(text[-1], "asserted"),
        }
        for text in identifiers
    ]
    body = {"channel": "web_form", "identifiers": carried, **more}
    return page.post("/v1/observations", json=body, headers=bearer[Role.CHANNEL])


async def hello(page: httpx.AsyncClient, cookie: str = "c-1", **query: str) -> tuple[dict[str, Any], str]:
    """What a visitor is told, and by whom."""
    answer = await page.get(f"/hot/visitors/{cookie}", params=query)
    assert answer.status_code == 200
    return answer.json(), answer.headers["server-timing"].partition(";")[0]


async def test_a_visitor_is_greeted_from_hot_memory_and_by_nothing_else(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    await campaigns.put(graph, "summer", NORTH, CampaignBody("Summer"))
    assert await hello(page) == ({}, "graph")
    event = {"type": "page.viewed", "target_id": "summer"}
    traits = {**MARIA, "date_of_birth": "1990-03-02", "city": "Sevilla"}
    posted = await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", event=event, traits=traits)
    assert posted.status_code == 201
    said = {"first_name": "María", "campaigns": ["summer"]}
    assert await hello(page) == (said, "graph"), "what was held of the cookie is barred now"
