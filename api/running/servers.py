"""The servers a command works on: those that were set, those that already run, or embedded ones of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from vitograph.api.running.addresses import Addresses
from vitograph.api.running.children import Child
from vitograph.api.running.instances import Instance, find_instance, lock_data
from vitograph.api.running.settling import settle
from vitograph.api.secret_files import kept_secret
from vitograph.api.settings import Settings
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.projections.embedded import ValkeyServer


@asynccontextmanager
async def open_servers(settings: Settings) -> AsyncIterator[Addresses]:
    """Neo4j and Valkey answer for as long as this is open.

    `VITO_NEO4J_URI` and `VITO_REDIS_URL` come first, then an instance that runs on `settings.data` (or, when no folder
    was set, the only instance there is), then embedded servers on `settings.data`. Raises `ServerFailed`.
    """
    if settings.neo4j_uri and settings.redis_url:
        yield complete(settings, None)
        return
    chosen = settings.data if "data" in settings.model_fields_set else None
    if (instance := find_instance(chosen)) is not None:
        yield complete(settings, instance)
        return
    async with open_embedded(settings) as embedded:
        yield embedded.addresses


def complete(settings: Settings, instance: Instance | None) -> Addresses:
    """The addresses that were set; for what was not, those of the instance."""
    neo4j_uri, user, password = settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password.get_secret_value()
    database, redis_url = settings.neo4j_database, settings.redis_url
    erasure_key = None if instance is None else instance.addresses.erasure_key
    if settings.erasure_key is not None or erasure_key is None:
        erasure_key = _find_erasure_key(settings)
    if instance is not None:
        running = instance.addresses
        redis_url = redis_url or running.redis_url
        if not neo4j_uri:
            neo4j_uri, user, password = running.neo4j_uri, running.neo4j_user, running.neo4j_password
            database = running.neo4j_database
    assert neo4j_uri
    assert redis_url
    return Addresses(neo4j_uri, user, password, database, redis_url, erasure_key)


class Embedded:
    """The servers started for somebody: their processes, in the order they were started, and how to reach them."""

    def __init__(self, addresses: Addresses, children: Sequence[Child], lock: int) -> None:
        self.addresses = addresses
        self.children = tuple(children)
        self.lock = lock


@asynccontextmanager
async def open_embedded(settings: Settings, more: Mapping[str, str] | None = None) -> AsyncIterator[Embedded]:
    """Those servers that were not set run as children on `settings.data`, which nobody else can use meanwhile.

    `more` are settings of Neo4j beside ours.
    """
    data = settings.data.resolve()
    async with AsyncExitStack() as stack:
        lock = await lock_data(data)
        stack.callback(os.close, lock)
        settle(data)
        stack.callback(settle, data)  # once the servers are stopped
        neo4j, valkey = recipes(settings, data)
        neo4j.more = more or {}
        children = []
        for recipe, is_needed in ((valkey, not settings.redis_url), (neo4j, not settings.neo4j_uri)):
            if is_needed:
                child = Child(recipe, [lock])
                stack.push_async_callback(child.stop)
                await child.start()
                children.append(child)
        if not settings.redis_url:
            stack.callback(valkey.close)
        yield Embedded(_addresses(settings, neo4j, valkey), children, lock)


def recipes(settings: Settings, data: Path) -> tuple[Neo4jServer, ValkeyServer]:
    """What `settings` say about the embedded servers."""
    neo4j = Neo4jServer(
        data / "neo4j", settings.cache.resolve(), settings.maven_url, settings.heap, settings.page_cache
    )
    return neo4j, ValkeyServer(data / "valkey")


def _addresses(settings: Settings, neo4j: Neo4jServer, valkey: ValkeyServer) -> Addresses:
    if settings.neo4j_uri:
        login = (settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password.get_secret_value())
    else:
        login = (neo4j.uri, neo4j.user, neo4j.password)
    key = provide_erasure_key(settings)
    return Addresses(*login, settings.neo4j_database, settings.redis_url or valkey.url, key)


def provide_erasure_key(settings: Settings) -> str:
    """The key that was set; else the one in the data folder, made when there is none."""
    found = _find_erasure_key(settings)
    return found or kept_secret(settings.data.resolve() / "erasure.key", partial(secrets.token_hex, 32))


def _find_erasure_key(settings: Settings) -> str | None:
    if settings.erasure_key is not None:
        return settings.erasure_key.get_secret_value()
    path = settings.data.resolve() / "erasure.key"
    return path.read_text().strip() if path.exists() else None
