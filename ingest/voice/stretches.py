"""A call is heard while it goes on: in stretches, each cut where nobody speaks, joined when it is over.

A stretch is good as long as the recording holds the very sound that was heard: frames may come late.
"""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vitograph.ingest.voice.mulaw import RATE
from vitograph.ingest.voice.recording import write_wav
from vitograph.ingest.voice.speech import Transcript

LEAST = 10.0  # seconds of a stretch: a model hears half a minute at once, and takes as long for less
PAUSE = 1.2  # seconds without a word, of anybody, that end a stretch
_FRAME = RATE // 50


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was heard between two moments (seconds) of a recording, and the hash of that sound."""

    since: float
    until: float
    digest: str
    transcript: Transcript

    def to_json(self) -> dict[str, Any]:
        return {
            "since": self.since,
            "until": self.until,
            "digest": self.digest,
            "transcript": self.transcript.to_json(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Stretch:
        return cls(kept["since"], kept["until"], kept["digest"], Transcript.from_json(kept["transcript"]))


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as samples: one column a track."""

    tracks: tuple[str, ...]
    samples: Any

    @classmethod
    def of(cls, tracks: Sequence[str], recording: bytes) -> Sound:
        """Of a WAV file of 16 bits and 8 kHz, as calls are recorded."""
        with wave.open(io.BytesIO(recording)) as file:
            content = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            return cls(tuple(tracks), content.reshape(-1, file.getnchannels()))

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def part(self, since: float, until: float) -> Any:
        return self.samples[round(since * RATE) : round(until * RATE)]

    def wav(self, since: float, until: float) -> bytes:
        """The part as a recording of its own."""
        return write_wav(self.part(since, until))

    def digest(self, since: float, until: float) -> str:
        named = " ".join(self.tracks).encode()
        return hashlib.sha256(named + b"\n" + self.part(since, until).astype("<i2").tobytes()).hexdigest()

    def last_pause(self, since: float) -> float:
        """The middle of the last pause after a moment, in seconds; that moment where there is none."""
        quiet = _quiet(self.part(since, self.seconds))
        needed, run = round(PAUSE * RATE / _FRAME), 0
        for number in reversed(range(len(quiet))):
            run = run + 1 if quiet[number] else 0
            if run == needed:
                return since + (number + needed / 2) * _FRAME / RATE
        return since


def still_heard(stretches: Iterable[Stretch], sound: Sound) -> list[Stretch]:
    """Those from the beginning of which the recording still holds the sound, without a gap."""
    found: list[Stretch] = []
    for stretch in stretches:
        begins = found[-1].until if found else 0.0
        if stretch.since != begins or stretch.digest != sound.digest(stretch.since, stretch.until):
            break
        found.append(stretch)
    return found


def joined(stretches: Sequence[Stretch], sound: Sound) -> Transcript:
    """One transcript of the whole recording, with its times."""
    first = stretches[0].transcript
    words, rechecks, breaks = [], [], 0
    for stretch in stretches:
        at = stretch.since
        for track, word in stretch.transcript.words:
            start, end = round(word.start + at, 2), round(word.end + at, 2)
            words.append((track, replace(word, segment=word.segment + breaks, start=start, end=end)))
        for one in stretch.transcript.rechecks:
            rechecks.append(replace(one, start=round(one.start + at, 2), end=round(one.end + at, 2)))
        breaks = max((word.segment for _, word in words), default=-1) + 1
    return Transcript(first.model, first.language, sound.seconds, sound.tracks, tuple(words), tuple(rechecks))


def _quiet(samples: Any) -> list[bool]:
    """For each fiftieth of a second, whether nobody speaks in it: hardly louder than the quietest tenth of the sound.

    Where the line is so noisy that nothing stands out, nothing is quiet.
    """
    count = len(samples) // _FRAME
    if not count:
        return []
    frames = samples[: count * _FRAME].astype(np.float64).reshape(count, _FRAME, -1)
    loudness = np.sqrt(np.mean(frames**2, axis=1))
    floor = np.percentile(loudness, 10, axis=0)
    loud = np.percentile(loudness, 95, axis=0)
    bar = np.maximum(2 * floor, 50.0)
    return [bool(one) for one in np.all((loudness <= bar) & ((bar < loud / 2) | (loud < 100.0)), axis=1)]
