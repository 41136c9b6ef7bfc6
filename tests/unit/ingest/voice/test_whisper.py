"""What is taken for a recording."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

pytest.importorskip("faster_whisper")

from vitograph.ingest.voice.whisper import check_sound, read_channels


def recording(folder: Path, rate: int) -> Path:
    path = folder / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * 8_000))
    return path


@pytest.mark.parametrize("rate", [1, 100, 5_999, 192_001, 4_000_000])
def test_a_rate_that_nothing_records_at_is_refused(tmp_path: Path, rate: int) -> None:
    for read in (check_sound, read_channels):
        with pytest.raises(ValueError, match=f"has {rate} samples a second; 6000 to 192000 are taken"):
            read(recording(tmp_path, rate), 1)


@pytest.mark.parametrize("rate", [6_000, 8_000, 11_025, 16_000, 44_100, 48_000, 96_000, 192_000])
def test_a_rate_of_telephony_or_recorders_is_taken(tmp_path: Path, rate: int) -> None:
    check_sound(recording(tmp_path, rate), 1)
