"""Parts of a batch overlap, and yet lines about the same come in their order."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import httpx
import pytest

from vitograph.api import recording
from vitograph.api.routes import observations
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import GraphUnavailable

Headers = dict[Role, dict[str, str]]

ORDER = Statement(
    "test/order",
    "MATCH (e:Event)-[:CARRIES]->(i:Identifier) RETURN i.key AS key, e.id AS id ORDER BY i.key, e.received_at",
)
LINES = 400


def lines() -> list[dict[str, Any]]:
    """Of few people, by an address or a number of theirs, who say another name at every third line."""
    names = ("maria", "jose", "ana")
    return [
        {
            "id": f"t-{n}",
            "channel": "test",
            "identifiers": [
                {"kind": "email", "value": f"p{n % 7}@example.com"},
                *([{"kind": "user_id", "value": f"shop:{n % 7}"}] if n % 4 == 0 else []),
                {"kind": "cookie", "value": f"c-{n % 11}"},
            ],
            "traits": {"given_name": names[n % 3]} if n % 5 == 0 else {},
        }
        for n in range(LINES)
    ]


async def post(api: httpx.AsyncClient, bearer: Headers, bodies: list[dict[str, Any]]) -> httpx.Response:
    content = b"\n".join(json.dumps(body).encode() for body in bodies)
    return await api.post("/v1/observations/batch", content=content, headers=bearer[Role.CHANNEL])


async def test_lines_about_the_same_are_recorded_in_their_order_whatever_part_they_are_in(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it comes to the same as in one transaction."""
    found = []
    for size in (LINES, 16):
        monkeypatch.setattr(observations, "CHUNK", size)
        answer = await post(api, bearer, lines())
        told = [json.loads(line) for line in answer.text.splitlines()]
        assert [one["event_id"] for one in told] == [one["id"] for one in lines()]
        by_key: dict[str, list[int]] = defaultdict(list)
        for row in await graph.rows(ORDER):
            by_key[row["key"]].append(int(row["id"][2:]))
        assert all(numbers == sorted(numbers) for numbers in by_key.values())
        assert await audit(graph) == []
        found.append([(one["person_id"], one["rule"]) for one in told])
        again = await post(api, bearer, lines())
        assert again.text == answer.text
        await graph.run(Statement("test/clear", "MATCH (n) WHERE n:Event OR n:Person OR n:Identifier DETACH DELETE n"))
    assert found[0] == found[1]


async def test_where_the_first_part_fails_the_whole_is_to_be_sent_again(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise GraphUnavailable("it is away")

    monkeypatch.setattr(recording, "record", away)
    answer = await post(api, bearer, lines())
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert await graph.rows(ORDER) == []
