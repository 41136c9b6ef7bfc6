"""`vito import` on the real graph: what it leaves beside the file."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import ERASURE_KEY
from vitograph.api.cli import app
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.queries import Statement

HOLDER = Statement("test/holder", "MATCH (p:Person)-[:HAS]->(:Identifier {key: 'user_id:crm:1'}) RETURN p.id AS id")
PEOPLE = "id,given_name,email,[notes]\n1,Maria,maria@,-\n2,Leo,leo@,-\n"


async def test_a_row_of_somebody_who_was_erased_is_not_written_anywhere_again(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not among the rejected either, where a value of it cannot be read."""
    for name in ("data", "neo4j_uri", "redis_url"):
        monkeypatch.setenv(f"VITO_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", settings.neo4j_password.get_secret_value())
    monkeypatch.setenv("VITO_ERASURE_KEY", ERASURE_KEY)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)

    async def run() -> tuple[str, list[str]]:
        arguments = ["import", str(people), "--source", "crm", "--id-column", "id"]
        done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
        assert done.exit_code == 0, done
        assert "not read: [notes]" in done.stderr
        with people.with_name("people.rejected.csv").open(encoding="utf-8", newline="") as rejected:
            return done.stdout, [row["id"] for row in csv.DictReader(rejected)]

    said, rejected = await run()
    assert ("2 rows added" in said, rejected) == (True, ["1", "2"])
    [maria] = await graph.rows(HOLDER)
    await erase(graph, maria["id"], Caller("k-ida", "ida", Role.ADMIN))
    said, rejected = await run()
    assert "line 2 is of somebody who was erased: it was not imported" in said
    assert ("1 rows came in without their email" in said, rejected) == (True, ["2"])
