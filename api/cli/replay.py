"""`vito replay`: the graph that the logs tell, in another Neo4j, and whether it is the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.api.settings import Settings
from vitograph.graph.driver import open_graph
from vitograph.graph.keeping.replay import Fingerprint, fingerprint
from vitograph.graph.keeping.replay import replay as rebuild

IntoOption = Annotated[
    str, typer.Option("--into", help="Bolt address of an empty Neo4j, such as bolt://127.0.0.1:7687")
]
UserOption = Annotated[str, typer.Option(help="its user")]
PasswordOption = Annotated[
    str | None, typer.Option(envvar="VITO_INTO_PASSWORD", help="its password  [default: that of the graph itself]")
]
DatabaseOption = Annotated[str, typer.Option(help="its database")]


def replay(
    into: IntoOption,
    user: UserOption = "neo4j",
    password: PasswordOption = None,
    database: DatabaseOption = "neo4j",
    data: DataOption = None,
) -> None:
    """Rebuilds the graph from its events and decisions and prints both digests; exit status 1 when they differ."""
    secret = password or Settings().neo4j_password.get_secret_value()
    theirs, ours = asyncio.run(_replay(data, (into, user, secret, database)))
    typer.echo(f"source  {theirs}")
    typer.echo(f"replay  {ours}")
    if theirs != ours:
        typer.echo("they differ: the graph is not what its logs tell, or it was written to meanwhile")
        raise typer.Exit(1)


async def _replay(data: Path | None, login: tuple[str, str, str, str]) -> tuple[Fingerprint, Fingerprint]:
    async with open_graph_of(data) as source, open_graph(*login, source.seal) as target:
        await rebuild(source, target)
        return await fingerprint(source), await fingerprint(target)
