"""`vito backup`, `vito restore` and `vito erasures`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.api.cli.replay import DatabaseOption, PasswordOption, UserOption
from vitograph.api.running.instances import find_instance
from vitograph.api.running.servers import open_embedded
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.erasing.erasures import list_erasures
from vitograph.graph.keeping import backup as backups
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.upkeep import record_backup
from vitograph.resolver.errors import ServerFailed

erasures = typer.Typer(help="Who was erased, by hashes and numbers only.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="a folder of its own", file_okay=False)]
ErasuresOption = Annotated[
    Path | None, typer.Option(help="what `vito erasures export` wrote last", exists=True, dir_okay=False)
]


def backup(folder: Folder, data: DataOption = None) -> None:
    """Writes the whole graph into a folder, with a manifest of checksums. It holds personal data."""

    async def run() -> None:
        async with open_graph_of(data) as graph:
            manifest = await backups.backup(graph, folder)
            await record_backup(graph)
        for name, said in manifest["files"].items():
            typer.echo(f"{said['records']:>10}  {name}")

    asyncio.run(run())


def restore(
    folder: Folder,
    into: Annotated[str | None, typer.Option(help="Bolt address of an empty Neo4j")] = None,
    data: Annotated[Path | None, typer.Option(help="a new data folder, for an embedded one")] = None,
    erasures_from: ErasuresOption = None,
    user: UserOption = "neo4j",
    password: PasswordOption = None,
    database: DatabaseOption = "neo4j",
) -> None:
    """Rebuilds a backup in an empty graph, proves that it is the same one, and audits it."""
    if (into is None) == (data is None):
        raise ServerFailed("say where to: --into ADDRESS, or --data FOLDER")
    if erasures_from is None:
        typer.echo("without --erasures-from, whoever was erased since this backup comes back", err=True)
    elif not backups.read_erasures(erasures_from).is_closed:
        typer.echo("an older version wrote this list of erasures: whether it is whole cannot be told", err=True)
    settings = Settings()
    if into is not None:
        secret = password or settings.neo4j_password.get_secret_value()
        counts, findings = asyncio.run(_into(folder, (into, user, secret, database), settings, erasures_from))
    else:
        assert data is not None
        counts, findings = asyncio.run(_embedded(folder, data, erasures_from))
    typer.echo(f"restored: {counts}")
    for finding in findings:
        typer.echo(f"FAIL {finding}")
    if findings:
        raise typer.Exit(1)


@erasures.command("export")
def export(file: Annotated[Path, typer.Argument(dir_okay=False)], data: DataOption = None) -> None:
    """Writes the list that a restore needs, hashes only; keep the newest one apart from the backups."""

    async def run() -> int:
        async with open_graph_of(data) as graph:
            return await backups.export_erasures(graph, file)

    typer.echo(f"tombstones: {asyncio.run(run())}")


@erasures.command("list")
def show(data: DataOption = None) -> None:
    """Every erasure: when, by whom, how much, and how far it is."""

    async def run() -> None:
        async with open_graph_of(data) as graph:
            for row in await list_erasures(graph):
                typer.echo(
                    f"{row['at']}  {row['id']}  {row['status']}  {row['events']} events of {row['persons']} persons,"
                    f" by {row['actor_name']}; disk: {row['disk']}"
                )

    asyncio.run(run())


async def _into(
    folder: Path, login: tuple[str, str, str, str], settings: Settings, erasures_from: Path | None
) -> tuple[str, list[str]]:
    async with open_graph(*login, settings.seal) as target:
        return await _restore(folder, target, erasures_from)


async def _embedded(folder: Path, data: Path, erasures_from: Path | None) -> tuple[str, list[str]]:
    settings = Settings(data=data).model_copy(update={"neo4j_uri": None, "redis_url": None})
    if find_instance(data) is not None or (data / "neo4j").exists():
        raise ServerFailed(f"{data} is in use already: choose a new folder")
    is_sealed = backups.read_manifest(folder)["seal"] or (erasures_from and backups.read_erasures(erasures_from).check)
    if is_sealed and not settings.seal and not (data / "erasure.key").exists():
        raise ServerFailed(f"put the erasure.key of the instance that was backed up into {data} first")
    async with open_embedded(settings) as embedded:
        addresses = embedded.addresses
        login = addresses.login
        async with open_graph(*login, addresses.seal) as target:
            return await _restore(folder, target, erasures_from)


async def _restore(folder: Path, target: Graph, erasures_from: Path | None) -> tuple[str, list[str]]:
    rebuilding = await backups.restore(folder, target, erasures_from)
    findings = [finding for finding in await audit(target) if not finding.is_warning]
    counts = ", ".join(f"{count} {kind}" for kind, count in rebuilding.counts.items())
    return counts, [f"{finding.invariant} {finding.sentence}: {', '.join(finding.ids)}" for finding in findings]
