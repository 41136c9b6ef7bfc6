"""Files posted as multipart/form-data (RFC 7578): hashed, capped and written to a file without a name on arrival: it is
gone with its process, however that ends.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from vitograph.api.wire.errors import Problem
from vitograph.graph.embedded.disk import FULL
from vitograph.resolver.errors import EvidenceUnavailable, Fault, InvalidInput

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MULTIPART = b"multipart/form-data"
DEFAULT_MEDIA_TYPE = "application/octet-stream"
MOST_BESIDE = 64 << 10
"""Bytes of a body beside its file: what stands round it, and other fields."""
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived whole. It is gone when its `receive_file` is left."""

    content: IO[bytes]
    sha256: str
    media_type: str
    bytes: int


@asynccontextmanager
async def receive_file(request: Request, most: int) -> AsyncIterator[Upload]:
    """The one file of the body, of at most so many bytes.

    415 when the body is not multipart, 400 when it is broken or ends too early, 413 when it is too large, InvalidInput
    when there is no file in it or more than one, EvidenceUnavailable when the disk is full.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != MULTIPART or not boundary:
        raise Problem(415, "post the file as multipart/form-data, as `curl -F file=@call.wav` does")
    try:
        with tempfile.TemporaryFile() as file:
            parts = await _receive(request, boundary, _Parts(file, most), most + MOST_BESIDE)
            file.flush()
            yield Upload(file, parts.digest.hexdigest(), parts.media_type, parts.bytes)
    except OSError as error:  # what is left in the buffer is refused once more when the file is closed
        if error.errno not in FULL:
            raise
        raise EvidenceUnavailable("there is no room to take a file in; try again later") from error


async def _receive(request: Request, boundary: bytes, parts: _Parts, most: int) -> _Parts:
    """The parts, when the whole body of at most so many bytes has gone through them."""
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        arrived = 0
        async for chunk in request.stream():
            arrived += len(chunk)
            if arrived > most:
                raise Problem(413, f"a body of this call may have {most} bytes")
            parser.write(chunk)
        parser.finalize()
    except FormParserError as error:
        raise Problem(400, f"the body is not multipart/form-data: {error}") from None
    except ClientDisconnect:
        raise Problem(400, "the body ended too early") from None
    if not parts.is_complete:
        raise Problem(400, "the body ended too early")
    if parts.files != 1:
        raise InvalidInput([Fault("/file", f"the form must hold one file; it holds {parts.files}")])
    return parts


class _Parts:
    """What the parser says: of parts that name a file, the bytes go to `file`; other fields are left out."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._name = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._in_file = False
        self.files = 0
        self.bytes = 0
        self.digest = hashlib.sha256()
        self.media_type = DEFAULT_MEDIA_TYPE
        self.is_complete = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._headers.clear,
            "on_header_begin": self._begin_header,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_part,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def _begin_header(self) -> None:
        self._name = self._value = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.lower()] = self._value

    def _begin_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._in_file = b"filename" in options or options.get(b"name") == b"file"
        if not self._in_file:
            return
        self.files += 1
        stated, _ = parse_options_header(self._headers.get(b"content-type", b""))
        named = stated.decode("latin-1").lower()
        self.media_type = named if _MEDIA_TYPE.fullmatch(named) else DEFAULT_MEDIA_TYPE

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file or self.files > 1:
            return
        self.bytes += end - start
        if self.bytes > self._most:
            raise Problem(413, f"a file may have {self._most} bytes")
        self.digest.update(data[start:end])
        self._file.write(data[start:end])

    def _end(self) -> None:
        self.is_complete = True
