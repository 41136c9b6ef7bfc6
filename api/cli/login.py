"""`vito login`, `vito logout`: people of this machine sign in at the review page, with neither issuer nor key."""

from __future__ import annotations

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of, settings_of
from vitograph.api.running.instances import find_instance
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.access.sessions import end_sessions, issue_ticket


def login(
    holder: Annotated[str, typer.Argument(help="who signs in  [default: your name on this machine]")] = "",
    name: Annotated[str | None, typer.Option(help="as colleagues and the log read it; without: the holder")] = None,
    role: Annotated[Role, typer.Option()] = Role.SPECIALIST,
    department: Annotated[str | None, typer.Option()] = None,
    data: DataOption = None,
) -> None:
    """Prints a link that signs a person in at the review page: once, within ten minutes."""
    if role is Role.CHANNEL:
        raise typer.BadParameter("a channel has a key, and does not sign in", param_hint="--role")
    who = holder.strip() or getpass.getuser()

    async def run() -> str:
        async with open_graph_of(data, makes=True) as graph:
            return await issue_ticket(graph, who, name or who, role, department)

    ticket = asyncio.run(run())
    typer.echo(f"{(Settings().public_url or _running(data)).rstrip('/')}/review#ticket={ticket}")


def _running(data: Path | None) -> str:
    """Where the instance answers, or will."""
    settings = settings_of(data)
    instance = find_instance(settings.data)
    return (instance and instance.api_url) or f"http://{settings.host}:{settings.port}"


def logout(
    holder: Annotated[str, typer.Argument(help="as their sessions name them: the holder of `vito login`, or of OIDC")],
    data: DataOption = None,
) -> None:
    """Ends every session of a person, within a second."""

    async def run() -> int:
        async with open_graph_of(data) as graph:
            return await end_sessions(graph, holder)

    typer.echo(f"{asyncio.run(run())} ended")
