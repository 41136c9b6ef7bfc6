"""Hot reads through the whole app, with a Valkey that stops, forgets, freezes and comes back."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from vitograph.api.app import create_app
from vitograph.api.children import Child
from vitograph.api.projecting import GraphCampaigns, make_projector
from vitograph.api.settings import Settings
from vitograph.graph import campaigns, outbox
from vitograph.graph.campaigns import Writer
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Role
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot import PREFIX, HotMemory, open_hot
from vitograph.projections.projector import rebuild
from vitograph.projections.reader import CampaignReader, Origin
from vitograph.projections.ready import ready
from vitograph.resolver.campaigns import Campaign, CampaignBody, CampaignStatus
from vitograph.resolver.errors import GraphUnavailable

Headers = dict[Role, dict[str, str]]
NORTH = Writer("north")


@pytest.fixture(scope="module")
async def valkey(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Child]:
    """A Valkey of our own, to do to it what may happen."""
    child = Child(ValkeyServer(Path(tmp_path_factory.mktemp("valkey"))))
    await child.start()
    yield child
    await child.stop()


@pytest.fixture
async def hot(valkey: Child) -> AsyncIterator[HotMemory]:
    if valkey.process is None:
        await valkey.start()
    assert isinstance(valkey.recipe, ValkeyServer)
    async with open_hot(valkey.recipe.url) as hot:
        await hot.client.flushall()
        yield hot


@pytest.fixture
async def page(graph: Graph, settings: Settings, hot: HotMemory, valkey: Child) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app over our own Valkey."""
    assert isinstance(valkey.recipe, ValkeyServer)
    app = create_app(settings.model_copy(update={"redis_url": valkey.recipe.url}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as client:
            yield client


async def status(page: httpx.AsyncClient, id: str = "summer") -> tuple[str, str]:
    """What a page is told, and by whom."""
    answer = await page.get(f"/hot/campaigns/{id}/status")
    assert answer.status_code == 200
    return answer.json()["status"], answer.headers["server-timing"].partition(";")[0]


async def activate(graph: Graph, id: str = "summer", **body: Any) -> None:
    await campaigns.put(graph, id, NORTH, CampaignBody("Summer", **body))
    await campaigns.activate(graph, id, NORTH)


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


async def test_a_page_can_ask_cheaply_from_anywhere(page: httpx.AsyncClient, graph: Graph) -> None:
    await activate(graph)
    for path in ("/hot/campaigns/summer", "/hot/campaigns/summer/status"):
        full = await page.get(path)
        assert full.headers["access-control-allow-origin"] == "*"
        same = await page.get(path, headers={"If-None-Match": f'"x", W/{full.headers["etag"]}'})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", full.headers["etag"])
        head = await page.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(full.content))
        preflight = await page.options(path)
        assert preflight.status_code == 204
        assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
        assert (await page.post(path)).status_code == 405
    await campaigns.end(graph, "summer", NORTH)
    await rebuild_of(page)
    assert (await page.get(path, headers={"If-None-Match": full.headers["etag"]})).status_code == 200
    for strange in ("No%20such", "x" * 300, "%00", "%ff"):
        answer = await page.get(f"/hot/campaigns/{strange}/status")
        assert (answer.status_code, answer.json()) == (200, {"status": "unknown"})
    assert (await page.get("/hot/campaigns/a/b/c")).status_code == 404


async def rebuild_of(page: httpx.AsyncClient) -> None:
    transport = page._transport
    assert isinstance(transport, httpx.ASGITransport)
    reader: CampaignReader = transport.app.state.vito.reader  # type: ignore[attr-defined]
    await rebuild(reader._source, reader._hot)


async def test_the_schedule_turns_a_page_on_and_off(page: httpx.AsyncClient, graph: Graph) -> None:
    now = dt.datetime.now(dt.UTC)
    await activate(graph, starts_at=now + dt.timedelta(seconds=1), ends_at=now + dt.timedelta(seconds=2))
    seen = []
    while not seen or seen[-1] != "ended":
        word, _ = await status(page)
        late = (dt.datetime.now(dt.UTC) - now).total_seconds()
        if word == "active":
            assert 1.0 <= late < 2.1
        if not seen or seen[-1] != word:
            seen.append(word)
        assert late < 5
        await asyncio.sleep(0.05)
    assert seen == ["scheduled", "active", "ended"]
    assert (await page.get("/hot/campaigns/summer")).json() == {"status": "ended"}


async def test_a_flushed_valkey_is_refilled_by_reads_and_by_rebuild(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    await activate(graph)
    await make_projector(graph, hot).step()
    assert await status(page) == ("active", "redis")
    await hot.client.flushall()
    assert await status(page) == ("active", "graph")
    await asyncio.sleep(0.05)
    assert await status(page) == ("active", "redis")
    # What a reader put back does not stay for good; what a rebuild puts does.
    assert 0 < await hot.client.pttl(PREFIX + "summer") <= 60_000
    await hot.client.set(PREFIX + "stranger", b"9 active - -\n\n{}")
    assert await rebuild(GraphCampaigns(graph), hot) == 1
    assert await hot.client.pttl(PREFIX + "summer") == -1
    assert await status(page, "stranger") == ("unknown", "graph")


async def test_a_stopped_valkey_costs_a_read_little_and_comes_back_right(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory, valkey: Child
) -> None:
    await activate(graph)
    await make_projector(graph, hot).step()
    await valkey.stop()
    worst = 0.0
    for _ in range(30):
        started = time.perf_counter()
        assert await status(page) == ("active", "graph")
        worst = max(worst, time.perf_counter() - started)
    assert worst < 0.5
    ended = await page.post("/v1/campaigns/summer/end", headers=bearer[Role.MARKETING])
    assert ended.status_code == 200
    assert await status(page) == ("ended", "graph")
    # It still has `active` in its file when it starts; the entry is there to put that right.
    task = asyncio.get_running_loop().create_task(make_projector(graph, hot).run())
    await asyncio.sleep(0.3)
    await valkey.start()
    for _ in range(50):
        if (seen := await status(page)) == ("ended", "redis"):
            break
        await asyncio.sleep(0.1)
    assert seen == ("ended", "redis")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await outbox.backlog(graph) == outbox.Backlog(0, 0, 0.0)


async def test_a_frozen_valkey_costs_a_read_its_patience_once(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    await activate(graph)
    await activate(graph, "winter")
    await make_projector(graph, hot).step()
    assert await status(page) == ("active", "redis")
    await hot.client.execute_command("CLIENT", "PAUSE", "1500", "ALL")
    took = []
    for _ in range(20):
        started = time.perf_counter()
        assert await status(page) == ("active", "graph")
        took.append(time.perf_counter() - started)
    assert max(took) < 0.5
    assert sorted(took)[len(took) // 2] < 0.04
    await asyncio.sleep(2.2)
    # No reply to a question that was given up is taken for the answer to another one.
    for _ in range(20):
        assert (await page.get("/hot/campaigns/winter")).json()["id"] == "winter"
        assert (await page.get("/hot/campaigns/summer")).json()["id"] == "summer"
    assert await status(page) == ("active", "redis")


async def test_a_projector_that_died_between_write_and_done_is_made_good(graph: Graph, hot: HotMemory) -> None:
    await activate(graph)
    (first, *_) = await outbox.take(graph, limit=1, lease=0.1)
    await hot.put(first.key, ready(await campaigns.get(graph, first.key)))
    await campaigns.end(graph, "summer", NORTH)
    await asyncio.sleep(0.2)
    projectors = [make_projector(graph, hot), make_projector(graph, hot)]
    async with asyncio.timeout(10):
        while (await outbox.backlog(graph)).waiting:
            await asyncio.gather(*(projector.step() for projector in projectors))
    (stored,) = await hot.get(["summer"])
    assert stored == ready(await campaigns.get(graph, "summer")).to_bytes()
    assert stored.startswith(b"3 ended ")


async def test_an_entry_that_cannot_be_written_dies_alone(graph: Graph, hot: HotMemory) -> None:
    await activate(graph)
    await activate(graph, "winter")
    await hot.client.rpush(PREFIX + "summer", "not a string")
    await make_projector(graph, hot).step()
    assert (await outbox.backlog(graph)).waiting == 2
    assert await hot.get(["winter"]) == [ready(await campaigns.get(graph, "winter")).to_bytes()]


async def test_versions_order_what_valkey_holds(hot: HotMemory) -> None:
    def version(number: int, status: CampaignStatus = CampaignStatus.ACTIVE) -> Campaign:
        return Campaign("summer", status, "north", number, CampaignBody("Summer"))

    assert await hot.put("summer", ready(version(10, CampaignStatus.ENDED)))
    assert not await hot.put("summer", ready(version(9)))
    assert not await hot.put("summer", ready(version(10)), lasts=60)
    assert await hot.put("summer", ready(version(10, CampaignStatus.ENDED)))
    assert await hot.put("summer", ready(version(11)), lasts=60)
    assert await hot.client.pttl(PREFIX + "summer") > 0
    assert await hot.put("summer", ready(version(11)))
    assert await hot.client.pttl(PREFIX + "summer") == -1


async def test_both_down_is_said_within_bounds(hot: HotMemory, valkey: Child) -> None:
    class Silent(GraphCampaigns):
        async def campaign(self, id: str) -> Campaign | None:
            await asyncio.sleep(60)
            return None

    await valkey.stop()
    reader = CampaignReader(hot, Silent(None))  # type: ignore[arg-type]
    started = time.perf_counter()
    answers = await asyncio.gather(*(reader.read("summer") for _ in range(50)), return_exceptions=True)
    assert all(isinstance(answer, GraphUnavailable) for answer in answers)
    assert time.perf_counter() - started < 2.0
    await reader.close()


async def test_a_reader_that_hangs_up_takes_nothing_from_the_others(graph: Graph, hot: HotMemory) -> None:
    await activate(graph)
    reader = CampaignReader(hot, GraphCampaigns(graph))
    tasks = [asyncio.get_running_loop().create_task(reader.read("summer")) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[0].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert [one.origin for one in found[1:] if not isinstance(one, BaseException)] == [Origin.GRAPH, Origin.GRAPH]
    await reader.close()


async def test_neither_store_is_a_503_that_makes_a_page_dark(settings: Settings, hot: HotMemory, valkey: Child) -> None:
    class Gone:
        async def read(self, id: str) -> None:
            raise GraphUnavailable("Neo4j does not answer")

    app = create_app(settings)
    app.state.vito = SimpleNamespace(reader=Gone())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vito") as client:
        answer = await client.get("/hot/campaigns/summer/status")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def vito(settings: Settings, url: str, *command: str) -> tuple[int | None, str]:
    """A command of ours over the servers of this test: its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from vitograph.api.cli import main; main()",
        *command,
        env=os.environ
        | {
            "VITO_NEO4J_URI": settings.neo4j_uri or "",
            "VITO_NEO4J_USER": settings.neo4j_user,
            "VITO_NEO4J_PASSWORD": settings.neo4j_password.get_secret_value(),
            "VITO_REDIS_URL": url,
        },
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def test_the_command_fills_and_tells(settings: Settings, graph: Graph, hot: HotMemory, valkey: Child) -> None:
    assert isinstance(valkey.recipe, ValkeyServer)
    url = valkey.recipe.url
    await activate(graph)
    entries = await outbox.take(graph)
    await outbox.failed(graph, entries, "ResponseError", most=1)
    code, printed = await vito(settings, url, "projections", "status")
    assert code == 1
    assert "dead: 2" in printed
    assert "campaign summer version 1: ResponseError after 1 attempts" in printed
    code, printed = await vito(settings, url, "projections", "rebuild")
    assert (code, printed.splitlines()) == (
        0,
        ["campaigns in the hot memory: 1", "dead entries to be tried again: 2"],
    )
    assert await hot.get(["summer"]) == [ready(await campaigns.get(graph, "summer")).to_bytes()]
    await make_projector(graph, hot).step()
    code, printed = await vito(settings, url, "projections", "status")
    assert (code, printed.splitlines()) == (
        0,
        ["waiting: 0, the oldest for 0.0 s", "campaigns in the hot memory: 1", "dead: 0"],
    )
    await valkey.stop()
    code, printed = await vito(settings, url, "projections", "status")
    assert code == 1
    assert "it does not answer" in printed
