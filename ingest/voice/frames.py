"""How received frames lie in a file: one behind the other, each with its checksum, so that a torn one is known."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from vitograph.ingest.voice.speech import TRACKS
from vitograph.ingest.voice.twilio import TRACK_NUMBERS, Media

_HEAD = struct.Struct("<BIIH")  # track, chunk, timestamp, length
_SUM = struct.Struct("<I")


def pack(media: Media) -> bytes:
    """A frame as it lies in the file."""
    record = _HEAD.pack(TRACK_NUMBERS[media.track], media.chunk, media.timestamp, len(media.payload)) + media.payload
    return record + _SUM.pack(zlib.crc32(record))


def unpack(content: bytes) -> Iterator[tuple[Media, int]]:
    """The frames up to the first that is not whole, each with the place behind it."""
    place = 0
    while place + _HEAD.size <= len(content):
        track, chunk, timestamp, length = _HEAD.unpack_from(content, place)
        end = place + _HEAD.size + length
        if track >= len(TRACKS) or end + _SUM.size > len(content):
            return
        if _SUM.unpack_from(content, end)[0] != zlib.crc32(content[place:end]):
            return
        behind = end + _SUM.size
        yield Media(TRACKS[track], chunk, timestamp, content[place + _HEAD.size : end]), behind
        place = behind
