"""What a picture of a person shows of others, and to whom."""

from __future__ import annotations

from typing import Any

import httpx

from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

Headers = dict[Role, dict[str, str]]

# A lead of two fragments that are one, a stranger who holds its mailbox, and others whom decisions relate to it.
RELATE = Statement(
    "test/relate",
    """
    MATCH (lead:Person {id: $lead}), (stranger:Person {id: $stranger})
    CREATE (half:Person {id: 'half', view_id: lead.view_id, kind: 'known'})
    CREATE (half)-[:HAS {assurance: 'verified'}]->(:Identifier {key: 'user_id:u-1', kind: 'user_id', value: 'u-1',
                                                                 status: 'personal'})
    CREATE (lead)-[:SAME_AS {decision: 'd-1'}]->(half)
    CREATE (lead)-[:HOUSEHOLD_OF {decision: 'd-2'}]->(stranger)
    CREATE (apart:Person {id: 'apart', view_id: 'apart', kind: 'known'})-[:NOT_SAME_AS {decision: 'd-3'}]->(half)
    """,
)


async def post(api: httpx.AsyncClient, bearer: Headers, name: str, **changes: Any) -> str:
    posted = await api.post(
        "/v1/observations",
        headers=bearer[Role.CHANNEL],
        json={
            "channel": "web_form",
            "identifiers": [{"kind": "email", "value": "family@example.com", "assurance": "verified"}],
            "traits": {"given_name": name, "family_name": "Lopez"},
        }
        | changes,
    )
    assert posted.status_code == 201
    return str(posted.json()["person_id"])


async def test_marketing_sees_of_its_lead_nobody_else(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    await api.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=bearer[Role.MARKETING])
    lead = await post(api, bearer, "Maria", event={"type": "campaign.enrolled", "target_id": "summer"})
    stranger = await post(api, bearer, "Carlos")
    assert stranger != lead
    await graph.run(RELATE, lead=lead, stranger=stranger)
    path = f"/v1/persons/{lead}/graph"

    seen = (await api.get(path, headers=bearer[Role.MARKETING])).json()
    assert {node["id"] for node in seen["nodes"]} == {lead, "email:family@example.com"}
    assert {(edge["source"], edge["type"], edge["target"]) for edge in seen["edges"]} == {
        (lead, "HAS", "email:family@example.com")
    }

    whole = (await api.get(path, headers=bearer[Role.SPECIALIST])).json()
    assert {stranger, lead, "half"} <= {node["id"] for node in whole["nodes"]}
    assert {edge["type"] for edge in whole["edges"]} == {"HAS", "SAME_AS", "HOUSEHOLD_OF", "NOT_SAME_AS"}
