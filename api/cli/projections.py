"""`vito projections`: the read models outside the graph, which can be rebuilt from it at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from vitograph.api.cli.options import DataOption, open_stores_of
from vitograph.api.projecting import GraphCampaigns
from vitograph.graph import outbox
from vitograph.projections.projector import rebuild as fill
from vitograph.resolver.errors import HotMemoryUnavailable
from vitograph.resolver.outbox import Backlog

app = typer.Typer(help="Read models outside the graph.", no_args_is_help=True)


@app.command()
def rebuild(data: DataOption = None) -> None:
    """Fills the hot memory from the graph, and tries dead entries again. Reads are answered by the graph meanwhile."""

    async def run() -> tuple[int, int]:
        async with open_stores_of(data) as (graph, hot):
            return await fill(GraphCampaigns(graph), hot), await outbox.revive(graph)

    campaigns, revived = asyncio.run(run())
    typer.echo(f"campaigns in the hot memory: {campaigns}")
    if revived:
        typer.echo(f"dead entries to be tried again: {revived}")


@app.command()
def status(data: DataOption = None) -> None:
    """How far the projections are behind; exit status 1 when an entry is dead or the hot memory is away."""
    backlog, held, dead = asyncio.run(_status(data))
    typer.echo(f"waiting: {backlog.waiting}, the oldest for {backlog.lag:.1f} s")
    typer.echo(f"campaigns in the hot memory: {'it does not answer' if held is None else held}")
    typer.echo(f"dead: {backlog.dead}")
    for entry in dead:
        typer.echo(
            f"  {entry['aggregate']} {entry['key']} version {entry['version']}: {entry['error']} after"
            f" {entry['attempts']} attempts, since {entry['at'].isoformat(timespec='seconds')}"
        )
    if backlog.dead or held is None:
        raise typer.Exit(1)


async def _status(data: Path | None) -> tuple[Backlog, int | None, Sequence[dict[str, Any]]]:
    async with open_stores_of(data) as (graph, hot):
        try:
            held = await hot.count()
        except HotMemoryUnavailable:
            held = None
        return await outbox.backlog(graph), held, await outbox.dead(graph)
