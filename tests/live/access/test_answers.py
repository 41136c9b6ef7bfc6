"""Real answers are what the API description says of them, and hold nothing that it does not name."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema_rs
import pytest

from tests.deciding import person, propose, score_again
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

Headers = dict[Role, dict[str, str]]
OPEN = {"Problem"}  # an error may tell more


@pytest.fixture
async def described(api: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await api.get("/openapi.json")).json()
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema and name not in OPEN:
            schema["additionalProperties"] = False
    return document


def check(document: dict[str, Any], path: str, answer: httpx.Response, kind: str = "application/json") -> None:
    call = document["paths"][path][answer.request.method.lower()]
    schema = call["responses"][str(answer.status_code)]["content"][kind]["schema"]
    assert schema.get("$ref") or schema.get("anyOf"), f"{path}: nothing is said of its answer"
    whole = jsonschema_rs.validator_for({**schema, "components": document["components"]})
    lines = answer.content.splitlines() if kind.endswith("ndjson") else [answer.content]
    for line in lines:
        faults = [f"{list(one.instance_path)}: {one.message}" for one in whole.iter_errors(json.loads(line))]
        assert not faults, f"{path} {answer.status_code}: {faults}"


async def test_answers_are_as_described(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, described: dict[str, Any]
) -> None:
    async def ask(role: Role, method: str, path: str, template: str | None = None, **more: Any) -> httpx.Response:
        headers = bearer[role] | more.pop("headers", {})
        answer = await api.request(method, path, headers=headers, **more)
        assert answer.status_code < 300, answer.text
        check(described, template or path.partition("?")[0], answer, answer.headers["content-type"])
        return answer

    for number in range(2):
        await ask(
            Role.MARKETING, "PUT", "/v1/campaigns/summer", "/v1/campaigns/{id}", json={"name": f"Summer {number}"}
        )
    artifact = {"kind": "copy", "content": {"headline": "Hi"}}
    await ask(
        Role.MARKETING, "PUT", "/v1/campaigns/summer/artifacts/a", "/v1/campaigns/{id}/artifacts/{key}", json=artifact
    )
    await ask(Role.MARKETING, "DELETE", "/v1/campaigns/summer/artifacts/a", "/v1/campaigns/{id}/artifacts/{key}")
    await ask(Role.MARKETING, "POST", "/v1/campaigns/summer/activate", "/v1/campaigns/{id}/activate")
    seen = [
        await ask(Role.CHANNEL, "POST", "/v1/observations", json=observation(name))
        for name in ("maria", "maria", "mary")
    ]
    lines = b"\n".join(json.dumps(one).encode() for one in (observation("zoe"), {}))
    await ask(Role.CHANNEL, "POST", "/v1/observations/batch", content=lines)
    await score_again(graph)
    id = await propose(graph, *(answer.json()["person_id"] for answer in seen[1:]))
    other = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    for query in ("", "?blind=true", "?status=stored"):
        await ask(Role.SPECIALIST, "GET", f"/v1/candidates{query}")
    await ask(Role.SPECIALIST, "GET", f"/v1/candidates/{other}?blind=true", "/v1/candidates/{id}")
    pair = await ask(Role.SPECIALIST, "GET", f"/v1/candidates/{id}", "/v1/candidates/{id}")
    person_id = seen[0].json()["person_id"]
    decided = await ask(
        Role.SPECIALIST,
        "POST",
        f"/v1/candidates/{id}/decisions",
        "/v1/candidates/{id}/decisions",
        json={"verdict": "same", "reason": "called her"},
        headers={"If-Match": pair.headers["ETag"]},
    )
    await ask(Role.SPECIALIST, "GET", f"/v1/candidates/{id}", "/v1/candidates/{id}")
    await ask(Role.SPECIALIST, "GET", f"/v1/persons/{person_id}", "/v1/persons/{id}")
    await ask(
        Role.SPECIALIST, "POST", f"/v1/decisions/{decided.json()['id']}/retract", "/v1/decisions/{id}/retract", json={}
    )
    await ask(Role.SPECIALIST, "GET", "/v1/decisions")
    for role in (Role.SPECIALIST, Role.MARKETING):
        await ask(role, "GET", f"/v1/persons/{person_id}", "/v1/persons/{id}")
        await ask(role, "GET", f"/v1/persons/{person_id}/timeline", "/v1/persons/{id}/timeline")
        await ask(role, "GET", "/v1/persons?identifier=email:maria@example.com")
    for path in ("", "/summer", "/summer/leads"):
        await ask(Role.MARKETING, "GET", f"/v1/campaigns{path}", f"/v1/campaigns{path.replace('summer', '{id}')}")
    gone = await ask(Role.ADMIN, "DELETE", f"/v1/persons/{person_id}", "/v1/persons/{id}")
    await ask(Role.ADMIN, "GET", f"/v1/erasures/{gone.json()['id']}", "/v1/erasures/{id}")


def observation(name: str) -> dict[str, Any]:
    """The same comes again with the same id."""
    return {
        "id": f"o-{name}",
        "channel": "web_form",
        "identifiers": [
            {"kind": "email", "value": f"{name}@example.com", "assurance": "verified"},
            {"kind": "phone", "value": "+34911222333"},
        ],
        "traits": {"given_name": name, "family_name": "Lopez"},
        "event": {"type": "campaign.enrolled", "target_id": "summer", "properties": {"plan": "gold"}},
    }
