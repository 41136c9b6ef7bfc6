"""Images that no artifact names any more are set aside and deleted; whatever is asked for meanwhile stays."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns, removals
from vitograph.graph.publishing.campaigns import Writer
from vitograph.ingest.images import KEPT_FOR, Images
from vitograph.resolver.publishing.artifacts import read_artifact
from vitograph.resolver.publishing.campaigns import CampaignBody

NORTH = Writer("north")
PNG = b"\x89PNG\r\n\x1a\n"
LATER = KEPT_FOR + dt.timedelta(minutes=1)


def places(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


async def name(graph: Graph, sha256: str) -> None:
    """Has the hero of a campaign be that image."""
    content = {"sha256": sha256, "media_type": "image/png"}
    await campaigns.put_artifact(graph, "summer", NORTH, read_artifact("hero", {"kind": "image", "content": content}))


async def test_what_nobody_names_is_gone_after_two_days(graph: Graph, tmp_path: Path) -> None:
    images = Images(None, tmp_path)
    await campaigns.put(graph, "summer", NORTH, CampaignBody("Summer"))
    named, other = [(await images.put(PNG + bytes([number]))).sha256 for number in range(2)]
    await name(graph, named)
    sweep = partial(images.sweep, partial(campaigns.list_images, graph))
    now = dt.datetime.now(dt.UTC)
    assert await sweep(now) == 0
    assert (tmp_path / other[:2] / other).exists(), "it may be named yet"
    assert await sweep(now + LATER) == 0
    assert places(tmp_path) == {f"aside/{other[:2]}/{other}", f"{named[:2]}/{named}"}
    assert await sweep(now) == 0, "it may be asked for yet"
    assert await sweep(now + LATER) == 1
    assert await sweep(now + LATER) == 0
    assert await images.get(other) is None
    assert await images.get(named) is not None
    assert places(tmp_path) == {f"{named[:2]}/{named}"}
    await removals.remove_artifact(graph, "summer", NORTH, "hero")
    assert await sweep(now + LATER) == 0, "it is set aside first"
    assert places(tmp_path) == {f"aside/{named[:2]}/{named}"}


async def test_what_is_set_aside_is_put_back_when_it_is_asked_for_or_named(graph: Graph, tmp_path: Path) -> None:
    images = Images(None, tmp_path)
    await campaigns.put(graph, "summer", NORTH, CampaignBody("Summer"))
    asked, renamed = [(await images.put(PNG + bytes([number]))).sha256 for number in range(2)]
    sweep = partial(images.sweep, partial(campaigns.list_images, graph))
    later = dt.datetime.now(dt.UTC) + LATER
    assert await sweep(later) == 0
    assert all(place.startswith("aside/") for place in places(tmp_path))
    assert await images.get(asked) is not None
    await name(graph, renamed)
    assert await sweep(dt.datetime.now(dt.UTC) + LATER) == 0
    assert await images.get(renamed) is not None
    # Posted again, it waits to be named once more.
    await images.put(PNG + bytes([0]))
    assert await sweep(dt.datetime.now(dt.UTC)) == 0
    assert (tmp_path / asked[:2] / asked).exists()
