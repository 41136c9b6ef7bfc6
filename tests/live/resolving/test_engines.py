"""`vito resolve --engine`: what Splink finds comes back as candidates, and as nothing else."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.world import build
from vitograph.api.cli import app
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.batch.splink.duckdb import open_duckdb
from vitograph.graph.batch.splink.engine import Splink
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.queries import Statement
from vitograph.ingest.observations import parse
from vitograph.resolver.scoring.parameters_json import load_model

CANDIDATES = Statement(
    "test/candidates",
    "MATCH (c:Candidate) RETURN c.id AS id, c.kind AS kind, c.status AS status, c.band AS band, c.p_same AS p_same, "
    "c.bits_stranger AS bits_stranger, c.bits_household AS bits_household, c.evidence AS evidence ORDER BY id",
)
FORGET = Statement("test/forget", "MATCH (c:Candidate) DETACH DELETE c")
LINKS = Statement("test/links", "MATCH ()-[l:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]->() RETURN count(l) AS links")


async def record_world(graph: Graph, persons: int) -> None:
    now = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
    bodies = {body["id"]: body for body in build(persons).observations}
    observations = [parse(body, received_at=now, default_region=None) for body in bodies.values()]
    for start in range(0, len(observations), 200):
        await record(graph, observations[start : start + 200])


async def test_splink_proposes_what_this_process_proposes_and_joins_nobody(graph: Graph) -> None:
    await record_world(graph, 120)
    await resolve_whole(graph, load_model())
    ours = await graph.rows(CANDIDATES)
    assert {row["band"] for row in ours} > {"B", "-"}
    await graph.run(FORGET)

    tally = await resolve_whole(graph, load_model(), Splink(open_duckdb))
    assert tally.proposed == len(ours)
    assert await graph.rows(CANDIDATES) == ours
    assert (await graph.rows(LINKS))[0]["links"] == 0


@pytest.mark.parametrize(("engine", "package"), [("duckdb", "splink"), ("duckdb", "duckdb"), ("spark", "pyspark")])
def test_without_its_extra_an_engine_says_which_one(engine: str, package: str) -> None:
    """A process in which the package cannot be imported, as where it is not installed."""
    program = f"import sys; sys.modules[{package!r}] = None; from vitograph.api.cli import main; main()"
    command = [sys.executable, "-c", program, "resolve", "--engine", engine, "--data", "/nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, env={"COLUMNS": "200"}, check=False)
    assert done.returncode == 2, done.stderr
    assert f"pip install 'vitograph[{engine}]'" in done.stderr


@pytest.mark.parametrize("arguments", [["--engine", "flink"], ["--engine"]])
def test_an_engine_that_is_none_is_refused(arguments: list[Any]) -> None:
    assert CliRunner().invoke(app, ["resolve", *arguments]).exit_code == 2
