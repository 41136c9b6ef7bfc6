"""`vito bench` runs what lies beside the sources, and says so where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from vitograph.api.cli import app, bench


def asked(*words: str) -> Result:
    return CliRunner().invoke(app, ["bench", *words])


def test_every_benchmark_is_listed_with_what_it_measures() -> None:
    lines = asked().stdout.splitlines()
    assert {"accuracy", "batch", "hot_read", "ingest", "load", "online", "scoring", "voice"} <= {
        line.split()[0] for line in lines
    }
    assert all(len(line.split()) > 3 for line in lines)


def test_what_follows_the_name_is_for_the_benchmark(capfd: pytest.CaptureFixture[str]) -> None:
    assert asked("hot-read", "--help").exit_code == 0
    assert "--ingest" in capfd.readouterr().out
    assert asked("hot-read", "--nothing").exit_code == 2


def test_one_that_is_none_is_refused_with_those_there_are() -> None:
    refused = asked("nothing")
    assert refused.exit_code == 2
    assert "there is no benchmark 'nothing'" in refused.output


def test_an_installed_package_has_none_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "SOURCES", tmp_path)
    refused = asked()
    assert refused.exit_code == 2
    assert "come with the sources" in refused.output
