"""`vito retention`: events whose time to be kept is over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph.driver import Row
from vitograph.graph.erasing.retention import Expired, expire, list_policies

app = typer.Typer(help="For how long events are kept, by type.", no_args_is_help=True)


@app.command()
def run(data: DataOption = None) -> None:
    """Erases every event that is older than its type may be. The worker does so every hour."""

    async def work() -> Expired:
        async with open_graph_of(data) as graph:
            return await expire(graph)

    expired = asyncio.run(work())
    typer.echo(f"events erased: {expired.events}; persons of whom none was left: {expired.persons}")
    if expired.failed:
        typer.echo(f"went wrong, and wait for the next run: {', '.join(sorted(expired.failed))}", err=True)
        raise typer.Exit(1)


@app.command("list")
def show(data: DataOption = None) -> None:
    """Every period, and who set it."""
    for row in asyncio.run(_policies(data)):
        typer.echo(f"{row['type']}  {row['days']} days, by {row['actor_name']} at {row['at']}")


async def _policies(data: Path | None) -> list[Row]:
    async with open_graph_of(data) as graph:
        return await list_policies(graph)
