"""A rolling upgrade: processes of an older and of a newer ViTo over one graph at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.live.running import Running
from vitograph.api.addresses import Addresses
from vitograph.graph import schema
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Role
from vitograph.graph.models import UnreadableModel, live_model
from vitograph.graph.queries import Statement
from vitograph.graph.resolution import Resolver
from vitograph.graph.resolving import run
from vitograph.graph.schema import Migration, SchemaMismatch, migrate, migrations
from vitograph.resolver.parameters import load_model

NEWER = Migration(
    9999,
    "of_a_newer_vito",
    Statement("schema/9999", "CREATE INDEX of_a_newer_vito IF NOT EXISTS FOR (p:Person) ON (p.of_a_newer_vito)"),
)
FORGET = Statement("test/forget", "MATCH (m:Migration {number: 9999}) DELETE m")
DROP = Statement("test/drop", "DROP INDEX of_a_newer_vito IF EXISTS")
LOSE = Statement("test/lose", "DROP INDEX person_view IF EXISTS")
PROMOTE = Statement(
    "test/promote",
    "CREATE (:Model {name: 'of-a-newer-vito', status: 'live', content: '{\"form\": 9}', created_by: 'x', version: 2})",
)
OBSERVATION = {"channel": "web_form", "identifiers": [{"kind": "email", "value": "a@example.com"}]}


@pytest.fixture
async def clean(graph: Graph) -> AsyncIterator[Graph]:
    """The graph; without what a newer ViTo made, however the test ended."""
    yield graph
    await graph.run(FORGET)
    await graph.run(DROP)


async def test_an_older_api_goes_on_and_starts_again_on_a_newer_schema(
    clean: Graph,
    backend: Addresses,
    tmp_path: Path,
    bearer: dict[Role, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Running("serve", backend, tmp_path) as older:
        known = migrations()
        monkeypatch.setattr(schema, "migrations", lambda: [*known, NEWER])
        assert await migrate(clean) == [NEWER]
        await _serves(older, bearer)
        assert await older.end() == 0
    async with Running("serve", backend, tmp_path) as again:
        await _serves(again, bearer)
    monkeypatch.undo()
    assert await migrate(clean) == []


async def test_a_newer_process_brings_an_older_schema_to_its_own(
    clean: Graph, backend: Addresses, tmp_path: Path
) -> None:
    await clean.run(LOSE)
    with pytest.raises(SchemaMismatch, match="person_view; run `vito migrate`"):
        await schema.check(clean)
    async with Running("worker", backend, tmp_path):
        await schema.check(clean)


async def test_a_migration_that_reads_otherwise_is_refused(clean: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = migrations()
    other = Migration(first.number, first.name, Statement(first.statement.name, first.statement.text + "// edited"))
    monkeypatch.setattr(schema, "migrations", lambda: [other, *others])
    with pytest.raises(SchemaMismatch, match=r"migration 1 .* was applied with another content"):
        await migrate(clean)


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


async def _serves(api: Running, bearer: dict[Role, dict[str, str]]) -> None:
    async with httpx.AsyncClient(base_url=api.address, trust_env=False, timeout=60) as client:
        assert (await client.get("/readyz")).status_code == 200
        answer = await client.post("/v1/observations", json=OBSERVATION, headers=bearer[Role.CHANNEL])
        assert answer.status_code == 201
