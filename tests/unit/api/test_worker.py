"""No loop of the worker ends, or ends another, by an error that it did not foresee."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from vitograph.api import worker
from vitograph.graph.driver import Graph
from vitograph.graph.resolving import worker as resolving
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.scoring.parameters_json import BadModel

POSTED = "maria@example.com"


async def test_a_promotion_that_fails_keeps_no_erasure_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = [BadModel("/x", POSTED), GraphUnavailable("away")]
    finished = asyncio.Event()

    async def follow(_: Graph) -> None:
        if errors:
            raise errors.pop()

    async def finish(_: Graph) -> None:
        if not errors:
            finished.set()

    async def nothing(_: Graph) -> None:
        """Nobody left anything."""

    monkeypatch.setattr(worker, "return_lapsed", nothing)
    monkeypatch.setattr(worker, "follow_promotion", follow)
    monkeypatch.setattr(worker, "finish_begun", finish)
    monkeypatch.setattr(worker, "HOUSEKEEPING", 0.01)
    keeping = asyncio.create_task(worker.keep_house(cast("Graph", None)))
    try:
        async with asyncio.timeout(60):
            await finished.wait()
        assert not keeping.done()
    finally:
        keeping.cancel()
    said = [line.getMessage() for line in caplog.records]
    assert ["GraphUnavailable" in said[0], "BadModel" in said[1]] == [True, True]
    assert not any(POSTED in line for line in said)


async def test_an_audit_that_cannot_be_done_is_told_and_waits_longer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slept: list[float] = []

    async def fail(*_: Any) -> None:
        raise GraphUnavailable("out of memory")

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(worker, "audit_if_due", fail)
    monkeypatch.setattr(worker.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await worker.keep_audited(worker.Settings(), cast("Graph", None))
    assert slept == [worker.AUDIT_LOOKS_EVERY, worker.AUDITS_AGAIN, worker.AUDITS_AGAIN]
    assert caplog.messages == ["the audit: GraphUnavailable; it goes on"] * 2


async def test_the_resolver_goes_on_where_the_graph_goes_away_while_it_looks_whose_fault_it_was() -> None:
    async def fail(*_: Any) -> None:
        raise ValueError(POSTED)

    async def away(*_: Any) -> None:
        raise GraphUnavailable("away")

    assert not await resolving._work(cast("Resolver", SimpleNamespace(step=fail, pending=away)))
