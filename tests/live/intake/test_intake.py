"""A Redis stream as intake, on the real Valkey and graph: delivered at least once, accepted exactly once."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.conftest import ERASURE_KEY
from tests.live.channels.test_segment import EVENTS
from vitograph.api.cli.intake import acceptor
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.queries import Statement
from vitograph.projections.stream import MOST_DELIVERIES, Entry, Refusal, Stream, open_stream_client
from vitograph.resolver.errors import GraphUnavailable

NAME = "vito-test-intake"
PERSONS = Statement("test/persons", "MATCH (p:Person) RETURN p.id AS id")


@pytest.fixture
async def client(backend: Addresses) -> AsyncIterator[Redis]:
    async with open_stream_client(backend.redis_url) as client:
        await client.delete(NAME, f"{NAME}:dead")
        yield client
        await client.delete(NAME, f"{NAME}:dead")


def body(id: str | None, **changes: Any) -> dict[str, Any]:
    stated = {"id": id, "channel": "crm", "identifiers": [{"kind": "email", "value": "a@example.com"}], **changes}
    return {name: value for name, value in stated.items() if value is not None}


async def add(client: Redis, *bodies: object) -> None:
    for one in bodies:
        await client.xadd(NAME, {"observation": one if isinstance(one, bytes) else json.dumps(one)})


def consumer(client: Redis, graph: Graph, name: str = "one", abandoned: int = 60_000) -> Stream:
    return Stream(client, NAME, "vito", name, acceptor(graph, NAME), abandoned)


async def test_each_is_accepted_once_and_what_cannot_be_is_kept_with_its_reason(client: Redis, graph: Graph) -> None:
    good = [body(f"s-{n}") for n in range(5)]
    bad = [b"{", b"7", b"", body("x", channel=7), body("s-1", channel="other")]
    await add(client, *good, *bad, *good, body(None))
    stream = consumer(client, graph)
    await stream.open()
    await stream.open()
    while await stream.step(50):
        pass
    assert len(await graph.rows(EVENTS)) == 6
    assert await stream.count_waiting() == 0
    dead = [fields for _, fields in await client.xrange(f"{NAME}:dead")]
    assert len(dead) == len(bad)
    assert all(fields[b"reason"] and fields[b"entry"] for fields in dead)
    assert b"already accepted" in dead[-1][b"reason"]


async def test_a_consumer_that_dies_between_commit_and_acknowledgement_counts_once(client: Redis, graph: Graph) -> None:
    await add(client, *(body(f"s-{n}") for n in range(20)), body(None))
    accept = acceptor(graph, NAME)

    async def dies(entries: Sequence[Entry]) -> list[Refusal | None]:
        await accept(entries)
        raise asyncio.CancelledError

    doomed = Stream(client, NAME, "vito", "doomed", dies)
    await doomed.open()
    with pytest.raises(asyncio.CancelledError):
        await doomed.step(50)
    assert await doomed.count_waiting() == 21
    heir = consumer(client, graph, "heir", abandoned=0)
    assert await heir.step(50) == 21
    assert (await heir.count_waiting(), len(await graph.rows(EVENTS))) == (0, 21)


async def test_while_the_graph_is_away_nothing_is_acknowledged(client: Redis, graph: Graph) -> None:
    await add(client, body("s-1"))
    away = True
    accept = acceptor(graph, NAME)

    async def sometimes(entries: Sequence[Entry]) -> Sequence[str | None]:
        if away:
            raise GraphUnavailable("away")
        return await accept(entries)

    stream = Stream(client, NAME, "vito", "one", sometimes, abandoned=0)
    await stream.open()
    for _ in range(2 * MOST_DELIVERIES):
        with pytest.raises(GraphUnavailable):
            await stream.step(50)
    assert (await stream.count_waiting(), await client.xlen(f"{NAME}:dead")) == (1, 0)
    away = False
    assert await stream.step(50) == 1
    assert len(await graph.rows(EVENTS)) == 1


async def test_one_that_nobody_can_handle_is_dead_in_the_end_and_sinks_no_other(client: Redis, graph: Graph) -> None:
    await add(client, *(body(id) for id in ("s-1", "poison", "s-2")))
    accept = acceptor(graph, NAME)

    async def broken(entries: Sequence[Entry]) -> Sequence[str | None]:
        if any(b"poison" in content for _, content in entries):
            raise ValueError("a bug")
        return await accept(entries)

    stream = Stream(client, NAME, "vito", "one", broken, abandoned=0)
    await stream.open()
    for left in (1,) * (MOST_DELIVERIES - 1) + (0,):
        await stream.step(50)
        assert await stream.count_waiting() == left
    assert await client.xlen(f"{NAME}:dead") == 1
    assert [event["id"] for event in await graph.rows(EVENTS)] == ["s-1", "s-2"]


async def test_many_consumers_share_a_stream_and_each_is_accepted_once(client: Redis, graph: Graph) -> None:
    await add(client, *(body(f"s-{n % 300}") for n in range(600)))
    streams = [consumer(client, graph, f"c-{n}", abandoned=5) for n in range(3)]
    await streams[0].open()
    running = [asyncio.create_task(stream.run()) for stream in streams]
    async with asyncio.timeout(120):
        while len(await graph.rows(EVENTS)) < 300 or await streams[0].count_waiting():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert len(await graph.rows(EVENTS)) == 300
    assert await client.xlen(f"{NAME}:dead") == 0


async def test_who_was_erased_does_not_come_back_by_a_stream_and_is_not_kept_beside_it(
    backend: Addresses, client: Redis, graph: Graph, tmp_path: Path
) -> None:
    """By the command itself, which has to know the key of the tombstones."""
    said = body("s-1", identifiers=[{"kind": "email", "value": "zenobia@example.com", "assurance": "verified"}])
    await add(client, said)
    stream = consumer(client, graph)
    await stream.open()
    await stream.step(50)
    [person] = [row["id"] for row in await graph.rows(PERSONS)]
    await erase(graph, person, Caller("k-ida", "ida", Role.ADMIN))
    await client.xtrim(NAME, 0)
    await add(client, said, body("s-2", channel=7))
    variables = backend.as_environment() | {"VITO_ERASURE_KEY": ERASURE_KEY}
    addresses = [f"{name}={value}" for name, value in variables.items()]
    command = "from vitograph.api.cli import main; main()"
    intake = await asyncio.create_subprocess_exec(
        "/usr/bin/env", *addresses, sys.executable, "-c", command, "intake", "--stream", NAME, "--data", str(tmp_path)
    )
    try:
        async with asyncio.timeout(120):
            while len(dead := await client.xrange(f"{NAME}:dead")) < 2:
                assert intake.returncode is None
                await asyncio.sleep(0.1)
    finally:
        intake.terminate()
        await intake.wait()
    assert await graph.rows(PERSONS) == []
    assert [b"erased" in fields[b"reason"] for _, fields in dead] == [True, False]
    left = str([await client.xrange(NAME), dead])
    assert "zenobia" not in left
    assert "s-2" in left
