"""Messages of Twilio's Media Streams protocol, read and checked. All numbers in it are strings.

Source: Twilio's documentation "Media Streams – WebSocket messages", version 1.0.0 of the protocol.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.ingest.voice.speech import INBOUND, OUTBOUND, TRACKS

LARGEST_MESSAGE = 64 << 10  # bytes; a frame of 20 ms has some 300
LARGEST_PAYLOAD = 16 << 10
LONGEST_PARAMETER = 2048  # characters
FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
TRACK_NUMBERS = {INBOUND: 0, OUTBOUND: 1}

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST = 1 << 32


class BadMessage(ValueError):
    """It is no message of the protocol."""


class BadFormat(ValueError):
    """The stream is not 8 kHz µ-law, or does not say whose it is."""


@dataclass(frozen=True, slots=True)
class Start:
    """A stream begins. `parameters` are what the call's `<Parameter>`s say."""

    stream_sid: str
    call_sid: str
    tracks: tuple[str, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Media:
    """Some milliseconds of one speaker: µ-law bytes; `timestamp` in milliseconds from the stream's beginning."""

    track: str
    chunk: int
    timestamp: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """The stream ended on purpose."""


def read(text: str | bytes) -> Start | Media | Stop | None:
    """The message, or None for one of which nothing is ours (`connected`, `dtmf`, `mark`). BadMessage, BadFormat."""
    if len(text) > LARGEST_MESSAGE:
        raise BadMessage("the message is too large")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadMessage("the message is not JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("event"), str):
        raise BadMessage("the message names no event")
    match message["event"]:
        case "start":
            return _start(message)
        case "media":
            return _media(_mapping(message.get("media")))
        case "stop":
            return Stop()
        case _:
            return None


def _start(message: Mapping[str, Any]) -> Start:
    start = _mapping(message.get("start"))
    format = _mapping(start.get("mediaFormat"))
    stated = {name: _whole(format.get(name)) if name != "encoding" else format.get(name) for name in FORMAT}
    if stated != FORMAT:
        raise BadFormat("the stream must be audio/x-mulaw with 8000 samples a second and one channel")
    stream, call = (start.get("streamSid") or message.get("streamSid"), start.get("callSid"))
    for name, sid in (("streamSid", stream), ("callSid", call)):
        if not isinstance(sid, str) or not _SID.fullmatch(sid):
            raise BadFormat(f"the start names no {name}")
    tracks = start.get("tracks")
    named = tuple(one for one in tracks if one in TRACKS) if isinstance(tracks, list) else ()
    custom = start.get("customParameters")
    pairs = custom.items() if isinstance(custom, dict) else ()
    parameters = {name: value[:LONGEST_PARAMETER] for name, value in pairs if isinstance(value, str)}
    return Start(str(stream), str(call), named, parameters)


def _media(media: Mapping[str, Any]) -> Media:
    track = media.get("track", INBOUND)
    chunk, timestamp, payload = _whole(media.get("chunk")), _whole(media.get("timestamp")), media.get("payload")
    if track not in TRACKS or chunk is None or timestamp is None or not isinstance(payload, str):
        raise BadMessage("a media message names track, chunk, timestamp and payload")
    try:
        sound = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise BadMessage("the payload is not base64") from None
    if len(sound) > LARGEST_PAYLOAD:
        raise BadMessage("the payload is too large")
    return Media(str(track), chunk, timestamp, sound)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadMessage("a part of the message is missing")
    return value


def _whole(value: object) -> int | None:
    """A whole number below 2^32, also as a string."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) < _LARGEST else None
