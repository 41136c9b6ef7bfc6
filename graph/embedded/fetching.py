"""Neo4j's jars are fetched: many at once, each whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import httpx
from jgo.constants import MAVEN_CENTRAL_URL
from rich.console import Console
from rich.progress import Progress

from vitograph.graph.embedded.lock import NEO4J_VERSION, Jar
from vitograph.resolver.errors import ServerFailed

CONNECTIONS = 16
ATTEMPTS = 3


async def fetch_all(jars: Sequence[Jar], folder: Path, repository: str | None = None) -> None:
    """Each of these jars is in the folder, verified. `repository` and errors are those of `provide_jars`."""
    repository = repository or MAVEN_CENTRAL_URL
    limits = httpx.Limits(max_connections=CONNECTIONS)
    progress = Progress(console=Console(stderr=True))
    turns = asyncio.Semaphore(CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=30, follow_redirects=True) as client:
        with progress:
            bar = progress.add_task(f"Neo4j {NEO4J_VERSION}, {len(jars)} jars", total=len(jars))

            async def fetch(jar: Jar) -> None:
                async with turns:
                    await _fetch(client, f"{repository.rstrip('/')}/{jar.place}", jar, folder)
                progress.advance(bar)

            try:
                async with asyncio.TaskGroup() as group:
                    for jar in jars:
                        group.create_task(fetch(jar))
            except* (httpx.HTTPError, OSError, ServerFailed) as failures:
                raise _translate(failures.exceptions[0], repository) from failures


def _translate(error: BaseException, repository: str) -> Exception:
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        return ServerFailed(
            f"Neo4j's jars cannot be fetched from {repository} ({str(error) or type(error).__name__}): the first start "
            "needs the network, or VITO_MAVEN_URL set to a mirror, or VITO_NEO4J_URI set to a server that runs"
        )
    assert isinstance(error, Exception)
    return error


async def _fetch(client: httpx.AsyncClient, url: str, jar: Jar, folder: Path) -> None:
    """The jar is in its place, whole and verified: a reader never sees a part of it, nor does a second fetcher."""
    for attempt in range(ATTEMPTS):
        last = attempt == ATTEMPTS - 1
        try:
            if await _download(client, url, jar, folder):
                return
        except httpx.HTTPError as error:
            if last or not _is_passing(error):
                raise
        await asyncio.sleep(0 if last else 0.2 * 2**attempt)
    raise ServerFailed(f"{url} is not what the lock names: its SHA-256 is not {jar.sha256}, so it was not kept")


def _is_passing(error: httpx.HTTPError) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (408, 429) or error.response.status_code >= 500
    return not isinstance(error, httpx.ConnectError | httpx.UnsupportedProtocol)


async def _download(client: httpx.AsyncClient, url: str, jar: Jar, folder: Path) -> bool:
    """Whether what came matches the lock; only then does it take its place, in one step."""
    digest = hashlib.sha256()
    with _part(folder) as (part, file):
        async with client.stream("GET", url) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                digest.update(chunk)
                file.write(chunk)
        file.close()
        if digest.hexdigest() != jar.sha256:
            return False
        os.replace(part, folder / jar.name)
        return True


@contextmanager
def _part(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    """A file of its own name in the folder, which is gone afterwards unless it was renamed."""
    handle, part = tempfile.mkstemp(prefix=".part-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            yield part, file
    finally:
        Path(part).unlink(missing_ok=True)
