"""The bell between intake and the resolver, on a real Valkey that is stopped and frozen."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from tests.factories import observed
from tests.live.instances import wait_for_async
from vitograph.api.running.children import Child
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.resolving import worker
from vitograph.graph.resolving.resolution import END_OF_TIME, Resolver
from vitograph.projections import bell as bells
from vitograph.projections.bell import NAME, Bell
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory, open_hot
from vitograph.resolver.errors import HotMemoryUnavailable
from vitograph.resolver.scoring.parameters_json import load_model

LONG = 60.0  # seconds
MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}


@asynccontextmanager
async def listening(bell: Bell) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bell.listen())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def answered(is_so: bool) -> bool:
    return is_so


async def hears(bell: Bell) -> bool:
    """Whether it is rung before long; who does not hear yet is not told at once."""
    async with asyncio.timeout(LONG):
        while not await bell.wait(1.0):
            pass
    return True


async def test_what_is_rung_is_heard_once_by_one(hot: HotMemory) -> None:
    ringing, one, other = Bell(hot), Bell(hot), Bell(hot)
    for _ in range(50):
        ringing.ring()
    await ringing.close()
    await hot.leave(NAME)
    assert await hot.client.llen(NAME) == 1, "before anybody listens"
    async with listening(one):
        assert await hears(one)
        assert not await one.wait(0.2), "once is enough"
        async with listening(other):
            await wait_for_async(lambda: answered(other.is_listening), LONG)
            ringing.ring()
            await ringing.close()
            assert sorted(await asyncio.gather(one.wait(2.0), other.wait(2.0))) == [False, True]


async def test_who_cannot_hear_does_not_wait_for_long_and_hears_again(
    hot: HotMemory, valkey: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(valkey.recipe, ValkeyServer)
    monkeypatch.setattr(bells, "DEAF", 0.001)
    bell, ringing = Bell(hot), Bell(hot)
    async with listening(bell):
        ringing.ring()
        assert await hears(bell)
        await valkey.stop()
        ringing.ring()
        await ringing.close()  # nobody is told, and nothing raised
        await wait_for_async(lambda: answered(not bell.is_listening), LONG)
        async with asyncio.timeout(LONG):
            assert not await bell.wait(10 * LONG)
        await valkey.start()
        async with open_hot(valkey.recipe.url) as again:
            ringing = Bell(again)
            ringing.ring()
            await ringing.close()
            assert await hears(bell)


async def test_a_frozen_valkey_holds_up_neither_side(hot: HotMemory, valkey: Child) -> None:
    assert valkey.process is not None
    bell, ringing = Bell(hot), Bell(hot)
    async with listening(bell):
        ringing.ring()
        assert await hears(bell)
        valkey.process.send_signal(signal.SIGSTOP)
        try:
            for _ in range(1_000):
                ringing.ring()
            async with asyncio.timeout(LONG):
                await ringing.close()
                assert not await bell.wait(0.2)
        finally:
            valkey.process.send_signal(signal.SIGCONT)
        ringing.ring()
        assert await hears(bell)


async def test_who_may_not_ring_or_listen_goes_on_without(hot: HotMemory, valkey: Child) -> None:
    assert isinstance(valkey.recipe, ValkeyServer)
    assert isinstance(hot.client, Redis)
    await hot.client.acl_setuser(
        "shy", enabled=True, passwords=["+shy"], keys=["*"], commands=["+@all", "-blpop", "-eval"]
    )
    async with open_hot(valkey.recipe.url.replace("unix://", "unix://shy:shy@")) as shy:
        with pytest.raises(HotMemoryUnavailable, match="NoPermissionError"):
            await shy.leave(NAME)
        bell = Bell(shy)
        async with listening(bell) as task:
            bell.ring()
            await bell.close()
            async with asyncio.timeout(LONG):
                for _ in range(20):
                    assert not await bell.wait(10 * LONG)
            assert not task.done()


async def test_a_worker_that_is_told_does_not_wait(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SELDOM", 10 * LONG)
    resolver, bell = Resolver(graph, load_model()), Bell(hot)
    asked: list[float] = []

    told: list[bool] = []

    async def nobody_waits_and_was_told() -> bool:
        """Rings each time: while a slow Valkey is taken for a silent one, the worker looks by itself."""
        ringing.ring()
        return any(told) and not await resolver.pending(END_OF_TIME)

    async def wait(most: float) -> bool:
        """For ever, once the looks have become seldom."""
        asked.append(most)
        told.append(await bell.wait(most if most < 2.0 else 10 * LONG))
        return told[-1]

    ringing = Bell(hot)
    async with listening(bell):
        working = asyncio.create_task(worker.run(resolver, wait))
        try:
            await wait_for_async(lambda: answered(bool(asked) and asked[-1] > 2.0), LONG)
            assert asked[:4] == [worker.SOON * 2**n for n in range(4)], "ever more seldom"
            await record(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in range(2)])
            await wait_for_async(nobody_waits_and_was_told, LONG)
            await wait_for_async(lambda: answered(worker.SOON in asked[4:]), LONG)
        finally:
            working.cancel()
            await ringing.close()
