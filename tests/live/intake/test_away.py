"""While Neo4j is away every post is 503 and nothing is acknowledged; when it is back, the same posts count once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.live.channels.test_segment import EVENTS
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.graph import driver
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph


class Line:
    """A line to the real Neo4j that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self.is_cut = False
        self._there = (host, port)
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.close()
            return
        from_there, to_there = await asyncio.open_connection(*self._there)
        self._open |= {writer, to_there}

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            try:
                while data := await source.read(1 << 16):
                    target.write(data)
            except ConnectionError:
                pass
            finally:
                target.close()

        await asyncio.gather(pass_on(reader, to_there), pass_on(from_there, writer))

    def cut(self) -> None:
        self.is_cut = True
        for writer in self._open:
            writer.close()
        self._open.clear()


@pytest.fixture
async def line(settings: Settings) -> AsyncIterator[tuple[Line, int]]:
    address = urlsplit(settings.neo4j_uri or "")
    line = Line(str(address.hostname), address.port or 7687)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    yield line, server.sockets[0].getsockname()[1]
    line.cut()
    server.close()


async def test_nothing_is_acknowledged_and_the_same_posts_count_once_later(
    graph: Graph,
    settings: Settings,
    bearer: dict[Role, dict[str, str]],
    line: tuple[Line, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(driver, "RETRY_BUDGET", 1.0)
    cable, port = line
    app = create_app(settings.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{port}"}))
    one = {"id": "o-1", "channel": "crm", "identifiers": [{"kind": "email", "value": "a@example.com"}]}
    singles = [{**one, "id": f"s-{n}"} for n in range(3)]
    lines = "\n".join(json.dumps({**one, "id": f"b-{n}"}) for n in range(3))
    track = {"userId": "u-1", "event": "x", "messageId": "m-1"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = bearer[Role.CHANNEL]
        async with httpx.AsyncClient(transport=transport, base_url="http://vito", headers=headers) as client:

            async def post_all() -> list[httpx.Response]:
                return [
                    *await asyncio.gather(*(client.post("/v1/observations", json=each) for each in singles)),
                    await client.post("/v1/observations/batch", content=lines),
                    await client.post("/segment/v1/track", json=track),
                ]

            assert (await client.post("/v1/observations", json=one)).status_code == 201
            cable.cut()
            answers = await post_all()
            assert [answer.status_code for answer in answers] == [503] * 5
            assert all(answer.headers["Retry-After"] for answer in answers)
            assert len(await graph.rows(EVENTS)) == 1
            cable.is_cut = False
            for _ in range(2):
                assert {answer.status_code for answer in await post_all()} <= {200, 201}
    assert len(await graph.rows(EVENTS)) == 8
