"""What marketing and sales read through every call equals a model of a few lines, in random worlds."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

OWNERS = {"c1": "north", "c2": "north", "c3": "south"}
TARGETS = (*OWNERS, "nowhere", None)
TYPES = (
    "campaign.enrolled", "page.viewed", "negotiation.opened", "negotiation.closed",
    "negotiation", "negotiations.opened", "negotiation_opened", "sales.negotiation.opened",
)  # fmt: skip
READERS = ("north", "south", "sales")
EVENTS = 70
PERSONS = 9
RANK = ("observed", "asserted", "verified")

# As a decision would: one view of two fragments.
JOIN = Statement(
    "test/join",
    """
    MATCH (left:Person {id: $left}), (right:Person {id: $right})
    CREATE (left)-[:SAME_AS {decision: 'd-1'}]->(right)
    SET right.view_id = left.view_id
    """,
)


@dataclass(frozen=True)
class Seen:
    """An event as the model knows it. `mark` stands in its properties, and nowhere else in the world."""

    id: str
    person: str
    type: str
    target: str | None
    carried: dict[str, str]
    traits: dict[str, str]
    mark: str


@dataclass
class World:
    events: list[Seen] = field(default_factory=list)
    views: dict[str, str] = field(default_factory=dict)

    def visible(self, reader: str) -> list[Seen]:
        """What the reader may see, in words: sales its negotiations, a department what targets its campaigns."""
        if reader == "sales":
            return [event for event in self.events if event.type.startswith("negotiation.")]
        return [event for event in self.events if OWNERS.get(event.target or "") == reader]

    def of_view(self, reader: str, person: str) -> list[Seen]:
        return [event for event in self.visible(reader) if self.views[event.person] == self.views[person]]


async def make_world(api: httpx.AsyncClient, graph: Graph, headers: dict[str, dict[str, str]], seed: int) -> World:
    chance, world = random.Random(seed), World()
    for campaign, owner in OWNERS.items():
        await api.put(f"/v1/campaigns/{campaign}", json={"name": campaign}, headers=headers[owner])
        await api.post(f"/v1/campaigns/{campaign}/activate", headers=headers[owner])
    bodies = [_body(chance, number, seed) for number in range(EVENTS)]
    lines = "\n".join(json.dumps(body) for body in bodies)
    posted = await api.post("/v1/observations/batch", content=lines, headers=headers["channel"])
    for body, line in zip(bodies, posted.text.splitlines(), strict=True):
        answer = json.loads(line)
        assert "person_id" in answer, answer
        event = body["event"]
        carried = {f"{one['kind']}:{one['value']}": one["assurance"] for one in body["identifiers"]}
        seen = Seen(body["id"], answer["person_id"], event["type"], event.get("target_id"), carried, body["traits"],
                    event["properties"]["mark"])  # fmt: skip
        world.events.append(seen)
        world.views[seen.person] = seen.person
    persons = sorted(world.views)
    for left, right in zip(persons[0::4], persons[1::4], strict=False):
        await graph.run(JOIN, left=left, right=right)
        world.views[right] = left
    return world


def _body(chance: random.Random, number: int, seed: int) -> dict[str, Any]:
    person = chance.randrange(PERSONS)
    identifiers = [{"kind": "email", "value": f"p{person}@x.org", "assurance": "verified"}]
    if chance.random() < 0.4:
        identifiers.append({"kind": "cookie", "value": f"c-{person}-{chance.randrange(3)}", "assurance": "observed"})
    if chance.random() < 0.4:
        phone = f"+3462391840{chance.randrange(3)}"
        identifiers.append({"kind": "phone", "value": phone, "assurance": chance.choice(RANK)})
    target = chance.choice(TARGETS)
    event = {"type": chance.choice(TYPES), "properties": {"mark": f"mark-{seed}-{number}-"}}
    traits = {"city": f"City{chance.randrange(4)}"} if chance.random() < 0.5 else {}
    return {
        "id": f"o-{seed}-{number}",
        "channel": "form",
        "occurred_at": f"2026-11-{1 + number % 24:02}T10:{number % 60:02}:00Z",
        "identifiers": identifiers,
        "traits": traits,
        "event": event | ({"target_id": target} if target else {}),
    }


@pytest.fixture
async def headers(graph: Graph) -> dict[str, dict[str, str]]:
    made = {"channel": Role.CHANNEL, "north": Role.MARKETING, "south": Role.MARKETING, "sales": Role.SALES}
    found = {}
    for name, role in made.items():
        _, secret = await create_key(graph, name, role, name if role is Role.MARKETING else None)
        found[name] = {"Authorization": f"Bearer {secret}"}
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_who_reads_sees_what_the_model_says(
    api: httpx.AsyncClient, graph: Graph, headers: dict[str, dict[str, str]], seed: int
) -> None:
    world = await make_world(api, graph, headers, seed)
    for reader in READERS:
        told: list[str] = []

        async def read(path: str, who: str = reader, told: list[str] = told, **params: Any) -> httpx.Response:
            answer = await api.get(path, params=params, headers=headers[who])
            told.append(answer.text)
            return answer

        for person in sorted(world.views):
            visible = world.of_view(reader, person)
            await check_person(read, world, person, visible)
        await check_finding(read, world, reader)
        await check_leads(read, world, reader)
        whole = "".join(told)
        for event in world.events:
            assert (event.mark in whole) == (event in world.visible(reader)), event


async def check_person(read: Any, world: World, person: str, visible: list[Seen]) -> None:
    """The view, its timeline and its picture are made of what is visible, or there is nobody."""
    answers = [await read(f"/v1/persons/{person}{part}") for part in ("", "/timeline", "/graph")]
    if not visible:
        nobody = [await read(f"/v1/persons/nobody{part}") for part in ("", "/timeline", "/graph")]
        for answer, other in zip(answers, nobody, strict=True):
            assert (answer.status_code, answer.text) == (404, other.text.replace("nobody", person))
            assert set(answer.headers) == set(other.headers)
        return
    view, timeline, picture = (answer.json() for answer in answers)
    assert view["view_id"] == world.views[person]
    assert {part["id"]: part["events"] for part in view["fragments"]} == Counter(event.person for event in visible)
    assert view["events"] == len(visible)
    assert (view["links"], view["history"], view["devices"]) == ([], [], [])
    held = {(f"{one['kind']}:{one['value']}", one["person_id"]): one for one in view["identifiers"]}
    carried = Counter((key, event.person) for event in visible for key in event.carried)
    assert {key: one["count"] for key, one in held.items()} == carried
    for (key, fragment), one in held.items():
        best = max(
            RANK.index(event.carried[key]) for event in visible if event.person == fragment and key in event.carried
        )
        assert one["assurance"] == RANK[best]
        assert one["status"] is None
    values = {(trait, value) for event in visible for trait, value in event.traits.items()}
    shown = {(trait, one["value"]) for trait, best in view["traits"].items() for one in (best, *best["others"])}
    assert {(trait, value.casefold()) for trait, value in shown} == {(t, v.casefold()) for t, v in values}
    assert {event["id"] for event in timeline["items"]} == {event.id for event in visible}
    assert [event["rule"] for event in timeline["items"]] == [None] * len(visible)
    assert {node["id"] for node in picture["nodes"]} == {part for pair in carried for part in pair}
    assert {(edge["target"], edge["source"]) for edge in picture["edges"]} == set(carried)
    pages, cursor = [], None
    while True:
        page = (await read(f"/v1/persons/{person}/timeline", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        pages += [event["id"] for event in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert pages == [event["id"] for event in timeline["items"]]


async def check_finding(read: Any, world: World, reader: str) -> None:
    """An identifier finds those of whom a visible event carries it."""
    for key in sorted({key for event in world.events for key in event.carried}):
        expected = {world.views[event.person] for event in world.visible(reader) if key in event.carried}
        found = (await read("/v1/persons", identifier=key)).json()
        assert {view["view_id"] for view in found["items"]} == expected, key
        assert found["next"] is None


async def check_leads(read: Any, world: World, reader: str) -> None:
    """A department reads the leads of its own campaigns; sales of all, those with whom it negotiates."""
    negotiating = {world.views[event.person] for event in world.visible("sales")}
    for campaign, owner in OWNERS.items():
        answer = await read(f"/v1/campaigns/{campaign}/leads")
        if reader != "sales" and reader != owner:
            assert answer.status_code == 403
            continue
        enrolled = [e for e in world.events if (e.type, e.target) == ("campaign.enrolled", campaign)]
        expected = Counter(world.views[event.person] for event in enrolled)
        if reader == "sales":
            expected = Counter({view: count for view, count in expected.items() if view in negotiating})
        assert {lead["view_id"]: lead["enrolments"] for lead in answer.json()["items"]} == expected


async def test_out_of_reach_takes_the_statements_that_nobody_takes(
    api: httpx.AsyncClient, graph: Graph, headers: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time tells nothing either, as far as it is the graph's: the same statements run for somebody and for nobody."""
    identifiers = [{"kind": "email", "value": "hidden@x.org", "assurance": "verified"}]
    body = {"channel": "form", "identifiers": identifiers, "event": {"type": "page.viewed"}}
    hidden = (await api.post("/v1/observations", json=body, headers=headers["channel"])).json()["person_id"]
    ran: list[str] = []
    rows = Graph.rows

    async def noted(self: Graph, statement: Statement, /, *rest: Any, **parameters: Any) -> Any:
        ran.append(statement.name)
        return await rows(self, statement, *rest, **parameters)

    monkeypatch.setattr(Graph, "rows", noted)
    for reader in READERS:
        for part in ("", "/timeline", "/graph"):
            told = []
            for id in (hidden, "nobody"):
                ran.clear()
                answer = await api.get(f"/v1/persons/{id}{part}", headers=headers[reader])
                assert answer.status_code == 404
                # An app that has just started reads the queue once, to be warm.
                told.append([name for name in ran if not name.startswith(("key/", "candidate/"))])
            assert told[0] == told[1] == ["person/get_part"]


