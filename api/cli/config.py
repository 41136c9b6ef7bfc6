"""`vito config`: what is set, what can be set, and what ViTo bears."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import orjson
import typer

from vitograph.api import configuration
from vitograph.api.cli.options import DataOption
from vitograph.api.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What is set, what can be set, and what ViTo bears.")


@app.command()
def show(
    data: DataOption = None, as_json: Annotated[bool, typer.Option("--json", help="one object by variable")] = False
) -> None:
    """Every setting as it holds, and where it comes from; exit status 2 names those that cannot be."""
    given: dict[str, Path] = {} if data is None else {"data": data}
    rows = configuration.effective(Settings(**given), given)
    for sentence in configuration.unknown(os.environ):
        typer.echo(f"vito: {sentence}", err=True)
    if as_json:
        found = {row.variable: {"value": row.value, "source": row.source.value} for row in rows}
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        typer.echo(f"{row.variable:<28} {row.source.value:<11} {'-' if row.value is None else row.value}")


@app.command("reference")
def show_reference() -> None:
    """A Markdown table of every variable: its default and its meaning."""
    typer.echo(configuration.reference())


@app.command("limits")
def show_limits() -> None:
    """A Markdown table of every limit, and what answers who comes up against it."""
    from vitograph.api import limits  # it knows every route; no other command should wait for that

    typer.echo(limits.reference())
