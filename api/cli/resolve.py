"""`vito resolve`: scores what changed, or everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.api.settings import Settings
from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.opening import engine_of
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.models import live_model
from vitograph.graph.resolution import Resolver, Tally
from vitograph.resolver.errors import EngineMissing


class EngineName(StrEnum):
    """How everybody is scored: by this process, or by Splink on DuckDB or Spark (extras of those names)."""

    INPROCESS = "inprocess"
    DUCKDB = "duckdb"
    SPARK = "spark"


def resolve(
    everything: Annotated[bool, typer.Option("--all", help="score everybody again")] = False,
    engine: Annotated[
        EngineName, typer.Option(help="what scores; Splink's engines score everybody")
    ] = EngineName.INPROCESS,
    master: Annotated[
        str | None,
        typer.Option(help="Spark's master  [default: VITO_SPARK_MASTER, or all cores of this machine]"),
    ] = None,
    data: DataOption = None,
) -> None:
    """Scores the pairs of persons that changed (or of all) and fills the queue. It never merges."""
    chosen = _chosen(engine, master) if everything or engine is not EngineName.INPROCESS else None
    with progress_bar() as progress:
        tally = asyncio.run(_resolve(chosen, data, show_persons(progress)))
    typer.echo(f"{tally.persons} persons, {tally.pairs} pairs scored, {tally.proposed} candidates written")
    if tally.dropped_keys:
        typer.echo(f"{tally.dropped_keys} blocking keys were too common to use")


def _chosen(engine: EngineName, master: str | None) -> Engine:
    """The engine of that name. Exit status 2 when its extra is not installed; nothing has happened then."""
    try:
        return engine_of(engine.value, master or Settings().spark_master)
    except EngineMissing as error:
        raise typer.BadParameter(str(error), param_hint="--engine") from error


async def _resolve(engine: Engine | None, data: Path | None, tell: Callable[[int, int], None]) -> Tally:
    """Everybody by the engine; without one, those who wait."""
    async with open_graph_of(data) as graph:
        model = await live_model(graph)
        if engine is None:
            return await Resolver(graph, model).finish(tell)
        return await resolve_whole(graph, model, engine, tell)
