"""Frames become a recording: in the order of their times, each once, with silence where some are missing."""

from __future__ import annotations

import datetime as dt
import io
import wave
from collections.abc import Sequence
from typing import Any

import numpy as np

from vitograph.ingest.voice.mulaw import RATE, SILENCE, to_linear
from vitograph.ingest.voice.speech import INBOUND, TRACKS
from vitograph.ingest.voice.spool import Stream
from vitograph.ingest.voice.twilio import Media

AHEAD = 60.0  # seconds by which a time stamp may run ahead of the clock; beyond, it is a mistake and makes no silence
_SLACK = RATE // 50  # samples by which a frame may lie beside its place: one frame


def record(streams: Sequence[Stream]) -> tuple[tuple[str, ...], bytes]:
    """The tracks that were received and a WAV file with one channel each (16 bit, 8 kHz). Without frames: silence.

    Streams of one call lie where they began.
    """
    began = [dt.datetime.fromisoformat(stream.facts["started_at"]) for stream in streams]
    sounds: dict[str, list[tuple[int, bytes]]] = {}
    for stream, moment in zip(streams, began, strict=True):
        offset = round((moment - began[0]).total_seconds() * RATE)
        frames = list(stream.read())
        for track in TRACKS:
            if own := [frame for frame in frames if frame.track == track]:
                sounds.setdefault(track, []).append((offset, lay_out(own, stream.seconds + AHEAD)))
    tracks = tuple(track for track in TRACKS if track in sounds) or (INBOUND,)
    laid = [_joined(sounds.get(track, [])) for track in tracks]
    length = max(len(sound) for sound in laid) or RATE // 10
    padded = [sound + bytes([SILENCE]) * (length - len(sound)) for sound in laid]
    return tracks, write_wav(np.stack([to_linear(sound) for sound in padded], axis=1))


def lay_out(frames: Sequence[Media], most: float) -> bytes:
    """The µ-law bytes of one track of one stream; silence reaches no further than so many seconds."""
    each = {(frame.chunk, frame.timestamp): frame for frame in frames}
    ordered = sorted(each.values(), key=lambda frame: (frame.timestamp, frame.chunk))
    sound = bytearray()
    for frame in ordered:
        place = int(min(frame.timestamp / 1000, most) * RATE)
        if place > len(sound) + _SLACK:
            sound += bytes([SILENCE]) * (place - len(sound))
        sound += frame.payload
    return bytes(sound)


def _joined(pieces: Sequence[tuple[int, bytes]]) -> bytes:
    sound = bytearray()
    for offset, piece in pieces:
        sound += bytes([SILENCE]) * (offset - len(sound))
        sound += piece
    return bytes(sound)


def write_wav(samples: Any) -> bytes:
    """A WAV file of 16 bits and 8 kHz; a column of the samples is a channel."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return target.getvalue()
