"""`vito keys`: keys for channels, people and programs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph import keys
from vitograph.graph.driver import Row
from vitograph.graph.keys import Role
from vitograph.resolver.normalize import country

app = typer.Typer(help="API keys.", no_args_is_help=True)


def _region(text: str) -> str:
    try:
        return country(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="whose key it is")],
    role: Annotated[Role, typer.Option()],
    department: Annotated[str | None, typer.Option()] = None,
    region: Annotated[
        str | None,
        typer.Option(parser=_region, metavar="CODE", help="country of phone numbers that name none, e.g. ES"),
    ] = None,
    holder: Annotated[str | None, typer.Option(help="the human who holds it, by a name that is theirs alone")] = None,
    pii: Annotated[bool, typer.Option(help="an analyst who sees personal values as they are")] = False,
    data: DataOption = None,
) -> None:
    """Makes a key and prints it, this once."""

    async def run() -> tuple[str, str]:
        async with open_graph_of(data) as graph:
            return await keys.create_key(graph, name, role, department, region, holder, pii=pii)

    id, secret = asyncio.run(run())
    typer.echo(f"{id} {secret}")


@app.command("list")
def list_all(data: DataOption = None) -> None:
    """All keys, without their secrets."""

    async def run() -> list[Row]:
        async with open_graph_of(data) as graph:
            return await keys.list_keys(graph)

    columns = ("id", "name", "role", "department", "region", "holder", "pii", "created_at", "revoked_at")
    table = Table(*columns)
    for row in asyncio.run(run()):
        table.add_row(*(str(row[column] or "") for column in columns))
    Console().print(table)


@app.command()
def revoke(id: Annotated[str, typer.Argument(help="as `vito keys list` shows it")], data: DataOption = None) -> None:
    """Ends a key."""

    async def run(data: Path | None) -> None:
        async with open_graph_of(data) as graph:
            await keys.revoke_key(graph, id)

    asyncio.run(run(data))
    typer.echo(f"{id} is revoked")
