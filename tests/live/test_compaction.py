"""I13: of somebody who was erased, no byte is left in any file of the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deciding import saw
from tests.live.instances import SMALL
from vitograph.api.compacting import compact_if_due, settle
from vitograph.api.projecting import open_projector
from vitograph.api.servers import open_embedded
from vitograph.api.settings import Settings
from vitograph.graph.digest import digest
from vitograph.graph.driver import open_graph
from vitograph.graph.erasures import erase, get_erasure
from vitograph.graph.keys import Caller, Role
from vitograph.graph.resolution import Resolver
from vitograph.graph.schema import migrate
from vitograph.resolver.parameters import load_model

IDA = Caller("k-ida", "ida", Role.ADMIN)
TRACES = (b"zenobia", b"911222333", b"c-5e51a9", b"o-secret")


def is_there(path: Path) -> bool:
    return path.exists()


def found(folder: Path) -> set[bytes]:
    """The traces that are in some file, in the encodings in which Neo4j, Lucene and the JVM write texts."""
    files = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    return {
        trace
        for trace in TRACES
        if any(trace in content or trace.decode().encode("utf-16-le") in content for content in files)
    }


async def test_no_byte_of_the_erased_is_left_on_the_disk(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, heap=SMALL["VITO_HEAP"], page_cache=SMALL["VITO_PAGE_CACHE"])
    settings = settings.model_copy(update={"neo4j_uri": None, "redis_url": None})
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
            erasure = await erase(graph, gone.person_id, IDA)
            async with open_projector(graph, addresses.redis_url) as projector:
                await projector.step()
            facts = await digest(graph)
        await compact_if_due(settings, addresses)
        assert found(tmp_path / "neo4j") == set(TRACES)  # what Neo4j deletes, it leaves
    assert found(tmp_path) == set()
    assert not is_there(tmp_path / "neo4j.old")
    async with open_embedded(settings) as embedded:
        addresses = embedded.addresses
        async with open_graph(addresses.neo4j_uri, addresses.neo4j_user, addresses.neo4j_password) as graph:
            assert await digest(graph) == facts
            assert (await get_erasure(graph, erasure["id"]))["disk"] == "clean"


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