async def test_who_makes_a_campaign_under_an_id_that_is_used_reads_what_comes_from_then_on(
    api: httpx.AsyncClient, headers: dict[str, dict[str, str]]
) -> None:
    """Whatever was said before of `deal-7` was not said to the department that takes the id."""

    async def post(email: str, type: str) -> str:
        identifiers = [{"kind": "email", "value": email, "assurance": "verified"}]
        event = {"type": type, "target_id": "deal-7", "properties": {"mark": f"mark-of-{email}"}}
        body = {"channel": "form", "identifiers": identifiers, "traits": {"city": "Soria"}, "event": event}
        return str((await api.post("/v1/observations", json=body, headers=headers["channel"])).json()["person_id"])

    before = await post("early@x.org", "page.viewed")
    assert (await api.put("/v1/campaigns/deal-7", json={"name": "Deal"}, headers=headers["north"])).status_code == 201
    after = await post("late@x.org", "page.viewed")
    for part in ("", "/timeline", "/graph"):
        assert (await api.get(f"/v1/persons/{before}{part}", headers=headers["north"])).status_code == 404, part
        assert (await api.get(f"/v1/persons/{after}{part}", headers=headers["north"])).status_code == 200, part
    for email, found in (("early@x.org", 0), ("late@x.org", 1)):
        answer = await api.get("/v1/persons", params={"identifier": f"email:{email}"}, headers=headers["north"])
        assert len(answer.json()["items"]) == found
    funnel = (await api.get("/v1/campaigns/deal-7/funnel", headers=headers["north"])).json()
    assert [(step["type"], step["persons"], step["events"]) for step in funnel["steps"]] == [("page.viewed", 1, 1)]
    # Of one person in reach, too, the earlier events are told to nobody.
    assert await post("early@x.org", "order.placed") == before
    view = await api.get(f"/v1/persons/{before}", headers=headers["north"])
    assert view.json()["events"] == 1
    timeline = (await api.get(f"/v1/persons/{before}/timeline", headers=headers["north"])).json()["items"]
    assert [event["type"] for event in timeline] == ["order.placed"]


