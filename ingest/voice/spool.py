"""Calls on disk, from the first frame until they are an event: nothing that was received is held in memory alone.

    <folder>/<call>/<stream>.json      who, when, and what the call's parameters say
    <folder>/<call>/<stream>.frames    every frame in the order received, each with its checksum; locked while written
    <folder>/<call>/<stream>.stopped   the stream ended on purpose
    <folder>/<call>/heard.json         what the worker has heard of it so far
    <folder>/<call>/recording.wav …    what it makes of it in the end, step by step
    <folder>/<call>/lock               whoever works on the call
    <folder>/<call>~<stream>/          a stream that began while its call was being worked on

A frame is written by one system call when it arrives, so it survives the process; once a second it is told to the disk.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from vitograph.ingest.voice.frames import pack, unpack
from vitograph.ingest.voice.twilio import Media
from vitograph.resolver.errors import WrongState

GRACE = 3.0
"""Seconds that a call whose socket broke may take to come back, before it is transcribed."""

LONGEST = 4 * 3600.0
"""Seconds that a stream may take, which is as long as Twilio lets a call be unless it is told otherwise."""

MOST_BYTES = 256 << 20
"""Of the frames of a call: both tracks of the longest. They are laid out in memory to be heard."""


class StreamWriter:
    """A stream that is being received; one process writes it."""

    def __init__(self, folder: Path, stream: str, facts: Mapping[str, Any]) -> None:
        """WrongState when it is being received already."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._stopped, frames = folder / f"{stream}.stopped", folder / f"{stream}.frames"
        self._file = os.open(frames, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A frame that was torn when the stream broke off would hide all that comes behind it.
            os.ftruncate(self._file, max((behind for _, behind in unpack(frames.read_bytes())), default=0))
            self._folder = folder
            self._left = self._measure()
            if not (folder / f"{stream}.json").exists():
                write_whole(folder / f"{stream}.json", orjson.dumps(dict(facts)))
        except BaseException as error:
            os.close(self._file)  # else nobody could write it, or work on its call, before this process ends
            if isinstance(error, BlockingIOError):
                raise WrongState(f"stream {stream} is being received already") from None
            raise

    def append(self, media: Media) -> None:
        """The frame is on its way to the disk, whatever becomes of this process. OSError when it does not fit there."""
        frame = pack(media)
        written = os.write(self._file, frame)
        if written < len(frame):
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._left -= written

    @property
    def is_full(self) -> bool:
        """Whether the call's frames are as many as are heard."""
        return self._left <= 0

    def sync(self) -> None:
        """What was appended survives the machine; and what the call's other streams took is counted."""
        os.fdatasync(self._file)
        self._left = self._measure()

    def _measure(self) -> int:
        return MOST_BYTES - SpooledCall(self._folder).bytes

    def close(self, stopped: bool) -> None:
        """No more will come; `stopped`: on purpose, so that nobody waits for its return."""
        with suppress(OSError):
            os.fdatasync(self._file)
        if stopped:
            self._stopped.touch()
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that was received: its facts, and its frames as they came."""

    sid: str
    facts: Mapping[str, Any]
    frames: Path

    @property
    def seconds(self) -> float:
        """For how long it was received, and no longer than it can be."""
        began = dt.datetime.fromisoformat(self.facts["started_at"]).timestamp()
        took = self.frames.stat().st_mtime - began if self.frames.exists() else 0.0
        return min(max(took, 0.0), LONGEST)

    def read(self) -> Iterator[Media]:
        """The frames up to the first that is not whole: the last one, where the machine went down."""
        content = self.frames.read_bytes() if self.frames.exists() else b""
        return (media for media, _ in unpack(content))


@dataclass(frozen=True, slots=True)
class SpooledCall:
    """A call's folder. `sid` is its CallSid."""

    folder: Path

    @property
    def sid(self) -> str:
        return self.folder.name.partition("~")[0]

    def streams(self) -> list[Stream]:
        """In the order they began."""
        found = [
            Stream(path.stem, orjson.loads(path.read_bytes()), path.with_suffix(".frames"))
            for path in self.folder.glob("*.json")
            if path.stem not in STEPS
        ]
        return sorted(found, key=lambda stream: (stream.facts["started_at"], stream.sid))

    def is_over(self, now: float) -> bool:
        """Whether nothing more is to come: nobody writes it, and it was stopped or has been silent for a while. Not so
        one that is being removed.
        """
        try:
            return all(_is_over(frames, now) for frames in self.folder.glob("*.frames"))
        except FileNotFoundError:
            return False

    def ended(self, now: float) -> float:
        """When the last of its sound came; now, where it is being removed."""
        try:
            return max(path.stat().st_mtime for kind in ("*.frames", "*.wav") for path in self.folder.glob(kind))
        except (FileNotFoundError, ValueError):
            return now

    @property
    def bytes(self) -> int:
        """Of all its frames."""
        return sum(path.stat().st_size for path in self.folder.glob("*.frames"))

    def kept(self, step: str) -> Any:
        """What an earlier attempt made of it; None where none came so far."""
        path = self.folder / f"{step}.json"
        return orjson.loads(path.read_bytes()) if path.exists() else None

    def keep(self, step: str, content: Any) -> None:
        write_whole(self.folder / f"{step}.json", orjson.dumps(content))

    def remove(self) -> None:
        """It is an event now. Whoever looks whether it is theirs makes its lock anew, so also when the others are gone:
        what is left then is removed by who looks next.
        """
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTEMPTY):
                raise

    @contextmanager
    def claimed(self) -> Iterator[bool]:
        """Whether the call is ours to work on, for as long as this is open."""
        with _locked(self.folder, fcntl.LOCK_EX) as is_locked:
            # Looked at again: a stream may have begun before the lock was ours; after it, it goes elsewhere.
            yield is_locked and self.is_over(time.time())

    @contextmanager
    def listened(self) -> Iterator[bool]:
        """Whether the call is ours to listen to while it goes on."""
        with _locked(self.folder, fcntl.LOCK_EX, "listening") as is_locked:
            yield is_locked


