"""Images of artifacts by their checksum, in a folder or an object store: what is there is never changed.

What no artifact names any more is set aside for a day and then deleted. Whoever asks for one that is set aside has it
put back first, so nothing is deleted that somebody has just found here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from vitograph.resolver.errors import Fault, ImagesUnavailable, InvalidInput
from vitograph.resolver.publishing.artifacts import IMAGE_TYPES, is_sha256, media_type

if TYPE_CHECKING:
    from obstore.store import RetryConfig

MOST_BYTES = 8 << 20

ASIDE = "aside/"
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=10)}
"""Somebody waits for the answer: a store that is away for longer is said to be."""
KEPT_FOR = dt.timedelta(days=1)
"""For so long an image waits to be named after it was posted, and to be asked for after it was set aside."""

AreNamed = Callable[[], Awaitable[set[str]]]
"""The checksums that artifacts name now."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image: SHA-256 in hex, media type, and its bytes."""

    sha256: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Images:
    """A store at `s3://bucket/prefix`, `file:///folder`, …; without an address the folder, made when it is first used.

    Every call may raise ImagesUnavailable.
    """

    url: str | None
    folder: Path
    _opened: ObjectStore | None = field(default=None, init=False)

    async def put(self, content: bytes) -> Image:
        """Keeps an image, once. InvalidInput for what is none, or too large."""
        if len(content) > MOST_BYTES:
            raise InvalidInput([Fault("", f"an image may have {MOST_BYTES} bytes")])
        kind = media_type(content)
        if kind is None:
            raise InvalidInput([Fault("", f"is no image of a type that is taken: {', '.join(IMAGE_TYPES)}")])
        image = Image(hashlib.sha256(content).hexdigest(), kind, content)
        with _translated():
            # Written over what is the same, so that it counts as posted now.
            await asyncio.to_thread(obstore.put, self._store(), _place(image.sha256), content)
        return image

    async def get(self, sha256: str) -> Image | None:
        """The image of a checksum; None where there is none, or its bytes are not those that were put."""
        with _translated():
            try:
                content = await asyncio.to_thread(self._read, sha256)
            except FileNotFoundError:
                return None
        kind = media_type(content)
        if kind is None or hashlib.sha256(content).hexdigest() != sha256:
            return None
        return Image(sha256, kind, content)

    async def sweep(self, are_named: AreNamed, now: dt.datetime) -> int:
        """Sets aside what nobody names, deletes what was set aside a day ago; how many were deleted.

        May end anywhere, run twice at once, and be run again.
        """
        with _translated():
            kept, aside = await asyncio.to_thread(self._listed, now - KEPT_FOR)
            named = await are_named()
            await asyncio.to_thread(self._set_aside, kept - named)
            await asyncio.to_thread(self._put_back, aside & named)
            return await asyncio.to_thread(self._delete, aside - named)

    def _listed(self, before: dt.datetime) -> tuple[set[str], set[str]]:
        """The checksums of what is kept and of what is set aside, both since before a moment."""
        kept: set[str] = set()
        aside: set[str] = set()
        for some in obstore.list(self._store()):
            for one in some:
                sha256 = one["path"].rpartition("/")[2]
                if is_sha256(sha256) and one["last_modified"] < before:
                    (aside if one["path"].startswith(ASIDE) else kept).add(sha256)
        return kept, aside

    def _set_aside(self, checksums: set[str]) -> None:
        for sha256 in sorted(checksums):
            with suppress(FileNotFoundError):
                # Copied, not moved: it counts as set aside now.
                content = self._read_at(_place(sha256))
                obstore.put(self._store(), ASIDE + _place(sha256), content)
                obstore.delete(self._store(), _place(sha256))

    def _put_back(self, checksums: set[str]) -> None:
        for sha256 in sorted(checksums):
            with suppress(FileNotFoundError):
                obstore.put(self._store(), _place(sha256), self._read_at(ASIDE + _place(sha256)))
                obstore.delete(self._store(), ASIDE + _place(sha256))

    def _delete(self, checksums: set[str]) -> int:
        for sha256 in sorted(checksums):
            with suppress(FileNotFoundError):
                obstore.delete(self._store(), ASIDE + _place(sha256))
        return len(checksums)

    def _read(self, sha256: str) -> bytes:
        try:
            return self._read_at(_place(sha256))
        except FileNotFoundError:
            self._put_back({sha256})
            return self._read_at(_place(sha256))

    def _read_at(self, place: str) -> bytes:
        return bytes(obstore.get(self._store(), place).bytes())

    def _store(self) -> ObjectStore:
        if self._opened is None:
            if self.url is None or self.url.startswith("file://"):
                place = self.folder if self.url is None else Path(self.url.removeprefix("file://"))
                self._opened = LocalStore(place, mkdir=True)
            else:
                self._opened = from_url(self.url, retry_config=RETRIES)
        return self._opened


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        raise ImagesUnavailable(f"the store of images cannot be used: {type(error).__name__}") from error
