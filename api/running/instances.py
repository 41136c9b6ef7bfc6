"""Which instance runs on which data folder: a lock that dies with its holders, and a register in the user's state."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from vitograph.api.running.addresses import Addresses
from vitograph.api.secret_files import write_secret
from vitograph.resolver.errors import ServerFailed

WAIT = 60.0  # seconds that servers whose supervisor was killed get to finish


@dataclass(frozen=True, slots=True)
class Instance:
    """A running instance: the process that supervises it, its data folder and how to reach its parts."""

    pid: int
    data: Path
    addresses: Addresses
    api_url: str | None = None  # none until the API answers


async def lock_data(data: Path) -> int:
    """An open file whose lock says that the folder is in use, for as long as any process that inherited it lives.

    Raises `ServerFailed` when another instance holds it. Servers left by a supervisor that was killed are waited for.
    """
    lock = _open_lock(data)
    deadline = asyncio.get_running_loop().time() + WAIT
    while not _try_lock(lock):
        pid = int(os.pread(lock, 20, 0) or 0)
        is_supervised = is_alive(pid)
        left = [] if is_supervised else _list_holders(lock)
        if is_supervised or asyncio.get_running_loop().time() > deadline:
            os.close(lock)
            advice = _advise(data, left)
            raise ServerFailed(f"{data} is used by the instance with pid {pid}: {advice}, or choose another --data")
        for process in left:  # asked to end by the death of their supervisor, which one that is stopped does not hear
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
        await asyncio.sleep(0.1)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def register(instance: Instance) -> None:
    """Other commands of this user find the instance; only they can read how to reach it."""
    fields = asdict(instance) | {"data": str(instance.data)}
    write_secret(instance.data / "instance.json", json.dumps(fields))
    write_secret(_entry(instance.data), str(instance.data))


def forget(data: Path) -> None:
    """The register no longer names an instance on this folder."""
    (data / "instance.json").unlink(missing_ok=True)
    _entry(data).unlink(missing_ok=True)


def find_instance(data: Path | None = None) -> Instance | None:
    """The running instance on the folder; without a folder, the only one this user runs.

    Raises `ServerFailed` when several run. Entries of instances that are gone are removed on the way.
    """
    if data is not None:
        return _read(data.resolve())
    found = [instance for path in _list_entries() if (instance := _read(path)) is not None]
    if len(found) > 1:
        names = ", ".join(str(instance.data) for instance in found)
        raise ServerFailed(f"{len(found)} instances run ({names}): say which one with --data")
    return found[0] if found else None


def is_alive(pid: int) -> bool:
    """Whether there is a process of that id."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _open_lock(data: Path) -> int:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if data.stat().st_mode & 0o077:  # it was there before, and whoever gets in reads everybody's data
            data.chmod(0o700)
        return os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServerFailed(f"{data} cannot be used for data: {error.strerror}") from error


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _advise(data: Path, left: Sequence[int]) -> str:
    """What to do about a folder in use; `left` are processes of an instance that was killed."""
    if left:
        return f"that was killed, but its processes {', '.join(map(str, left))} have not ended: end them"
    return "wait until it has started or ended" if find_instance(data) is None else "stop that one"


def _list_holders(lock: int) -> list[int]:
    """Other processes of this user that have the file of a lock open; none where the system has no `/proc`."""
    file, found = os.fstat(lock), []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            opened = any(os.path.samestat(file, entry.stat()) for entry in (folder / "fd").iterdir())
            if opened and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return sorted(found)


def _is_locked(data: Path) -> bool:
    """Whether a live process holds the folder; a shared lock is tried, so that two who look do not see each other."""
    try:
        with (data / "lock").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return is_alive(int(file.read() or 0))
            return False
    except FileNotFoundError:
        return False


def _read(data: Path) -> Instance | None:
    if not _is_locked(data):
        forget(data)
        return None
    try:
        fields = json.loads((data / "instance.json").read_text())
    except FileNotFoundError:
        return None  # it is still starting
    return Instance(fields["pid"], data, Addresses(**fields["addresses"]), fields["api_url"])


def _folder() -> Path:
    return Path(platformdirs.user_state_dir("vitograph")) / "instances"


def _entry(data: Path) -> Path:
    return _folder() / hashlib.sha256(os.fsencode(data)).hexdigest()[:16]


def _list_entries() -> list[Path]:
    return [Path(entry.read_text()) for entry in sorted(_folder().glob("[0-9a-f]*"))]
