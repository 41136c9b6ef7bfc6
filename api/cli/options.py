"""Options and connections that commands have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from vitograph.api.running.instances import find_instance
from vitograph.api.running.servers import open_servers
from vitograph.api.settings import Settings
from vitograph.api.wiring.sealing import Seals, seals
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.people.tombstones import check_seal
from vitograph.graph.schema import migrate
from vitograph.projections.hot.memory import HotMemory, open_hot
from vitograph.resolver.errors import ServerFailed

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="folder of the instance to work on  [default: the one that runs, or .vito]"),
]

WIDE = 10_000
"""Characters of a line that no terminal breaks: what is read through a pipe is told whole."""


def progress_bar() -> Progress:
    """A bar on stderr, gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def show_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], console: Console | None = None) -> None:
    """A table of the columns that hold anything. The first one, by which other commands name a row, is always whole."""
    console = console or Console()
    if not console.is_terminal:
        console.width = WIDE
    held = [column for column in columns if any(_cell(row[column]) for row in rows)] or columns
    table = Table()
    for column in held:
        table.add_column(column, no_wrap=column == held[0], overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in held))
    console.print(table)


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def show_persons(progress: Progress) -> Callable[[int, int], None]:
    """What tells the bar how many persons are scored."""
    task = progress.add_task("scoring", total=None)
    return lambda done, of: progress.update(task, completed=done, total=of)


def settings_on(data: Path | None) -> Settings:
    """The settings, on the folder that was given or set, else on the one that is usual."""
    return Settings() if data is None else Settings(data=data)


def settings_of(data: Path | None) -> Settings:
    """The settings, on the folder that was given or set, else on that of the only instance that runs."""
    settings = settings_on(data)
    if "data" not in settings.model_fields_set and (instance := find_instance()) is not None:
        return settings.model_copy(update={"data": instance.data})
    return settings


def require_vito(settings: Settings) -> None:
    """ServerFailed where an embedded graph is asked for and none ever ran on the folder: it would be an empty one."""
    data = settings.data
    if not settings.neo4j_uri and not (data / "neo4j").is_dir():
        raise ServerFailed(f"there is no ViTo in {data}; `vito up --data {data}` makes one")


@asynccontextmanager
async def open_graph_of(data: Path | None, migrated: bool = True, makes: bool = False) -> AsyncIterator[Graph]:
    """The graph of the servers that are set, of the running instance, or of embedded ones started for this command.

    `makes`: where no ViTo ever ran on the folder this command is the first; others would read an empty graph.
    """
    async with open_stores_of(data, migrated, makes) as (graph, _):
        yield graph


def seals_of(data: Path | None) -> Seals:
    """What opens the secrets of sinks: as set, or in the folder of the instance that is worked on."""
    settings = settings_on(data)
    if settings.sink_key is not None or (settings.neo4j_uri and settings.redis_url):
        return seals(settings)
    instance = find_instance(settings.data if "data" in settings.model_fields_set else None)
    return seals(settings, settings.data if instance is None else instance.data)


@asynccontextmanager
async def open_stores_of(
    data: Path | None, migrated: bool = True, makes: bool = False
) -> AsyncIterator[tuple[Graph, HotMemory]]:
    """The graph and the hot memory, of the same servers; the hot memory is first spoken to when it is used."""
    settings = settings_on(data)
    if not settings.neo4j_uri and (data is not None or not makes):
        require_vito(settings_of(data))
    async with (
        open_servers(settings) as addresses,
        open_hot(addresses.redis_url) as hot,
        open_graph(*addresses.login, addresses.seal) as graph,
    ):
        if migrated:
            await migrate(graph)
            await check_seal(graph)
        yield graph, hot
