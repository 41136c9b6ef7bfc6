"""Copies of what Valkey told: used while they are certain, gone when anything happens to what they are copies of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from vitograph.api.running.children import Child
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import FILLED, HotMemory, open_hot
from vitograph.projections.hot.tracking import CERTAIN, Tracked
from vitograph.resolver.errors import HotMemoryUnavailable


@asynccontextmanager
async def tracked(hot: HotMemory) -> AsyncIterator[tuple[Tracked, list[str]]]:
    """A tracked connection, and how often it was lost."""
    lost: list[str] = []
    line = hot.track(lambda: lost.append("lost"))
    assert line is not None
    yield line, lost
    await line.close()


async def copied(line: Tracked, key: str) -> bytes:
    """Reads until there is a copy; a busy machine may take longer than one is certain."""
    async with asyncio.timeout(60):
        while True:
            await line.fetch([key])
            if (copy := line.copy(key)) is not None:
                return copy


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not claim():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_a_copy_is_gone_when_another_writes_or_flushes(hot: HotMemory) -> None:
    async with tracked(hot) as (line, lost):
        for change in ("SET a new", "DEL a", "PEXPIRE a 1", "FLUSHALL"):
            await hot.client.set("a", b"old")
            await hot.client.set("b", b"other")
            assert await line.fetch(["a", "b", "none"]) == [b"old", b"other", None]
            assert await copied(line, "a") == b"old"
            await hot.client.execute_command(*change.split())
            await until(lambda: "a" not in line._copies)
            assert ("b" in line._copies) is (change != "FLUSHALL")
            assert await line.fetch(["a"]) == [b"new" if "new" in change else None]
        assert lost == []
        assert line.losses == 1


async def test_copies_stay_certain_while_they_are_used_and_no_longer(hot: HotMemory) -> None:
    await hot.client.set("a", b"value")
    async with tracked(hot) as (line, _):
        assert line.copy("a") is None
        await copied(line, "a")
        before = line._certain_until
        async with asyncio.timeout(60):
            while line._certain_until < before + CERTAIN:
                line.copy("a")
                await asyncio.sleep(0.01)
        await hot.client.execute_command("CLIENT", "PAUSE", str(int(CERTAIN * 20_000)), "ALL")
        await asyncio.sleep(CERTAIN)
        assert line.copy("a") is None, "nobody says any more what changes"
        assert await copied(line, "a") == b"value"


async def test_what_this_process_writes_is_not_copied_from_before(hot: HotMemory) -> None:
    await hot.client.set("a", b"old")
    async with tracked(hot) as (line, _):
        await copied(line, "a")
        under_way = asyncio.create_task(line.fetch(["a", "b"]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        line.drop(["a"])
        assert await under_way == [b"old", None]
        assert line.copy("a") is None
        assert await copied(line, "a") == b"old"


async def test_a_lost_connection_takes_all_copies_and_is_made_anew(hot: HotMemory) -> None:
    await hot.client.set("a", b"value")
    async with tracked(hot) as (line, lost):
        await copied(line, "a")
        await hot.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await until(lambda: lost == ["lost"])
        assert (line.copy("a"), line.losses) == (None, 1)
        assert await copied(line, "a") == b"value"


async def test_a_killed_valkey_answers_nobody_and_is_read_again_once_it_is_there(hot: HotMemory, valkey: Child) -> None:
    await hot.client.set("a", b"value")
    async with tracked(hot) as (line, lost):
        await copied(line, "a")
        assert valkey.process is not None
        valkey.process.kill()
        await valkey.wait()
        await until(lambda: lost == ["lost"])
        with pytest.raises(HotMemoryUnavailable):
            await line.fetch(["a"])
        await valkey.start()
        assert await copied(line, "a") == b"value"


async def test_a_valkey_that_is_not_the_one_that_was_filled_is_not_read(hot: HotMemory) -> None:
    async with tracked(hot) as (line, _):
        await hot.mark_filled("another process")
        with pytest.raises(HotMemoryUnavailable, match="not filled"):
            await line.fetch(["a"])
        await hot.mark_filled(await hot.server())
        assert await line.fetch([FILLED]) == [(await hot.server()).encode()]


async def test_thousands_of_changes_at_once_are_heard(hot: HotMemory) -> None:
    keys = [f"k{number}" for number in range(5_000)]
    async with tracked(hot) as (line, lost):
        await hot.client.mset(dict.fromkeys(keys, b"old"))
        await line.fetch(keys)
        await hot.client.mset(dict.fromkeys(keys, b"new"))
        await until(lambda: not line._copies)
        assert await line.fetch(keys) == [b"new"] * len(keys)
        assert lost == []


async def test_a_server_that_may_not_be_asked_to_track_is_read_without_copies(hot: HotMemory, valkey: Child) -> None:
    await hot.client.execute_command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-client|tracking")
    assert isinstance(valkey.recipe, ValkeyServer)
    url = valkey.recipe.url.replace("unix://", "unix://reader:secret@")
    async with open_hot(url) as other, tracked(other) as (line, _):
        await hot.client.set("a", b"value")
        assert await line.fetch(["a"]) == [b"value"]
        assert line.copy("a") is None
    await hot.client.execute_command("ACL", "DELUSER", "reader")


async def test_an_answer_that_nobody_waits_for_any_more_is_no_other_ones(hot: HotMemory) -> None:
    await hot.client.mset({"a": b"of a", "b": b"of b"})
    async with tracked(hot) as (line, _):
        await line.fetch(["a"])
        await hot.client.execute_command("CLIENT", "PAUSE", "300", "ALL")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await line.fetch(["a"])
        assert await line.fetch(["b"]) == [b"of b"]
        assert await line.fetch(["a"]) == [b"of a"]
