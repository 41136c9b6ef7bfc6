"""The API's way to the analysts' process, which is started when somebody asks."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from vitograph.api.analysts.places import forget_old
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.resolver.errors import GraphUnavailable, ServerFailed

WATCHED_EVERY = 30.0  # seconds
ANSWER_WITHIN = 300.0  # seconds; a first copy of a large graph takes long, and what takes longer is asked again

log = logging.getLogger(__name__)


@dataclass(slots=True)
class AnalystsProcess:
    """How the process is started and known to be open."""

    settings: Settings
    socket: Path
    name: str = field(default="the analysts' process", init=False)
    log: Path | None = field(default=None, init=False)
    open_within: float = field(default=60.0, init=False)  # seconds
    stop_within: float = field(default=20.0, init=False)  # seconds

    async def prepare(self) -> None:
        """No old socket is in the way."""
        self.socket.unlink(missing_ok=True)

    def command(self) -> Sequence[str]:
        """What to run."""
        return [sys.executable, "-m", "vitograph.api.analysts.serve", str(self.socket)]

    def environment(self) -> dict[str, str]:
        """The settings it shares with the API; what is set for the whole instance it has already."""
        of = self.settings
        names: tuple[str, ...] = ("data", "cache", "maven_url", "log_level")
        names += ("neo4j_uri", "neo4j_user", "neo4j_password")
        names += ("neo4j_database", "analytics_neo4j_uri", "analytics_neo4j_user", "analytics_neo4j_password")
        names += ("analytics_neo4j_database", "analytics_heap", "analytics_key")
        values = {name: getattr(of, name) for name in names}
        own = {f"VITO_{name.upper()}": _text(value) for name, value in values.items() if value is not None}
        return own | {"RUST_BACKTRACE": "0"}  # where its memory is used up, making one may wait for ever

    async def is_open(self) -> bool:
        """Whether its socket answers."""
        try:
            async with _client(self.socket) as client:
                return (await client.get("/", timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False

    def describe_death(self) -> str:
        """One sentence; the reason stands above it, for its output is ours."""
        return "the analysts' process did not start; what it said stands above"


class Analysts:
    """Asks the analysts' process, which runs from the first question until this is closed.

    Copies that killed ones left are removed at once.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Child | None = None
        self._client: httpx.AsyncClient | None = None
        self._starting = asyncio.Lock()
        forget_old(settings.data.resolve() / "analytics")

    async def watch(self) -> None:
        """Where the copy outlives the process, that runs also when nobody asks: who is erased is to be gone from it."""
        while self._settings.analytics_neo4j_uri:
            try:
                await self._provide()
            except Exception as error:
                log.warning("the analysts' process does not run: %s", type(error).__name__)
            await asyncio.sleep(WATCHED_EVERY)

    @asynccontextmanager
    async def ask(self, body: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """The answer of the process, not read yet. Raises `GraphUnavailable`."""
        try:
            client = await self._provide()
            async with client.stream("POST", "/ask", json=body) as answer:
                yield answer
        except ServerFailed as error:
            raise GraphUnavailable(str(error)) from error
        except httpx.HTTPError as error:
            raise GraphUnavailable("the analysts' process does not answer: ask again") from error

    async def close(self) -> None:
        """The process is gone with its copy."""
        if self._client is not None:
            await self._client.aclose()
        if self._child is not None:
            await self._child.stop()
            assert isinstance(self._child.recipe, AnalystsProcess)
            shutil.rmtree(self._child.recipe.socket.parent, ignore_errors=True)

    async def _provide(self) -> httpx.AsyncClient:
        """The process runs; how to speak to it."""
        async with self._starting:
            if self._child is None or self._client is None:
                socket = Path(tempfile.mkdtemp(prefix="vito-")) / "analysts.sock"
                self._child = Child(AnalystsProcess(self._settings, socket))
                self._client = _client(socket)
            if self._child.process is None or self._child.process.returncode is not None:
                await self._child.start()
            return self._client


def _client(socket: Path) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(uds=os.fspath(socket), verify=False)
    return httpx.AsyncClient(transport=transport, base_url="http://analysts", timeout=ANSWER_WITHIN, trust_env=False)


def _text(value: object) -> str:
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret is not None else value)
