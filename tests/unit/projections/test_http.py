"""What a CMS answers is taken in as far as it counts, however much of it there is."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from vitograph.projections.cms.sink import MOST_ANSWER, Http, read_json
from vitograph.resolver.errors import SinkFailed


@asynccontextmanager
async def answering(status: int, body: bytes, *headers: str, endless: bool = False) -> AsyncIterator[tuple[Http, str]]:
    """A server that answers this; `endless`: and then the same for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        assert b"accept-encoding: identity" in asked.lower()
        head = [f"HTTP/1.1 {status} x", *headers, "Connection: close", "", ""]
        try:
            writer.write("\r\n".join(head).encode() + body)
            await writer.drain()
            while endless:
                writer.write(body)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        http = Http(url, {})
        try:
            yield http, url
        finally:
            await http.close()


@pytest.mark.parametrize("status", [200, 404])
async def test_whether_something_is_public_is_told_by_the_status_alone(status: int) -> None:
    async with asyncio.timeout(30), answering(status, b"x" * 65_536, endless=True) as (http, url):
        assert await http.is_public(url) is (status == 200)


@pytest.mark.parametrize(("status", "public"), [(401, True), (403, True), (404, False), (410, False)])
async def test_whoever_is_refused_does_not_know_that_nothing_is_there(status: int, public: bool) -> None:
    async with answering(status, b"no") as (http, url):
        assert await http.is_public(url) is public


async def test_an_answer_has_an_end() -> None:
    async with asyncio.timeout(60), answering(200, b"x" * (MOST_ANSWER // 4), endless=True) as (http, _):
        with pytest.raises(SinkFailed, match="too much"):
            await http.call("GET", "/pages")


async def test_a_packed_answer_is_not_unpacked() -> None:
    async with answering(200, gzip.compress(b"{}"), "Content-Encoding: gzip") as (http, _):
        answer = await http.call("DELETE", "/pages/1")
        assert answer.content == b""
        with pytest.raises(SinkFailed, match="no JSON"):
            read_json(answer)
