"""Hot reads through the whole app, with a Valkey that stops, forgets, freezes and comes back."""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import time
from types import SimpleNamespace
from typing import Any

import httpx
import orjson
import pytest

from vitograph.api.app import create_app
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.api.wiring.projecting import GraphCampaigns, make_projector
from vitograph.graph import outbox
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import Writer
from vitograph.projections.hot import line
from vitograph.projections.hot.filling import Filler, rebuild
from vitograph.projections.hot.memory import PREFIX, HotMemory, visitor_key
from vitograph.projections.hot.reader import CampaignReader, Origin
from vitograph.projections.hot.ready import ready
from vitograph.projections.hot.tracking import CERTAIN
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.publishing.campaigns import Campaign, CampaignBody, CampaignStatus

Headers = dict[Role, dict[str, str]]
NORTH = Writer("north")


async def status(page: httpx.AsyncClient, id: str = "summer") -> tuple[str, str]:
    """What a page is told, and by whom."""
    answer = await page.get(f"/hot/campaigns/{id}/status")
    assert answer.status_code == 200
    return answer.json()["status"], answer.headers["server-timing"].partition(";")[0]


async def becomes(page: httpx.AsyncClient, shown: tuple[str, str]) -> None:
    """Waits until a page is told so; on a busy machine Valkey may be too slow for one read, and is doubted then."""
    async with asyncio.timeout(60):
        while await status(page) != shown:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def activate(graph: Graph, id: str = "summer", **body: Any) -> None:
    await campaigns.put(graph, id, NORTH, CampaignBody("Summer", **body))
    await campaigns.activate(graph, id, NORTH)


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


