"""I13: of somebody who was erased, no byte is left in any file of the data folder."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from typer.testing import CliRunner

from tests.deciding import saw
from tests.live.instances import SMALL, Up, ask
from vitograph.api.cli import app
from vitograph.api.running.addresses import Addresses
from vitograph.api.running.compacting import compact_if_due
from vitograph.api.running.servers import open_embedded
from vitograph.api.running.settling import settle
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import open_graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.keeping.digest import digest
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.schema import migrate
from vitograph.resolver.errors import GraphUnavailable, ServerFailed
from vitograph.resolver.scoring.parameters_json import load_model

T = TypeVar("T")

IDA = Caller("k-ida", "ida", Role.ADMIN)
TRACES = (b"zenobia", b"911222333", b"c-5e51a9", b"o-secret")


def found(folder: Path) -> set[bytes]:
    """The traces that are in some file, in the encodings in which Neo4j, Lucene and the JVM write texts."""
    files = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    return {
        trace
        for trace in TRACES
        if any(trace in content or trace.decode().encode("utf-16-le") in content for content in files)
    }


async def erase_somebody(settings: Settings) -> str:
    """Somebody is erased from a graph of two, which is compacted as it stops; the digest of what is left.

    It stops at once: what is outside the graph has not forgotten them yet, and the erasure still names them.
    """
    async with open_embedded(settings) as embedded:
        addresses = embedded.addresses
        login = (addresses.neo4j_uri, addresses.neo4j_user, addresses.neo4j_password)
        async with open_graph(*login, seal=addresses.seal) as graph:
            await migrate(graph)
            await saw(graph, "email:bob@example.com!", "phone:+34911222334", given_name="bob")
            gone = await saw(
                graph,
                *("email:zenobia@example.com!", "phone:+34911222333", "cookie:c-5e51a9?"),
                id="o-secret",
                given_name="zenobia",
                properties={"wish": "zenobia wants it in red" * 20},
            )
            await Resolver(graph, load_model()).finish()
            assert (await erase(graph, gone.person_id, IDA))["status"] == "forgetting"
            facts = await digest(graph)
        await compact_if_due(settings, addresses)
        assert found(settings.data / "neo4j") == set(TRACES)  # what Neo4j deletes, it leaves
    return facts


def test_no_byte_of_the_erased_is_left_on_the_disk_and_what_is_left_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("VITO_NEO4J_URI", "VITO_REDIS_URL", "VITO_ERASURE_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SMALL.items():
        monkeypatch.setenv(name, value)
    data, copy, other = (tmp_path / name for name in ("data", "backup", "other"))
    facts = asyncio.run(erase_somebody(Settings(data=data)))
    assert "writing the store anew, without the bytes of 1 erasures" in capsys.readouterr().err
    assert found(tmp_path) == set()
    assert sorted(path.name for path in data.glob("neo4j*")) == ["neo4j"]

    ran = CliRunner().invoke(app, ["backup", str(copy), "--data", str(data)])
    assert ran.exit_code == 0, ran.output
    assert json.loads((copy / "manifest.json").read_text())["fingerprint"]["facts"] == facts
    assert '"compacted":true' in (copy / "kept.ndjson").read_text()
    refused = CliRunner().invoke(app, ["restore", str(copy), "--data", str(other)])
    assert isinstance(refused.exception, ServerFailed)
    other.mkdir()
    shutil.copy(data / "erasure.key", other / "erasure.key")
    ran = CliRunner().invoke(app, ["restore", str(copy), "--data", str(other)])
    assert ran.exit_code == 0, ran.output
    assert "whoever was erased since this backup comes back" in ran.output
    assert found(tmp_path) == set()


def test_an_instance_that_runs_is_compacted_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte is left while it serves; it is the same process, at the same address, with the same graph."""
    for name in ("VITO_NEO4J_URI", "VITO_REDIS_URL", "VITO_ERASURE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    data = tmp_path / "data"
    with Up(data) as up:
        address = up.wait_ready()
        addresses = up.addresses

        async def live() -> str:
            login = (addresses.neo4j_uri, addresses.neo4j_user, addresses.neo4j_password)
            async with open_graph(*login, seal=addresses.seal) as graph:
                await migrate(graph)
                await patiently(lambda: saw(graph, "email:bob@example.com!", id="o-bob", given_name="bob"))
                gone = await patiently(
                    lambda: saw(graph, "email:zenobia@example.com!", id="o-secret", given_name="zenobia")
                )
                await patiently(lambda: erase(graph, gone.person_id, IDA))
                return await digest(graph)

        facts = asyncio.run(live())
        assert found(data)
        monkeypatch.chdir(tmp_path)
        ran = CliRunner().invoke(app, ["compact"])  # the only instance there is, wherever it is asked for
        assert ran.exit_code == 0, (ran.output, ran.exception)
        assert "the store is new: nothing of the erased is left in it" in ran.output
        assert not (tmp_path / ".vito").exists()
        assert found(data) == set()
        assert up.wait_ready() == address
        assert httpx.get(f"{address}/readyz", timeout=60).status_code == 200
        assert up.addresses.neo4j_password == addresses.neo4j_password
        assert ask(up.addresses, "MATCH (x:Erasure) RETURN x.status, x.compacted") == [["done", True]]
        addresses = up.addresses
        assert asyncio.run(facts_of(addresses)) == facts
        again = CliRunner().invoke(app, ["compact", "--data", str(data)])
        assert again.exit_code == 0
        assert "the store stays: nothing of the erased is in it" in again.output, "nothing was done"
        assert up.process.poll() is None


def test_where_no_instance_ever_ran_nothing_is_made_or_promised(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["compact", "--data", str(tmp_path / "none")])
    assert isinstance(ran.exception, ServerFailed)
    assert not (tmp_path / "none").exists()


async def patiently(act: Callable[[], Awaitable[T]]) -> T:
    """What an act returns once the graph answers: a store that has just been made is slow on a busy machine."""
    for _ in range(5):
        with suppress(GraphUnavailable):
            return await act()
    return await act()


async def facts_of(addresses: Addresses) -> str:
    async with open_graph(addresses.neo4j_uri, addresses.neo4j_user, addresses.neo4j_password) as graph:
        return await digest(graph)


@pytest.mark.parametrize(
    ("before", "store"),
    [
        ({"neo4j": "old", "neo4j.ready": "new"}, "new"),
        ({"neo4j.old": "old", "neo4j.ready": "new"}, "new"),
        ({"neo4j": "new", "neo4j.old": "old"}, "new"),
        ({"neo4j": "old", "neo4j.part": "half"}, "old"),
        ({"neo4j": "old", "neo4j.old": "older", "neo4j.ready": "new"}, "new"),
    ],
)
def test_a_crash_at_any_moment_leaves_one_whole_store(tmp_path: Path, before: dict[str, str], store: str) -> None:
    for name, content in before.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "store").write_text(content)
    settle(tmp_path)
    assert (tmp_path / "neo4j/store").read_text() == store
    assert [path.name for path in tmp_path.iterdir()] == ["neo4j"]
