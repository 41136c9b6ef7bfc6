"""How API and worker end: asked by SIGTERM, with status 0, and with all that was acknowledged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.live.running import Running
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

EVENTS = Statement("test/events", "MATCH (e:Event) RETURN e.id AS id")
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN count(p) AS count")
ENOUGH = 60


@pytest.fixture
async def posted(graph: Graph, backend: Addresses, tmp_path: Path, bearer: dict[Role, dict[str, str]]) -> set[str]:
    """The ids that an API acknowledged which was asked to end while many posted, and while somebody listened."""
    acknowledged: set[str] = set()

    async with (
        Running("serve", backend, tmp_path) as api,
        httpx.AsyncClient(base_url=api.address, trust_env=False, timeout=60) as client,
    ):
        stop = asyncio.Event()

        async def post(channel: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                id = f"event-{channel}-{number}"
                identifier = {"kind": "email", "value": f"{channel}.{number}@example.com"}
                body = {"id": id, "channel": "web_form", "identifiers": [identifier]}
                try:
                    answer = await client.post("/v1/observations", json=body, headers=bearer[Role.CHANNEL])
                except httpx.TransportError:
                    return  # nobody answers any more
                if answer.status_code == 201:
                    acknowledged.add(id)
                    if len(acknowledged) >= ENOUGH:
                        stop.set()

        async def listen() -> str:
            """Ends when the API ends the line."""
            async with client.stream("GET", "/v1/candidates/stream", headers=bearer[Role.SPECIALIST]) as stream:
                return "".join([text async for text in stream.aiter_text()])

        listening = asyncio.create_task(listen())
        channels = [asyncio.create_task(post(channel)) for channel in range(12)]
        await stop.wait()
        stop.clear()  # they go on while it ends
        channels += [asyncio.create_task(post(channel)) for channel in range(20, 32)]
        await asyncio.sleep(0.05)
        assert await api.end() == 0
        stop.set()
        await asyncio.gather(*channels)
        assert (await listening).startswith("retry:")
        assert "error" not in {line["level"] for line in api.lines()}, api.said
    return acknowledged


async def test_all_that_was_acknowledged_is_there(graph: Graph, posted: set[str]) -> None:
    stored = {row["id"] for row in await graph.rows(EVENTS)}
    assert len(posted) >= ENOUGH
    assert posted <= stored


async def test_a_worker_ends_amid_its_work_and_the_next_one_finishes_it(
    graph: Graph, backend: Addresses, tmp_path: Path, api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    lines = b"\n".join(
        b'{"channel": "import", "identifiers": [{"kind": "email", "value": "%d@example.com"}]}' % number
        for number in range(300)
    )
    answer = await api.post("/v1/observations/batch", content=lines, headers=bearer[Role.CHANNEL])
    assert answer.status_code == 200
    async with Running("worker", backend, tmp_path) as worker:
        before = await _waiting(graph)
        while await _waiting(graph) == before:  # noqa: ASYNC110  until it is amid its work
            await asyncio.sleep(0.01)
        assert await worker.end() == 0
        assert "error" not in {line["level"] for line in worker.lines()}, worker.said
    async with Running("worker", backend, tmp_path), asyncio.timeout(240):
        while await _waiting(graph):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _waiting(graph: Graph) -> int:
    return int((await graph.rows(WAITING))[0]["count"])
