"""`vito resolve`: scores what changed, or everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.graph.batch.opening import open_engine
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.models import live_model
from vitograph.graph.resolution import Resolver, Tally


class EngineName(StrEnum):
    """How everybody is scored: by this process, or by Splink on DuckDB or Spark (extras of those names)."""

    INPROCESS = "inprocess"
    DUCKDB = "duckdb"
    SPARK = "spark"


def resolve(
    everything: Annotated[bool, typer.Option("--all", help="score everybody again")] = False,
    engine: Annotated[EngineName, typer.Option(help="what scores everybody, with --all")] = EngineName.INPROCESS,
    data: DataOption = None,
) -> None:
    """Scores the pairs of persons that changed (or of all) and fills the queue. It never merges."""
    if engine is not EngineName.INPROCESS and not everything:
        raise typer.BadParameter("an engine scores everybody: add --all", param_hint="--engine")
    with progress_bar() as progress:
        tally = asyncio.run(_resolve(everything, engine, data, show_persons(progress)))
    typer.echo(f"{tally.persons} persons, {tally.pairs} pairs scored, {tally.proposed} candidates written")
    if tally.dropped_keys.total():
        rules = ", ".join(f"{rule} {count}" for rule, count in tally.dropped_keys.most_common())
        typer.echo(f"{tally.dropped_keys.total()} times a blocking key was too common to use: {rules}")


async def _resolve(everything: bool, engine: EngineName, data: Path | None, tell: Callable[[int, int], None]) -> Tally:
    async with open_graph_of(data) as graph:
        model = await live_model(graph)
        if not everything:
            return await Resolver(graph, model).finish(tell)
        with open_engine(engine.value) as opened:
            return await resolve_whole(graph, model, opened, tell)
