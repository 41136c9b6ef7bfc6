"""Where the hot memory is, by one address: a server, one that sentinels name, or a cluster.

    redis://[user:password@]host:port/db      rediss:// with TLS      unix:///path?db=0
    redis+sentinel://[user:password@]host:port,host:port/service[/db]
    redis+cluster://[user:password@]host:port,host:port

`user:password` are those of the servers; sentinels that ask for a password have it as `?sentinel_password=`. With
`rediss+…` the servers speak TLS. `valkey` may stand for `redis`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from vitograph.projections.hot.cancelling import hear_cancellations
from vitograph.resolver.errors import Fault, InvalidInput

MOST_CONNECTIONS = 64
SENTINEL_PORT = 26379
SERVER_PORT = 6379

hear_cancellations()


@asynccontextmanager
async def make_client(url: str, patience: float) -> AsyncIterator[Redis | RedisCluster]:
    """A client of the servers at an address; none of them has to be up. `patience`: seconds for one answer.

    Raises InvalidInput for an address of another form.
    """
    scheme, separator, _ = url.replace("valkey", "redis", 1).partition("://")
    options: dict[str, Any] = {
        "socket_timeout": patience,
        "socket_connect_timeout": patience,
        "client_name": "vito",
        "protocol": 3,
    }
    match scheme:
        case "redis" | "rediss" | "unix" if separator:
            plain = scheme + url[url.index("://") :]
            single = Redis.from_url(plain, **options, retry=_once(), max_connections=MOST_CONNECTIONS)
            async with single as client:
                yield client
        case "redis+sentinel" | "rediss+sentinel":
            async with _sentinel_client(url, options) as client:
                yield client
        case "redis+cluster" | "rediss+cluster":
            cluster = _cluster_client(url, options)
            try:
                yield cluster
            finally:
                await cluster.aclose()
        case _:
            raise _refused("is of no known form: redis://, rediss://, unix://, redis+sentinel://, redis+cluster://")


@asynccontextmanager
async def _sentinel_client(url: str, options: dict[str, Any]) -> AsyncIterator[Redis]:
    """Whoever the sentinels say is the primary now; they are asked again whenever a connection is made."""
    parts = urlsplit(url)
    service, _, db = parts.path.strip("/").partition("/")
    if not service:
        raise _refused("names no service: redis+sentinel://host:port,host:port/service")
    password = parse_qs(parts.query).get("sentinel_password", [None])[0]
    waits = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        _hosts(parts.netloc, SENTINEL_PORT), sentinel_kwargs={**waits, "password": password, "retry": _once()}
    )
    client: Redis = sentinel.master_for(
        service,
        **options,
        **_login(url),
        db=int(db or 0),
        retry=_once(),
        max_connections=MOST_CONNECTIONS,
    )
    try:
        yield client
    finally:
        await client.aclose()
        for one in sentinel.sentinels:
            await one.aclose()


def _cluster_client(url: str, options: dict[str, Any]) -> RedisCluster:
    nodes = [ClusterNode(host, port) for host, port in _hosts(urlsplit(url).netloc, SERVER_PORT)]
    return RedisCluster(
        startup_nodes=nodes,
        **options,
        **_login(url),
        retry=Retry(NoBackoff(), 1),  # once more, where a slot has moved
        max_connections=MOST_CONNECTIONS,
    )


def _login(url: str) -> dict[str, Any]:
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    name, _, password = user.partition(":")
    login: dict[str, Any] = {"ssl": True} if url.startswith(("rediss", "valkeys")) else {}
    if at:
        login |= {"username": unquote(name) or None, "password": unquote(password) or None}
    return login


def _hosts(netloc: str, port: int) -> list[tuple[str, int]]:
    hosts = []
    for part in netloc.rpartition("@")[2].split(","):
        one = urlsplit(f"//{part}")
        try:
            hosts.append((one.hostname or "", one.port or port))
        except ValueError:
            raise _refused(f"has a port that is none: {part!r}") from None
    if not all(host for host, _ in hosts):
        raise _refused("names no host")
    return hosts


def _once() -> Retry:
    return Retry(NoBackoff(), 0)


def _refused(why: str) -> InvalidInput:
    return InvalidInput([Fault("/redis_url", f"the address of the hot memory {why}")])
