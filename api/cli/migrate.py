"""`vito migrate`: brings the graph's schema to this version."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph.schema import Migration
from vitograph.graph.schema import migrate as apply


def migrate(data: DataOption = None) -> None:
    """Applies the migrations that this graph lacks; running it twice, or from two processes, is safe."""
    for migration in asyncio.run(_migrate(data)):
        typer.echo(f"applied {migration.number:04d} {migration.name}")
    typer.echo("the schema is whole")


async def _migrate(data: Path | None) -> list[Migration]:
    async with open_graph_of(data, migrated=False, makes=True) as graph:
        return await apply(graph)
