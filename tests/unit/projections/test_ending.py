"""A loop that was cancelled ends, also where the cancellation itself is lost on the way."""

from __future__ import annotations

import asyncio
import contextlib

from vitograph.projections.ending import goes_on


async def test_a_cancellation_that_was_swallowed_still_ends_the_loop() -> None:
    turns = 0

    async def swallows() -> None:
        nonlocal turns
        while goes_on():
            turns += 1
            # As `wait_for` of Python 3.11 does when what it waits for is done in the same moment.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)

    task = asyncio.create_task(swallows())
    await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(60):
        await task
    assert turns == 1


async def test_a_timeout_inside_is_no_reason_to_end() -> None:
    async def times_out() -> bool:
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(3600)
        except TimeoutError:
            return goes_on()
        return False

    assert await asyncio.create_task(times_out())
