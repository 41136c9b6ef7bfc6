"""The libraries of Segment and RudderStack, unchanged, against the real app over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rudderstack.analytics
import segment.analytics

from tests.live.channels.test_segment import EVENTS, SAME, holders
from tests.npm import installed
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

WITHIN = 120.0


def at(minute: int) -> dt.datetime:
    return dt.datetime(2026, 11, 24, 10, minute, tzinfo=dt.UTC)


def speak(client: Any, traits_of: Any) -> None:
    """What a site's server would say, out of order."""
    client.track("py-1", "Order Completed", {"total": 12.5}, timestamp=at(3))
    client.identify("py-1", **traits_of({"email": "Pia@Example.com", "firstName": "Pia"}), timestamp=at(2))
    client.page(anonymous_id="py-device", name="Home", timestamp=at(1))
    client.group("py-1", "shop-7", timestamp=at(4))
    client.screen("py-1", name="Basket", timestamp=at(5))
    client.alias("py-0", "py-1", timestamp=at(6))


@pytest.mark.parametrize(
    ("library", "path"),
    [("segment", ""), ("segment, gzip", "/segment"), ("segment", "/segment/"), ("rudderstack", "/segment")],
)
async def test_a_python_library_delivers_once_each_in_order(
    host: str, graph: Graph, secrets: dict[Role, str], library: str, path: str
) -> None:
    failed: list[object] = []
    options: dict[str, Any] = {"on_error": lambda error, _: failed.append(error), "max_retries": 1}
    key = secrets[Role.CHANNEL]

    def run() -> None:
        client: Any
        if library == "rudderstack":
            client = rudderstack.analytics.Client(key, host=host + path, **options)
            speak(client, lambda traits: {"traits": traits, "context": {"traits": traits}})
        else:
            client = segment.analytics.Client(key, host=host + path, gzip="gzip" in library, **options)
            speak(client, lambda traits: {"traits": traits})
        client.flush()
        client.join()

    await asyncio.to_thread(run)
    assert failed == []
    await all_arrived(graph, "py")


async def all_arrived(graph: Graph, name: str) -> None:
    """Each event of `speak` once, in the order of its time, on whom it is about."""
    events = await graph.rows(EVENTS)
    own = [event for event in events if "part_of" not in event["properties"]]
    assert [event["type"] for event in own] == [
        "page.viewed",
        "person.identified",
        "order_completed",
        "group.joined",
        "screen.viewed",
        "person.aliased",
    ]
    assert [event["at"][14:16] for event in own] == ["01", "02", "03", "04", "05", "06"]
    held = await holders(graph)
    person, assurance = next(iter(held[f"user_id:{name}-1"]))
    assert assurance == "verified"
    assert Counter(event["person"] for event in own)[person] == 5
    mailbox = {"py": "pia", "node": "nora", "page": "petra"}[name]
    assert (person, "asserted") in held[f"email:{mailbox}@example.com"]
    assert {assurance for _, assurance in held[f"user_id:{name}-0"]} == {"verified", "observed"}
    assert (await graph.rows(SAME))[0]["count"] == 0


async def test_the_node_library_delivers_once_each_in_order(host: str, graph: Graph, secrets: dict[Role, str]) -> None:
    packages = installed()
    node = Path(sys.executable).with_name("node")
    sending = await asyncio.create_subprocess_exec(
        node, "send.mjs", f"{host}/segment", secrets[Role.CHANNEL], cwd=packages, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(WITHIN):
        _, said = await sending.communicate()
    assert sending.returncode == 0, said.decode()
    await all_arrived(graph, "node")
