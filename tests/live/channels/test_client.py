"""The Python client against the real app: a retry changes nothing, and what is refused says why."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.live.channels.test_segment import EVENTS
from vitograph.client import (
    Accepted,
    AsyncVito,
    Event,
    Identifier,
    Observation,
    Refused,
    Unavailable,
    Vito,
)
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph


def seen(value: str, **more: Any) -> Observation:
    return Observation("crm", [Identifier("email", value, "verified")], **more)


class Cutting:
    """A proxy in front of the app that loses the answers to the first requests."""

    def __init__(self, port: int, losses: int) -> None:
        self.port = port
        self.losses = losses

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection("127.0.0.1", self.port)
        self.losses -= 1
        is_lost = self.losses >= 0

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter | None) -> None:
            while data := await source.read(1 << 16):
                if target is None:
                    return  # the answer has come, and is lost
                target.write(data)

        asking = asyncio.create_task(pass_on(reader, onward))
        await pass_on(there, None if is_lost else writer)
        asking.cancel()
        for end in (writer, onward):
            end.close()


@pytest.fixture
async def lossy(host: str) -> AsyncIterator[str]:
    """The app behind a line on which the first two answers are lost."""
    cutting = Cutting(int(host.rpartition(":")[2]), 2)
    server = await asyncio.start_server(cutting.serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_lost_answer_is_asked_for_again_and_counted_once(
    lossy: str, graph: Graph, secrets: dict[Role, str]
) -> None:
    one = seen("a@example.com", event=Event("order.placed", properties={"total": 3}), traits={"given_name": "Ana"})

    def run() -> Accepted:
        with Vito(lossy, secrets[Role.CHANNEL]) as vito:
            return vito.observe(one)

    accepted = await asyncio.to_thread(run)
    assert (accepted.event_id, accepted.rule, accepted.replayed) == (one.id, "A4", True)
    [event] = await graph.rows(EVENTS)
    assert (event["id"], event["type"]) == (one.id, "order.placed")


async def test_many_are_answered_in_order_and_a_bad_one_sinks_no_other(
    host: str, lossy: str, graph: Graph, secrets: dict[Role, str]
) -> None:
    many = [seen(f"p{n}@example.com") for n in range(7)]
    many[3] = seen("nobody")

    def run() -> list[Accepted | Refused]:
        with Vito(lossy, secrets[Role.CHANNEL]) as vito:
            return list(vito.observe_many(many, batch=3))

    async with AsyncVito(host, secrets[Role.CHANNEL]) as vito:
        first = [outcome async for outcome in vito.observe_many(many)]
        one = await vito.observe(many[0])
    again = await asyncio.to_thread(run)
    assert [isinstance(outcome, Accepted) for outcome in first] == [n != 3 for n in range(7)]
    assert isinstance(refused := first[3], Refused)
    assert (refused.status, refused.errors[0]["pointer"]) == (422, "/identifiers/0/value")
    assert [one for one in again if isinstance(one, Accepted)] == [one for one in first if isinstance(one, Accepted)]
    assert one.replayed
    assert len(await graph.rows(EVENTS)) == 6


async def test_a_person_is_found(host: str, secrets: dict[Role, str]) -> None:
    async with AsyncVito(host, secrets[Role.CHANNEL]) as channel:
        accepted = await channel.observe(seen("a@example.com", occurred_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC)))

    def look() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        with Vito(host, secrets[Role.SPECIALIST]) as vito:
            return vito.find_persons("email:a@example.com"), vito.get_person(accepted.person_id)

    found, person = await asyncio.to_thread(look)
    assert [view["id"] for view in found] == [person["id"]] == [accepted.view_id]


async def test_what_is_refused_or_away_says_so(host: str, secrets: dict[Role, str]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        seen("a@example.com", occurred_at=dt.datetime(2026, 11, 24)).to_json()  # noqa: DTZ001
    async with AsyncVito(host, "nobody") as stranger:
        with pytest.raises(Refused, match="401"):
            await stranger.observe(seen("a@example.com"))
        with pytest.raises(Refused, match="401"):
            await anext(stranger.observe_many([seen("a@example.com")]))
    async with AsyncVito(host, secrets[Role.CHANNEL]) as vito:
        one = seen("a@example.com")
        await vito.observe(one)
        with pytest.raises(Refused) as refused:
            await vito.observe(Observation("other", one.identifiers, id=one.id))
        assert refused.value.status == 409
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with AsyncVito(f"http://127.0.0.1:{port}", "key", attempts=2) as nobody:
        with pytest.raises(Unavailable):
            await nobody.observe(seen("a@example.com"))
