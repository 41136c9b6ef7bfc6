"""Campaigns come to their sinks and leave them, over the real graph and hot memory, whatever fails in between."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.counting import Counting
from tests.wagtail import Site
from vitograph.api.running.children import Child
from vitograph.api.wiring.projecting import GraphCampaigns, GraphPlan, make_deliverer, make_projector
from vitograph.api.wiring.sealing import Seals
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.publishing import campaigns, deliveries, sinks
from vitograph.graph.publishing.campaigns import Writer
from vitograph.graph.queries import Statement
from vitograph.projections import adapters
from vitograph.projections.hot.filling import rebuild
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import HotMemoryUnavailable, UnknownThing, WrongState
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, CampaignBody
from vitograph.resolver.publishing.sinks import Sink, SinkState, read_sink

NORTH = Writer("north")
KEY = "k1hRy2f0cWJ1bnRlZCBieSBub2JvZHkgYXQgYWxsISE="
HOUR = dt.timedelta(hours=1)
NOWHERE = "http://127.0.0.1:9"
LATER = Statement(
    "test/later",
    "MATCH (d:Delivery) WHERE d.next_at IS NOT NULL "
    "SET d.next_at = datetime(), d.hot_ended_at = d.hot_ended_at - duration({minutes: $minutes})",
)
HOLDS = Statement("test/holds", "MATCH (n) WHERE n:Sink OR n:Delivery OR n:Outbox RETURN properties(n) AS held")


async def put_sink(graph: Graph, id: str, name: str, settings: dict[str, Any], **also: Any) -> Sink:
    scope = {} if "campaigns" in also else {"departments": ["north"]}
    secret = also.pop("secret", None)
    body = read_sink(id, {"adapter": name, "settings": settings, **scope, **also})
    sealed = None if secret is None else Seals(KEY, Path()).seal(secret)
    places = (body.departments, body.campaigns)
    sink = Sink(id, name, adapters.adapter(name).kind, body.settings, *places, sealed=sealed)
    return await sinks.put(graph, sink, "k-test")


async def settle(graph: Graph, hot: HotMemory, clock: Callable[[], float] = time.time) -> None:
    """Everything that is due now is carried, as long as anything can be."""
    deliverer = make_deliverer(graph, Seals(KEY, Path()))
    deliverer.clock = clock
    try:
        while await make_projector(graph, hot).step() + await deliverer.step():
            pass
    finally:
        await deliverer.close()


async def activate(graph: Graph, id: str = "summer", **body: Any) -> None:
    await campaigns.put(graph, id, NORTH, CampaignBody("Summer", **body))
    await campaigns.put_artifact(graph, id, NORTH, Artifact("hero", ArtifactKind.COPY, {"headline": "Warm"}))
    await campaigns.activate(graph, id, NORTH)


async def until(graph: Graph, hot: HotMemory, wanted: dict[str, str]) -> None:
    """Works until the campaign stands as it is wanted."""
    async with asyncio.timeout(120):
        while await states(graph) != wanted:
            await deliveries.revive(graph)
            await settle(graph, hot)


async def states(graph: Graph, id: str = "summer") -> dict[str, str]:
    return {row["sink"]: row["state"] for row in await deliveries.of_campaign(graph, id)}


async def is_sound(graph: Graph) -> bool:
    return [finding for finding in await audit(graph) if finding.invariant in ("I11", "I12", "I14")] == []


def files(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("campaigns/*.json")}


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A static site that all campaigns of the department go to."""
    await put_sink(graph, "site", "static-site", {"url": f"file://{tmp_path}"})
    return tmp_path


