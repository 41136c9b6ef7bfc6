"""`vito compact`: a store without a byte of those who were erased."""

from __future__ import annotations

import asyncio
import os
import time

import typer

from vitograph.api.cli.options import DataOption, require_vito, settings_of
from vitograph.api.running.addresses import Addresses
from vitograph.api.running.compacting import compact as build
from vitograph.api.running.compacting import finish_erasures
from vitograph.api.running.instances import Instance, find_instance, is_alive
from vitograph.api.running.processes import RENEW
from vitograph.api.running.servers import open_embedded
from vitograph.api.settings import Settings
from vitograph.graph.driver import open_graph
from vitograph.graph.keeping.compaction import Due, count_due
from vitograph.resolver.errors import ServerFailed

POLL = 0.5  # seconds


def compact(data: DataOption = None) -> None:
    """Rebuilds the embedded Neo4j's store from its logs and deletes the old one.

    An instance that runs stops for it and starts again, where somebody was erased; who connects meanwhile waits.
    """
    settings = settings_of(data)
    if settings.neo4j_uri:
        raise ServerFailed("this graph is not embedded: `vito replay --into` an empty database, and use that one")
    require_vito(settings)
    instance = find_instance(settings.data)
    left = asyncio.run(_compact(settings)) if instance is None else _renew(instance)
    if left is None:
        typer.echo("the store stays: nothing of the erased is in it")
        return
    if left.due or left.unfinished:
        raise ServerFailed(
            f"bytes of {left.due + left.unfinished} erasures are still on the disk: what has to forget them is away "
            "(`vito erasures list`), or they were erased meanwhile"
        )
    typer.echo("the store is new: nothing of the erased is left in it")


async def _compact(settings: Settings) -> Due:
    async with open_embedded(settings) as embedded:
        left = await finish_erasures(settings, embedded.addresses)
        await build(settings, embedded.addresses)
    return Due(0, left.unfinished, left.events)


def _renew(instance: Instance) -> Due | None:
    """The instance has stopped, compacted and started again; None where there was no reason.

    ServerFailed when it did not start again.
    """
    found = asyncio.run(_count(instance.addresses))
    if not found.due + found.unfinished:
        return None
    os.kill(instance.pid, RENEW)
    while find_instance(instance.data) is not None:
        time.sleep(POLL)
    while (renewed := find_instance(instance.data)) is None:
        if not is_alive(instance.pid):
            raise ServerFailed("the instance ended and did not start again; what it said tells why")
        time.sleep(POLL)
    return asyncio.run(_count(renewed.addresses))


async def _count(of: Addresses) -> Due:
    async with open_graph(*of.login, of.seal) as graph:
        return await count_due(graph)
