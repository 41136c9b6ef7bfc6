"""`vito sinks`: where campaigns are written to."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, seals_of, show_rows
from vitograph.api.wiring import sinking
from vitograph.graph.publishing import sinks
from vitograph.projections import adapters
from vitograph.resolver.errors import VitoError

app = typer.Typer(help="Edge stores and content management systems.", no_args_is_help=True)


@app.command()
def put(
    id: Annotated[str, typer.Argument(help="a name for the sink")],
    adapter: Annotated[str, typer.Option(help="as `vito sinks adapters` shows it")],
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="a setting")] = None,
    department: Annotated[list[str] | None, typer.Option(help="whose campaigns go there; * for all")] = None,
    campaign: Annotated[list[str] | None, typer.Option(help="a campaign that goes there")] = None,
    secret_file: Annotated[str | None, typer.Option(help="holds the secret; - is stdin")] = None,
    data: DataOption = None,
) -> None:
    """Sets a sink up, or anew."""
    raw: dict[str, Any] = {
        "adapter": adapter,
        "settings": dict(_setting(text) for text in settings or []),
        "departments": department or [],
        "campaigns": campaign or [],
    }
    if secret_file is not None:
        raw["secret"] = (sys.stdin.read() if secret_file == "-" else Path(secret_file).read_text()).strip()

    async def run() -> int:
        async with open_graph_of(data, makes=True) as graph:
            return (await sinking.set_up(graph, seals_of(data), id, raw, "command")).version

    typer.echo(f"{id} is set up, version {asyncio.run(run())}")


@app.command("list")
def list_all(data: DataOption = None) -> None:
    """All sinks, without their secrets."""

    async def run() -> list[dict[str, Any]]:
        async with open_graph_of(data) as graph:
            return await sinking.list_shown(graph)

    columns = ("id", "adapter", "departments", "campaigns", "deliveries", "failing", "leaving")
    show_rows(asyncio.run(run()), columns)


@app.command()
def remove(
    id: Annotated[str, typer.Argument(help="as `vito sinks list` shows it")],
    abandon: Annotated[bool, typer.Option("--abandon", help="give it up: its server is gone for good")] = False,
    data: DataOption = None,
) -> None:
    """Takes every campaign away from a sink; the sink goes once that is done, or once it is given up."""

    async def run() -> list[str] | None:
        async with open_graph_of(data) as graph:
            if abandon:
                return await sinks.abandon(graph, id, "command")
            await sinks.remove(graph, id)
            return None

    left = asyncio.run(run())
    if left is None:
        typer.echo(f"{id} is being left: the worker takes its campaigns away")
        return
    typer.echo(f"{id} is given up; campaigns that may still stand there: {len(left)}")
    for campaign in left:
        typer.echo(f"  {campaign}")


@app.command("adapters")
def list_adapters() -> None:
    """What a sink can be, and why not."""
    for name, kind in sorted(adapters.names().items()):
        try:
            adapters.adapter(name)
            typer.echo(f"{name}: {kind}")
        except VitoError as error:
            typer.echo(f"{name}: {kind}, cannot be used: {error}")


def _setting(text: str) -> tuple[str, Any]:
    """`name=value`; the value is JSON where it is an object, an array, a number or a truth value."""
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    try:
        parsed = json.loads(value)
    except ValueError:
        return name, value
    return name, parsed
