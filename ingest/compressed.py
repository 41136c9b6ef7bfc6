"""Bodies that may be gzip, whatever their headers say, and that may not become larger than they may be."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"

MOST_PARTS = 100
"""Members of one gzip. What follows a member is copied, so the smallest that many may be would keep us for seconds."""


class TooLarge(Exception):
    """It would become larger than is allowed; nothing beyond that was unpacked."""


class NotGzip(Exception):
    """It claims to be gzip and is not, or ends too early."""


def unpacked(raw: bytes, most: int, claims_gzip: bool = False) -> bytes:
    """The body, unpacked when it is gzip by its first bytes (RFC 1952). `most`: bytes of what is unpacked."""
    if raw[:2] != _GZIP:
        if claims_gzip and raw[:1] not in (b"{", b"["):
            raise NotGzip("the body says that it is gzip and is not")
        if len(raw) > most:
            raise TooLarge
        return raw
    parts: list[bytes] = []
    left = most + 1
    while raw:
        if len(parts) == MOST_PARTS:
            raise NotGzip(f"the body is gzip in more than {MOST_PARTS} parts")
        unpacker = zlib.decompressobj(wbits=31)
        try:
            part = unpacker.decompress(raw, left)
        except zlib.error as error:
            raise NotGzip(f"the body cannot be unpacked: {error}") from None
        parts.append(part)
        left -= len(part)
        if left <= 0:
            raise TooLarge
        if not unpacker.eof:
            raise NotGzip("the body ends before its gzip does")
        raw = unpacker.unused_data
    return b"".join(parts)
