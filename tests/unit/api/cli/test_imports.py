"""What `vito import` says where it cannot go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vitograph.api.cli import app


def test_who_imports_is_told_to_run_it_again_where_the_graph_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITO_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", "none is asked for")
    monkeypatch.setenv("VITO_REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("VITO_DATA", str(tmp_path))
    people = tmp_path / "people.csv"
    people.write_text("id,given_name\n1,Maria\n")
    ran = CliRunner().invoke(app, ["import", str(people), "--source", "crm", "--id-column", "id"])
    assert "run it again: what came in is not added twice" in str(ran.exception)
