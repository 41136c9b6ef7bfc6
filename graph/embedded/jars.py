"""Neo4j's jars in the user's cache, verified against the committed lock before every start."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from vitograph.graph.embedded.disk import describe_os_error
from vitograph.graph.embedded.lock import Jar, read_lock
from vitograph.resolver.errors import ServerFailed


def list_unsound(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    """The jars that are missing from the folder or differ from the lock.

    All are hashed in full every time: 158 MB take 0.05 to 0.1 s, and no stamp can be forged.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sound = pool.map(lambda jar: _is_sound(folder / jar.name, jar.sha256), jars)
        return [jar for jar, ok in zip(jars, sound, strict=True) if not ok]


def _is_sound(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


async def provide_jars(folder: Path, repository: str | None = None) -> list[Path]:
    """Every jar of the lock, verified, in the folder; what is missing or broken is fetched first.

    `repository` is the base address of a Maven repository, Maven Central without one. Raises `ServerFailed` when there
    is no network, no room, or the repository hands out something else than the lock names.
    """
    jars = read_lock()
    with _one_sentence(folder):
        unsound = await asyncio.to_thread(list_unsound, folder, jars)
        if unsound:
            from vitograph.graph.embedded.fetching import fetch_all  # what it imports takes .3 s of a start

            _sweep(folder)
            await fetch_all(unsound, folder, repository)
    return [folder / jar.name for jar in jars]


def _sweep(folder: Path) -> None:
    """The folder is there, without the parts of fetches that were killed; those of the last hour may be in use."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in folder.glob(".part-*"):
        if time.time() - part.stat().st_mtime > 3600:
            part.unlink(missing_ok=True)


@contextmanager
def _one_sentence(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerFailed(describe_os_error(error, folder)) from error
