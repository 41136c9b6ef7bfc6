"""Campaigns come to their sinks and leave them: over the real graph and hot memory, into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from vitograph.api.projecting import make_deliverer, make_projector
from vitograph.api.sealing import Seals
from vitograph.graph import campaigns, deliveries, sinks
from vitograph.graph.audit import audit
from vitograph.graph.campaigns import Writer
from vitograph.graph.driver import Graph
from vitograph.projections.adapters import adapter
from vitograph.projections.hot import HotMemory
from vitograph.resolver.campaigns import Artifact, ArtifactKind, CampaignBody
from vitograph.resolver.sinks import read_sink

NORTH = Writer("north")


async def put_sink(graph: Graph, id: str, name: str, settings: dict[str, Any], **scope: Any) -> None:
    body = read_sink(id, {"adapter": name, "settings": settings, **(scope or {"departments": ["north"]})})
    await sinks.put(graph, id, body, adapter(name).kind, None, "k-test")


async def settle(graph: Graph, hot: HotMemory, folder: Path) -> None:
    """Everything that is due now is carried."""
    deliverer = make_deliverer(graph, Seals(None, folder))
    try:
        while await make_projector(graph, hot).step() + await deliverer.step():
            pass
    finally:
        await deliverer.close()


async def activate(graph: Graph, id: str, **body: Any) -> None:
    await campaigns.put(graph, id, NORTH, CampaignBody("Summer", **body))
    artifact = Artifact("hero", ArtifactKind.COPY, {"headline": "Warm"})
    await campaigns.put_artifact(graph, id, NORTH, artifact)
    await campaigns.activate(graph, id, NORTH)


async def states(graph: Graph, id: str = "summer") -> dict[str, str]:
    return {row["sink"]: row["state"] for row in await deliveries.of_campaign(graph, id)}


async def test_a_campaign_comes_and_goes(graph: Graph, hot: HotMemory, tmp_path: Path) -> None:
    await put_sink(graph, "site", "static-site", {"url": f"file://{tmp_path}"})
    await activate(graph, "summer")
    await settle(graph, hot, tmp_path)
    file = tmp_path / "campaigns/summer.json"
    assert orjson.loads(file.read_bytes())["copy"] == {"hero": {"headline": "Warm"}}
    assert await states(graph) == {"site": "live"}
    await campaigns.end(graph, "summer", NORTH)
    await settle(graph, hot, tmp_path)
    assert not file.exists()
    assert await states(graph) == {"site": "gone"}
    assert [finding for finding in await audit(graph) if finding.invariant in ("I11", "I12", "I14")] == []
