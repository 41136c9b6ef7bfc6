"""Schemas and models of another version than one's own. What an older ViTo does beside today's: `test_older.py`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.live.running import Running
from vitograph.api.running.addresses import Addresses
from vitograph.graph import schema
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.models import UnreadableModel, find_model, live_model
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.resolving.worker import run
from vitograph.graph.schema import Migration, SchemaMismatch, migrate, migrations
from vitograph.resolver.scoring.parameters_json import SINCE, dump_model, load_model

LOSE = Statement("test/lose", "DROP INDEX person_view IF EXISTS")
PROMOTE = Statement(
    "test/promote",
    "CREATE (:Model {name: 'of-a-newer-vito', status: 'live', content: '{\"form\": 9}', created_by: 'x', version: 2})",
)
KEEP = Statement("test/keep", "CREATE (:Model {name: $name, status: $status, content: $content, version: 1})")
OBSERVATION = {"channel": "web_form", "identifiers": [{"kind": "email", "value": "a@example.com"}]}


async def test_a_newer_process_brings_an_older_schema_to_its_own(
    graph: Graph, backend: Addresses, tmp_path: Path
) -> None:
    await graph.run(LOSE)
    with pytest.raises(SchemaMismatch, match="person_view; run `vito migrate`"):
        await schema.check(graph)
    async with Running("worker", backend, tmp_path):
        await schema.check(graph)


async def test_a_migration_that_reads_otherwise_is_refused(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = migrations()
    other = Migration(first.number, first.name, Statement(first.statement.name, first.statement.text + "// edited"))
    monkeypatch.setattr(schema, "migrations", lambda: [other, *others])
    with pytest.raises(SchemaMismatch, match=r"migration 1 .* was applied with another content"):
        await migrate(graph)


def test_migrations_only_add() -> None:
    for migration in migrations():
        assert migration.creates
        assert "DROP" not in migration.statement.text.upper().replace("//", "")


async def test_a_model_that_only_a_newer_vito_reads_is_left_to_it(
    graph: Graph, api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    answer = await api.post("/v1/observations", json=OBSERVATION, headers=bearer[Role.CHANNEL])
    assert answer.status_code == 201
    await graph.run(PROMOTE)
    with pytest.raises(UnreadableModel, match="'of-a-newer-vito' needs a newer ViTo"):
        await live_model(graph)
    older = Resolver(graph, load_model())
    with pytest.raises(UnreadableModel):
        await older.step()
    working = asyncio.create_task(run(older))
    await asyncio.sleep(2.0)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    counts = (await api.get("/v1/candidates/counts", headers=bearer[Role.SPECIALIST])).json()
    assert counts["waiting"] == 1  # whoever waits is left to a newer one
    shown = await api.get("/v1/models/of-a-newer-vito", headers=bearer[Role.SPECIALIST])
    assert shown.status_code == 409
    assert "needs a newer ViTo" in shown.text
    assert await find_model(graph, "of-a-newer-vito") is None


async def test_a_model_that_an_older_vito_kept_is_read(graph: Graph) -> None:
    content = dump_model(replace(load_model(), name="trained-1"))
    for rule in SINCE:
        del content["rules"][rule]
    await graph.run(KEEP, name="trained-1", status="live", content=json.dumps(content))
    await graph.run(KEEP, name="default-1", status="retired", content=json.dumps(content | {"name": "default-1"}))
    live = await live_model(graph)
    assert (live.name, live.rules.home_bits) == ("trained-1", SINCE["home_bits"])
    assert await find_model(graph, "default-1") == load_model(), "by which candidates are scored here"
