"""A person who was erased has left nothing, does not come back by what is late, and may come anew."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.deciding import ANA, BEN, join, person, propose, saw, say, score_again
from tests.factories import observed
from vitograph.api.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.audit import audit
from vitograph.graph.decisions import confirm, retract
from vitograph.graph.driver import Graph
from vitograph.graph.erasures import Wish, erase, finish_begun, get_erasure
from vitograph.graph.keys import Caller, Role
from vitograph.graph.log import verify_log
from vitograph.graph.observations import Recorded, record
from vitograph.graph.queries import Statement
from vitograph.projections.hot import HotMemory
from vitograph.resolver.decisions import Verdict
from vitograph.resolver.errors import Erased, Forbidden, UnknownThing

Headers = dict[Role, dict[str, str]]
IDA = Caller("k-ida", "ida", Role.ADMIN)

EVERYTHING = Statement(
    "test/everything",
    "MATCH (n) WHERE NOT n:Migration AND NOT n:ApiKey "
    "RETURN labels(n) AS labels, properties(n) AS n, COLLECT { MATCH (n)-[r]->() RETURN properties(r) } AS r",
)


async def dump(graph: Graph) -> str:
    """Everything that can be read of the graph, as text."""
    return "\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in await graph.rows(EVERYTHING))


def body(id: str, email: str, at: str, *more: tuple[str, str], **traits: str) -> dict[str, Any]:
    """An observation as it is posted."""
    identifiers = [{"kind": kind, "value": value} for kind, value in (("email", email), *more)]
    return {"id": id, "channel": "web_form", "occurred_at": at, "identifiers": identifiers, "traits": traits}


async def post(api: httpx.AsyncClient, bearer: Headers, said: dict[str, Any]) -> httpx.Response:
    return await api.post("/v1/observations", json=said, headers=bearer[Role.CHANNEL])


async def test_nothing_is_left_and_nothing_late_brings_them_back(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    first = body("o-1", "zenobia@example.com", "2026-11-01T10:00:00Z", ("phone", "+34911222333"), given_name="Zenobia")
    id = (await post(api, bearer, first)).json()["person_id"]
    other = (await post(api, bearer, body("o-2", "bob@example.com", "2026-11-01T10:00:00Z"))).json()["person_id"]
    gone = await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])
    assert gone.status_code == 202, gone.text
    assert (gone.json()["persons"], gone.json()["events"], gone.json()["identifiers"]) == (1, 1, 2)
    text = (await dump(graph)).lower()
    assert "zenobia" not in text and "911222333" not in text and "o-1" not in text and id not in text.replace("x-", "")
    assert (await api.get(f"/v1/persons/{id}", headers=bearer[Role.SPECIALIST])).status_code == 410
    assert (await api.get(f"/v1/persons/{other}", headers=bearer[Role.SPECIALIST])).status_code == 200
    again = await post(api, bearer, first)
    assert (again.status_code, again.json()["type"]) == (410, "urn:vito:problem:Erased")
    late = await post(api, bearer, body("o-3", "zenobia@example.com", "2026-11-02T10:00:00Z"))
    assert late.status_code == 410
    assert "zenobia" not in (await dump(graph)).lower()
    assert await audit(graph) == []
