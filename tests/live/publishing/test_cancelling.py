"""A task that asks Valkey again and again ends when it is told to, at whatever moment of its asking."""

from __future__ import annotations

import asyncio

from vitograph.api.running.addresses import Addresses
from vitograph.projections.hot.addresses import make_client

MOMENTS = 120
WITHIN = 20.0  # seconds


async def test_a_cancellation_at_any_moment_is_heard_and_no_answer_is_another_ones(backend: Addresses) -> None:
    async with make_client(backend.redis_url, 5.0) as client:

        async def asks() -> None:
            while True:
                await client.echo(b"of who was cancelled")

        for moment in range(MOMENTS):
            task = asyncio.create_task(asks())
            await asyncio.sleep(0.002)
            for _ in range(moment % 7):
                await asyncio.sleep(0)
            task.cancel()
            _, deaf = await asyncio.wait([task], timeout=WITHIN)
            task.cancel()
            assert not deaf, f"at moment {moment}"
            assert await client.echo(b"of another") == b"of another"
