"""The bytes of evidence: in a folder or an S3-compatible bucket, addressed by their SHA-256, verified when read."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from vitograph.resolver.errors import DamagedEvidence, EvidenceUnavailable, ServerFailed, UnknownThing
from vitograph.resolver.publishing.artifacts import is_sha256

if TYPE_CHECKING:
    from obstore.store import RetryConfig

CHUNK = 1 << 20
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=10)}
"""Somebody waits for the answer: a store that is away for longer is said to be."""
HALVES = "??/*#*"
"""What the library writes an object into until it has all of it: it neither lists nor deletes these."""
MOST_VERIFIED = 10_000
"""Objects that a process remembers to have verified, so that a range of them can be read alone."""


class EvidenceStore:
    """Puts, reads and deletes objects by hash. Nothing is ever half there: the store publishes an object when it has
    all of it, and two who put the same hash put the same bytes: what is there is written over, should it be damaged.

    The library's synchronous calls, in threads: its asynchronous ones abort the process when the interpreter ends.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._verified: dict[tuple[str, str], None] = {}

    async def put(self, sha256: str, content: IO[bytes] | bytes) -> None:
        """The object is there when this returns, also after a loss of power. EvidenceUnavailable."""
        await asyncio.to_thread(self._put, sha256, content)

    async def put_missing(self, sha256: str, content: IO[bytes] | bytes) -> None:
        """The same for one that was put a moment ago: only where it is gone again."""
        await asyncio.to_thread(self._put_missing, sha256, content)

    async def delete(self, sha256: str) -> None:
        """The object is not there when this returns, whether it was or not. EvidenceUnavailable."""
        await asyncio.to_thread(self._delete, sha256)

    async def clear(self, before: dt.datetime) -> int:
        """Deletes what posts that broke off before then left half written in a folder; how many files that were.

        A bucket has its life cycle for that. EvidenceUnavailable.
        """
        return await asyncio.to_thread(self._clear, before.timestamp())

    async def list_older(self, than: dt.datetime) -> list[str]:
        """The hashes of all objects that were put before then. EvidenceUnavailable."""
        return await asyncio.to_thread(self._list_older, than)

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """All bytes; the last of them only when the hash is right, so nobody takes a damaged object for a whole one.

        UnknownThing when it is not there, DamagedEvidence, EvidenceUnavailable.
        """
        chunks = await asyncio.to_thread(self._open, sha256)
        digest, held = hashlib.sha256(), b""
        while (chunk := await asyncio.to_thread(_next, chunks)) is not None:
            digest.update(chunk)
            if held:
                yield held
            held = chunk
        if digest.hexdigest() != sha256:
            raise DamagedEvidence(sha256)
        yield held

    async def read_range(self, sha256: str, first: int, last: int) -> AsyncIterator[bytes]:
        """The bytes from `first` to `last`, both included, of an object that was verified as a whole before.

        It is verified again whenever the store says that it has changed. The same errors as of `read`.
        """
        await asyncio.to_thread(self._verify, sha256)
        for start in range(first, last + 1, CHUNK):
            yield await asyncio.to_thread(self._part, sha256, start, min(start + CHUNK, last + 1))

    def _put(self, sha256: str, content: IO[bytes] | bytes) -> None:
        try:
            if not isinstance(content, bytes):
                content.seek(0)
            obstore.put(self._store, key_of(sha256), content)
            if isinstance(self._store, LocalStore) and self._store.prefix is not None:
                with contextlib.suppress(FileNotFoundError):  # others deleted it at once: `put_missing` looks again
                    _sync(Path(self._store.prefix) / key_of(sha256))
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error

    def _put_missing(self, sha256: str, content: IO[bytes] | bytes) -> None:
        try:
            obstore.head(self._store, key_of(sha256))
        except FileNotFoundError:
            self._put(sha256, content)
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error

    def _delete(self, sha256: str) -> None:
        try:
            obstore.delete(self._store, key_of(sha256))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error

    def _list_older(self, than: dt.datetime) -> list[str]:
        try:
            every = [one for some in obstore.list(self._store) for one in some if one["last_modified"] < than]
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error
        named = [(one["path"], one["path"].rpartition("/")[2]) for one in every]
        return [sha256 for path, sha256 in named if is_sha256(sha256) and path == key_of(sha256)]

    def _clear(self, before: float) -> int:
        if not isinstance(self._store, LocalStore) or self._store.prefix is None:
            return 0
        deleted = 0
        for path in Path(self._store.prefix).glob(HALVES):
            try:
                if path.stat().st_mtime < before:
                    path.unlink()
                    deleted += 1
            except FileNotFoundError:  # another worker was here
                continue
            except OSError as error:
                raise EvidenceUnavailable(_short(error)) from error
        return deleted

    def _open(self, sha256: str) -> Iterator[bytes]:
        try:
            return iter(obstore.get(self._store, key_of(sha256)).stream(min_chunk_size=CHUNK))
        except FileNotFoundError:
            raise UnknownThing("evidence", sha256) from None
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error

    def _verify(self, sha256: str) -> None:
        try:
            meta = obstore.head(self._store, key_of(sha256))
        except FileNotFoundError:
            raise UnknownThing("evidence", sha256) from None
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error
        version = (sha256, f"{meta['e_tag']} {meta['last_modified']} {meta['size']}")
        if version in self._verified:
            return
        digest, chunks = hashlib.sha256(), self._open(sha256)
        while (chunk := _next(chunks)) is not None:
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise DamagedEvidence(sha256)
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified[version] = None

    def _part(self, sha256: str, start: int, end: int) -> bytes:
        try:
            return bytes(obstore.get_range(self._store, key_of(sha256), start=start, end=end))
        except (BaseError, OSError) as error:
            raise EvidenceUnavailable(_short(error)) from error


def open_store(url: str | None, folder: Path) -> EvidenceStore:
    """The store at `s3://bucket/prefix`, `file:///folder` or `memory:///`; without a URL, the folder.

    Keys and endpoint of a bucket come from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` …).
    ServerFailed when there is no such kind of store.
    """
    try:
        if url is None:
            return EvidenceStore(LocalStore(folder.resolve(), mkdir=True))
        if url.startswith("file://"):
            return EvidenceStore(LocalStore.from_url(url, mkdir=True))
        return EvidenceStore(MemoryStore() if url.startswith("memory:") else from_url(url, retry_config=RETRIES))
    except (BaseError, OSError, ValueError) as error:
        raise ServerFailed(f"VITO_EVIDENCE_URL cannot be used: {_short(error)}") from None


def key_of(sha256: str) -> str:
    """Where an object lies; 256 folders, so that none holds millions."""
    return f"{sha256[:2]}/{sha256}"


def _sync(path: Path) -> None:
    """A file, its name and that of its folder are on the disk."""
    for place in (path, path.parent, path.parent.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _next(chunks: Iterator[bytes]) -> bytes | None:
    try:
        chunk = next(chunks, None)
        return None if chunk is None else bytes(chunk)
    except (BaseError, OSError) as error:
        raise EvidenceUnavailable(_short(error)) from error


def _short(error: Exception) -> str:
    """The first line; what follows are the library's insides."""
    return (str(error) or type(error).__name__).splitlines()[0][:200]
