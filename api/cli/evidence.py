"""`vito evidence`: what is kept of calls and documents, and for how long."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, settings_of
from vitograph.api.wiring.evidence import list_unknown, open_evidence
from vitograph.api.wiring.evidence import purge as purge_evidence
from vitograph.api.wiring.evidence import sweep as sweep_evidence

app = typer.Typer(no_args_is_help=True, help="Audio, transcripts and documents of events.")


@app.callback()
def evidence() -> None:
    """Audio, transcripts and documents of events."""


@app.command()
def purge(data: DataOption = None) -> None:
    """Deletes the files whose retention period is over. Their events remain, with the hash of what was attached."""
    typer.echo(f"{asyncio.run(_purge(data))} files deleted")


@app.command()
def sweep(
    data: DataOption = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete them; nothing else has their bytes.")] = False,
) -> None:
    """Counts the files that the graph knows nothing of, left by posts that broke off at least a day ago.

    To a graph that was restored from before they came, or that shares its store with another, others are unknown too.
    """
    number = asyncio.run(_sweep(data, delete))
    typer.echo(f"{number} unknown files deleted" if delete else f"{number} unknown files: --delete deletes them")


async def _sweep(data: Path | None, delete: bool) -> int:
    store, now = open_evidence(settings_of(data)), dt.datetime.now(dt.UTC)
    async with open_graph_of(data) as graph:
        return await sweep_evidence(graph, store, now) if delete else len(await list_unknown(graph, store, now))


async def _purge(data: Path | None) -> int:
    store = open_evidence(settings_of(data))
    async with open_graph_of(data) as graph:
        return await purge_evidence(graph, store, dt.datetime.now(dt.UTC))
