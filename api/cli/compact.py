"""`vito compact`: a store without a byte of those who were erased."""

from __future__ import annotations

import asyncio

import typer

from vitograph.api.cli.options import DataOption
from vitograph.api.compacting import compact as build
from vitograph.api.instances import find_instance
from vitograph.api.servers import open_embedded
from vitograph.api.settings import Settings
from vitograph.resolver.errors import ServerFailed


def compact(data: DataOption = None) -> None:
    """Rebuilds the embedded Neo4j's store from its logs and deletes the old one. The instance must be stopped."""
    settings = Settings() if data is None else Settings(data=data)
    if settings.neo4j_uri:
        raise ServerFailed("this graph is not embedded: `vito replay --into` an empty database, and use that one")
    if find_instance(settings.data) is not None:
        raise ServerFailed(f"stop the instance on {settings.data} first: only then nobody writes")
    asyncio.run(_compact(settings))
    typer.echo("the store is new: nothing of the erased is left in it")


async def _compact(settings: Settings) -> None:
    async with open_embedded(settings) as embedded:
        await build(settings, embedded.addresses)
