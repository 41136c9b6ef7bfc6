"""A batch of CloudEvents leaves the process to others: the gate is before its body, and pauses are within."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from vitograph.api.routes import cloudevents
from vitograph.graph.access.keys import Caller, Role
from vitograph.ingest.cloudevents import BATCH
from vitograph.resolver.errors import IssuerUnavailable, TooBusy

CALLER = Caller("k-shop", "shop", Role.CHANNEL)


class Request:
    """One whose body may not be read."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.scope = {"media_type": BATCH}

    async def body(self) -> bytes:
        raise AssertionError("the body was read")


async def test_a_batch_that_is_one_too_many_is_not_even_read() -> None:
    @contextmanager
    def full() -> Any:
        raise TooBusy("full")
        yield

    state: Any = SimpleNamespace(batches=SimpleNamespace(entered=full))
    request: Any = Request()
    with pytest.raises(TooBusy):
        await cloudevents.receive(request, state, CALLER)


async def test_what_is_no_fault_of_an_event_is_none_of_its_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> Any:
        raise IssuerUnavailable("the keys cannot be read")

    monkeypatch.setattr(cloudevents, "read", away)
    said = {"specversion": "1.0", "source": "s", "type": "a", "id": "1", "data": {"identifiers": []}}
    with pytest.raises(IssuerUnavailable):
        await cloudevents._batch([said], SimpleNamespace(), CALLER)  # type: ignore[arg-type]


async def test_others_have_a_turn_while_a_batch_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def record_all(state: object, observations: Sequence[object]) -> list[Any]:
        return [SimpleNamespace(reply=dict) for _ in observations]

    monkeypatch.setattr(cloudevents, "record_all", record_all)
    state: Any = SimpleNamespace(settings=SimpleNamespace(default_region=None))
    said = {"specversion": "1.0", "source": "s", "type": "a"}
    about = {"data": {"identifiers": [{"kind": "email", "value": "a@example.com"}]}}
    waiting = asyncio.create_task(others())
    answer = await cloudevents._batch([{**said, **about, "id": str(n)} for n in range(100)], state, CALLER)
    waiting.cancel()
    assert answer.body == b"[" + b",".join([b"{}"] * 100) + b"]"
    assert turns >= 4
