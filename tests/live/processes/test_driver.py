"""Limits of the real server reach the caller as what they are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.live.instances import wait_for_async
from vitograph.api.running.addresses import Addresses
from vitograph.graph import driver
from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import GraphUnavailable

# Minutes of work in little memory.
SLOW = Statement(
    "test/slow",
    "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b < 0 RETURN count(*) AS found",
)
LARGE = Statement(
    "test/large", "UNWIND range(1, 50000000) AS n WITH collect('no. ' + n) AS held RETURN size(held) AS size"
)
RUNNING = Statement(
    "test/running",
    "SHOW TRANSACTIONS YIELD currentQuery AS q WHERE q STARTS WITH 'UNWIND range(1, 100000)' RETURN count(*) AS n",
)


TERMINATE = Statement(
    "test/terminate",
    "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS q WHERE q STARTS WITH 'UNWIND range(1, 100000)' "
    "TERMINATE TRANSACTIONS id YIELD message RETURN count(message) AS count",
)


async def rows(graph: Graph, wall_clock: float) -> object:
    return await graph.rows(SLOW, wall_clock=wall_clock)


async def read(graph: Graph, wall_clock: float) -> object:
    async def work(tx: Transaction) -> object:
        return await tx.run(SLOW)

    return await graph.read(work, wall_clock)


async def write(graph: Graph, wall_clock: float) -> object:
    async def work(tx: Transaction) -> object:
        return await tx.run(SLOW)

    return await graph.write(work, wall_clock)


FOUND = Statement("test/found", "CREATE (:Found {id: 1}), (:Found {id: 2})")
LINK = Statement("test/link", "MATCH (f:Found) CREATE (f)-[:OF]->(:Other) RETURN count(*) AS links")
LOST = "MATCH (f:Found {id: 1}) DETACH DELETE f"
WAITS = Statement(
    "test/waits",
    "SHOW TRANSACTIONS YIELD currentQuery AS q, status WHERE q STARTS WITH 'MATCH (f:Found) CREATE' "
    "AND status STARTS WITH 'Blocked' RETURN count(*) AS n",
)


Ask = Callable[[Graph, float], Awaitable[object]]


@pytest.mark.parametrize("ask", [rows, read, write])
async def test_a_query_ends_at_its_wall_clock(graph: Graph, ask: Ask) -> None:
    began = time.monotonic()
    with pytest.raises(GraphUnavailable, match=r"did not answer within 0\.5 s"):
        await ask(graph, 0.5)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("ask", [rows, read, write])
async def test_the_server_itself_ends_a_transaction_at_the_callers_wall_clock(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    """Its own limit is 30 s: without the caller's it would cut long work short, and go on with what nobody awaits."""
    patient = driver.translated
    monkeypatch.setattr(driver, "translated", lambda wall_clock: patient(wall_clock + 14.5))
    began = time.monotonic()
    with pytest.raises(GraphUnavailable, match="did not answer within 15 s") as caught:
        await ask(graph, 0.5)
    assert time.monotonic() - began < 10
    assert "TransactionTimedOut" in str(caught.value.__cause__)
    assert (await graph.rows(RUNNING))[0]["n"] == 0


@pytest.mark.parametrize("ask", [rows, read, write])
async def test_a_transaction_that_an_administrator_ended_is_no_bug(graph: Graph, ask: Ask) -> None:
    asking = asyncio.create_task(ask(graph, 120.0))
    async with asyncio.timeout(60):
        while not (await graph.run(TERMINATE))[0]["count"]:  # noqa: ASYNC110  it has not begun yet
            await asyncio.sleep(0.05)
    with pytest.raises(GraphUnavailable, match="ended from outside"):
        await asking


async def test_a_query_too_large_for_the_servers_memory_is_one_clear_sentence(graph: Graph) -> None:
    with pytest.raises(GraphUnavailable, match="Neo4j has not the memory for this"):
        await graph.rows(LARGE)


async def test_who_gets_no_connection_is_told_that_the_graph_does_not_answer(
    graph: Graph, backend: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "MOST_CONNECTIONS", 1)
    monkeypatch.setattr(driver, "ACQUIRED_WITHIN", 0.2)
    async with driver.open_graph(backend.neo4j_uri, backend.neo4j_user, backend.neo4j_password) as narrow:

        async def hold(tx: Transaction) -> None:
            with pytest.raises(GraphUnavailable, match="every connection to Neo4j is taken"):
                await narrow.rows(RUNNING)

        await narrow.read(hold)
        assert await narrow.rows(RUNNING)


async def link_by_write(graph: Graph) -> list[dict[str, object]]:
    return await graph.write(lambda tx: tx.run(LINK))


async def link_by_ensure(graph: Graph) -> list[dict[str, object]]:
    return await graph.ensure(LINK)


Link = Callable[[Graph], Awaitable[list[dict[str, object]]]]


async def link_while_one_is_deleted(graph: Graph, link: Link, linker: Graph) -> list[dict[str, object]]:
    async def waits() -> bool:
        return bool((await graph.rows(WAITS))[0]["n"])

    await graph.run(FOUND)
    async with graph.driver.session() as session, await session.begin_transaction() as deleting:
        await (await deleting.run(LOST)).consume()
        linking = asyncio.create_task(link(linker))
        await wait_for_async(waits, 60)
        await deleting.commit()
    return await linking


@pytest.mark.parametrize("link", [link_by_write, link_by_ensure])
async def test_what_is_deleted_between_finding_and_locking_is_not_found_again(graph: Graph, link: Link) -> None:
    assert await link_while_one_is_deleted(graph, link, graph) == [{"links": 1}]


@pytest.mark.parametrize("link", [link_by_write, link_by_ensure])
async def test_what_is_deleted_at_every_try_is_told_as_that(
    graph: Graph, link: Link, backend: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "RETRY_BUDGET", 0.0)
    async with driver.open_graph(backend.neo4j_uri, backend.neo4j_user, backend.neo4j_password) as impatient:
        with pytest.raises(GraphUnavailable, match="deleted meanwhile"):
            await link_while_one_is_deleted(graph, link, impatient)
