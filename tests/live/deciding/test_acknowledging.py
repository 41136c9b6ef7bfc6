"""An approved link whose evidence became weaker, looked at and left."""

from __future__ import annotations

from typing import Any

import httpx

from tests.deciding import BEN, candidate, join, propose, retract, saw, say
from vitograph.graph.access.keys import Role
from vitograph.graph.deciding.acknowledging import acknowledge
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.keeping.rebuilding import RECORD_FLAGS
from vitograph.graph.keeping.rereading import LIST_FLAGS
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

Headers = dict[Role, dict[str, str]]
PHONE = "phone:+4930123456"


async def family(graph: Graph) -> tuple[str, str]:
    """A joined pair that leans on a phone, and a pair of which a third person is, who states it too."""
    a, b, c = [
        (await saw(graph, f"email:{name}@example.com!", PHONE, given_name=first)).person_id
        for name, first in zip("abc", ("anna", "boris", "clara"), strict=True)
    ]
    joined = (await join(graph, a, b)).decision["candidate_id"]
    return joined, await propose(graph, a, c)


async def listed(api: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    found = await api.get("/v1/candidates?weakened=true", headers=headers)
    return [item["id"] for item in found.json()["items"]]


async def test_a_link_that_was_looked_at_is_off_the_list_until_its_evidence_changes(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    id, other = await family(graph)
    shared = (await say(graph, other, Verdict.SHARED_IDENTIFIER, BEN)).decision["id"]
    assert await listed(api, headers) == [id]
    read = await api.get(f"/v1/candidates/{id}", headers=headers)
    assert read.json()["weakened_by"] == [PHONE]
    body: dict[str, Any] = {"weakened_by": [PHONE], "reason": "they showed a passport"}
    tag = headers | {"If-Match": read.headers["etag"]}
    path = f"/v1/candidates/{id}/acknowledge"
    for sent, change, status in (
        (headers, {}, 428),
        (headers | {"If-Match": '"99"'}, {}, 412),
        (tag, {"weakened_by": ["email:a@x.org"]}, 412),
        (tag, {"weakened_by": []}, 422),
        (bearer[Role.ADMIN] | {"If-Match": read.headers["etag"]}, {}, 403),
    ):
        assert (await api.post(path, json=body | change, headers=sent)).status_code == status
    assert await listed(api, headers) == [id]
    left = await api.post(path, json=body, headers=tag)
    assert left.status_code == 201, left.text
    entry = left.json()
    assert (entry["entry"], entry["acknowledges"]) == ("acknowledgement", read.json()["decision"])
    assert entry["identifiers"] == [PHONE]
    assert await listed(api, headers) == []
    now = await api.get(f"/v1/candidates/{id}", headers=headers)
    assert (now.json()["status"], now.json()["verdict"], now.json()["weakened_by"]) == ("decided", "same", [])
    assert now.json()["history"][0]["entry"] == "acknowledgement"
    assert now.headers["etag"] == left.headers["etag"] != read.headers["etag"]
    again = await api.post(path, json=body, headers=headers | {"If-Match": now.headers["etag"]})
    assert again.status_code == 409
    back = await api.post(f"/v1/decisions/{entry['id']}/retract", headers=headers)
    assert back.status_code == 409, "the link can be retracted, not that somebody looked"
    assert (await api.get("/v1/decisions/verify", headers=headers)).json()["ok"]
    assert await audit(graph) == []
    await retract(graph, shared, "it was a typing error", BEN)
    await say(graph, other, Verdict.SHARED_IDENTIFIER, BEN)
    assert await listed(api, headers) == [id], "it became shared anew: that is news"


async def test_nothing_is_left_of_it_once_the_identifier_is_not_shared_any_more(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    id, other = await family(graph)
    before = await digest(graph)
    shared = await say(graph, other, Verdict.SHARED_IDENTIFIER, BEN)
    version = (await candidate(graph, id))["version"]
    headers = bearer[Role.SPECIALIST] | {"If-Match": f'"{version}"'}
    left = await api.post(f"/v1/candidates/{id}/acknowledge", json={"weakened_by": [PHONE]}, headers=headers)
    assert left.status_code == 201
    await retract(graph, shared.decision["id"], "no", BEN)
    assert await digest(graph) == before


async def test_a_replay_knows_what_was_looked_at(graph: Graph) -> None:
    """Flags are kept by the copy: an edge that is worked out anew would be flagged again."""
    id, other = await family(graph)
    await say(graph, other, Verdict.SHARED_IDENTIFIER, BEN)
    version = (await candidate(graph, id))["version"]
    await acknowledge(graph, id, [PHONE], ("left", None), BEN, version)
    [flags] = await graph.rows(LIST_FLAGS)
    assert flags["flags"] == {"weakened": None, "weakened_by": None, "acknowledged": [PHONE]}
    await graph.run(Statement("test/flag", "MATCH ()-[r:SAME_AS]->() SET r.weakened = true, r.weakened_by = ['x']"))
    await graph.write(lambda tx: tx.run(RECORD_FLAGS, rows=[flags]))
    assert await graph.rows(LIST_FLAGS) == [flags]
