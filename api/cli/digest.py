"""`vito digest`: one hash of all that is in the graph, the decision log aside."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph.keeping.digest import digest as digest_of


def digest(data: DataOption = None) -> None:
    """Prints the SHA-256 of persons, identifiers, events and campaigns: equal graphs have equal digests."""
    typer.echo(asyncio.run(_digest(data)))


async def _digest(data: Path | None) -> str:
    async with open_graph_of(data) as graph:
        return await digest_of(graph)