@pytest.fixture
async def counted(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a sink of somebody else's adapter."""
    monkeypatch.setattr(adapters, "_registered", {})
    adapters.register("counting", Counting)
    await put_sink(graph, "counted", "counting", {"folder": str(tmp_path)})
    return tmp_path


async def test_a_campaign_comes_and_goes(graph: Graph, hot: HotMemory, folder: Path) -> None:
    await campaigns.put(graph, "draft", NORTH, CampaignBody("Secret"))
    await activate(graph)
    await settle(graph, hot)
    assert files(folder) == {"summer"}
    written = orjson.loads((folder / "campaigns/summer.json").read_bytes())
    assert written["copy"] == {"hero": {"headline": "Warm"}}
    assert written["version"] == 3
    assert await states(graph) == {"site": "live"}
    assert await states(graph, "draft") == {}
    await campaigns.end(graph, "summer", NORTH)
    await settle(graph, hot)
    assert files(folder) == set()
    assert await states(graph) == {"site": "gone"}
    assert await is_sound(graph)


async def test_the_schedule_brings_and_takes_a_page(graph: Graph, hot: HotMemory, folder: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    await activate(graph, starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    for hours, shown in ((0.0, set()), (1.5, {"summer"}), (2.5, set())):
        # As if it were that late for the graph, too.
        await graph.run(LATER, minutes=int(hours * 60))
        await settle(graph, hot, lambda hours=hours: time.time() + hours * 3600)  # type: ignore[misc]
        assert files(folder) == shown, hours
    assert (await deliveries.figures(graph))[0].waiting == 0


async def test_a_sink_learns_of_campaigns_that_were_there_before_and_is_left_clean(
    graph: Graph, hot: HotMemory, tmp_path: Path
) -> None:
    for id in ("summer", "winter"):
        await activate(graph, id)
    await settle(graph, hot)
    url = {"url": f"file://{tmp_path}"}
    await put_sink(graph, "site", "static-site", url, campaigns=["winter"])
    await settle(graph, hot)
    assert files(tmp_path) == {"winter"}
    await put_sink(graph, "site", "static-site", url)
    await settle(graph, hot)
    assert files(tmp_path) == {"summer", "winter"}
    await put_sink(graph, "site", "static-site", url, campaigns=["summer"])
    await settle(graph, hot)
    assert files(tmp_path) == {"summer"}
    assert await states(graph, "winter") == {}
    await sinks.remove(graph, "site")
    with pytest.raises(WrongState):
        await put_sink(graph, "site", "static-site", url)
    await settle(graph, hot)
    assert files(tmp_path) == set()
    await settle(graph, hot)
    assert await sinks.list_all(graph) == []
    assert await states(graph) == {}


async def test_a_sink_whose_server_is_gone_is_given_up_and_may_be_set_up_again(
    graph: Graph, hot: HotMemory, tmp_path: Path
) -> None:
    for id in ("summer", "winter"):
        await activate(graph, id)
    where = {"url": f"file://{tmp_path / 'old'}"}
    (tmp_path / "old").mkdir()
    await put_sink(graph, "site", "static-site", where)
    await settle(graph, hot)
    with pytest.raises(WrongState, match="is not being removed"):
        await sinks.abandon(graph, "site", "k-admin")
    (tmp_path / "old/campaigns").rename(tmp_path / "kept")
    (tmp_path / "old/campaigns").write_text("no folder")
    await campaigns.end(graph, "winter", NORTH)
    await sinks.remove(graph, "site")
    await settle(graph, hot)
    assert {one.sink: one.teardown_failing for one in await deliveries.figures(graph)} == {"site": 2}
    assert await sinks.abandon(graph, "site", "k-admin") == ["summer", "winter"]
    assert (await sinks.list_all(graph), await deliveries.figures(graph)) == ([], [])
    assert await sinks.abandoned(graph) == [sinks.Abandoned("site", "cms", 2)]
    [told] = await deliveries.of_campaign(graph, "winter")
    assert (told["sink"], told["state"], told["attempts"]) == ("site", "abandoned", 0)
    assert await is_sound(graph)
    with pytest.raises(UnknownThing):
        await sinks.abandon(graph, "site", "k-admin")

    await put_sink(graph, "site", "static-site", {"url": f"file://{tmp_path / 'new'}"})
    await settle(graph, hot)
    assert files(tmp_path / "new") == {"summer"}
    assert [row["state"] for row in await deliveries.of_campaign(graph, "summer")] == ["abandoned", "live"]
    await campaigns.end(graph, "summer", NORTH)
    await settle(graph, hot)
    assert files(tmp_path / "new") == set()
    assert await is_sound(graph)


async def test_a_worker_that_had_begun_when_its_sink_was_given_up_disturbs_nobody(
    graph: Graph, hot: HotMemory, counted: Path
) -> None:
    await activate(graph)
    await make_projector(graph, hot).step()
    sink = await sinks.get(graph, "counted")
    (late,) = await deliveries.take(graph, "counted", 1)
    assert await deliveries.begin(graph, sink, late, SinkState.PUBLISHING, "", late.version)
    await sinks.remove(graph, "counted")
    assert await sinks.abandon(graph, "counted", "k-admin") == ["summer"]
    await put_sink(graph, "counted", "counting", {"folder": str(counted)})
    await settle(graph, hot)
    assert await deliveries.begin(graph, sink, late, SinkState.REMOVING, "withdrawn", late.version) is None
    await deliveries.done(graph, late, SinkState.GONE, late.version, None)
    await deliveries.failed(graph, late, "SinkFailed: late", late.version)
    await deliveries.forget(graph, late)
    await settle(graph, hot)
    assert [row["state"] for row in await deliveries.of_campaign(graph, "summer")] == ["abandoned", "live"]
    assert (counted / "summer").exists()


async def test_who_sets_a_sink_up_while_it_is_given_up_waits_or_begins_anew(graph: Graph) -> None:
    where = {"url": NOWHERE}
    for _ in range(5):
        if not await sinks.list_all(graph):
            await put_sink(graph, "edge", "upstash-kv", where, secret="a token")
        await sinks.remove(graph, "edge")
        given_up, anew = await asyncio.gather(
            sinks.abandon(graph, "edge", "k-admin"),
            put_sink(graph, "edge", "upstash-kv", where, secret="a token"),
            return_exceptions=True,
        )
        assert given_up == []
        assert isinstance(anew, WrongState) or (isinstance(anew, Sink) and anew.version == 1)


async def test_a_sink_that_came_late_is_left_when_the_time_of_a_campaign_is_over(
    graph: Graph, hot: HotMemory, tmp_path: Path
) -> None:
    await activate(graph, ends_at=dt.datetime.now(dt.UTC) + HOUR)
    await settle(graph, hot)
    await put_sink(graph, "site", "static-site", {"url": f"file://{tmp_path}"})
    await settle(graph, hot)
    assert files(tmp_path) == {"summer"}
    await graph.run(LATER, minutes=90)
    await settle(graph, hot, lambda: time.time() + 5400)
    assert files(tmp_path) == set()
    assert await states(graph) == {"site": "gone"}
    assert await is_sound(graph)


async def test_nothing_is_torn_down_before_the_hot_memory_says_so(
    graph: Graph, hot: HotMemory, folder: Path, valkey: Child
) -> None:
    await activate(graph)
    await settle(graph, hot)
    await valkey.stop()
    await campaigns.end(graph, "summer", NORTH)
    # Somebody asks for everything to be delivered meanwhile.
    await deliveries.plan_sink(graph, "site")
    deliverer = make_deliverer(graph, Seals(KEY, Path()))
    for _ in range(3):
        with contextlib.suppress(HotMemoryUnavailable):
            await make_projector(graph, hot).step()
        assert await deliverer.step() == 0
    assert files(folder) == {"summer"}
    assert await states(graph) == {"site": "live"}
    await valkey.start()
    await until(graph, hot, {"site": "gone"})
    assert files(folder) == set()
    assert await is_sound(graph)
    # It forgets everything, and the page stays away.
    await hot.client.flushall()
    await rebuild(GraphCampaigns(graph), hot, GraphPlan(graph, anew=True))
    await settle(graph, hot)
    assert files(folder) == set()
    assert (await hot.get(["summer"]))[0] is not None
    assert await is_sound(graph)


async def test_nothing_begins_at_a_place_that_a_sink_has_left(graph: Graph, tmp_path: Path) -> None:
    old = await put_sink(graph, "site", "static-site", {"url": (tmp_path / "old").as_uri()})
    await activate(graph)
    page = await campaigns.get(graph, "summer")
    await deliveries.plan(graph, [page], time.time())
    [due] = await deliveries.take(graph, "site", 9)
    new = await put_sink(graph, "site", "static-site", {"url": (tmp_path / "new").as_uri()})
    assert await deliveries.begin(graph, old, due, SinkState.PUBLISHING, "", page.version) is False
    assert await states(graph) == {"site": "waiting"}
    assert await deliveries.begin(graph, new, due, SinkState.PUBLISHING, "", page.version) is True
    with pytest.raises(WrongState, match="1 campaigns stand at sink 'site'"):
        await put_sink(graph, "site", "static-site", {"url": (tmp_path / "old").as_uri()})


async def test_the_edge_is_tried_before_a_page_is_torn_down(graph: Graph, hot: HotMemory, folder: Path) -> None:
    await activate(graph)
    await settle(graph, hot)
    await put_sink(graph, "edge", "upstash-kv", {"url": NOWHERE}, secret="a token")
    await settle(graph, hot)
    await campaigns.end(graph, "summer", NORTH)
    await make_projector(graph, hot).step()
    (page,) = await deliveries.take(graph, "site", 9)
    site = await sinks.get(graph, "site")
    assert await deliveries.begin(graph, site, page, SinkState.REMOVING, "ended", page.version) is False
    assert (await states(graph))["site"] == "live"
    await deliveries.give_back(graph, page, 0.0)
    async with asyncio.timeout(60):
        while files(folder):
            await settle(graph, hot)
    edge, site = await deliveries.of_campaign(graph, "summer")
    assert (site["state"], site["attempts"], site["last_error"]) == ("gone", 0, None)
    assert edge["attempts"] > 0
    assert edge["state"] == "removing"
    assert {one.sink: one.teardown_failing for one in await deliveries.figures(graph)} == {"edge": 1, "site": 0}
    assert edge["last_error"].startswith("SinkUnavailable")
    assert await is_sound(graph)


async def test_a_cms_that_is_down_during_teardown_is_dark_when_it_is_back(
    graph: Graph, hot: HotMemory, site: Site
) -> None:
    settings = {"url": site.url, "type": "landing.LandingPage"}
    await put_sink(graph, "wagtail", "wagtail", settings, secret=site.token)
    await activate(graph)
    await until(graph, hot, {"wagtail": "live"})
    assert (await site.read("summer"))[1]["texts"] == {"hero": {"headline": "Warm"}}
    await site.stop()
    await campaigns.end(graph, "summer", NORTH)
    await settle(graph, hot)
    (row,) = await deliveries.of_campaign(graph, "summer")
    assert (row["state"], row["dead"]) == ("removing", False)
    assert row["attempts"] >= 1
    assert "ConnectError" in row["last_error"]
    assert (await deliveries.figures(graph))[0].teardown_failing == 1
    await site.start()
    assert (await site.read("summer"))[0] == 200, "that is what must not last"
    await until(graph, hot, {"wagtail": "gone"})
    assert (await site.read("summer"))[0] == 404
    assert (await deliveries.figures(graph))[0].teardown_failing == 0
    assert await is_sound(graph)
    assert site.token not in str(await graph.rows(HOLDS))


async def test_a_teardown_that_leaves_something_public_fails_and_never_dies(
    graph: Graph, hot: HotMemory, counted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def teardown(self: Counting, key: str) -> None:
        """It forgets to."""

    await activate(graph)
    await settle(graph, hot)
    monkeypatch.setattr(Counting, "teardown", teardown)
    await campaigns.end(graph, "summer", NORTH)
    for _ in range(15):
        await deliveries.revive(graph)
        await settle(graph, hot)
    (row,) = await deliveries.of_campaign(graph, "summer")
    assert (row["state"], row["dead"]) == ("removing", False)
    assert row["attempts"] >= 15
    assert row["last_error"].startswith("StillPublic")
    monkeypatch.undo()
    monkeypatch.setattr(adapters, "_registered", {"counting": Counting})
    await deliveries.revive(graph)
    await settle(graph, hot)
    assert await states(graph) == {"counted": "gone"}


async def test_what_is_refused_too_often_is_dead_until_somebody_says_so(
    graph: Graph, hot: HotMemory, counted: Path
) -> None:
    (counted / "refuse-summer").touch()
    await activate(graph)
    await activate(graph, "winter")
    await settle(graph, hot)
    for _ in range(15):
        if await deliveries.dead(graph):
            break
        await deliveries.revive(graph, "summer@counted")
        await settle(graph, hot)
    (row,) = await deliveries.dead(graph)
    assert (row["id"], row["attempts"]) == ("summer@counted", 12)
    assert row["error"] == "SinkFailed: it is not taken"
    assert await states(graph, "winter") == {"counted": "live"}
    (counted / "refuse-summer").unlink()
    await settle(graph, hot)
    assert await states(graph) == {"counted": "publishing"}
    assert await deliveries.revive(graph, "summer@counted") == 1
    await settle(graph, hot)
    assert await states(graph) == {"counted": "live"}
    assert await deliveries.dead(graph) == []
    with pytest.raises(WrongState, match="2 campaigns"):
        await put_sink(graph, "counted", "counting", {"folder": str(counted / "elsewhere")})


async def test_what_is_dead_is_taken_away_when_the_time_of_its_campaign_is_over(
    graph: Graph, hot: HotMemory, counted: Path
) -> None:
    await activate(graph, ends_at=dt.datetime.now(dt.UTC) + HOUR)
    await settle(graph, hot)
    await campaigns.put_artifact(graph, "summer", NORTH, Artifact("hero", ArtifactKind.COPY, {"headline": "Hot"}))
    await make_projector(graph, hot).step()
    (refused,) = await deliveries.take(graph, "counted", 1)
    sink = await sinks.get(graph, "counted")
    assert await deliveries.begin(graph, sink, refused, SinkState.PUBLISHING, "", refused.version)
    await deliveries.failed(graph, refused, "SinkFailed: it is not taken", refused.version, most=1)
    await settle(graph, hot)
    assert len(await deliveries.dead(graph)) == 1
    assert (counted / "summer").read_text() == "3", "what was there before is still public"
    await graph.run(LATER, minutes=90)
    await settle(graph, hot, lambda: time.time() + 5400)
    assert not (counted / "summer").exists()
    assert await states(graph) == {"counted": "gone"}
    assert await deliveries.dead(graph) == []
    assert await is_sound(graph)


async def test_a_worker_that_was_too_late_is_made_good(graph: Graph, hot: HotMemory, counted: Path) -> None:
    """It published for long, lost its lease, and the campaign ended meanwhile: what it left there goes."""
    await activate(graph)
    await make_projector(graph, hot).step()
    (late,) = await deliveries.take(graph, "counted", 1, lasts=0.0)
    sink = await sinks.get(graph, "counted")
    assert await deliveries.begin(graph, sink, late, SinkState.PUBLISHING, "", late.version)
    await campaigns.end(graph, "summer", NORTH)
    await settle(graph, hot)
    (row,) = await deliveries.of_campaign(graph, "summer")
    assert row["state"] == "gone"
    assert (await deliveries.figures(graph))[0].waiting == 0, "a second look is due, not now"
    (counted / "summer").write_text("what came late")
    await deliveries.done(graph, late, SinkState.LIVE, late.version, None)
    await settle(graph, hot)
    assert not (counted / "summer").exists()
    assert await states(graph) == {"counted": "gone"}


async def test_workers_share_the_work_without_doubling_it(graph: Graph, hot: HotMemory, counted: Path) -> None:
    ids = [f"c-{number}" for number in range(24)]
    await asyncio.gather(*(activate(graph, id) for id in ids))
    while await make_projector(graph, hot).step():
        pass
    workers = [make_deliverer(graph, Seals(KEY, Path())) for _ in range(4)]
    while sum(await asyncio.gather(*(worker.step() for worker in workers))):
        pass
    lines = (counted / "journal").read_text().splitlines()
    assert sorted(lines) == sorted(f"publish {id} 3" for id in ids)
