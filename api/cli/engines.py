"""What scores a whole graph: this process, or Splink on a database that an extra brings along."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from vitograph.api.settings import Settings
from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import InProcess


class EngineName(StrEnum):
    """`vitograph[duckdb]` and `vitograph[spark]` are the extras of the same name."""

    INPROCESS = "inprocess"
    DUCKDB = "duckdb"
    SPARK = "spark"


EngineOption = Annotated[
    EngineName, typer.Option("--engine", help="what scores; Splink's engines (duckdb, spark) score everybody")
]
MasterOption = Annotated[
    str | None,
    typer.Option("--master", help="Spark's master  [default: VITO_SPARK_MASTER, or all cores of this machine]"),
]


def engine_of(name: EngineName, master: str | None) -> Engine:
    """The engine of that name. Exit status 2 when its extra is not installed, or a master is given that nobody asks."""
    if master is not None and name is not EngineName.SPARK:
        raise typer.BadParameter("only --engine spark has a master", param_hint="--master")
    try:
        match name:
            case EngineName.INPROCESS:
                return InProcess()
            case EngineName.DUCKDB:
                from vitograph.graph.batch.splink.duckdb import open_duckdb
                from vitograph.graph.batch.splink.engine import Splink

                return Splink(open_duckdb)
            case EngineName.SPARK:
                from vitograph.graph.batch.splink.engine import Splink
                from vitograph.graph.batch.splink.spark import open_spark

                return Splink(partial(open_spark, master or Settings().spark_master))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        needed = f"{name.value} needs {package}, which is not installed: pip install 'vitograph[{name.value}]'"
        raise typer.BadParameter(needed, param_hint="--engine") from error
