"""`vito resolve`: scores what changed, or everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.engines import EngineName, EngineOption, MasterOption, engine_of
from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.resolving.models import live_model
from vitograph.graph.resolving.resolution import Resolver, Tally


def resolve(
    everything: Annotated[bool, typer.Option("--all", help="score everybody again")] = False,
    engine: EngineOption = EngineName.INPROCESS,
    master: MasterOption = None,
    data: DataOption = None,
) -> None:
    """Scores the pairs of persons that changed (or of all) and fills the queue. It never merges."""
    everything = everything or engine is not EngineName.INPROCESS
    chosen = engine_of(engine, master)
    with progress_bar() as progress:
        tally = asyncio.run(_resolve(chosen if everything else None, data, show_persons(progress)))
    typer.echo(f"{tally.persons} persons, {tally.pairs} pairs scored, {tally.proposed} candidates written")
    if tally.dropped_keys.total():
        rules = ", ".join(f"{rule} {count}" for rule, count in tally.dropped_keys.most_common())
        typer.echo(f"{tally.dropped_keys.total()} times a blocking key was too common to use: {rules}")


async def _resolve(engine: Engine | None, data: Path | None, tell: Callable[[int, int], None]) -> Tally:
    """Scores everybody by the engine, or those who wait when there is none."""
    async with open_graph_of(data) as graph:
        if engine is None:
            return await Resolver(graph, await live_model(graph)).finish(tell)
        return await resolve_whole(graph, await live_model(graph), engine, tell)
