"""Work that ends when whoever asked for it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import Request

from vitograph.api.wire.leaving import unless_gone
from vitograph.resolver.errors import GraphUnavailable


def request_of(receive: Callable[[], Awaitable[Any]]) -> Request:
    return Request({"type": "http"}, receive)


async def stays() -> Any:
    await asyncio.Event().wait()


async def leaves() -> Any:
    await asyncio.sleep(0.01)
    return {"type": "http.disconnect"}


async def test_what_is_done_is_told() -> None:
    async def work() -> int:
        return 7

    assert await unless_gone(request_of(stays), work()) == 7


async def test_what_goes_wrong_is_raised() -> None:
    async def work() -> int:
        raise ValueError("so it is")

    with pytest.raises(ValueError, match="so it is"):
        await unless_gone(request_of(stays), work())


@pytest.mark.parametrize("ends_it", ["the client", "the server"])
async def test_nobody_works_for_who_has_left(ends_it: str) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    if ends_it == "the client":
        with pytest.raises(GraphUnavailable):
            await unless_gone(request_of(leaves), work())
    else:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await unless_gone(request_of(stays), work())
    assert ended.is_set()
