"""`vito evidence`: what is kept of calls and documents, and for how long."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, settings_of
from vitograph.api.wiring.evidence import open_evidence
from vitograph.api.wiring.evidence import purge as purge_evidence

app = typer.Typer(no_args_is_help=True, help="Audio, transcripts and documents of events.")


@app.callback()
def evidence() -> None:
    """Audio, transcripts and documents of events."""


@app.command()
def purge(data: DataOption = None) -> None:
    """Deletes the files whose retention period is over. Their events remain, with the hash of what was attached."""
    typer.echo(f"{asyncio.run(_purge(data))} files deleted")


async def _purge(data: Path | None) -> int:
    store = open_evidence(settings_of(data))
    async with open_graph_of(data) as graph:
        return await purge_evidence(graph, store, dt.datetime.now(dt.UTC))
