"""Campaigns from outside: whose they are, what is refused, and who enrolled."""

from __future__ import annotations

import httpx

from vitograph.graph import campaigns
from vitograph.graph.campaigns import Writer
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Role
from vitograph.resolver.campaigns import CampaignBody

Headers = dict[Role, dict[str, str]]


async def status(page: httpx.AsyncClient, id: str = "summer") -> tuple[str, str]:
    """What a page is told, and by whom."""
    answer = await page.get(f"/hot/campaigns/{id}/status")
    assert answer.status_code == 200
    return answer.json()["status"], answer.headers["server-timing"].partition(";")[0]


async def test_a_campaign_from_draft_to_dark(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    marketing = bearer[Role.MARKETING]
    assert await status(page) == ("unknown", "graph")
    made = await page.put("/v1/campaigns/summer", json={"name": "Summer", "closing": "Bye."}, headers=marketing)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert await status(page) == ("draft", "redis")
    put = await page.put(
        "/v1/campaigns/summer/artifacts/hero",
        json={"kind": "copy", "content": {"headline": "css is no layout here"}},
        headers=marketing,
    )
    assert put.status_code == 200
    assert (await page.post("/v1/campaigns/summer/activate", headers=marketing)).json()["status"] == "active"
    assert await status(page) == ("active", "redis")
    shown = (await page.get("/hot/campaigns/summer")).json()
    assert shown["status"] == "active"
    assert shown["artifacts"] == {"hero": {"kind": "copy", "content": {"headline": "css is no layout here"}}}
    assert "department" not in shown
    assert (await page.post("/v1/campaigns/summer/end", headers=marketing)).status_code == 200
    assert await status(page) == ("ended", "redis")
    assert (await page.get("/hot/campaigns/summer")).json() == {"status": "ended", "closing": "Bye."}
    assert (await page.post("/v1/campaigns/summer/activate", headers=marketing)).status_code == 409
    changed = await page.put("/v1/campaigns/summer", json={"name": "Again"}, headers=marketing)
    assert changed.status_code == 409


async def test_who_may_do_what(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    await campaigns.put(graph, "other", Writer("south"), CampaignBody("Other"))
    for role in set(Role) - {Role.MARKETING}:
        answer = await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=bearer[role])
        assert answer.status_code == 403
    assert (await page.put("/v1/campaigns/summer", json={"name": "Summer"})).status_code == 401
    mine = bearer[Role.MARKETING]
    for answer in (
        await page.put("/v1/campaigns/other", json={"name": "Mine"}, headers=mine),
        await page.put("/v1/campaigns/other/artifacts/a", json={"kind": "offer", "content": {}}, headers=mine),
        await page.post("/v1/campaigns/other/activate", headers=mine),
        await page.post("/v1/campaigns/other/end", headers=mine),
        await page.get("/v1/campaigns/other", headers=mine),
        await page.get("/v1/campaigns/other/leads", headers=mine),
    ):
        assert answer.status_code == 403
    assert (await page.get("/v1/campaigns/other/leads", headers=bearer[Role.SALES])).status_code == 200
    assert (await page.get("/v1/campaigns/none/leads", headers=bearer[Role.SALES])).status_code == 404


async def test_layout_is_refused_by_its_rule_and_nothing_is_stored(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    marketing = bearer[Role.MARKETING]
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    content = {"sections": [{"headline": "Hi", "colorScheme": "dark"}]}
    answer = await page.put(
        "/v1/campaigns/summer/artifacts/hero", json={"kind": "copy", "content": content}, headers=marketing
    )
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/content/sections/0/colorScheme"
    assert "I10" in fault["detail"]
    assert (await page.put("/v1/campaigns/Summer!", json={"name": "x"}, headers=marketing)).status_code == 422
    held = await campaigns.get(graph, "summer")
    assert (held.version, held.artifacts) == (1, ())


async def test_an_enrolment_makes_a_lead(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    marketing = bearer[Role.MARKETING]
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    await page.post("/v1/campaigns/summer/activate", headers=marketing)
    for number in range(3):
        posted = await page.post(
            "/v1/observations",
            headers=bearer[Role.CHANNEL],
            json={
                "channel": "web_form",
                "occurred_at": f"2026-11-20T10:00:0{number}Z",
                "identifiers": [{"kind": "email", "value": f"p{number}@example.com", "assurance": "verified"}],
                "event": {"type": "campaign.enrolled", "target_id": "summer"},
            },
        )
        assert posted.status_code == 201
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        leads = (await page.get("/v1/campaigns/summer/leads", params=params, headers=marketing)).json()
        seen += [lead["enrolled_at"][17:19] for lead in leads["items"]]
        if (cursor := leads["next"]) is None:
            break
    assert seen == ["00", "01", "02"]
    bad = await page.get("/v1/campaigns/summer/leads", params={"cursor": "WyJ4IiwieCJd"}, headers=marketing)
    assert bad.status_code == 422
