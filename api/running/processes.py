"""The supervisor behind `vito up`: starts servers, API and worker, restarts what dies, stops all cleanly."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from vitograph.api.running.children import Child
from vitograph.api.running.compacting import MOST_EVENTS, compact_if_due
from vitograph.api.running.instances import Instance, forget, register
from vitograph.api.running.servers import open_embedded
from vitograph.api.secret_files import kept_secret
from vitograph.api.settings import Settings
from vitograph.resolver.errors import ServerFailed

log = logging.getLogger(__name__)

RENEW = signal.SIGUSR1
QUICK = 30.0  # seconds; a death sooner than this after a start is a quick one
PAUSE = 0.5  # seconds before the first restart; doubled with every quick death and every failed start
LONGEST_PAUSE = 5.0  # seconds
STOP_WITHIN = 15.0  # seconds

API = (sys.executable, "-m", "vitograph.api.serve")
WORKER = (sys.executable, "-m", "vitograph.api.worker")


@dataclass(slots=True)
class Program:
    """A program of ours: the API, open when its `/readyz` answers 200, or the worker, open as soon as it runs."""

    name: str
    argv: Sequence[str]
    variables: dict[str, str]
    ready_url: str | None = None
    stop_within: float = STOP_WITHIN
    log: Path | None = field(default=None, init=False)
    open_within: float = field(default=300.0, init=False)  # seconds; a first start migrates the graph

    async def prepare(self) -> None:
        """Nothing is needed."""

    def command(self) -> Sequence[str]:
        """What to run."""
        return self.argv

    def environment(self) -> dict[str, str]:
        """How it reaches the servers, and the socket it listens on."""
        return self.variables

    async def is_open(self) -> bool:
        """Whether it does its work."""
        if self.ready_url is None:
            return True
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                return (await client.get(self.ready_url)).status_code == 200
        except httpx.HTTPError:
            return False

    def describe_death(self) -> str:
        """One sentence; the reason stands above it, for its output is ours."""
        return f"{self.name} did not start; what it said stands above"


def listen(host: str, port: int) -> socket.socket:
    """The socket the API will serve on, held from before anything heavy is started. Raises `ServerFailed`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        endpoint = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServerFailed(f"{host!r} is no address to listen on: {error.strerror}") from error
    try:
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        endpoint.bind(address)
        endpoint.listen(1024)
    except OSError as error:
        endpoint.close()
        raise ServerFailed(f"port {port} of {host} cannot be used ({error.strerror}): choose another --port") from error
    return endpoint


@asynccontextmanager
async def open_instance(
    settings: Settings,
    endpoint: socket.socket,
    renewal: asyncio.Event,
    api: Sequence[str] = API,
    worker: Sequence[str] = WORKER,
) -> AsyncIterator[tuple[Instance, Sequence[Child]]]:
    """Servers, API and worker run and the instance is registered; they are stopped in reverse order.

    The store is compacted when they are, if that is due: a large one when `renewal` was asked for.
    """
    async with AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(open_embedded(settings))

        async def compact() -> None:
            await compact_if_due(settings, embedded.addresses, None if renewal.is_set() else MOST_EVENTS)

        stack.push_async_callback(compact)
        data = settings.data.resolve()
        variables = embedded.addresses.as_environment() | {"VITO_DATA": str(data)}
        own = {"VITO_ADMIN_KEY": provide_admin_key(settings, data), "VITO_LISTEN_FD": str(endpoint.fileno())}
        url = f"http://{_name(endpoint)}"
        drained = drained_within(settings)
        children = [
            Child(Program("the API", api, variables | own, f"{url}/readyz", drained), [endpoint.fileno()]),
            Child(Program("the worker", worker, variables)),
        ]
        for child in children:
            stack.push_async_callback(child.stop)
            await child.start()
        instance = Instance(os.getpid(), data, embedded.addresses, url)
        stack.callback(forget, data)
        register(instance)
        yield instance, [*embedded.children, *children]


def drained_within(settings: Settings) -> float:
    """Seconds in which an API ends: open requests have their time, what they left to be recorded has it again."""
    return 2 * settings.drain_seconds + 10.0


async def keep(child: Child) -> None:
    """Keeps up, for good, what opened once: whatever kills it or keeps it from starting now may be over later."""
    deaths, started = 0, time.monotonic()
    while True:
        status = await child.wait()
        deaths = deaths + 1 if time.monotonic() - started < QUICK else 1
        while True:
            await asyncio.sleep(min(LONGEST_PAUSE, PAUSE * 2 ** min(deaths - 1, 10)))
            log.warning("%s ended with status %d: starting it again", child.recipe.name, status)
            try:
                started = time.monotonic()
                await child.start()
                break
            except ServerFailed as error:
                log.error("%s", error)
                deaths += 1


async def supervise(children: Sequence[Child]) -> None:
    """Keeps all of them up, until cancelled."""
    async with asyncio.TaskGroup() as group:
        for child in children:
            group.create_task(keep(child))


async def run_instance(
    settings: Settings,
    say: Callable[[str], None],
    api: Sequence[str] = API,
    worker: Sequence[str] = WORKER,
) -> None:
    """Says `ready URL` once the API serves, and runs until cancelled. `ServerFailed` when it does not come to that.

    On SIGUSR1 all stops as it does at the end, and starts anew on a compacted store. Who connects meanwhile waits: the
    socket stays open.
    """
    renewal = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(RENEW, renewal.set)
    with listen(settings.host, settings.port) as endpoint:
        while True:
            renewal.clear()
            async with open_instance(settings, endpoint, renewal, api, worker) as (instance, children):
                if settings.admin_key is None:
                    say(f"admin key in {instance.data / 'admin.key'}")
                say(f"ready {instance.api_url}")
                async with asyncio.TaskGroup() as group:
                    supervising = group.create_task(supervise(children))
                    await renewal.wait()
                    supervising.cancel()
            log.info("the store was renewed: all starts again")


def provide_admin_key(settings: Settings, data: Path) -> str:
    """The key that was set; else the one in the data folder, made when there is none."""
    if settings.admin_key is not None:
        return settings.admin_key.get_secret_value()
    return kept_secret(data / "admin.key", partial(secrets.token_urlsafe, 32))


def _name(endpoint: socket.socket) -> str:
    """`host:port` as a client on this machine can use it."""
    host, port = endpoint.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
