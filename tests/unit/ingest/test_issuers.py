"""The keys of an issuer, however many ask and whoever goes away meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.issuer import Issuer
from vitograph.ingest import issuers
from vitograph.ingest.issuers import KeySource


async def test_who_goes_away_meanwhile_leaves_the_fetch_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answers = 0, asyncio.Event()

    async def fetch(url: str) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        await answers.wait()
        return {"keys": [key.as_dict(private=False) for key in Issuer().keys.values()]}

    monkeypatch.setattr(issuers, "fetch_json", fetch)
    source = KeySource("https://issuer.test/jwks")
    gone, stays = asyncio.create_task(source.find("r1")), asyncio.create_task(source.find("r1"))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    late = asyncio.create_task(source.find("e1"))
    answers.set()
    assert await stays is not None
    assert await late is not None
    assert await source.find("unknown") is None
    assert asked == 1
