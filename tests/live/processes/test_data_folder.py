"""Commands beside an API whose servers are elsewhere, as in its container: the data folder is where the keys are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.conftest import ERASURE_KEY
from tests.deciding import saw
from vitograph.api.cli import app
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.keeping import audit as audits

IDA = Caller("k-ida", "ida", Role.ADMIN)


@pytest.fixture
async def data(graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder, with the key under which somebody was erased; the servers are set."""
    monkeypatch.setenv("VITO_NEO4J_URI", str(settings.neo4j_uri))
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", settings.neo4j_password.get_secret_value())
    monkeypatch.setenv("VITO_REDIS_URL", str(settings.redis_url))
    monkeypatch.delenv("VITO_ERASURE_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "erasure.key").write_text(ERASURE_KEY)
    await erase(graph, (await saw(graph, "email:a@example.com", id="o-1")).person_id, IDA)
    return folder


async def run(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


async def test_the_folder_can_be_named_where_neo4j_is_elsewhere(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("keys", "list", "--data", str(data)), ("audit", "--data", str(data))):
        assert (await run(*words)).exit_code == 0, words
    monkeypatch.setenv("VITO_DATA", str(data))
    assert (await run("keys", "create", "form", "--role", "channel")).exit_code == 0


async def test_an_audit_without_the_key_fails_where_it_could_not_look(data: Path) -> None:
    for key in (None, "another one"):
        if key is not None:
            (data.parent / ".vito").mkdir()
            (data.parent / ".vito/erasure.key").write_text(key)
        told = await run("audit")
        assert told.exit_code == 1
        assert f"FAIL I13 {audits.RETURNED[1]}: not looked at" in told.stdout
