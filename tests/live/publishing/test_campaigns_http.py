"""Campaigns from outside: whose they are, what is refused, and who enrolled."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import itertools
from pathlib import Path
from typing import Any

import httpx
import orjson

from tests.deciding import join, saw
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import MOST_CONTENT, Step, Writer
from vitograph.ingest.images import Images
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.projector import Projector
from vitograph.resolver.publishing.campaigns import CampaignBody

Headers = dict[Role, dict[str, str]]


async def status(page: httpx.AsyncClient, id: str = "summer") -> tuple[str, str]:
    """What a page is told, and by whom."""
    answer = await page.get(f"/hot/campaigns/{id}/status")
    assert answer.status_code == 200
    return answer.json()["status"], answer.headers["server-timing"].partition(";")[0]


async def is_served(page: httpx.AsyncClient, said: str, projector: Projector) -> None:
    """A page is told so at once, and by Valkey as soon as that is quick enough for one read; where it was too slow for
    the write, once the projector has carried it.
    """
    async with asyncio.timeout(120):
        while (await status(page)) != (said, "redis"):
            assert (await status(page))[0] == said
            await projector.step()


async def test_a_campaign_from_draft_to_dark(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory
) -> None:
    projector = make_projector(graph, hot)
    marketing = bearer[Role.MARKETING]
    assert await status(page) == ("unknown", "graph")
    made = await page.put("/v1/campaigns/summer", json={"name": "Summer", "closing": "Bye."}, headers=marketing)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    await is_served(page, "draft", projector)
    put = await page.put(
        "/v1/campaigns/summer/artifacts/hero",
        json={"kind": "copy", "content": {"headline": "css is no layout here"}},
        headers=marketing,
    )
    assert put.status_code == 200
    assert (await page.post("/v1/campaigns/summer/activate", headers=marketing)).json()["status"] == "active"
    await is_served(page, "active", projector)
    shown = (await page.get("/hot/campaigns/summer")).json()
    assert shown["status"] == "active"
    assert shown["artifacts"] == {"hero": {"kind": "copy", "content": {"headline": "css is no layout here"}}}
    assert "department" not in shown
    assert (await page.post("/v1/campaigns/summer/end", headers=marketing)).status_code == 200
    await is_served(page, "ended", projector)
    assert (await page.get("/hot/campaigns/summer")).json() == {"status": "ended", "closing": "Bye."}
    assert (await page.post("/v1/campaigns/summer/activate", headers=marketing)).status_code == 409
    changed = await page.put("/v1/campaigns/summer", json={"name": "Again"}, headers=marketing)
    assert changed.status_code == 409


async def test_an_artifact_and_a_draft_are_taken_away_again(page: httpx.AsyncClient, bearer: Headers) -> None:
    marketing = bearer[Role.MARKETING]
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    for key in ("a", "b"):
        copy = {"kind": "copy", "content": {"headline": key}}
        put = await page.put(f"/v1/campaigns/summer/artifacts/{key}", json=copy, headers=marketing)
    read = marketing | {"If-Match": put.headers["etag"]}
    left = await page.delete("/v1/campaigns/summer/artifacts/a", headers=read)
    assert (left.status_code, [one["key"] for one in left.json()["artifacts"]]) == (200, ["b"])
    assert (await page.delete("/v1/campaigns/summer/artifacts/b", headers=read)).status_code == 412
    assert (await page.delete("/v1/campaigns/summer/artifacts/a", headers=marketing)).status_code == 404
    assert (await page.delete("/v1/campaigns/summer", headers=read)).status_code == 412
    assert (await status(page))[0] == "draft"
    last = marketing | {"If-Match": left.headers["etag"]}
    assert (await page.delete("/v1/campaigns/summer", headers=last)).status_code == 204
    assert (await page.get("/v1/campaigns/summer", headers=marketing)).status_code == 404
    assert (await page.delete("/v1/campaigns/summer", headers=marketing)).status_code == 404
    assert (await status(page))[0] == "unknown"
    made = await page.put("/v1/campaigns/summer", json={"name": "Another"}, headers=marketing)
    assert (made.status_code, made.json()["artifacts"]) == (201, [])
    assert (await page.put("/v1/campaigns/summer", json={"name": "Late"}, headers=last)).status_code == 412
    assert (await status(page))[0] == "draft"
    await page.post("/v1/campaigns/summer/activate", headers=marketing)
    refused = await page.delete("/v1/campaigns/summer", headers=marketing)
    assert (refused.status_code, "is active; only a draft" in refused.json()["detail"]) == (409, True)


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
        await page.delete("/v1/campaigns/other/artifacts/a", headers=mine),
        await page.delete("/v1/campaigns/other", headers=mine),
    ):
        assert answer.status_code == 403
    assert (await page.get("/v1/campaigns/other/leads", headers=bearer[Role.SALES])).status_code == 200
    assert (await page.get("/v1/campaigns/none/leads", headers=bearer[Role.SALES])).status_code == 404


async def test_marketing_finds_its_campaigns_and_sales_all(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    await campaigns.put(graph, "other", Writer("south"), CampaignBody("Other"))
    for id in ("b", "a"):
        made = await page.put(f"/v1/campaigns/{id}", json={"name": id.upper()}, headers=bearer[Role.MARKETING])
    offer = {"kind": "offer", "content": {}}
    await page.put("/v1/campaigns/b/artifacts/deal", json=offer, headers=bearer[Role.MARKETING])
    listed = (await page.get("/v1/campaigns", headers=bearer[Role.MARKETING])).json()
    assert [one["id"] for one in listed["items"]] == ["a", "b"]
    assert listed["next"] is None
    assert listed["items"][0] == {name: value for name, value in made.json().items() if name != "artifacts"}
    first = (await page.get("/v1/campaigns?limit=2", headers=bearer[Role.SALES])).json()
    rest = (await page.get(f"/v1/campaigns?limit=2&cursor={first['next']}", headers=bearer[Role.SALES])).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ["a", "b", "other"]
    assert rest["next"] is None
    assert (await page.get("/v1/campaigns", headers=bearer[Role.ANALYST])).status_code == 403


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


async def test_an_enrolment_counts_only_while_its_campaign_is_active(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    marketing, numbers = bearer[Role.MARKETING], itertools.count()

    def enrolment() -> dict[str, object]:
        number = next(numbers)
        return {
            "channel": "web_form",
            "identifiers": [{"kind": "email", "value": f"q{number}@example.com", "assurance": "verified"}],
            "event": {"type": "campaign.enrolled", "target_id": "summer"},
        }

    async def enrol() -> list[str]:
        single = await page.post("/v1/observations", headers=bearer[Role.CHANNEL], json=enrolment())
        lines = b"\n".join(orjson.dumps(enrolment()) for _ in range(2))
        batch = await page.post("/v1/observations/batch", headers=bearer[Role.CHANNEL], content=lines)
        warned = [single.json()["warnings"], *(orjson.loads(line)["warnings"] for line in batch.content.splitlines())]
        assert warned[0] == warned[1] == warned[2]
        return list(warned[0])

    async def put(**schedule: dt.timedelta) -> None:
        now = dt.datetime.now(dt.UTC)
        body = {"name": "Summer"} | {name: (now + delta).isoformat() for name, delta in schedule.items()}
        assert (await page.put("/v1/campaigns/summer", json=body, headers=marketing)).status_code < 300

    hour = dt.timedelta(hours=1)
    assert await enrol() == []  # there is no such campaign; that is kept as it is said, and counts for none
    await put()
    assert "is draft" in (await enrol())[0]
    await page.post("/v1/campaigns/summer/activate", headers=marketing)
    assert await enrol() == []
    await put(starts_at=hour)
    assert "is scheduled" in (await enrol())[0]
    await put(ends_at=-hour)
    assert "is ended" in (await enrol())[0]
    await put(ends_at=hour)
    assert await enrol() == []
    await page.post("/v1/campaigns/summer/end", headers=marketing)
    assert "is ended" in (await enrol())[0]
    leads = (await page.get("/v1/campaigns/summer/leads", headers=marketing)).json()["items"]
    assert len(leads) == 6
    funnel = (await page.get("/v1/campaigns/summer/funnel", headers=marketing)).json()
    assert funnel == {
        "id": "summer",
        "steps": [
            {"type": "campaign.enrolment_refused", "persons": 12, "events": 12},
            {"type": "campaign.enrolled", "persons": 6, "events": 6},
        ],
    }
    assert (await page.get("/v1/campaigns/summer/funnel", headers=bearer[Role.CHANNEL])).status_code == 403


async def test_a_funnel_counts_a_view_once(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    await campaigns.put(graph, "summer", Writer("north"), CampaignBody("Summer"))
    first = (await saw(graph, "email:a@example.com!", given_name="ana", target="summer")).person_id
    second = (await saw(graph, "email:b@example.com!", given_name="ana", target="summer")).person_id
    await saw(graph, "email:b@example.com!", target="summer")
    assert await campaigns.funnel(graph, "summer") == [Step("page.viewed", 2, 3)]
    await join(graph, first, second)
    assert await campaigns.funnel(graph, "summer") == [Step("page.viewed", 1, 3)]


async def test_offers_and_copy_are_made_to_who_reads(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    marketing = bearer[Role.MARKETING]
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    languages = {"en": {"text": "Hello"}, "de": {"text": "Hallo"}}
    offers = {
        "all": {"months": 1},
        "back": {"months": 2, "when": "known"},
        "first": {"locales": {"en": {"text": "Hi"}, "de": {"text": "Tag"}}, "when": '!("summer" in campaigns)'},
    }
    for key, kind, content in (
        ("hero", "copy", {"locales": languages, "default": "en"}),
        *((key, "offer", content) for key, content in offers.items()),
    ):
        put = await page.put(
            f"/v1/campaigns/summer/artifacts/{key}", json={"kind": kind, "content": content}, headers=marketing
        )
        assert put.status_code == 200, put.text
    assert (await page.get("/hot/visitors/c-9", params={"campaign": "summer"})).json() == {
        "campaign": {"id": "summer", "status": "draft"}
    }
    await page.post("/v1/campaigns/summer/activate", headers=marketing)
    german = await page.get("/hot/campaigns/summer", headers={"Accept-Language": "de-CH, fr;q=.5"})
    assert german.json()["artifacts"] == {
        "all": {"kind": "offer", "content": {"months": 1}},
        "hero": {"kind": "copy", "locale": "de", "content": {"text": "Hallo"}},
    }
    assert german.headers["vary"] == "Accept-Language"
    english = await page.get("/hot/campaigns/summer?locale=en", headers={"Accept-Language": "de"})
    assert english.json()["artifacts"]["hero"]["content"] == {"text": "Hello"}
    assert english.headers["etag"] != german.headers["etag"]
    await saw(graph, "email:maria@example.com!", "cookie:c-1?", given_name="maria", target="summer")
    for cookie, made in (("c-1", {"all", "back"}), ("c-2", {"all", "first"})):
        answer = await page.get(f"/hot/visitors/{cookie}", params={"campaign": "summer", "locale": "de"})
        assert set(answer.json()["campaign"]["offers"]) == made
    assert answer.json()["campaign"]["offers"]["first"] == {"locale": "de", "content": {"text": "Tag"}}
    assert "when" not in answer.text
    bad = await page.put(
        "/v1/campaigns/summer/artifacts/x", json={"kind": "offer", "content": {"when": "age > 3"}}, headers=marketing
    )
    assert bad.status_code == 422
    assert bad.json()["errors"] == [
        {"pointer": "/content/when", "detail": "names 'age'; there is only known, campaigns, locale, now"}
    ]


async def test_an_image_is_kept_by_its_checksum_and_served_for_ever(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, tmp_path: Path
) -> None:
    app: Any = page._transport.app  # type: ignore[attr-defined]
    app.state.vito.images = Images(None, tmp_path / "images")
    marketing = bearer[Role.MARKETING]
    await campaigns.put(graph, "other", Writer("south"), CampaignBody("Other"))
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    checksum = hashlib.sha256(png).hexdigest()
    content = {"sha256": checksum, "media_type": "image/png", "alt": "a beach"}
    artifact = {"kind": "image", "content": content}
    early = await page.put("/v1/campaigns/summer/artifacts/beach", json=artifact, headers=marketing)
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/content/sha256")
    for _ in range(2):
        kept = await page.post("/v1/campaigns/summer/images", content=png, headers=marketing)
        assert kept.status_code == 201
        assert kept.json() == {
            "sha256": checksum, "media_type": "image/png", "bytes": 48, "path": f"/images/{checksum}"
        }  # fmt: skip
    assert (await page.post("/v1/campaigns/other/images", content=png, headers=marketing)).status_code == 403
    for wrong in (b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n" + bytes(8 << 20)):
        assert (await page.post("/v1/campaigns/summer/images", content=wrong, headers=marketing)).status_code == 422
    told = {"kind": "image", "content": {**content, "media_type": "image/gif"}}
    other = await page.put("/v1/campaigns/summer/artifacts/beach", json=told, headers=marketing)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/content/media_type")
    put = await page.put("/v1/campaigns/summer/artifacts/beach", json=artifact, headers=marketing)
    assert put.status_code == 200
    served = await page.get(f"/images/{checksum}")
    assert (served.content, served.headers["content-type"]) == (png, "image/png")
    assert "immutable" in served.headers["cache-control"]
    again = await page.get(f"/images/{checksum}", headers={"If-None-Match": served.headers["etag"]})
    assert again.status_code == 304
    (tmp_path / "images" / checksum[:2] / checksum).write_bytes(png + b"x")
    assert (await page.get(f"/images/{checksum}")).status_code == 404, "what is not what its name says is not served"
    for strange in ("0" * 64, "x", "..%2F..%2Fetc%2Fpasswd"):
        assert (await page.get(f"/images/{strange}")).status_code == 404
    elsewhere = {**content, "url": "https://cdn.example.com/beach.png", "sha256": "0" * 64}
    for change, status in (
        ({}, 200),
        ({"url": "http://cdn.example.com/x"}, 422),
        ({"url": "https://me:secret@cdn.example.com/x"}, 422),
        ({"media_type": "text/html"}, 422),
    ):
        put = await page.put(
            "/v1/campaigns/summer/artifacts/far",
            json={"kind": "image", "content": {**elsewhere, **change}},
            headers=marketing,
        )
        assert put.status_code == status


async def test_what_a_campaign_holds_has_a_bound(page: httpx.AsyncClient, bearer: Headers) -> None:
    marketing = bearer[Role.MARKETING]
    await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)

    async def put(key: str, text: str) -> int:
        body = {"kind": "copy", "content": {"text": text}}
        return (await page.put(f"/v1/campaigns/summer/artifacts/{key}", json=body, headers=marketing)).status_code

    assert await put("long", "x" * MOST_CONTENT) == 422
    part = "é" * (MOST_CONTENT // 2 - 20)  # two bytes each
    assert [await put(f"a{number}", part) for number in range(16)] == [200] * 16
    assert await put("more", part) == 409
    assert await put("a3", part) == 200, "one in place of another is no more than before"
    assert len((await page.get("/v1/campaigns/summer", headers=marketing)).json()["artifacts"]) == 16


async def test_a_write_goes_over_a_version_that_was_read(page: httpx.AsyncClient, bearer: Headers) -> None:
    """RFC 9110 §13.1.1: any of a list, all there are by `*`, and nothing by a weak tag."""
    path, version = "/v1/campaigns/summer", 0
    for tag, status in (
        ("*", 412),  # there is none yet
        (None, 201),
        ('"1"', 200),
        ('"1"', 412),
        ('"1", "2"', 200),
        ("*", 200),
        ('W/"4"', 412),
        ('W/"9", "4"', 200),
        ('"a,b", "5"', 200),
        ('"06"', 412),
        ("6", 412),
        ('"6", ', 200),
        (None, 200),
    ):
        headers = bearer[Role.MARKETING] | ({} if tag is None else {"If-Match": tag})
        written = await page.put(path, json={"name": "Summer"}, headers=headers)
        version += status < 300
        assert written.status_code == status, (tag, written.text)
        assert written.headers.get("etag") == (f'"{version}"' if status < 300 else None)
    for tag, status in (('"7"', 412), ('"7", "8"', 200)):
        answer = await page.post(f"{path}/activate", headers=bearer[Role.MARKETING] | {"If-Match": tag})
        assert answer.status_code == status, tag
