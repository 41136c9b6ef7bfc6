"""Images of artifacts by their checksum, in a folder or an object store: what is there is never changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from vitograph.resolver.artifacts import IMAGE_TYPES, media_type
from vitograph.resolver.errors import Fault, ImagesUnavailable, InvalidInput

MOST_BYTES = 8 << 20


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
        with _translated(), suppress(AlreadyExistsError):
            await asyncio.to_thread(obstore.put, self._store(), _place(image.sha256), content, mode="create")
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

    def _read(self, sha256: str) -> bytes:
        return bytes(obstore.get(self._store(), _place(sha256)).bytes())

    def _store(self) -> ObjectStore:
        if self._opened is None:
            if self.url is None or self.url.startswith("file://"):
                place = self.folder if self.url is None else Path(self.url.removeprefix("file://"))
                self._opened = LocalStore(place, mkdir=True)
            else:
                self._opened = from_url(self.url)
        return self._opened


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        raise ImagesUnavailable(f"the store of images cannot be used: {type(error).__name__}") from error
