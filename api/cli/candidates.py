"""`vito candidates`: the queue as a file."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph.deciding import candidates

COLUMNS = ("id", "left", "right", "left_user_id", "right_user_id", "p_same", "p_household", "band", "status")

app = typer.Typer(help="The queue of pairs.", no_args_is_help=True)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="the CSV file to write", dir_okay=False)],
    min_p: Annotated[float, typer.Option(help="least P(same)", min=0.0, max=1.0)] = 0.0,
    data: DataOption = None,
) -> None:
    """Writes every pair of known persons that was scored, waiting or decided."""
    count = asyncio.run(_export(out, min_p, data))
    typer.echo(f"{count} candidates written to {out}")


async def _export(out: Path, min_p: float, data: Path | None) -> int:
    count = 0
    async with open_graph_of(data) as graph:
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            async for row in candidates.export(graph, min_p):
                writer.writerow(row)
                count += 1
    return count
