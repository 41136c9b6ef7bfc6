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
    assert [await heir.step(50) for _ in range(22)] == [1] * 21 + [0]
    assert (await heir.count_waiting(), len(await graph.rows(EVENTS))) == (0, 21)


async def test_while_the_graph_is_away_what_was_read_is_held_and_nothing_else_is(client: Redis, graph: Graph) -> None:
    """It is not acknowledged, nobody else's, and has not failed, however long that takes; nor lost to a trim."""
    await add(client, *(body(f"s-{n}") for n in range(3)))
    why: Exception | None = GraphUnavailable("away")
    accept = acceptor(graph, NAME)

    async def sometimes(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        if why is not None:
            raise why
        return await accept(entries)

    stream = Stream(client, NAME, "vito", "one", sometimes, abandoned=0)
    await stream.open()
    for _ in range(2 * MOST_DELIVERIES):
        with pytest.raises(GraphUnavailable):
            await stream.step(50)
        await add(client, body("s-3"))
    held = await client.xpending_range(NAME, "vito", "-", "+", 10)
    assert [(one["consumer"], one["times_delivered"]) for one in held] == [(b"one", 1)] * 3
    why = ValueError("a bug")
    assert await stream.step(50) == 3
    assert await client.xlen(f"{NAME}:dead") == 0
    why = GraphUnavailable("away")
    with pytest.raises(GraphUnavailable):
        await stream.step(50)
    await client.xtrim(NAME, 0)
    why = None
    assert await stream.step(50) == 1
    assert [event["id"] for event in await graph.rows(EVENTS)] == ["s-0"]


async def test_an_entry_that_waited_out_an_outage_with_a_consumer_of_before_is_tried(client: Redis) -> None:
    """That claimed it anew every minute, which Valkey counts."""
    await add(client, body("s-1"))

    async def accept(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        return [None for _ in entries]

    stream = Stream(client, NAME, "vito", "new", accept, abandoned=0)
    await stream.open()
    await client.xreadgroup("vito", "old", {NAME: ">"})
    for _ in range(2 * MOST_DELIVERIES):
        await client.xautoclaim(NAME, "vito", "old", 0)
    assert await stream.step(1) == 1
    assert (await stream.count_waiting(), await client.exists(f"{NAME}:dead")) == (0, 0)


async def test_who_holds_entries_keeps_them_from_being_claimed(client: Redis) -> None:
    await add(client, body("s-1"))

    async def away(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        raise GraphUnavailable("away")

    one, other = (Stream(client, NAME, "vito", name, away, abandoned=2_000) for name in ("one", "other"))
    await one.open()
    for _ in range(5):
        with pytest.raises(GraphUnavailable):
            await one.step(50)
        assert await other.step(1) == 0
        await asyncio.sleep(0.6)


async def test_what_was_trimmed_away_before_it_was_taken_in_is_told(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await add(client, *(body(f"s-{n}") for n in range(7)))

    async def dies(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        raise asyncio.CancelledError

    async def accept(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        return [None for _ in entries]

    doomed = Stream(client, NAME, "vito", "doomed", dies)
    await doomed.open()
    with pytest.raises(asyncio.CancelledError):
        await doomed.step(50)
    await client.xtrim(NAME, 2, approximate=False)
    heir = Stream(client, NAME, "vito", "heir", accept, abandoned=0)
    assert [await heir.step(1) for _ in range(3)] == [1, 1, 0]
    assert f"5 entries were trimmed off {NAME} before they were taken in" in caplog.text
    assert await heir.count_waiting() == 0


async def test_an_entry_that_ends_its_process_is_dead_in_the_end_and_takes_no_other_along(client: Redis) -> None:
    await add(client, *(body(id) for id in ("s-1", "poison", "s-2")))
    accepted = set[str]()

    async def deadly(entries: Sequence[Entry]) -> Sequence[Refusal | None]:
        if any(b"poison" in content for _, content in entries):
            raise asyncio.CancelledError
        accepted.update(json.loads(content)["id"] for _, content in entries)
        return [None for _ in entries]

    await Stream(client, NAME, "vito", "zero", deadly).open()
    deaths = 0
    for number in range(3 * MOST_DELIVERIES):
        consumer = Stream(client, NAME, "vito", f"c-{number}", deadly, abandoned=0)
        try:
            while await consumer.step(1):
                pass
        except asyncio.CancelledError:
            deaths += 1
    assert (deaths, accepted) == (1 + MOST_DELIVERIES, {"s-1", "s-2"})  # the first with others beside it
    assert await consumer.count_waiting() == 0
    [(_, dead)] = await client.xrange(f"{NAME}:dead")
    assert b"poison" in dead[b"observation"]
    assert b"never finished" in dead[b"reason"]


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
    """By the command itself, which has to know the key of the tombstones, and the country that is set."""
    said = body("s-1", identifiers=[{"kind": "email", "value": "zenobia@example.com", "assurance": "verified"}])
    await add(client, said)
    stream = consumer(client, graph)
    await stream.open()
    await stream.step(50)
    [person] = [row["id"] for row in await graph.rows(PERSONS)]
    await erase(graph, person, Caller("k-ida", "ida", Role.ADMIN))
    await client.xtrim(NAME, 0)
    local = body("s-3", identifiers=[{"kind": "phone", "value": "612 345 678"}])
    await add(client, said, body("s-2", channel=7), local)
    variables = backend.as_environment() | {"VITO_ERASURE_KEY": ERASURE_KEY, "VITO_DEFAULT_REGION": "ES"}
    addresses = [f"{name}={value}" for name, value in variables.items()]
    command = "from vitograph.api.cli import main; main()"
    intake = await asyncio.create_subprocess_exec(
        "/usr/bin/env", *addresses, sys.executable, "-c", command, "intake", "--stream", NAME, "--data", str(tmp_path)
    )
    try:
        async with asyncio.timeout(120):
            while await stream.count_waiting() or len(dead := await client.xrange(f"{NAME}:dead")) < 2:
                assert intake.returncode is None
                await asyncio.sleep(0.1)
    finally:
        intake.terminate()
        await intake.wait()
    assert [event["id"] for event in await graph.rows(EVENTS)] == ["s-3"]
    assert [b"erased" in fields[b"reason"] for _, fields in dead] == [True, False]
    left = str([await client.xrange(NAME), dead])
    assert "zenobia" not in left
    assert "s-2" in left
