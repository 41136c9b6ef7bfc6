"""What commands print, as it is read on a terminal and through a pipe, and which graph they take for theirs."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from vitograph.api.cli import app
from vitograph.api.cli.options import show_rows
from vitograph.resolver.errors import ServerFailed

COLUMNS = ("id", "name", "role", "department", "created_at", "last_used_at", "revoked_at", "holder", "region")
KEY = {
    "id": "k-01a215b0543a75a6",
    "name": "the form of the summer page",
    "role": "channel",
    "department": None,
    "created_at": "2026-11-26T02:30:06.123+00:00",
    "last_used_at": "2026-11-26T02:30:06.123+00:00",
    "revoked_at": None,
    "holder": "Ana",
    "region": "ES",
}


def printed(*, is_terminal: bool) -> str:
    console = Console(file=StringIO(), width=80 if is_terminal else None, force_terminal=is_terminal, color_system=None)
    show_rows([KEY], COLUMNS, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_the_id_by_which_a_key_is_revoked_is_whole_on_a_narrow_terminal() -> None:
    assert "k-01a215b0543a75a6" in printed(is_terminal=True)


def test_a_pipe_cuts_nothing_off() -> None:
    line = next(line for line in printed(is_terminal=False).splitlines() if "k-01" in line)
    assert all(str(value) in line for value in KEY.values() if value is not None)


@pytest.mark.parametrize("rows", [[KEY], []])
def test_columns_that_hold_nothing_are_left_out_where_there_are_rows(rows: list[dict[str, str | None]]) -> None:
    console = Console(file=StringIO(), width=400)
    show_rows(rows, COLUMNS, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("department" in text) is (not rows)


@pytest.mark.parametrize("words", [["backup", "out"], ["audit"], ["keys", "list"], ["candidates", "export", "out.csv"]])
def test_no_command_reads_an_empty_graph_for_one_that_is_not_there(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that a schedule makes in the wrong folder would be one of nothing, with exit status 0."""
    for name in ("VITO_NEO4J_URI", "VITO_REDIS_URL", "VITO_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    for data in (None, "elsewhere"):
        if data is not None:
            monkeypatch.setenv("VITO_DATA", data)
        done = CliRunner().invoke(app, words)
        assert isinstance(done.exception, ServerFailed)
        assert str(done.exception).startswith(f"there is no ViTo in {data or '.vito'};")
    assert not list(tmp_path.iterdir())
