"""The same written by hand: rows that say already whose each event is, through the bare driver.

`ROWS` writes an event with its properties, its identifiers and the edges between them; `NODES` also the person and who
holds what, so all the nodes and edges that ViTo leaves of an observation. Neither asks anything, keeps a secondary
index, or could take the same observation twice or out of order.
"""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from neo4j import AsyncDriver

BATCH = 1_000
KEYS = {"BenchEvent": "id", "BenchIdentifier": "key", "BenchPerson": "id"}
EVENT = """
UNWIND $rows AS row
MERGE (e:BenchEvent {id: row.id})
ON CREATE SET e.type = row.type, e.channel = row.channel, e.properties = row.properties,
  e.occurred_at = datetime(row.occurred_at), e.received_at = datetime()
"""
CARRIES = """
UNWIND row.identifiers AS carried
MERGE (i:BenchIdentifier {key: carried.key})
ON CREATE SET i.kind = carried.kind, i.value = carried.value
MERGE (e)-[c:CARRIES]->(i)
ON CREATE SET c.assurance = carried.assurance
"""
HAS = """
MERGE (p)-[h:HAS]->(i)
ON CREATE SET h.assurance = carried.assurance, h.count = 1, h.first_seen = e.occurred_at, h.last_seen = e.occurred_at
ON MATCH SET h.count = h.count + 1, h.last_seen = e.occurred_at
"""
ROWS = f"{EVENT}WITH e, row{CARRIES}"
NODES = f"{EVENT}MERGE (p:BenchPerson {{id: row.person}})\nMERGE (e)-[:OF]->(p)\nWITH e, p, row{CARRIES}{HAS}"


async def prepare(driver: AsyncDriver) -> None:
    """The keys are unique, so that nothing is looked for without an index."""
    for label, key in KEYS.items():
        await driver.execute_query(
            f"CREATE CONSTRAINT {label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        )


def rows(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a channel posts, as rows."""
    return [
        {
            "id": body["id"],
            "person": body["identifiers"][0]["value"],
            "type": body["event"]["type"],
            "channel": body["channel"],
            "occurred_at": body["occurred_at"],
            "properties": orjson.dumps(body["event"]["properties"]).decode(),
            "identifiers": [
                {**identifier, "key": f"{identifier['kind']}:{identifier['value']}", "assurance": "asserted"}
                for identifier in body["identifiers"]
            ],
        }
        for body in bodies
    ]


async def write_batches(driver: AsyncDriver, statement: str, each: list[dict[str, Any]]) -> None:
    """A thousand a transaction, one after another."""
    for start in range(0, len(each), BATCH):
        await driver.execute_query(statement, rows=each[start : start + BATCH])


async def write_single(driver: AsyncDriver, statement: str, in_flight: int, each: list[dict[str, Any]]) -> None:
    """Each in a transaction of its own, so many at once."""
    waiting = iter(each)

    async def write() -> None:
        for row in waiting:
            await driver.execute_query(statement, rows=[row])

    await asyncio.gather(*(write() for _ in range(in_flight)))
