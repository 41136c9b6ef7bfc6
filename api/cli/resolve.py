"""`vito resolve`: scores what changed, or everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.graph.resolution import Resolver, Tally
from vitograph.resolver.parameters import load_model


def resolve(
    everything: Annotated[bool, typer.Option("--all", help="score everybody again")] = False,
    data: DataOption = None,
) -> None:
    """Scores the pairs of persons that changed (or of all) and fills the queue. It never merges."""
    with progress_bar() as progress:
        tally = asyncio.run(_resolve(everything, data, show_persons(progress)))
    typer.echo(f"{tally.persons} persons, {tally.pairs} pairs scored, {tally.proposed} candidates written")
    if tally.dropped_keys:
        rules = ", ".join(f"{rule} {count}" for rule, count in tally.dropped_keys.most_common())
        typer.echo(f"{tally.dropped_keys.total()} times a blocking key was too common to use: {rules}")


async def _resolve(everything: bool, data: Path | None, tell: Callable[[int, int], None]) -> Tally:
    async with open_graph_of(data) as graph:
        resolver = Resolver(graph, load_model())
        return await (resolver.resolve_all(tell) if everything else resolver.finish(tell))
