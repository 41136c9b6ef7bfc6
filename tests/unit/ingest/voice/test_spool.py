"""What was received stays: through a torn write, a stream that comes back, and a worker that is at it already."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from vitograph.ingest.voice import spool as spool_module
from vitograph.ingest.voice.spool import GRACE, LONGEST, STEPS, Spool
from vitograph.ingest.voice.twilio import Media
from vitograph.resolver.errors import WrongState

FACTS: dict[str, Any] = {"started_at": "2026-11-25T10:00:00+00:00", "parameters": {"campaign": "x"}}


def frame(number: int) -> Media:
    return Media("inbound", number, number * 20, bytes([number]) * 160)


def receive(spool: Spool, call: str = "CA1", stream: str = "MZ1", stopped: bool = True) -> None:
    writer = spool.open_stream(call, stream, FACTS)
    for number in range(5):
        writer.append(frame(number))
    writer.close(stopped)


def test_a_stream_is_read_back_as_it_came(tmp_path: Path) -> None:
    receive(Spool(tmp_path))
    (stream,) = Spool(tmp_path).call("CA1").streams()
    assert stream.facts == FACTS
    assert list(stream.read()) == [frame(number) for number in range(5)]


@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_stream_takes_the_place_of_a_step(tmp_path: Path, step: str) -> None:
    with pytest.raises(WrongState):
        Spool(tmp_path).open_stream("CA1", step, FACTS)
    assert Spool(tmp_path).receiving() == []


def test_a_call_is_full_when_its_frames_are_as_many_as_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", 1_000)
    receive(Spool(tmp_path))
    writer = Spool(tmp_path).open_stream("CA1", "MZ2", FACTS)
    assert not writer.is_full
    writer.append(frame(1))
    assert writer.is_full
    writer.close(stopped=False)


def test_streams_of_a_call_that_come_at_once_fill_it_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", 1_000)
    one, other = (Spool(tmp_path).open_stream("CA1", stream, FACTS) for stream in ("MZ1", "MZ2"))
    for number in range(4):
        one.append(frame(number))
        other.append(frame(number))
    assert not one.is_full
    for writer in (one, other):
        writer.sync()
        assert writer.is_full
        writer.close(stopped=False)


def test_a_stream_that_came_back_after_days_is_no_days_of_sound(tmp_path: Path) -> None:
    receive(Spool(tmp_path))
    os.utime(tmp_path / "CA1" / "MZ1.frames", (2e9, 2e9))
    assert Spool(tmp_path).call("CA1").streams()[0].seconds == LONGEST


@pytest.mark.parametrize("cut", [1, 4, 100, 170])
def test_a_torn_last_frame_costs_only_itself(tmp_path: Path, cut: int) -> None:
    receive(Spool(tmp_path))
    path = tmp_path / "CA1" / "MZ1.frames"
    os.truncate(path, path.stat().st_size - cut)
    assert list(Spool(tmp_path).call("CA1").streams()[0].read()) == [frame(number) for number in range(4)]


@pytest.mark.parametrize("cut", [1, 4, 100, 170])
def test_what_comes_behind_a_torn_frame_is_heard(tmp_path: Path, cut: int) -> None:
    """The stream broke off with the machine, and came back."""
    receive(Spool(tmp_path), stopped=False)
    path = tmp_path / "CA1" / "MZ1.frames"
    os.truncate(path, path.stat().st_size - cut)
    receive(Spool(tmp_path))
    heard = list(Spool(tmp_path).call("CA1").streams()[0].read())
    assert heard == [frame(number) for number in (*range(4), *range(5))]


def test_a_frame_that_does_not_fit_on_the_disk_tears_no_other(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    writer = spool.open_stream("CA1", "MZ1", FACTS)
    writer.append(frame(0))
    room = (tmp_path / "CA1" / "MZ1.frames").stat().st_size + 50
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OSError, match="No space left"):
            writer.append(frame(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    writer.append(frame(2))
    writer.close(stopped=True)
    assert list(spool.call("CA1").streams()[0].read()) == [frame(0), frame(2)]


def test_a_stream_that_there_was_no_room_to_begin_may_begin_later(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    in_the_way = tmp_path / "CA1" / f".MZ1.json.{os.getpid()}"
    in_the_way.mkdir(parents=True)
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            spool.open_stream("CA1", "MZ1", FACTS)
    in_the_way.rmdir()
    receive(spool)
    assert [one.sid for one in spool.waiting()] == ["CA1"]


def test_a_call_is_over_when_nobody_writes_it_and_nobody_may_come_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    writer = spool.open_stream("CA1", "MZ1", FACTS)
    assert spool.waiting() == []
    with pytest.raises(WrongState):
        spool.open_stream("CA1", "MZ1", FACTS)
    writer.close(stopped=False)
    call = spool.call("CA1")
    assert not call.is_over(time.time())
    assert call.is_over(time.time() + GRACE + 1)
    receive(spool, stream="MZ2")
    assert not call.is_over(time.time())
    (tmp_path / "CA1" / "MZ1.stopped").touch()
    assert [one.sid for one in spool.waiting()] == ["CA1"]


def test_a_call_is_worked_on_by_one(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    receive(spool)
    with spool.call("CA1").claimed() as first, spool.call("CA1").claimed() as second:
        assert (first, second) == (True, False)
    with spool.call("CA1").claimed() as again:
        assert again
    with spool.call("CA2").claimed() as nobody:
        assert not nobody


def test_a_call_may_be_removed_while_others_look_whether_it_is_theirs(tmp_path: Path) -> None:
    """Each look makes the file of the lock where it is gone, so also while the folder is being emptied."""
    spool, done, sound = Spool(tmp_path / "calls"), threading.Event(), tmp_path / "call.wav"
    sound.write_bytes(b"RIFF")

    def look() -> None:
        while not done.is_set():
            for call in spool.waiting():
                with call.claimed():
                    pass

    others = [threading.Thread(target=look) for _ in range(3)]
    for other in others:
        other.start()
    try:
        for _ in range(100):
            spool.add_file("CA1", sound, FACTS).remove()
    finally:
        done.set()
        for other in others:
            other.join()
    for call in spool.waiting():
        call.remove()
    assert not list(spool.folder.iterdir())


def test_a_stream_that_begins_while_its_call_is_worked_on_goes_beside_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    receive(spool)
    with spool.call("CA1").claimed() as ours:
        assert ours
        receive(spool, stream="MZ2")
        spool.call("CA1").remove()
    (left,) = spool.waiting()
    assert (left.sid, left.folder.name) == ("CA1", "CA1~MZ2")
    assert [stream.sid for stream in left.streams()] == ["MZ2"]


def test_a_file_is_a_call_that_is_over(tmp_path: Path) -> None:
    recording = tmp_path / "call.wav"
    recording.write_bytes(b"RIFF")
    spool = Spool(tmp_path / "calls")
    for _ in range(2):
        call = spool.add_file("file-1", recording, FACTS)
    assert spool.waiting() == [call]
    assert (call.folder / "file.wav").read_bytes() == b"RIFF"
    assert [path.name for path in (tmp_path / "calls").iterdir()] == ["file-1"]


def test_how_long_calls_wait_to_be_heard_is_told(tmp_path: Path) -> None:
    """From the last of their sound on, however often it was tried meanwhile; one that goes on does not wait."""
    spool = Spool(tmp_path)
    assert spool.backlog() == (0, 0.0)
    receive(spool, "CA1")
    receive(spool, "CA2")
    spool.open_stream("CA3", "MZ1", FACTS).append(frame(1))
    hour_ago = time.time() - 3600
    os.utime(spool.call("CA1").folder / "MZ1.frames", (hour_ago, hour_ago))
    spool.call("CA1").keep("failures", 1)
    waiting, lag = spool.backlog()
    assert waiting == 2
    assert 3600 <= lag < 3660
    spool.call("CA1").remove()
    assert spool.backlog()[0] == 1


def test_steps_are_kept(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    receive(spool)
    call = spool.call("CA1")
    assert call.kept("observation") is None
    call.keep("observation", {"id": "call:CA1"})
    assert call.kept("observation") == {"id": "call:CA1"}
    assert [stream.sid for stream in call.streams()] == ["MZ1"]
