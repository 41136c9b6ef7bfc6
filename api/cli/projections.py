"""`vito projections`: the read models outside the graph, which can be rebuilt from it at any time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, open_stores_of, seals_of
from vitograph.api.wiring import sinking
from vitograph.api.wiring.projecting import GraphCampaigns, GraphPlan, make_deliverer
from vitograph.graph import outbox
from vitograph.graph.publishing import deliveries
from vitograph.graph.publishing.deliveries import Figures
from vitograph.projections.hot.filling import rebuild as fill
from vitograph.resolver.errors import HotMemoryUnavailable
from vitograph.resolver.publishing.outbox import Backlog

app = typer.Typer(help="Read models outside the graph.", no_args_is_help=True)

# Campaigns that a rebuild carries to one sink at once.
AT_ONCE = 8


@app.command()
def rebuild(data: DataOption = None) -> None:
    """Fills the hot memory from the graph, then edge stores and CMS, and tries again what is dead.

    Reads are answered by the graph meanwhile. What a sink cannot take now is left to the worker.
    """
    campaigns, revived, carried, figures = asyncio.run(_rebuild(data))
    typer.echo(f"campaigns in the hot memory: {campaigns}")
    if figures:
        typer.echo(f"written or removed at sinks: {carried}")
    for one in figures:
        if one.failing:
            typer.echo(f"  {one.sink}: {one.failing} fail and are tried again by the worker")
    if revived:
        typer.echo(f"dead entries to be tried again: {revived}")


@app.command()
def status(data: DataOption = None) -> None:
    """How far the projections are behind; exit status 1 when one failed too often or the hot memory is away."""
    backlog, held, figures = asyncio.run(_status(data))
    typer.echo(f"waiting: {backlog.waiting}, the oldest for {backlog.lag:.1f} s")
    typer.echo(f"campaigns in the hot memory: {'it does not answer' if held is None else held}")
    for one in figures:
        typer.echo(
            f"sink {one.sink}: waiting {one.waiting}, failing {one.failing}"
            f" ({one.teardown_failing} of them teardowns), dead {one.dead}, the oldest for {one.lag:.1f} s"
        )
    found = _print_dead(data)
    if found or held is None:
        raise typer.Exit(1)


@app.command()
def dead(data: DataOption = None) -> None:
    """What failed too often; exit status 1 when there is any."""
    if _print_dead(data):
        raise typer.Exit(1)


@app.command()
def retry(
    id: Annotated[str | None, typer.Argument(help="as `vito projections dead` shows it")] = None,
    all: Annotated[bool, typer.Option("--all", help="everything that is dead or fails")] = False,
    data: DataOption = None,
) -> None:
    """Tries again at once what is dead, and what a sink fails to do."""
    if (id is None) is not all:
        raise typer.BadParameter("name an ID or say --all, not both")

    async def run() -> int:
        async with open_graph_of(data) as graph:
            return await sinking.retry(graph, id)

    typer.echo(f"to be tried again: {asyncio.run(run())}")


async def _rebuild(data: Path | None) -> tuple[int, int, int, list[Figures]]:
    async with open_stores_of(data) as (graph, hot):
        campaigns = await fill(GraphCampaigns(graph), hot, GraphPlan(graph, anew=True))
        revived = await outbox.revive(graph) + await deliveries.revive(graph)
        deliverer = make_deliverer(graph, seals_of(data), AT_ONCE)
        try:
            carried = await deliverer.settle()
        finally:
            await deliverer.close()
        return campaigns, revived, carried, await deliveries.figures(graph)


async def _status(data: Path | None) -> tuple[Backlog, int | None, list[Figures]]:
    async with open_stores_of(data) as (graph, hot):
        try:
            held = await hot.count()
        except HotMemoryUnavailable:
            held = None
        return await outbox.backlog(graph), held, await deliveries.figures(graph)


def _print_dead(data: Path | None) -> list[dict[str, Any]]:
    async def run() -> list[dict[str, Any]]:
        async with open_graph_of(data) as graph:
            return await sinking.list_dead(graph)

    found = asyncio.run(run())
    typer.echo(f"dead: {len(found)}")
    for entry in found:
        typer.echo(
            f"  {entry['id']}: {entry['aggregate']} {entry['key']} version {entry['version']}: {entry['error']} after"
            f" {entry['attempts']} attempts, since {entry['at'].isoformat(timespec='seconds')}"
        )
    return found
