"""Valkey is killed, frozen and flushed under hot reads, changes and intake: no 5xx, and nothing wrong is shown."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from vitograph.api.app import create_app
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.api.wiring.projecting import GraphCampaigns, make_projector
from vitograph.graph import outbox
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot import line
from vitograph.projections.hot.filling import Filler
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.ready import ready
from vitograph.projections.hot.tracking import CERTAIN

Headers = dict[Role, dict[str, str]]
Fault = Callable[[], Awaitable[None]]

READERS = 3


@dataclass
class Truth:
    """What each process may show from when on, and what pages were shown against it."""

    ended: dict[tuple[str, str], float] = field(default_factory=dict)
    """Since when a campaign may not be shown active, by process and campaign."""
    other: dict[str, float] = field(default_factory=dict)
    """Since when a cookie may not be greeted by the process that took in another person on it."""
    wrong: list[str] = field(default_factory=list)
    reads: int = 0

    def campaign(self, process: str, id: str, began: float, answer: httpx.Response) -> None:
        self._count(answer)
        word = answer.json().get("status") if answer.status_code == 200 else None
        if word == "active" and began > self.ended.get((process, id), began):
            self.wrong.append(f"{id} was active for {process} {began - self.ended[process, id]:.3f} s after its end")
        if word not in ("active", "ended"):
            self.wrong.append(f"{id} was {word} for {process}")

    def visitor(self, cookie: str, began: float, answer: httpx.Response) -> None:
        self._count(answer)
        if answer.status_code == 200 and answer.json() and began > self.other.get(cookie, began):
            self.wrong.append(f"{cookie} was greeted {began - self.other[cookie]:.3f} s after somebody else came")

    def _count(self, answer: httpx.Response) -> None:
        self.reads += 1
        if answer.status_code != 200:
            self.wrong.append(f"{answer.request.url.path}: {answer.status_code}")


@asynccontextmanager
async def process(settings: Settings, url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One more API over the same servers, with a line to Valkey of its own."""
    app = create_app(settings.model_copy(update={"redis_url": url}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito", timeout=120) as client:
            yield client


async def read_on(name: str, page: httpx.AsyncClient, truth: Truth, ids: list[str]) -> None:
    """Reads campaigns and visitors until it is cancelled."""
    for number in itertools.count():
        id = ids[number % len(ids)]
        began = time.monotonic()
        path = f"/hot/campaigns/{id}" + ("/status" if number % 2 else "")
        truth.campaign(name, id, began, await page.get(path))
        if name == "first":
            began = time.monotonic()
            truth.visitor(f"v-{id}", began, await page.get(f"/hot/visitors/v-{id}"))
        await asyncio.sleep(0.005)


async def take_in(page: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Batches of observations, one after another, until it is cancelled."""
    for batch in itertools.count():
        lines = [
            orjson.dumps(
                {
                    "channel": "web_form",
                    "identifiers": [
                        {"kind": "email", "value": f"p{batch}-{number}@example.com", "assurance": "asserted"},
                        {"kind": "cookie", "value": f"k{batch}-{number}", "assurance": "observed"},
                    ],
                }
            )
            for number in range(50)
        ]
        answer = await page.post("/v1/observations/batch", content=b"\n".join(lines), headers=headers)
        assert answer.status_code == 200
        await asyncio.sleep(0.02)


async def arrive(page: httpx.AsyncClient, headers: dict[str, str], cookie: str, name: str) -> None:
    """Somebody logs in on a browser."""
    body: dict[str, Any] = {
        "channel": "web_form",
        "identifiers": [
            {"kind": "email", "value": f"{name}-{cookie}@example.com", "assurance": "verified"},
            {"kind": "cookie", "value": cookie, "assurance": "observed"},
        ],
        "traits": {"given_name": name, "family_name": "López"},
    }
    assert (await page.post("/v1/observations", json=body, headers=headers)).status_code == 201


def faults(valkey: Child, hot: HotMemory) -> list[Fault]:
    """What is done to Valkey."""

    async def flush() -> None:
        await hot.client.flushall()

    async def freeze() -> None:
        assert valkey.process is not None
        os.kill(valkey.process.pid, signal.SIGSTOP)
        await asyncio.sleep(0.8)
        os.kill(valkey.process.pid, signal.SIGCONT)

    async def kill() -> None:
        assert valkey.process is not None
        valkey.process.kill()
        await valkey.wait()
        await asyncio.sleep(0.3)
        await valkey.start()

    return [flush, freeze, kill, flush]


async def end(page: httpx.AsyncClient, graph: Graph, id: str, headers: dict[str, str], truth: Truth) -> None:
    """Ends a campaign. Who ended it shows so from the answer on, every other process once it has been carried."""
    assert (await page.post(f"/v1/campaigns/{id}/end", headers=headers)).status_code == 200
    truth.ended["first", id] = time.monotonic()
    while await outbox.unsettled(graph, "campaign", 0.0):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    truth.ended["second", id] = time.monotonic() + CERTAIN


async def until(claim: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await claim():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def is_shown(page: httpx.AsyncClient, id: str) -> bool:
    """Whether the hot memory itself says that a campaign has ended."""
    answer = await page.get(f"/hot/campaigns/{id}/status")
    return answer.json() == {"status": "ended"} and answer.headers["server-timing"].startswith("redis")


async def test_whatever_happens_to_valkey_under_load_pages_are_told_the_truth(
    graph: Graph,
    settings: Settings,
    hot: HotMemory,
    valkey: Child,
    bearer: Headers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "GRAPH_PATIENCE", 60.0)  # the machine of a test may be busy for longer
    assert isinstance(valkey.recipe, ValkeyServer)
    url, truth, marketing = valkey.recipe.url, Truth(), bearer[Role.MARKETING]
    happenings = faults(valkey, hot)
    ids = [f"c-{number}" for number in range(len(happenings))]
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(process(settings, url))
        second = await stack.enter_async_context(process(settings, url))
        for id in ids:
            for call, path in (("PUT", ""), ("POST", "/activate")):
                answer = await first.request(call, f"/v1/campaigns/{id}{path}", json={"name": id}, headers=marketing)
                assert answer.status_code in (200, 201)
            await arrive(first, bearer[Role.CHANNEL], f"v-{id}", "María")
        working = [make_projector(graph, hot).run(), Filler(GraphCampaigns(graph), hot).run()]
        working += [take_in(first, bearer[Role.CHANNEL])]
        working += [read_on("first", first, truth, ids) for _ in range(READERS)]
        working += [read_on("second", second, truth, ids) for _ in range(READERS)]
        tasks = [asyncio.create_task(work) for work in working]
        for id, happening in zip(ids, happenings, strict=True):
            under_way = asyncio.create_task(happening())
            await asyncio.sleep(0.1)
            await arrive(first, bearer[Role.CHANNEL], f"v-{id}", "Carlos")
            truth.other[f"v-{id}"] = time.monotonic()
            await end(first, graph, id, marketing, truth)
            await under_way
        for page, id in itertools.product((first, second), ids):
            await until(lambda page=page, id=id: is_shown(page, id))
        assert all(not task.done() for task in tasks), [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert truth.wrong == []
    assert truth.reads > 100
    held = await hot.get(ids)
    assert held == [ready(await campaigns.get(graph, id)).to_bytes() for id in ids]


async def test_no_process_goes_on_showing_what_ended_while_valkey_takes_no_writes(
    graph: Graph, settings: Settings, hot: HotMemory, valkey: Child, bearer: Headers
) -> None:
    """A disk that is full, a primary that lost its replicas: it reads as ever, and neither the end of a campaign nor
    what takes the old words away comes there."""
    assert isinstance(valkey.recipe, ValkeyServer)
    marketing = bearer[Role.MARKETING]
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(process(settings, valkey.recipe.url)) for _ in range(2)]
        await first.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=marketing)
        await first.post("/v1/campaigns/summer/activate", headers=marketing)
        projector = make_projector(graph, hot)
        while await projector.step():
            pass
        assert (await second.get("/hot/campaigns/summer/status")).json() == {"status": "active"}
        await hot.client.config_set("min-replicas-to-write", "1")
        try:
            assert (await first.post("/v1/campaigns/summer/end", headers=marketing)).status_code == 200

            async def is_told() -> bool:
                return bool((await second.get("/hot/campaigns/summer/status")).json() == {"status": "ended"})

            await until(is_told)
            answer = await second.get("/hot/campaigns/summer/status")
            assert answer.headers["server-timing"].startswith("graph")
        finally:
            await hot.client.config_set("min-replicas-to-write", "0")
        task = asyncio.create_task(projector.run())
        await until(lambda: is_shown(second, "summer"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