FILE = "file"
"""The stream of a call that was handed in as a file."""

STEPS = frozenset({"heard", "transcript", "observation", "failures", "erased"})
"""What the worker keeps of its steps, so that a second attempt posts the very same body."""


@dataclass(frozen=True, slots=True)
class Spool:
    """All calls that are being received or wait to be transcribed."""

    folder: Path

    def open_stream(self, call: str, stream: str, facts: Mapping[str, Any]) -> StreamWriter:
        """Where frames are written: with the call, or beside it when the call is being worked on.

        WrongState when somebody writes the same stream, or it is called as a step is, whose file would be its own.
        """
        if stream in STEPS:
            raise WrongState(f"a stream cannot be called {stream}")
        for folder in (self.folder / call, self.folder / f"{call}~{stream}"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(folder, fcntl.LOCK_SH) as is_locked:
                if is_locked:
                    return StreamWriter(folder, stream, facts)
        raise WrongState(f"call {call} is being worked on; begin its stream again")

    def add_file(self, call: str, recording: Path, facts: Mapping[str, Any]) -> SpooledCall:
        """A recording that was made elsewhere, as a call that is over."""
        part = self.folder / f".{call}.{os.getpid()}"
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(recording, part / f"{FILE}.wav")
        write_whole(part / f"{FILE}.json", orjson.dumps(dict(facts)))
        with suppress(OSError):  # it is there already
            part.rename(self.folder / call)
        shutil.rmtree(part, ignore_errors=True)
        return SpooledCall(self.folder / call)

    def call(self, sid: str) -> SpooledCall:
        return SpooledCall(self.folder / sid)

    def waiting(self) -> list[SpooledCall]:
        """Calls that are over, the oldest first."""
        return self._calls(are_over=True)

    def backlog(self) -> tuple[int, float]:
        """How many calls are over and no events yet, and for how many seconds the one that ended first has waited."""
        now = time.time()
        ages = [now - call.ended(now) for call in self.waiting()]
        return len(ages), max(ages, default=0.0)

    def receiving(self) -> list[SpooledCall]:
        """Calls that go on, the oldest first."""
        return self._calls(are_over=False)

    def _calls(self, are_over: bool) -> list[SpooledCall]:
        now, paths = time.time(), self.folder.glob("*")
        calls = [SpooledCall(path) for path in paths if path.is_dir() and not path.name.startswith(".")]
        return sorted((call for call in calls if call.is_over(now) is are_over), key=_age)


def _age(call: SpooledCall) -> float:
    try:
        return call.folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextmanager
def _locked(folder: Path, kind: int, name: str = "lock") -> Iterator[bool]:
    """Whether the call's lock could be had, and the call is still there, for as long as this is open."""
    try:
        lock = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
        is_locked = os.fstat(lock).st_nlink > 0
    except BlockingIOError:
        is_locked = False
    try:
        yield is_locked
    finally:
        os.close(lock)


def write_whole(path: Path, content: bytes) -> None:
    """The file holds the content, whole or not at all, and so it stays when the machine goes down."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _is_over(frames: Path, now: float) -> bool:
    if _is_locked(frames):
        return False
    return frames.with_suffix(".stopped").exists() or now - frames.stat().st_mtime >= GRACE


def _is_locked(path: Path) -> bool:
    """Whether a process holds it open for writing."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
