"""A Valkey that answers and takes no writes is away for the time being: nobody is told 500, and no entry dies of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from redis.exceptions import ResponseError

from vitograph.api.wiring.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.unavailable import is_lacking
from vitograph.resolver.errors import HotMemoryRefuses, HotMemoryUnavailable

ATTEMPTS = Statement("test/attempts", "MATCH (o:Outbox) RETURN sum(o.attempts) AS attempts, count(o) AS count")

DUE = Statement("test/due", "MATCH (o:Outbox) SET o.next_at = datetime()")


async def activate(page: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await page.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=headers)).status_code == 201
    assert (await page.post("/v1/campaigns/summer/activate", headers=headers)).status_code == 200


@pytest.fixture(params=[("min-replicas-to-write", "1", "0"), ("maxmemory", "1", "0")], ids=lambda one: one[0])
async def refusing(request: pytest.FixtureRequest, hot: HotMemory) -> AsyncIterator[HotMemory]:
    name, on, off = request.param
    await hot.client.config_set(name, on)
    yield hot
    await hot.client.config_set(name, off)


async def test_writes_are_acknowledged_and_carried_to_it_later(
    page: httpx.AsyncClient, graph: Graph, refusing: HotMemory, bearer: dict[Role, dict[str, str]]
) -> None:
    headers = bearer[Role.MARKETING]
    await activate(page, headers)
    assert (await page.get("/hot/campaigns/summer/status")).json() == {"status": "active"}
    with pytest.raises(HotMemoryUnavailable):
        await make_projector(graph, refusing).step()
    [told] = await graph.rows(ATTEMPTS)
    assert told == {"attempts": 0, "count": (await outbox.backlog(graph)).waiting}
    assert told["count"] > 0


async def test_a_valkey_whose_user_may_not_write_is_not_believed_and_nothing_dies_of_it(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory, bearer: dict[Role, dict[str, str]]
) -> None:
    headers = bearer[Role.MARKETING]
    await activate(page, headers)
    projector = make_projector(graph, hot)
    await projector.step()
    assert (await page.get("/hot/campaigns/summer/status")).json() == {"status": "active"}
    await hot.client.execute_command("ACL", "SETUSER", "default", "-eval")
    try:
        assert (await page.post("/v1/campaigns/summer/end", headers=headers)).status_code == 200
        identifiers = [{"kind": "email", "value": "b@example.com"}, {"kind": "cookie", "value": "c-2"}]
        body = {"id": "o-2", "channel": "web", "identifiers": identifiers}
        answer = await page.post("/v1/observations", json=body, headers=bearer[Role.CHANNEL])
        assert answer.status_code == 201, answer.text
        for _ in range(outbox.MOST_ATTEMPTS + 1):
            await graph.run(DUE)
            await projector.step()
        assert (await page.get("/hot/campaigns/summer/status")).json() == {"status": "ended"}
        listed = {(entry["aggregate"], entry["error"]) for entry in await outbox.dead(graph)}
        assert ("campaign", "Valkey refuses: NoPermissionError") in listed
    finally:
        await hot.client.execute_command("ACL", "SETUSER", "default", "+eval")
    await graph.run(DUE)
    await projector.step()
    assert await outbox.backlog(graph) == outbox.Backlog(0, 0, 0.0)


LOOPING = "while true do end"


async def test_what_was_forgotten_counts_as_rewritten_only_where_the_file_was_or_no_user_may(hot: HotMemory) -> None:
    """I13: whatever else Valkey says, the file may still hold it."""
    with pytest.raises(ResponseError) as unknown:
        await hot.client.execute_command("NOREWRITE")
    assert is_lacking(unknown.value)
    await hot.client.execute_command("ACL", "SETUSER", "default", "-bgrewriteaof")
    try:
        await hot.rewrite()
    finally:
        await hot.client.execute_command("ACL", "SETUSER", "default", "+bgrewriteaof")
    await hot.client.config_set("busy-reply-threshold", 100)
    looping = asyncio.create_task(hot.client.eval(LOOPING, 0))
    try:
        await asyncio.sleep(0.5)
        with pytest.raises(HotMemoryRefuses, match="BUSY"):
            await hot.rewrite()
    finally:
        await hot.client.script_kill()
        await asyncio.gather(looping, return_exceptions=True)
        await hot.client.config_set("busy-reply-threshold", 5_000)
    await hot.rewrite()


async def test_observations_are_taken_in_that_change_whom_a_cookie_greets(
    page: httpx.AsyncClient, refusing: HotMemory, bearer: dict[Role, dict[str, str]]
) -> None:
    with pytest.raises(HotMemoryUnavailable):
        await refusing.forget_visitors(["c-1"])
    identifiers = [{"kind": "email", "value": "a@example.com"}, {"kind": "cookie", "value": "c-1"}]
    body = {"id": "o-1", "channel": "web", "identifiers": identifiers}
    answer = await page.post("/v1/observations", json=body, headers=bearer[Role.CHANNEL])
    assert answer.status_code == 201, answer.text
