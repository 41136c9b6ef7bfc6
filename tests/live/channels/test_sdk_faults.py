"""The same libraries on a bad day: answers are lost, servers are busy, times are shuffled; each event arrives once."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import rudderstack.analytics
import segment.analytics
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.live.channels.test_sdks import WITHIN
from tests.live.channels.test_segment import EVENTS, SAME
from tests.npm import installed
from tests.serving import serving
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

PEOPLE = ("Zoë Müller", "李小龍", "Søren Ångström", "🙂 Smile", "O'Brien-Łukasz", "ñandú\u200dx")
EACH = 4


class BadLine:
    """Between library and server: of every three requests one is lost after it arrived, one is put off, one passes."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.faults = 0
        self.asked = 0

    async def pass_on(self, request: Request) -> Response:
        self.asked += 1
        if self.asked % 3 == 2:
            self.faults += 1
            return Response("busy", 503 if self.asked % 2 else 429, {"Retry-After": "1"})
        url = f"{self.behind}{request.url.path}"
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            answer = await client.post(url, content=await request.body(), headers=headers)
        if self.asked % 3 == 1:
            self.faults += 1
            return Response("the answer was lost", 502)
        return Response(answer.content, answer.status_code, {"content-type": answer.headers["content-type"]})


@pytest.fixture
async def line(host: str) -> AsyncIterator[tuple[BadLine, str]]:
    line = BadLine(host)
    async with serving(Starlette(routes=[Route("/{path:path}", line.pass_on, methods=["POST"])])) as url:
        yield line, url


def script(seed: int) -> list[tuple[str, dict[str, Any], dt.datetime]]:
    """Calls out of order, as several servers of a site make them, each at a moment of its own."""
    start = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
    calls: list[tuple[str, dict[str, Any]]] = []
    for person, name in enumerate(PEOPLE):
        user, device = f"u-{person}", f"d-{person}"
        calls += [("page", {"anonymous_id": device, "name": f"Page {name}"})]
        calls += [
            ("identify", {"user_id": user, "anonymous_id": device, "traits": {"name": name, "deep": [{"a": [1]}]}})
        ]
        calls += [("track", {"user_id": user, "event": f"Bought {name}", "properties": {"n": n}}) for n in range(EACH)]
        calls += [("screen", {"user_id": user, "name": "Basket"}), ("group", {"user_id": user, "group_id": "g-1"})]
    timed = [(kind, said, start + dt.timedelta(seconds=7 * place)) for place, (kind, said) in enumerate(calls)]
    random.Random(seed).shuffle(timed)
    return timed


async def all_arrived(graph: Graph, line: BadLine, said: list[tuple[str, dict[str, Any], dt.datetime]]) -> None:
    """Each once, at its own moment, with its own words; nobody was merged."""
    events = await graph.rows(EVENTS)
    assert line.faults >= 2
    assert [dt.datetime.fromisoformat(event["at"]) for event in events] == sorted(at for _, _, at in said)
    kinds = {"page": "page.viewed", "identify": "person.identified", "screen": "screen.viewed", "group": "group.joined"}
    for event, (kind, words, _) in zip(events, sorted(said, key=lambda one: one[2]), strict=True):
        if kind == "track":
            told = json.loads(event["properties"])
            assert (told["n"], told["segment"]["event"]) == (words["properties"]["n"], words["event"]), event
        else:
            assert event["type"] == kinds[kind]
    assert (await graph.rows(SAME))[0]["count"] == 0


def segment_client(key: str, host: str, **options: Any) -> Any:
    return segment.analytics.Client(key, host=host, max_retries=10, **options)


def rudder_client(key: str, host: str, **options: Any) -> Any:
    return rudderstack.analytics.Client(key, host=f"{host}/segment", max_retries=10, **options)


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (segment_client, {"upload_size": 7, "gzip": True}),
        (segment_client, {"upload_size": 100}),
        (rudder_client, {"upload_size": 20}),
    ],
    ids=["segment, small and packed", "segment, in one", "rudderstack"],
)
async def test_a_python_library_delivers_once_each_over_a_bad_line(
    line: tuple[BadLine, str], graph: Graph, secrets: dict[Role, str], make: Callable[..., Any], options: dict[str, Any]
) -> None:
    bad, url = line
    said, failed = script(1), []

    def run() -> None:
        client = make(secrets[Role.CHANNEL], url, on_error=lambda error, _: failed.append(error), **options)
        for kind, words, at in said:
            getattr(client, kind)(**words, timestamp=at)
        client.flush()
        client.join()

    async with asyncio.timeout(WITHIN):
        await asyncio.to_thread(run)
    assert failed == []
    await all_arrived(graph, bad, said)


async def test_the_node_library_delivers_once_each_over_a_bad_line(
    line: tuple[BadLine, str], graph: Graph, secrets: dict[Role, str], tmp_path: Path
) -> None:
    bad, url = line
    said = script(2)
    names = {"anonymous_id": "anonymousId", "user_id": "userId", "group_id": "groupId"}
    told = [
        {"kind": kind, "at": at.isoformat(), "said": {names.get(name, name): value for name, value in words.items()}}
        for kind, words, at in said
    ]
    file = tmp_path / "said.json"
    await asyncio.to_thread(file.write_text, json.dumps(told))
    sending = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("node"), "replay.mjs", url, secrets[Role.CHANNEL], str(file)),
        cwd=installed(),
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(WITHIN):
        _, complaint = await sending.communicate()
    assert sending.returncode == 0, complaint.decode()
    await all_arrived(graph, bad, said)
