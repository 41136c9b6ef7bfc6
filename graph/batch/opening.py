"""Engines by name; Splink's is imported when it is asked for, since it is an extra."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import InProcess
from vitograph.resolver.errors import EngineMissing


@contextmanager
def open_engine(name: str) -> Iterator[Engine]:
    """`inprocess`, or Splink's on `duckdb` or `spark`, closed at the end. EngineMissing when its extra is not there."""
    if name == "inprocess":
        yield InProcess()
        return
    try:
        opening = import_module(f"vitograph.graph.batch.splink.{name}")
    except ModuleNotFoundError as error:
        raise EngineMissing(name) from error
    with opening.open_engine() as engine:
        yield engine
