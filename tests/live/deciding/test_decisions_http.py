"""Deciding through the whole app: roles, ETags, statuses and problems."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.deciding import join, person, propose, propose_fragments
from vitograph.api.cli.audit import report
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import EVERY, Finding, audit
from vitograph.graph.queries import Statement

Headers = dict[Role, dict[str, str]]
SAME = {"verdict": "same", "reason": "called her back"}


@pytest.fixture
async def other(graph: Graph) -> dict[str, str]:
    """The headers of a second specialist."""
    _, secret = await create_key(graph, "another specialist", Role.SPECIALIST)
    return {"Authorization": f"Bearer {secret}"}


async def decide(
    api: httpx.AsyncClient, id: str, headers: dict[str, str], version: int | None = None, **body: Any
) -> httpx.Response:
    """Posts a verdict with the ETag that a read gives, or another."""
    if version is None:
        read = await api.get(f"/v1/candidates/{id}", headers=headers)
        tag = read.headers["ETag"]
    else:
        tag = f'"{version}"'
    return await api.post(f"/v1/candidates/{id}/decisions", json=SAME | body, headers=headers | {"If-Match": tag})


async def test_a_pair_is_decided_retracted_and_logged(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    specialist = bearer[Role.SPECIALIST]
    a, b = await person(graph, "a"), await person(graph, "b")
    id = await propose(graph, a, b)
    decided = await decide(api, id, specialist, note="on the phone")
    assert decided.status_code == 201
    assert decided.headers["ETag"] == '"2"'
    entry = decided.json()
    assert {key: entry[key] for key in ("seq", "verdict", "state", "reason", "note", "candidate_id")} == {
        "seq": 1,
        "verdict": "same",
        "state": "applied",
        "reason": "called her back",
        "note": "on the phone",
        "candidate_id": id,
    }
    assert "salt" not in entry
    view = await api.get(f"/v1/persons/{max(a, b)}", headers=specialist)
    assert view.json()["view_id"] == min(a, b)
    back = await api.post(f"/v1/decisions/{entry['id']}/retract", json={"reason": "not her"}, headers=specialist)
    assert (back.status_code, back.json()["supersedes"]) == (201, entry["id"])
    again = await api.post(f"/v1/decisions/{entry['id']}/retract", json={"reason": "not her"}, headers=specialist)
    assert again.status_code == 409
    listed = await api.get("/v1/decisions", params={"limit": 1}, headers=specialist)
    assert [item["state"] for item in listed.json()["items"]] == ["retracted"]
    rest = await api.get("/v1/decisions", params={"cursor": listed.json()["next"]}, headers=specialist)
    assert [item["verdict"] for item in rest.json()["items"]] == ["retract"]
    assert rest.json()["next"] is None
    since = await api.get("/v1/decisions", params={"since": "2999-01-01T00:00:00Z"}, headers=bearer[Role.ADMIN])
    assert since.json() == {"items": [], "next": None}
    verified = await api.get("/v1/decisions/verify", headers=bearer[Role.ADMIN])
    assert verified.json() == {"ok": True, "entries": 2, "head": back.json()["hash"], "redacted": 0, "broken": None}


async def test_a_tampered_entry_is_named(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    await join(graph, await person(graph, "a"), await person(graph, "b"))
    await graph.run(Statement("test/tamper", "MATCH (d:Decision {seq: 1}) SET d.actor = 'k-nobody'"))
    verified = (await api.get("/v1/decisions/verify", headers=bearer[Role.SPECIALIST])).json()
    assert verified["ok"] is False
    assert verified["broken"]["seq"] == 1


async def test_a_decision_needs_the_version_that_was_read(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    specialist = bearer[Role.SPECIALIST]
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    without = await api.post(f"/v1/candidates/{id}/decisions", json=SAME, headers=specialist)
    assert without.status_code == 428
    stale = await decide(api, id, specialist, version=7)
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"
    unknown = await decide(api, "c-none", specialist, version=1)
    assert unknown.status_code == 404


async def test_a_contradiction_is_answered_with_its_path(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    specialist = bearer[Role.SPECIALIST]
    a, b, c = [await person(graph, name) for name in "abc"]
    await join(graph, a, b)
    apart = await decide(api, await propose(graph, a, c), specialist, verdict="different")
    refused = await decide(api, await propose_fragments(graph, max(a, b), c), specialist)
    assert refused.status_code == 409
    problem = refused.json()
    assert set(problem["path"]) == {a, b, c}
    assert problem["decision"] == apart.json()["id"]


async def test_a_bridge_is_accepted_and_waits(
    api: httpx.AsyncClient, bearer: Headers, other: dict[str, str], graph: Graph
) -> None:
    specialist = bearer[Role.SPECIALIST]
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    await join(graph, c, d)
    id = await propose(graph, a, c)
    pending = await decide(api, id, specialist)
    assert (pending.status_code, pending.json()["state"]) == (202, "pending")
    own = await api.post(f"/v1/decisions/{pending.json()['id']}/confirm", headers=specialist)
    assert own.status_code == 403
    waiting = await api.get("/v1/candidates", params={"status": "awaiting"}, headers=specialist)
    assert [item["id"] for item in waiting.json()["items"]] == [id]
    later = await join(graph, d, (await person(graph, "e")))
    assert later.decision["state"] == "applied"
    seen = other | {"If-Match": pending.headers["etag"]}
    stale = await api.post(f"/v1/decisions/{pending.json()['id']}/confirm", headers=seen)
    assert stale.status_code == 412, "one of the two views grew since the second person looked"
    now = (await api.get(f"/v1/candidates/{id}", headers=other)).headers["etag"]
    confirmed = await api.post(f"/v1/decisions/{pending.json()['id']}/confirm", headers=other | {"If-Match": now})
    assert confirmed.status_code == 201
    twice = await api.post(f"/v1/decisions/{pending.json()['id']}/confirm", headers=other)
    assert twice.status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "same"},
        {"verdict": "merge", "reason": "sure"},
        {"verdict": "retract", "reason": "sure"},
        {"verdict": "same", "reason": " "},
        {"verdict": "same", "reason": "a\x00b"},
        {"verdict": "same", "reason": "x" * 501},
        {"verdict": "same", "reason": "sure", "actor": "somebody else"},
        {"verdict": "same", "reason": "sure", "identifier": "email:a@example.com"},
        {"verdict": "shared_identifier", "reason": "sure"},
    ],
)
async def test_what_is_no_verdict_is_refused_and_leaves_nothing(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, body: dict[str, Any]
) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    headers = bearer[Role.SPECIALIST] | {"If-Match": '"1"'}
    refused = await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=headers)
    assert refused.status_code == 422
    listed = await api.get("/v1/decisions", headers=bearer[Role.SPECIALIST])
    assert listed.json()["items"] == []


@pytest.mark.parametrize("first", ["same", "different", "unsure"])
async def test_what_is_decided_tells_which_decision_has_to_be_retracted(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, first: str
) -> None:
    specialist = bearer[Role.SPECIALIST]
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    decision = (await decide(api, id, specialist, verdict=first)).json()["id"]
    claimed = await api.post(f"/v1/candidates/{id}/claim", headers=specialist)
    refused = await decide(api, id, specialist)
    for answer in (claimed, refused):
        assert answer.status_code == 409
        assert f"retract decision '{decision}' first" in answer.json()["detail"]
        assert answer.json()["decision"] == decision
    back = await api.post(refused.json()["retract"], json={"keep_apart": False}, headers=specialist)
    assert back.status_code == 201
    assert (await decide(api, id, specialist)).status_code in (201, 202)


async def test_who_names_no_identifier_is_told_of_none(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    none, named = [
        await decide(api, id, bearer[Role.SPECIALIST], verdict="shared_identifier", **more)
        for more in ({}, {"identifier": "email:a@example.com"})
    ]
    assert (none.status_code, named.status_code) == (422, 422)
    assert none.json()["errors"] == [
        {"pointer": "/verdict", "detail": "the two hold no identifier in common that could be shared"}
    ]
    assert named.json()["errors"] == [
        {"pointer": "/identifier", "detail": "the two do not both hold email:a@example.com"}
    ]


async def test_a_claim_on_a_pair_that_is_not_there_is_given_back_by_nobody(
    api: httpx.AsyncClient, bearer: Headers
) -> None:
    for path in ("/v1/candidates/c-none/claim", "/v1/candidates/c-none/claim?blind=true"):
        assert (await api.delete(path, headers=bearer[Role.SPECIALIST])).status_code == 404


CALLS = [
    ("POST", "/v1/candidates/c-1/decisions", {Role.SPECIALIST}),
    ("POST", "/v1/decisions/d-1/confirm", {Role.SPECIALIST}),
    ("POST", "/v1/decisions/d-1/retract", {Role.SPECIALIST}),
    ("GET", "/v1/decisions", {Role.SPECIALIST, Role.ADMIN}),
    ("GET", "/v1/decisions/verify", {Role.SPECIALIST, Role.ADMIN}),
]


@pytest.mark.parametrize(("method", "path", "roles"), CALLS)
async def test_who_may_call(api: httpx.AsyncClient, bearer: Headers, method: str, path: str, roles: set[Role]) -> None:
    body = {"reason": "because"} if path.endswith("retract") else SAME
    for role in Role:
        headers = bearer[role] | {"If-Match": '"1"'}
        answer = await api.request(method, path, headers=headers, json=body if method == "POST" else None)
        assert (answer.status_code == 403) == (role not in roles), role
        assert answer.status_code < 500
    assert (await api.request(method, path)).status_code == 401


async def test_the_report_of_the_audit_has_a_line_for_each_invariant(graph: Graph) -> None:
    assert all(line.startswith("ok ") for line in report(await audit(graph)))
    lines = report([Finding(*EVERY[1], ("a ≠ b",)), Finding(*EVERY[-1], ("view v",), is_warning=True)])
    assert len(lines) == len(EVERY)
    assert lines[1].startswith("FAIL I2")
    assert lines[1].endswith("a ≠ b")
    assert lines[-1].startswith("warn I14")
