"""What is written to an edge and in which order; a missing extra is named."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from typing import Any, ClassVar

import orjson
import pytest

from vitograph.projections.adapters import adapter
from vitograph.projections.edge.placement import EdgePlace, reply_key, status_key
from vitograph.projections.edge.store import EdgeSettings
from vitograph.resolver.errors import UnfitAdapter
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, Campaign, CampaignBody, CampaignStatus
from vitograph.resolver.publishing.sinks import SinkState

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OFFER = Artifact("deal", ArtifactKind.OFFER, {"secret": "gold"})


class Written:
    """A store that remembers what it was asked."""

    settings_model: ClassVar[type[EdgeSettings]] = EdgeSettings
    needs_secret: ClassVar[bool] = False

    def __init__(self, settings: Any = None, secret: str = "") -> None:
        self.puts: list[tuple[str, dict[str, Any], int, int | None]] = []

    async def put(self, key: str, value: bytes, version: int, lasts: int | None) -> bool:
        self.puts.append((key, orjson.loads(value), version, lasts))
        return True

    async def delete(self, key: str) -> None: ...

    async def close(self) -> None: ...


def placed(status: CampaignStatus, **body: Any) -> tuple[Any, Written]:
    store = Written()
    held = Campaign("summer", status, "north", 7, CampaignBody("Summer", **body), (OFFER,))
    return asyncio.run(EdgePlace(store, 600).place(held, held.shown(NOW), NOW.timestamp())), store


def test_an_offer_is_lit_last_and_does_not_last() -> None:
    found, store = placed(CampaignStatus.ACTIVE)
    assert [put[0] for put in store.puts] == [reply_key("summer"), status_key("summer")]
    assert {put[2:] for put in store.puts} == {(7, 600)}
    assert store.puts[1][1]["until"] == NOW.timestamp() + 600
    assert (found.state, found.again) == (SinkState.LIVE, 200)


@pytest.mark.parametrize(
    ("status", "body"), [(CampaignStatus.ENDED, {}), (CampaignStatus.ACTIVE, {"ends_at": NOW - HOUR})]
)
def test_what_is_over_is_dark_first_and_without_its_offer(status: CampaignStatus, body: dict[str, Any]) -> None:
    found, store = placed(status, closing="It was warm.", **body)
    assert [put[0] for put in store.puts] == [status_key("summer"), reply_key("summer")]
    assert {put[2:] for put in store.puts} == {(7, None)}
    assert store.puts[0][1]["status"] == "ended"
    assert store.puts[1][1]["over"]["closing"] == "It was warm."
    assert "gold" not in str(store.puts)
    assert (found.state, found.again) == (SinkState.GONE, None)


def test_a_campaign_is_looked_at_again_when_its_time_comes() -> None:
    soon = dt.timedelta(seconds=30)
    assert placed(CampaignStatus.ACTIVE, starts_at=NOW + soon)[0].again == 30
    assert placed(CampaignStatus.ACTIVE, ends_at=NOW + soon)[0].again == 30
    assert placed(CampaignStatus.ACTIVE, ends_at=NOW + HOUR)[0].again == 200


@pytest.mark.parametrize(
    ("name", "module", "settings"),
    [
        ("cloudflare-kv", "cloudflare", {"account": "a", "namespace": "n"}),
        ("upstash-kv", "upstash_redis", {"url": "http://127.0.0.1:9"}),
    ],
)
def test_a_missing_extra_is_named(
    name: str, module: str, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnfitAdapter, match=r"vitograph\[edge\]"):
        adapter(name).open(settings, "x")
