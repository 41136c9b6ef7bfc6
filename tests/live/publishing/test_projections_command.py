"""`vito projections`, as it is typed."""

from __future__ import annotations

import asyncio
import os
import sys

from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import Writer
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.ready import ready
from vitograph.resolver.publishing.campaigns import CampaignBody


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
    await campaigns.put(graph, "summer", Writer("north"), CampaignBody("Summer"))
    await campaigns.activate(graph, "summer", Writer("north"))
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
