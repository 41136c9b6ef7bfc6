"""Whether the erased are gone, and nobody else is: from the graph, from Valkey, from files and from every answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from tests.chaos.acknowledged import Acknowledged, Body
from tests.chaos.crowd import Crowd
from tests.chaos.instance import Instance
from vitograph.graph.deciding.log import export
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import list_erasures
from vitograph.graph.people.tombstones import list_buried
from vitograph.graph.queries import Statement
from vitograph.resolver.erasure import Sealed
from vitograph.resolver.values import normalize

EVERYTHING = Statement(
    "chaos/everything",
    "MATCH (n) RETURN labels(n) AS labels, properties(n) AS n, COLLECT { MATCH (n)-[r]->() RETURN properties(r) } AS r",
)
STORE = "neo4j/data"
"""Of the data folder: Neo4j marks what is deleted as free, and its bytes stay until the store is compacted."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What the tombstones say of all that was sent: ids of events, keys of identifiers, words of people."""

    events: frozenset[str]
    identifiers: frozenset[str]
    words: frozenset[str]


async def read_gone(graph: Graph, told: Acknowledged) -> Gone:
    """Whom the tombstones name, among those of whom something was sent."""
    carried = {key for id in told.posts for key in _carried(told, id)}
    identifiers = frozenset(await list_buried(graph, Sealed.IDENTIFIER, carried))
    words = frozenset(word for word in told.tried_erasures if f"email:{word}@example.com" in identifiers)
    return Gone(frozenset(await list_buried(graph, Sealed.EVENT, told.posts)), identifiers, words)


def _carried(told: Acknowledged, id: str) -> set[str]:
    """Keys of the identifiers in what was sent under an id."""
    return {
        normalize.identifier(one["kind"], one["value"]).key
        for body in told.posts[id].sent.values()
        for one in body["identifiers"]
    }


async def find_wrong_erasures(graph: Graph, told: Acknowledged, gone: Gone) -> list[str]:
    """Erasures that are lost or not done, and those that took, or refuse, what was of nobody who was to be erased."""
    held = {erasure["id"]: erasure["status"] for erasure in await list_erasures(graph)}
    wrong = [
        f"erasure {id} of {word} was acknowledged and is lost" for id, word in told.erasures.items() if id not in held
    ]
    wrong += [f"erasure {id} is {status}" for id, status in held.items() if status != "done"]
    wrong += [f"{word} was erased and has no tombstone" for word in told.erasures.values() if word not in gone.words]
    if len(held) > told.tried_erasures.total():
        wrong.append(f"{len(held)} erasures, but {told.tried_erasures.total()} were asked for")
    for word in gone.words:
        wrong += [f"event {id} is left of {word}, who was erased" for id in told.of(word) if id not in gone.events]
    persons = await _with(graph, {_person(told, id) for word in gone.words for id in told.of(word)})
    for id in sorted(gone.events | told.refused):
        if _carried(told, id) & gone.identifiers:
            continue
        if id not in gone.events:
            wrong.append(f"event {id} was refused as of somebody erased, and carries nothing of theirs")
        elif told.posts[id].answers and _person(told, id) not in persons:
            wrong.append(f"event {id} of {_person(told, id)} was erased, who was joined to nobody who was to be")
    return wrong


def _person(told: Acknowledged, id: str) -> str:
    return str(told.posts[id].answers[0][2]["person_id"])


async def _with(graph: Graph, persons: Iterable[str]) -> set[str]:
    """These persons, and everybody whom somebody ever said to be one of them, as the log tells."""
    found = set(persons)
    pairs = [{entry["left"], entry["right"]} async for entry in export(graph) if entry.get("verdict") == "same"]
    while more := {id for pair in pairs if pair & found for id in pair} - found:
        found |= more
    return found


async def find_wrong_answers(crowd: Crowd, told: Acknowledged, gone: Gone) -> list[str]:
    """Answers that tell of somebody who was erased in this round."""
    words = gone.words - told.looked_for
    wrong = []
    for word in words:
        for person in {_person(told, id) for id in told.of(word)}:
            for path in (f"/v1/persons/{person}", f"/v1/persons/{person}/timeline"):
                if (answer := await crowd.hear("GET", path, "ana")).status_code != 410:
                    wrong.append(f"{word} was erased, and {path} is {answer.status_code}")
        found = await crowd.hear("GET", "/v1/persons", "ana", params={"identifier": f"email:{word}@example.com"})
        if found.json()["items"]:
            wrong.append(f"{word} was erased and is found: {found.text}")
        if (greeted := await crowd.hear("GET", f"/hot/visitors/c-{word}")).json() != {}:
            wrong.append(f"{word} was erased and is greeted: {greeted.text}")
    if words:
        lists = [("/v1/candidates?limit=100", "ana"), ("/v1/decisions?limit=500", "ana"), ("/metrics", "admin")]
        lists += [(f"/v1/campaigns/{id}/leads?limit=500", "north") for id in told.campaigns]
        for path, who in lists:
            text = (await crowd.hear("GET", path, who)).text.lower()
            wrong += [f"{word} was erased, and {path} tells of them" for word in gone.words if word in text]
    told.looked_for |= words
    return wrong


async def find_traces(instance: Instance, graph: Graph, gone: Gone) -> list[str]:
    """Where the words of the erased still stand: nodes, what Valkey holds, and every file but Neo4j's store."""
    places: dict[str, str] = {}
    for row in await graph.rows(EVERYTHING, wall_clock=120.0):
        places[f"{row['labels']} {row['n'].get('id') or row['n'].get('key')}"] = _text(row)
    async with Redis.from_url(instance.redis_url, socket_timeout=20.0) as valkey:
        async for key in valkey.scan_iter(_type="string"):
            places[f"Valkey {key!r}"] = f"{key!r} {await valkey.get(key)!r}".lower()
        async for key in valkey.scan_iter(_type="list"):
            places[f"Valkey {key!r}"] = f"{key!r} {await valkey.lrange(key, 0, -1)!r}".lower()
    places |= await asyncio.to_thread(_files, instance.home)
    return [
        f"{word} was erased and stands in {name}"
        for name, text in places.items()
        for word in gone.words
        if word in text
    ]


def _text(row: Body) -> str:
    return json.dumps(row, default=str, ensure_ascii=False).lower()


def _files(home: Path) -> dict[str, str]:
    """The text of each file of an instance, by its path."""
    store = home / "data" / STORE
    paths = [path for path in home.rglob("*") if path.is_file() and store not in path.parents]
    texts = {}
    for path in paths:
        try:
            texts[str(path.relative_to(home))] = path.read_bytes().decode("latin-1").lower()
        except FileNotFoundError:  # it went meanwhile
            continue
    return texts