async def test_a_consent_that_another_part_of_the_view_withdrew_is_not_told_as_granted(
    api: httpx.AsyncClient, graph: Graph, headers: dict[str, dict[str, str]]
) -> None:
    """The newest word of the view counts, whoever asks; when and where it was said is told in reach only."""

    async def say(name: str, day: int, word: str, purpose: str, target: str | None) -> tuple[str, str]:
        event = {"type": f"consent.{word}", "properties": {"purpose": purpose}}
        body = {
            "id": f"o-{name}-{purpose}",
            "channel": "form",
            "occurred_at": f"2026-11-{day:02}T10:00:00Z",
            "identifiers": [{"kind": "email", "value": f"{name}@x.org", "assurance": "verified"}],
            "event": event | ({"target_id": target} if target else {}),
        }
        answer = (await api.post("/v1/observations", json=body, headers=headers["channel"])).json()
        return answer["person_id"], answer["event_id"]

    await api.put("/v1/campaigns/c1", json={"name": "c1"}, headers=headers["north"])
    left, granted = await say("left", 1, "granted", "marketing", "c1")
    _, news = await say("left", 3, "granted", "news", "c1")
    right, withdrawn = await say("right", 2, "withdrawn", "marketing", None)
    await graph.run(JOIN, left=left, right=right)
    read = await api.get(f"/v1/persons/{left}", headers=headers["north"])
    assert [part["id"] for part in read.json()["fragments"]] == [left]
    assert read.json()["consents"] == {
        "marketing": {"granted": False},
        "news": {"granted": True, "at": "2026-11-03T10:00:00+00:00", "event_id": news},
    }
    assert granted not in read.text
    assert withdrawn not in read.text
