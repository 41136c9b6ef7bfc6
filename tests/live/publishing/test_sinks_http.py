"""Sinks, dead entries and figures as an admin meets them, over HTTP and by command."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.live.publishing.test_projections_command import vito
from tests.live.publishing.test_sinks import HOLDS, KEY, NORTH, NOWHERE, activate, files
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.api.telemetry.figures import COUNTED
from vitograph.api.wiring.projecting import make_deliverer, make_projector
from vitograph.api.wiring.sealing import Seals, seals
from vitograph.graph import outbox
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns, deliveries
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import SinkFailed

Headers = dict[Role, dict[str, str]]
TOKEN = "a token that nobody may see"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """With the key that seals secrets, and a folder of our own."""
    return settings.model_copy(update={"sink_key": SecretStr(KEY), "data": tmp_path})


def edge(**also: Any) -> dict[str, Any]:
    return {"adapter": "upstash-kv", "settings": {"url": NOWHERE}, "secret": TOKEN, "departments": ["north"], **also}


async def test_a_sink_is_set_up_shown_and_left(page: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    admin = bearer[Role.ADMIN]
    made = await page.put("/v1/sinks/edge", headers=admin, json=edge())
    assert made.status_code == 201, made.text
    again = await page.put("/v1/sinks/edge", headers=admin, json=edge(secret=None, campaigns=["x"]))
    assert (again.status_code, again.json()["version"], again.json()["has_secret"]) == (200, 2, True)
    one = await page.get("/v1/sinks/edge", headers=admin)
    assert (await page.get("/v1/sinks", headers=admin)).json()["items"] == [one.json()]
    assert one.json()["settings"] == {"url": NOWHERE}
    for answer in (made, again, one):
        assert TOKEN not in answer.text
        assert "sealed" not in answer.text
    held = str(await graph.rows(HOLDS))
    assert TOKEN not in held
    assert "sealed" in held
    assert (await page.delete("/v1/sinks/edge", headers=admin)).status_code == 202
    assert (await page.get("/v1/sinks/edge", headers=admin)).json()["leaving"] is True
    assert (await page.put("/v1/sinks/edge", headers=admin, json=edge())).status_code == 409
    given_up = await page.delete("/v1/sinks/edge?abandon=true", headers=admin)
    assert (given_up.status_code, given_up.json()) == (200, {"id": "edge", "abandoned": True, "campaigns": []})
    async with asyncio.timeout(60):
        while "vito_sink_abandoned{" not in (told := (await page.get("/metrics")).text):  # noqa: ASYNC110
            await asyncio.sleep(1)  # a busy machine is slow to plan what is asked first
    assert 'vito_sink_abandoned{sink="edge",kind="edge"} 0' in told.splitlines()
    assert (await page.put("/v1/sinks/edge", headers=admin, json=edge())).status_code == 201
    refused = await page.delete("/v1/sinks/edge?abandon=true", headers=admin)
    assert (refused.status_code, "remove it first" in refused.json()["detail"]) == (409, True)


async def test_sinks_are_for_admins(page: httpx.AsyncClient, bearer: Headers) -> None:
    for method, path in (
        ("GET", "/v1/sinks"),
        ("GET", "/v1/sinks/x"),
        ("PUT", "/v1/sinks/x"),
        ("DELETE", "/v1/sinks/x"),
        ("GET", "/v1/projections"),
        ("GET", "/v1/projections/dead"),
        ("POST", "/v1/projections/retry"),
    ):
        assert (await page.request(method, path)).status_code == 401
        for role in set(Role) - {Role.ADMIN}:
            assert (await page.request(method, path, headers=bearer[role])).status_code == 403, (method, path, role)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"adapter": "word-press"}, "/adapter"),
        ({"adapter": 5}, "/adapter"),
        ({"settings": {"url": "ftp://x"}}, "/settings/url"),
        ({"settings": {"url": NOWHERE, "ttl": 1}}, "/settings/ttl"),
        ({"settings": {"url": NOWHERE, "lasts": 10}}, "/settings/lasts"),
        ({"settings": []}, "/settings"),
        ({"secret": ""}, "/secret"),
        ({"secret": None}, "/secret"),
        ({"departments": []}, ""),
        ({"departments": "north"}, "/departments"),
        ({"departments": ["north", 5]}, "/departments/1"),
        ({"campaigns": ["\0"]}, "/campaigns/0"),
        ({"layout": 1}, ""),
    ],
)
async def test_what_cannot_be_a_sink_is_refused_and_nothing_is_stored(
    page: httpx.AsyncClient, bearer: Headers, change: dict[str, Any], pointer: str
) -> None:
    answer = await page.put("/v1/sinks/edge", headers=bearer[Role.ADMIN], json=edge() | change)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert TOKEN not in answer.text
    assert (await page.get("/v1/sinks", headers=bearer[Role.ADMIN])).json()["items"] == []
    assert (await page.get("/v1/sinks/edge", headers=bearer[Role.ADMIN])).status_code == 404
    assert (await page.delete("/v1/sinks/edge", headers=bearer[Role.ADMIN])).status_code == 404


async def test_a_failing_teardown_is_seen_on_the_campaign_and_in_the_figures(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory, tmp_path: Path, settings: Settings
) -> None:
    site = {"adapter": "static-site", "settings": {"url": f"file://{tmp_path}"}, "departments": ["*"]}
    assert (await page.put("/v1/sinks/site", headers=bearer[Role.ADMIN], json=site)).status_code == 201
    await activate(graph)
    deliverer = make_deliverer(graph, seals(settings))
    while await make_projector(graph, hot).step() + await deliverer.step():
        pass
    (tmp_path / "campaigns").rename(tmp_path / "moved")
    (tmp_path / "campaigns").write_text("no folder")
    await page.post("/v1/campaigns/summer/end", headers=bearer[Role.MARKETING])
    while await make_projector(graph, hot).step() + await deliverer.step():
        pass
    answer = await page.get("/v1/campaigns/summer", headers=bearer[Role.MARKETING])
    (row,) = answer.json()["sinks"]
    assert {"sink", "state", "attempts", "last_error", "since"} <= set(row)
    assert (row["sink"], row["state"]) == ("site", "removing")
    assert row["attempts"] >= 1
    assert row["last_error"].startswith("SinkUnavailable")
    metrics = await page.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert 'vito_teardown_failing{sink="site",kind="cms"} 1' in metrics.text.splitlines()
    assert "# TYPE vito_outbox_lag_seconds gauge" in metrics.text
    (tmp_path / "campaigns").unlink()
    (tmp_path / "moved").rename(tmp_path / "campaigns")
    retried = await page.post("/v1/projections/retry", headers=bearer[Role.ADMIN], json={"id": "summer@site"})
    assert retried.json() == {"retried": 1}
    await deliverer.step()
    assert files(tmp_path) == set()
    await asyncio.sleep(COUNTED)
    assert 'vito_teardown_failing{sink="site",kind="cms"} 0' in (await page.get("/metrics")).text.splitlines()
    await deliverer.close()


async def test_dead_entries_are_listed_and_retried(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory
) -> None:
    admin = bearer[Role.ADMIN]
    assert (await page.put("/v1/sinks/edge", headers=admin, json=edge())).status_code == 201
    await make_projector(graph, hot).step()
    await activate(graph)
    entries = await outbox.take(graph)
    await outbox.failed(graph, entries[:1], "ResponseError", most=1)
    await outbox.give_back(graph, entries[1:], 0.0)
    await make_projector(graph, hot).step()
    (taken,) = await deliveries.take(graph, "edge", 1)
    await deliveries.failed(graph, taken, "SinkFailed: no", taken.version, most=1)
    items = (await page.get("/v1/projections/dead", headers=admin)).json()["items"]
    assert {item["aggregate"]: item["key"] for item in items} == {"campaign": "summer", "delivery": "summer"}
    assert {item["attempts"] for item in items} == {1}
    status = (await page.get("/v1/projections", headers=admin)).json()
    assert (status["outbox"]["dead"], status["sinks"][0]["dead"]) == (1, 1)
    one = await page.post("/v1/projections/retry", headers=admin, json={"id": items[0]["id"]})
    assert one.json() == {"retried": 1}
    assert (await page.post("/v1/projections/retry", headers=admin)).json() == {"retried": 1}
    assert (await page.get("/v1/projections/dead", headers=admin)).json()["items"] == []
    none = await page.post("/v1/projections/retry", headers=admin, json={"id": "no-such"})
    assert none.status_code == 404
    assert (await page.post("/v1/projections/retry", headers=admin, json={"ids": []})).status_code == 422


async def test_the_commands_set_up_fill_tell_and_try_again(
    settings: Settings, graph: Graph, hot: HotMemory, valkey: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(valkey.recipe, ValkeyServer)
    url = valkey.recipe.url
    monkeypatch.setenv("VITO_SINK_KEY", KEY)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    scope = ("--department", "north")
    site = ("--adapter", "static-site", "--set", f"url=file://{tmp_path}", *scope)
    assert await vito(settings, url, "sinks", "put", "site", *site) == (0, "site is set up, version 1\n")
    upstash = ("--adapter", "upstash-kv", "--set", f"url={NOWHERE}", "--set", "lasts=120", *scope)
    code, printed = await vito(
        settings, url, "sinks", "put", "edge", *upstash, "--secret-file", str(tmp_path / "token")
    )
    assert (code, printed) == (0, "edge is set up, version 1\n")
    await activate(graph)
    code, printed = await vito(settings, url, "projections", "rebuild")
    assert (code, printed.splitlines()) == (
        0,
        [
            "campaigns in the hot memory: 1",
            "written or removed at sinks: 1",
            "  edge: 1 fail and are tried again by the worker",
        ],
    )
    assert files(tmp_path) == {"summer"}
    assert await deliveries.take(graph, "site", 1) == []
    code, printed = await vito(settings, url, "sinks", "list")
    assert code == 0
    assert TOKEN not in printed
    assert "upstash-kv" in printed
    code, printed = await vito(settings, url, "projections", "retry", "--all")
    assert (code, printed) == (0, "to be tried again: 1\n")
    (taken,) = await deliveries.take(graph, "edge", 1)
    await deliveries.failed(graph, taken, "SinkFailed: no", taken.version, most=1)
    code, printed = await vito(settings, url, "projections", "dead")
    assert code == 1
    assert "summer@edge: delivery summer version 3: SinkFailed: no after" in printed
    assert (await vito(settings, url, "projections", "retry", "summer@edge"))[0] == 0
    assert await deliveries.dead(graph) == []
    assert (await vito(settings, url, "sinks", "remove", "site", "--abandon"))[0] == 1
    assert (await vito(settings, url, "sinks", "remove", "site"))[0] == 0
    assert await vito(settings, url, "sinks", "remove", "site", "--abandon") == (
        0,
        "site is given up; campaigns that may still stand there: 1\n  summer\n",
    )
    [one] = [row for row in await deliveries.of_campaign(graph, "summer") if row["sink"] == "site"]
    assert one["state"] == "abandoned"
    await campaigns.end(graph, "summer", NORTH)


def test_a_secret_is_opened_by_the_key_that_sealed_it_only(tmp_path: Path) -> None:
    first = Seals(None, tmp_path)
    sealed = first.seal(TOKEN)
    assert TOKEN not in sealed
    assert Seals(None, tmp_path).open(sealed) == TOKEN
    assert (tmp_path / "sink.key").stat().st_mode & 0o777 == 0o600
    old = (tmp_path / "sink.key").read_text()
    assert Seals(f"{KEY},{old}", tmp_path).open(sealed) == TOKEN
    with pytest.raises(SinkFailed, match="VITO_SINK_KEY"):
        Seals(KEY, tmp_path).open(sealed)
    with pytest.raises(SinkFailed):
        Seals(None, tmp_path / "elsewhere").open(sealed)
    assert TOKEN not in repr(first)
    assert first.open(None) == ""
