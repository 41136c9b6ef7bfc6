"""Engines by name; Splink's are imported when they are asked for, since they are extras."""

from __future__ import annotations

from functools import partial

from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import InProcess
from vitograph.resolver.errors import EngineMissing


def engine_of(name: str, master: str = "local[*]") -> Engine:
    """`inprocess`, or Splink's on `duckdb` or `spark` (with that master). EngineMissing when its extra is not there."""
    if name == "inprocess":
        return InProcess()
    try:
        from vitograph.graph.batch.splink.engine import Splink

        if name == "duckdb":
            from vitograph.graph.batch.splink.duckdb import open_duckdb

            return Splink(open_duckdb)
        from vitograph.graph.batch.splink.spark import open_spark

        return Splink(partial(open_spark, master))
    except ModuleNotFoundError as error:
        raise EngineMissing(name) from error
