"""DuckDB for Splink: in memory, in this process; what does not fit goes to a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import INTEGER
from splink.backends.duckdb import DuckDBAPI
from splink.internals.exceptions import SplinkException

from vitograph.graph.batch.splink.comparing import LevelFunction
from vitograph.resolver.errors import ServerFailed


@dataclass(frozen=True, slots=True)
class DuckDB:
    """A `Backend`: one connection."""

    connection: duckdb.DuckDBPyConnection
    api: DuckDBAPI

    def register(self, name: str, function: LevelFunction) -> None:
        self.connection.create_function(name, function, [INTEGER, INTEGER], INTEGER, type=PythonUDFType.ARROW)

    def read(self, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        yield from self.connection.sql(f"SELECT {', '.join(columns)} FROM {table}").to_arrow_reader()


@contextmanager
def open_duckdb() -> Iterator[DuckDB]:
    """A database of its own, closed at the end. ServerFailed when it breaks down."""
    with tempfile.TemporaryDirectory(prefix="vito-duckdb-") as scratch, duckdb.connect(":memory:") as connection:
        connection.execute("SET temp_directory = $folder", {"folder": scratch})
        try:
            yield DuckDB(connection, DuckDBAPI(connection))
        except (duckdb.Error, SplinkException) as error:
            raise ServerFailed(f"DuckDB broke down: {error.__cause__ or error}") from error
