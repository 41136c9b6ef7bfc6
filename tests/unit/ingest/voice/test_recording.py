"""Frames become sound: in their order, each once, with silence for what is missing; and µ-law is what G.711 says."""

from __future__ import annotations

import datetime as dt
import io
import random
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vitograph.ingest.voice.mulaw import SILENCE, TABLE, from_linear, to_linear
from vitograph.ingest.voice.recording import lay_out, record
from vitograph.ingest.voice.spool import Spool
from vitograph.ingest.voice.twilio import Media

FRAME = 160


def frame(number: int, byte: int | None = None, track: str = "inbound") -> Media:
    return Media(track, number + 1, number * 20, bytes([number if byte is None else byte]) * FRAME)


def facts(**changes: Any) -> dict[str, Any]:
    return {"started_at": "2026-11-25T10:00:00+00:00", "parameters": {}, "tracks": ["inbound"]} | changes


def samples(wav: bytes) -> Any:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def test_mulaw_is_that_of_g711() -> None:
    assert (TABLE[0x00], TABLE[0x80], TABLE[0x7F], TABLE[0xFF]) == (-32124, 32124, 0, 0)
    assert len(set(TABLE.tolist())) == 255
    codes = bytes(range(256))
    again = from_linear(to_linear(codes))
    assert to_linear(again).tolist() == to_linear(codes).tolist()


def test_frames_out_of_order_and_twice_are_the_same_sound() -> None:
    frames = [frame(number) for number in range(50)]
    mixed = [*frames, *frames[10:20]]
    random.Random(3).shuffle(mixed)
    assert lay_out(mixed, 60) == lay_out(frames, 60) == b"".join(one.payload for one in frames)


def test_a_gap_is_silence_of_its_length() -> None:
    sound = lay_out([frame(0), frame(5)], 60)
    assert len(sound) == 6 * FRAME
    assert set(sound[FRAME : 5 * FRAME]) == {SILENCE}


def test_a_mistaken_time_makes_no_endless_silence() -> None:
    sound = lay_out([frame(0), Media("inbound", 2, 2**31, b"\x01" * FRAME)], 2)
    assert len(sound) == 2 * 8000 + FRAME


def test_a_frame_of_another_length_shifts_nothing() -> None:
    long = Media("inbound", 1, 0, b"\x01" * (FRAME + 8))
    assert len(lay_out([long, frame(1)], 60)) == 2 * FRAME + 8


def test_both_tracks_lie_side_by_side_and_a_second_stream_where_it_began(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    moments = ("2026-11-25T10:00:00+00:00", "2026-11-25T10:00:01+00:00")
    for sid, moment in zip(("MZ1", "MZ2"), moments, strict=True):
        writer = spool.open_stream("CA1", sid, facts(started_at=moment))
        writer.append(frame(0, 0x10))
        writer.append(frame(0, 0x20, "outbound"))
        writer.close(stopped=True)
    tracks, wav = record(spool.call("CA1").streams())
    assert tracks == ("inbound", "outbound")
    sound = samples(wav)
    assert sound.shape == (8000 + FRAME, 2)
    assert (sound[0] == [TABLE[0x10], TABLE[0x20]]).all()
    assert (sound[8000] == [TABLE[0x10], TABLE[0x20]]).all()
    assert not sound[FRAME:8000].any()


def test_a_call_without_a_frame_is_a_moment_of_silence(tmp_path: Path) -> None:
    Spool(tmp_path).open_stream("CA1", "MZ1", facts()).close(stopped=True)
    tracks, wav = record(Spool(tmp_path).call("CA1").streams())
    assert tracks == ("inbound",)
    assert not samples(wav).any()


@pytest.mark.parametrize("moment", ["2026-11-25T10:00:00+00:00", "2026-11-25T12:00:00+02:00"])
def test_the_beginning_is_read_with_its_offset(tmp_path: Path, moment: str) -> None:
    Spool(tmp_path).open_stream("CA1", "MZ1", facts(started_at=moment)).close(stopped=True)
    began = dt.datetime.fromisoformat(Spool(tmp_path).call("CA1").streams()[0].facts["started_at"])
    assert began == dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
