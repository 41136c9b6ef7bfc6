"""Edge stores, for real: Workers KV in workerd with the example Worker, and Upstash's interface on a Valkey."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from tests.edge import upstash, workerd
from tests.edge.workerd import Workerd
from vitograph.projections.adapters import adapter
from vitograph.projections.edge.cloudflare import CloudflareKV, CloudflareSettings
from vitograph.projections.edge.placement import EdgePlace, reply_key, status_key
from vitograph.projections.edge.store import EdgeStore
from vitograph.projections.edge.upstash import UpstashKV, UpstashSettings
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import InvalidInput, SinkFailed, SinkUnavailable
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, Campaign, CampaignBody, CampaignStatus
from vitograph.resolver.publishing.sinks import SinkState

COPY = Artifact("hero", ArtifactKind.COPY, {"headline": "Warm <water>"})
OFFER = Artifact("deal", ArtifactKind.OFFER, {"plan": "gold", "percent": 20})
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
async def edge() -> AsyncIterator[Workerd]:
    async with workerd.open_workerd() as running:
        yield running


@pytest.fixture
async def rest(hot: HotMemory) -> AsyncIterator[str]:
    async with upstash.open_upstash(hot.client) as url:
        yield url


def cloudflare(url: str, token: str = workerd.TOKEN, namespace: str = "ns") -> CloudflareKV:
    return CloudflareKV(CloudflareSettings(account="acc", namespace=namespace, url=url), token)


def campaign(version: int, status: CampaignStatus = CampaignStatus.ACTIVE, id: str = "summer", **body: Any) -> Campaign:
    return Campaign(id, status, "north", version, CampaignBody("Summer", **body), (COPY, OFFER))


async def place(store: EdgeStore, held: Campaign, lasts: int = 900, now: float | None = None) -> Any:
    at = time.time() if now is None else now
    return await EdgePlace(store, lasts).place(held, held.shown(dt.datetime.fromtimestamp(at, dt.UTC)), at)


async def page(edge: Workerd, id: str = "summer") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        return await client.get(f"{edge.landing}/{id}")


async def test_a_worker_shows_an_offer_and_goes_dark(edge: Workerd) -> None:
    store = cloudflare(edge.rest)
    assert (await page(edge)).status_code == 410
    placed = await place(store, campaign(3))
    assert placed.state is SinkState.LIVE
    assert placed.again == 300
    lit = await page(edge)
    assert lit.status_code == 200
    assert "Warm &#60;water&#62;" in lit.text
    assert "gold" in lit.text
    ended = campaign(4, CampaignStatus.ENDED, closing="It was warm.")
    assert (await place(store, ended)).state is SinkState.GONE
    dark = await page(edge)
    assert dark.status_code == 410
    assert "It was warm." in dark.text
    assert "gold" not in dark.text
    # What was read before the end and comes late changes nothing.
    await place(store, campaign(3))
    assert (await page(edge)).status_code == 410
    await EdgePlace(store, 900).remove("summer")
    await EdgePlace(store, 900).remove("summer")
    assert (await page(edge)).status_code == 410
    await store.close()


async def test_a_worker_knows_the_schedule_and_does_not_believe_for_long(edge: Workerd) -> None:
    store = cloudflare(edge.rest)
    now = dt.datetime.now(dt.UTC)
    hour = dt.timedelta(hours=1)
    placed = await place(store, campaign(1, id="later", starts_at=now + hour))
    assert placed.state is SinkState.GONE
    await place(store, campaign(1, id="over", ends_at=now - hour))
    await place(store, campaign(1, id="soon", starts_at=now - hour, ends_at=now + hour))
    # Written ten minutes ago, and ViTo was not heard of since.
    await place(store, campaign(1, id="stale"), lasts=60, now=time.time() - 600)
    assert (await page(edge, "soon")).status_code == 200
    for id in ("later", "over", "stale", "unknown", "No-Such", "%00"):
        assert (await page(edge, id)).status_code == 410, id
    await store.close()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (status_key("odd"), b"not json"),
        (status_key("odd"), b'{"version": 1, "status": "active"}'),
        (status_key("odd"), b'{"version": 1, "status": "active", "until": "2099"}'),
        (reply_key("odd"), b'{"version": 2, "live": {"name": "x", "artifacts": {}}}'),
        (reply_key("odd"), b"[]"),
    ],
)
async def test_what_is_malformed_is_dark(edge: Workerd, key: str, value: bytes) -> None:
    store = cloudflare(edge.rest)
    await EdgePlace(store, 900).remove("odd")
    await place(store, campaign(1, id="odd"))
    assert (await page(edge, "odd")).status_code == 200
    await store.put(key, value, 1, None)
    assert (await page(edge, "odd")).status_code == 410
    await store.close()


async def test_cloudflare_is_told_how_long_a_value_lasts_and_what_is_wrong_is_said(edge: Workerd) -> None:
    store = cloudflare(edge.rest)
    assert await store.put("campaign:x:status", b"{}", 1, 60)
    with pytest.raises(SinkFailed, match="400"):
        await store.put("campaign:x:status", b"{}", 1, 59)
    await store.close()
    for wrong, kind in (
        (cloudflare(edge.rest, token="stolen"), SinkFailed),
        (cloudflare(edge.rest, namespace="other"), SinkFailed),
        (cloudflare(NOWHERE), SinkUnavailable),
    ):
        with pytest.raises(kind) as said:
            await wrong.put("campaign:x:status", b"{}", 1, 60)
        assert "stolen" not in str(said.value)
        await wrong.close()


async def test_upstash_keeps_the_newest_and_lets_active_expire(rest: str, hot: HotMemory) -> None:
    store = UpstashKV(UpstashSettings(url=rest), upstash.TOKEN)
    await place(store, campaign(3))
    assert 800 < await hot.client.ttl(status_key("summer")) <= 900
    held = orjson.loads(await hot.client.get(status_key("summer")))
    assert (held["version"], held["status"]) == (3, "active")
    reply = orjson.loads(await hot.client.get(reply_key("summer")))
    assert reply["live"]["artifacts"]["deal"]["content"]["percent"] == 20
    writers = [campaign(n, CampaignStatus.ENDED if n == 9 else CampaignStatus.ACTIVE) for n in (5, 9, 4, 8, 7, 6)]
    await asyncio.gather(*(place(store, held) for held in writers))
    for key in (status_key("summer"), reply_key("summer")):
        assert orjson.loads(await hot.client.get(key))["version"] == 9
        assert await hot.client.ttl(key) == -1
    await hot.client.set(status_key("summer"), "what is not ours")
    await place(store, campaign(9, CampaignStatus.ENDED))
    assert orjson.loads(await hot.client.get(status_key("summer")))["status"] == "ended"
    await EdgePlace(store, 900).remove("summer")
    await EdgePlace(store, 900).remove("summer")
    assert await hot.client.exists(status_key("summer"), reply_key("summer")) == 0
    await store.close()


async def test_upstash_says_what_is_wrong(rest: str) -> None:
    for wrong, kind in (
        (UpstashKV(UpstashSettings(url=rest), "stolen"), SinkFailed),
        (UpstashKV(UpstashSettings(url=f"{rest}/nowhere"), upstash.TOKEN), SinkFailed),
        (UpstashKV(UpstashSettings(url=NOWHERE), upstash.TOKEN), SinkUnavailable),
    ):
        with pytest.raises(kind) as said:
            await wrong.put("campaign:x:status", b'{"version": 1}', 1, 60)
        assert "stolen" not in str(said.value)
        await wrong.close()


@pytest.mark.parametrize(
    ("name", "settings", "pointer"),
    [
        ("cloudflare-kv", {"account": "a", "namespace": "n", "lasts": 59}, "/settings/lasts"),
        ("cloudflare-kv", {"account": "a/../b", "namespace": "n"}, "/settings/account"),
        ("upstash-kv", {"url": "file:///etc"}, "/settings/url"),
        ("upstash-kv", {"url": "http://x", "ttl": 5}, "/settings/ttl"),
        ("upstash-kv", {}, "/settings/url"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(name: str, settings: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as said:
        adapter(name).settings(settings)
    assert [fault.pointer for fault in said.value.faults] == [pointer]