async def test_what_is_known_already_is_answered_as_everything_else(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    await activate(graph)
    await make_projector(graph, hot).step()
    for path in ("/hot/campaigns/summer", "/hot/campaigns/summer/status", "/hot/visitors/nobody"):
        async with asyncio.timeout(60):
            while (known := await page.get(path)).headers["server-timing"] != "redis;dur=0":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        other = await page.get(path, params={"so": "not known"})
        assert other.headers["server-timing"] != "redis;dur=0"
        assert known.content == other.content
        own = {"server-timing", "vary", "x-request-id"}
        assert {name: value for name, value in known.headers.items() if name not in own} == {
            name: value for name, value in other.headers.items() if name not in own
        }
        assert (await page.get(path, headers={"If-None-Match": known.headers["etag"]})).status_code == 304
        assert (await page.head(path)).content == b""


async def test_what_a_restarted_valkey_holds_is_shown_once_it_is_filled(graph: Graph, hot: HotMemory) -> None:
    await activate(graph)
    filler = Filler(GraphCampaigns(graph), hot)
    assert await filler.step()
    assert not await filler.step()
    stale = await hot.fetch([PREFIX + "summer"])
    await campaigns.end(graph, "summer", NORTH)
    assert await make_projector(graph, hot).step()
    # As after a kill that lost the last writes: what was before, by a process that was not filled.
    await hot.client.set(PREFIX + "summer", stale[0] or b"")
    await hot.put_visitor("c-1", b"{}", 60)
    await hot.mark_filled("the one that was killed")
    reader = CampaignReader(hot, GraphCampaigns(graph))
    for _ in range(5):
        assert await shown_by(reader) == ("ended", Origin.GRAPH)
        await asyncio.sleep(0.1)
    assert await filler.step()
    assert await hot.fetch([visitor_key("c-1")]) == [None]
    async with asyncio.timeout(60):
        while (shown := await shown_by(reader)) != ("ended", Origin.REDIS):
            assert shown == ("ended", Origin.GRAPH)
            await asyncio.sleep(0.05)
    await hot.client.flushall()
    assert await filler.step()
    assert await hot.client.pttl(PREFIX + "summer") == -1
    await reader.close()


async def test_campaigns_are_carried_before_all_that_intake_leaves(graph: Graph) -> None:
    for number in range(20):
        await graph.write(lambda tx, number=number: outbox.record(tx, "view", f"p-{number}", 1))
    await activate(graph)
    assert await outbox.unsettled(graph, "campaign", 0.0) == ["summer"]
    assert await outbox.unsettled(graph, "campaign", 3_600.0) == []
    taken = await outbox.take(graph, limit=5)
    assert [entry.aggregate for entry in taken].count("campaign") == 2
    await outbox.done(graph, [entry for entry in taken if entry.aggregate == "campaign"])
    assert await outbox.unsettled(graph, "campaign", 0.0) == []
    assert len(await outbox.unsettled(graph, "view", 0.0)) == 20


async def rebuild_of(page: httpx.AsyncClient) -> None:
    transport = page._transport
    assert isinstance(transport, httpx.ASGITransport)
    reader: CampaignReader = transport.app.state.vito.reader  # type: ignore[attr-defined]
    await rebuild(reader._source, reader._hot)


async def test_the_schedule_turns_a_page_on_and_off(page: httpx.AsyncClient, graph: Graph) -> None:
    now = dt.datetime.now(dt.UTC)
    await activate(graph, starts_at=now + dt.timedelta(seconds=4), ends_at=now + dt.timedelta(seconds=8))
    seen = []
    while not seen or seen[-1] != "ended":
        asked = (dt.datetime.now(dt.UTC) - now).total_seconds()
        word, _ = await status(page)
        late = (dt.datetime.now(dt.UTC) - now).total_seconds()
        if word == "active":
            assert asked < 8.0
            assert late >= 4.0
        if not seen or seen[-1] != word:
            seen.append(word)
        assert asked < 60
        await asyncio.sleep(0.05)
    assert seen == ["scheduled", "active", "ended"]
    assert (await page.get("/hot/campaigns/summer")).json() == {"status": "ended"}


async def test_a_flushed_valkey_is_refilled_by_reads_and_by_rebuild(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    await activate(graph)
    await make_projector(graph, hot).step()
    await becomes(page, ("active", "redis"))
    await hot.client.flushall()
    await becomes(page, ("active", "graph"))
    await becomes(page, ("active", "redis"))
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
    took = []
    for _ in range(30):
        started = time.perf_counter()
        assert await status(page) == ("active", "graph")
        took.append(time.perf_counter() - started)
    assert statistics.median(took) < 0.5
    ended = await page.post("/v1/campaigns/summer/end", headers=bearer[Role.MARKETING])
    assert ended.status_code == 200
    assert await status(page) == ("ended", "graph")
    # It still has `active` in its file when it starts; the entry is there to put that right.
    task = asyncio.get_running_loop().create_task(make_projector(graph, hot).run())
    await asyncio.sleep(0.3)
    await valkey.start()
    for _ in range(600):
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
    await becomes(page, ("active", "redis"))
    await hot.client.execute_command("CLIENT", "PAUSE", "5000", "ALL")
    await asyncio.sleep(CERTAIN)  # until then it is certain what was held
    took = []
    for _ in range(20):
        started = time.perf_counter()
        assert await status(page) == ("active", "graph")
        took.append(time.perf_counter() - started)
    assert statistics.median(took) < line.HOT_PATIENCE
    await becomes(page, ("active", "redis"))
    # No reply to a question that was given up is taken for the answer to another one.
    for _ in range(20):
        assert (await page.get("/hot/campaigns/winter")).json()["id"] == "winter"
        assert (await page.get("/hot/campaigns/summer")).json()["id"] == "summer"
    await becomes(page, ("active", "redis"))


async def test_a_projector_that_died_between_write_and_done_is_made_good(graph: Graph, hot: HotMemory) -> None:
    await activate(graph)
    (first, *_) = await outbox.take(graph, limit=1, lease=0.1)
    await hot.put(first.key, ready(await campaigns.get(graph, first.key)))
    await campaigns.end(graph, "summer", NORTH)
    await asyncio.sleep(0.2)
    projectors = [make_projector(graph, hot), make_projector(graph, hot)]
    async with asyncio.timeout(60):
        while (await outbox.backlog(graph)).waiting:
            await asyncio.gather(*(projector.step() for projector in projectors))
    (stored,) = await hot.get(["summer"])
    assert stored == ready(await campaigns.get(graph, "summer")).to_bytes()
    assert stored.startswith(b"3 ended ")


async def test_an_entry_that_cannot_be_written_fails_alone(graph: Graph, hot: HotMemory) -> None:
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


async def test_both_down_is_said_within_bounds(hot: HotMemory, valkey: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "GRAPH_PATIENCE", 1.0)

    class Silent(GraphCampaigns):
        async def campaign(self, id: str) -> Campaign | None:
            await asyncio.sleep(60)
            return None

    await valkey.stop()
    reader = CampaignReader(hot, Silent(None))  # type: ignore[arg-type]
    started = time.perf_counter()
    answers = await asyncio.gather(*(reader.read("summer") for _ in range(50)), return_exceptions=True)
    assert all(isinstance(answer, GraphUnavailable) for answer in answers)
    assert time.perf_counter() - started < 20.0  # one second each, and not one after another
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
        def glance(self, id: str) -> None:
            return None

        async def read(self, id: str) -> None:
            raise GraphUnavailable("Neo4j does not answer")

    app = create_app(settings)
    app.state.vito = SimpleNamespace(reader=Gone(), visitors=Gone())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vito") as client:
        answer = await client.get("/hot/campaigns/summer/status")
        offers = await client.get("/hot/visitors/c-1", params={"campaign": "summer"})
        greeting = await client.get("/hot/visitors/c-1")
    assert offers.status_code == 503, "an offer to nobody may be a wrong one"
    assert (greeting.status_code, greeting.json()) == (200, {})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_valkey_that_comes_back_is_doubted_until_all_is_carried_to_it(
    graph: Graph, hot: HotMemory, valkey: Child
) -> None:
    """It comes back with `active` in its file; the campaign ended meanwhile, and nobody may see it lit again."""
    await activate(graph)
    reader = CampaignReader(hot, GraphCampaigns(graph))
    projector = make_projector(graph, hot)
    await projector.step()
    async with asyncio.timeout(60):
        while await shown_by(reader) != ("active", Origin.REDIS):  # noqa: ASYNC110  Valkey may be slow for one read
            await asyncio.sleep(0.05)
    await valkey.stop()
    await campaigns.end(graph, "summer", NORTH)
    assert (await shown_by(reader))[0] == "ended"
    await valkey.start()
    for _ in range(20):
        assert await shown_by(reader) == ("ended", Origin.GRAPH), "nothing was carried yet"
        await asyncio.sleep(0.05)
    await projector.step()
    for _ in range(200):
        shown = await shown_by(reader)
        assert shown[0] == "ended"
        if shown[1] is Origin.REDIS:
            break
        await asyncio.sleep(0.05)
    assert shown == ("ended", Origin.REDIS)
    await reader.close()


async def shown_by(reader: CampaignReader) -> tuple[str, Origin]:
    found = await reader.read("summer")
    return orjson.loads(found.ready.state(time.time()))["status"], found.origin
