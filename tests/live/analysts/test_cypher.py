"""Analysts' Cypher from outside: what is answered, what is refused, what is seen of persons, and what stops."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from tests.analysts.corpus import BOMBS, PARAMETERS, queries
from tests.conftest import ADMIN_KEY, EMPTY
from tests.deciding import ANA, propose
from tests.factories import observed
from vitograph.api.analysts.places import open_place
from vitograph.api.app import create_app
from vitograph.api.running.addresses import Addresses
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Role, create_key
from vitograph.graph.analytics.copy import TOGETHER
from vitograph.graph.analytics.query import Limits, Question, Stop, Told, rows
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase, finish_begun
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.digest import digest
from vitograph.graph.publishing.campaigns import Writer, activate, put
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.publishing.campaigns import CampaignBody

IDA = Caller("k-ida", "ida", Role.ADMIN)
NOTEBOOK = Path(__file__).parents[3] / "examples/notebook/analysts.ipynb"
SECRETS = ("maria@example.com", "Maria", "maria", "Lopez", "lopez", "1990-03-02", "600100200", "c-81f", "gold-plan")
# Elements are written anew when something near them changes: they are told by what they hold.
WHOLE = """
MATCH (n) WHERE NOT n:Copy
OPTIONAL MATCH (n)-[r]->(m)
RETURN labels(n), properties(n), type(r), properties(r), m.id
ORDER BY n.id, type(r), m.id
"""
REMOVE = Statement("test/remove", "MATCH (p:Person {id: $id})<-[:OF]-(e) DETACH DELETE e, p")
TERMINATE = Statement(
    "test/terminate",
    "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery WHERE currentQuery STARTS WITH 'UNWIND range(1, 1000' "
    "TERMINATE TRANSACTIONS id YIELD message RETURN message",
)
COUNT = Statement("test/count", "MATCH (e:Event) RETURN count(e) AS events")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def rows(self) -> list[list[Any]]:
        assert self.status == 200, self.text
        assert self.summary["stopped"] is None, self.summary
        return self.lines[1:-1]

    @property
    def summary(self) -> dict[str, Any]:
        return self.lines[-1]["summary"]

    @property
    def detail(self) -> str:
        return str(json.loads(self.text)["detail"])


@dataclass(frozen=True, slots=True)
class Desk:
    """The API as an analyst, one who may see personal values, and a channel see it."""

    client: httpx.AsyncClient
    graph: Graph
    keys: dict[str, str]
    persons: list[str]
    state: Any

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"}

    async def ask(self, query: str, who: str = "analyst", **more: Any) -> Answer:
        body = {"query": query, **more}
        answer = await self.client.post("/v1/cypher", json=body, headers=self.headers(who))
        return Answer(answer.status_code, answer.text)

    async def ask_named(self, name: str, **parameters: Any) -> Answer:
        body = {"parameters": parameters}
        answer = await self.client.post(f"/v1/cypher/named/{name}", json=body, headers=self.headers("analyst"))
        return Answer(answer.status_code, answer.text)

    async def ask_shortly(self, query: str) -> dict[str, Any]:
        """The summary of a query that has a second only."""
        body = {"query": query, "parameters": {}, "limit": 10, "pii": False, "seconds": 1.0, "caller": "k-test"}
        async with self.state.analysts.ask(body) as answer:
            text = (await answer.aread()).decode()
            return Answer(answer.status_code, text).summary


@pytest.fixture(scope="module")
async def desk(migrated: Graph, backend: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A small world: Maria twice, joined, two campaigns, one shared telephone, a negotiation."""
    await migrated.run(EMPTY)
    persons = await seed(migrated)
    keys = {
        "analyst": (await create_key(migrated, "an analyst", Role.ANALYST))[1],
        "pii": (await create_key(migrated, "a trusted one", Role.ANALYST, pii=True))[1],
        "channel": (await create_key(migrated, "a channel", Role.CHANNEL))[1],
    }
    settings = Settings(
        data=Path(tmp_path_factory.mktemp("analysts")),
        neo4j_uri=backend.neo4j_uri,
        neo4j_user=backend.neo4j_user,
        neo4j_password=SecretStr(backend.neo4j_password),
        redis_url=backend.redis_url,
        admin_key=SecretStr(ADMIN_KEY),
        analytics_seconds=20.0,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        endpoint = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[endpoint]))
        address = f"http://127.0.0.1:{endpoint.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, timeout=300) as client:
            yield Desk(client, migrated, keys, persons, app.state.vito)
        server.should_exit = True
        await serving


async def seed(graph: Graph) -> list[str]:
    maria = {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}
    for campaign in ("summer", "winter"):
        await put(graph, campaign, Writer("north"), CampaignBody(campaign.title()))
        await activate(graph, campaign, Writer("north"))
    recorded = await record(
        graph,
        [
            observed("email:maria@example.com!", "cookie:c-81f?", event="campaign.enrolled", target="summer", **maria),
            observed("phone:+34600100200", event="page.viewed", target="winter", minutes=-90, **maria),
            observed("email:maria@example.com!", event="negotiation.opened", minutes=60),
            observed("phone:+34600100200", event="campaign.enrolled", target="winter", properties={"p": "gold-plan"}),
            observed("email:info@example.org", event="page.viewed", target="summer"),
        ],
    )
    left, right = sorted((recorded[0].person_id, recorded[1].person_id))  # type: ignore[union-attr]
    candidate = await propose(graph, left, right)
    await decide(graph, candidate, Said(Verdict.SAME, "Maria Lopez told so", None, None, None), ANA, 1)
    return [recorded[0].person_id, recorded[1].person_id]  # type: ignore[union-attr]


async def test_an_answer_has_columns_rows_and_a_summary(desk: Desk) -> None:
    answer = await desk.ask("MATCH (e:Event) RETURN e.type AS type, count(*) AS n ORDER BY n DESC, type", limit=2)
    assert answer.status == 200
    assert answer.lines[:-1] == [{"columns": ["type", "n"]}, ["campaign.enrolled", 2], ["page.viewed", 2]]
    assert answer.summary["stopped"] == "rows"
    assert answer.summary["rows"] == 2
    assert answer.summary["masked"] is True
    assert "T" in answer.summary["as_of"]


async def test_what_is_typed(desk: Desk) -> None:
    answer = await desk.ask(
        "MATCH p = (:Person)-[:HAS]->(:Identifier {kind: 'email'}) RETURN p, nodes(p)[0] AS n,"
        " relationships(p)[0] AS r, date('2026-01-02') AS d, point({x: 1, y: 2}) AS at, 9007199254740993 AS l LIMIT 1"
    )
    path, node, relationship, day, point, large = answer.rows[0]
    assert [step["$type"] for step in path["_value"]] == ["Node", "Relationship", "Node"]
    assert node["_value"]["_labels"] == ["Person"]
    assert relationship["_value"]["_type"] == "HAS"
    assert relationship["_value"]["_start_node_element_id"] == node["_value"]["_element_id"]
    assert (day, large) == (
        {"$type": "Date", "_value": "2026-01-02"},
        {"$type": "Integer", "_value": "9007199254740993"},
    )
    assert point["_value"] == "SRID=7203;POINT (1.0 2.0)"


async def test_every_legitimate_query_is_answered(desk: Desk) -> None:
    wrong = []
    for query in queries("legitimate"):
        answer = await desk.ask(query, parameters=PARAMETERS, limit=10_000)
        if answer.status != 200 or answer.summary["stopped"]:
            wrong.append((query, answer.text[-300:]))
    assert wrong == []


async def test_every_hostile_query_is_refused_and_changes_nothing(desk: Desk) -> None:
    before, copy = await digest(desk.graph), (await desk.ask(WHOLE)).rows
    wrong = []
    for query in [*queries("hostile"), *BOMBS.values()]:
        answer = await desk.ask(query, parameters=PARAMETERS)
        if answer.status != 403 or not answer.detail:
            wrong.append((query[:100], answer.status, answer.text[-300:]))
    assert wrong == []
    assert (await digest(desk.graph), (await desk.ask(WHOLE)).rows) == (before, copy)


async def test_no_query_reaches_out(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        url = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        for query in queries("hostile"):
            if "LOAD" in query.upper():
                changed = query.replace("http://127.0.0.1/", url).replace(
                    "ftp://127.0.0.1/", url.replace("http", "ftp")
                )
                assert (await desk.ask(changed, parameters={**PARAMETERS, "url": url})).status == 403
        with pytest.raises(BlockingIOError):
            canary.accept()


@pytest.mark.parametrize("query", ["RETURN $absent", "RETURN 1 / 0"])
async def test_what_fails_before_its_first_row_is_told(desk: Desk, query: str) -> None:
    answer = await desk.ask(query)
    assert answer.status == 422
    assert json.loads(answer.text)["errors"][0]["pointer"] == "/query"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("MATCH (n RETURN n", "(line 1, column 10)"),
        ("MATCH (n)\nRETURN m", "Variable `m` not defined (line 2, column 8)"),
    ],
)
async def test_what_does_not_parse_was_not_shown_to_read(desk: Desk, query: str, said: str) -> None:
    answer = await desk.ask(query)
    assert answer.status == 403
    assert said in answer.detail


async def test_a_query_that_the_server_ends_is_over_in_time(desk: Desk) -> None:
    """The driver gives that another code than the server, and an error of the query's own it is not."""
    told = Told()

    async def ask() -> None:
        endless = Question("UNWIND range(1, 100000000000) AS ended_by_a_test RETURN count(*)", {})
        async for _ in rows(desk.graph, endless, Limits(seconds=120.0), told):
            pass

    asking = asyncio.create_task(ask())
    while not asking.done():
        await desk.graph.rows(TERMINATE)
        await asyncio.sleep(0.1)
    await asking
    assert told.stopped is Stop.TIME, told


@pytest.mark.parametrize(
    "more",
    [
        {"limit": 0},
        {"limit": 10_001},
        {"limit": "10"},
        {"parameters": []},
        {"parameters": {"a b": 1}},
        {"parameters": {"a": 2**64}},
        {"unknown": 1},
        {"query": 1},
        {"query": ""},
    ],
)
async def test_a_body_of_another_form_is_refused(desk: Desk, more: dict[str, Any]) -> None:
    assert (await desk.ask(**{"query": "RETURN 1", **more})).status == 422


async def test_only_analysts_ask(desk: Desk) -> None:
    for path in ("/v1/cypher", "/v1/cypher/named/cluster_sizes"):
        assert (await desk.client.post(path, json={"query": "RETURN 1"})).status_code == 401
        answer = await desk.client.post(path, json={"query": "RETURN 1"}, headers=desk.headers("channel"))
        assert answer.status_code == 403
    assert (await desk.client.get("/v1/cypher/named", headers=desk.headers("channel"))).status_code == 403


async def test_nothing_personal_and_no_secret_is_in_the_copy(desk: Desk) -> None:
    found = (await desk.ask(WHOLE)).text
    assert [secret for secret in SECRETS if secret in found] == []
    labels = {row[0] for row in (await desk.ask("CALL db.labels()")).rows}
    assert labels.isdisjoint({"ApiKey", "Outbox", "Value", "BlockingKey", "Head", "Migration", "Tombstone"})
    names = {row[0] for row in (await desk.ask("CALL db.propertyKeys()")).rows}
    assert names.isdisjoint({"hash", "salt", "text_hash", "prev_hash", "body_hash", "reply", "evidence", "note"})
    for label in ("ApiKey", "Outbox", "Value"):
        rows = (await desk.ask("MATCH (n:$($l)) RETURN n", parameters={"l": label})).rows
        assert rows == []


async def test_who_may_sees_personal_values(desk: Desk) -> None:
    query = "MATCH (p:Person {id: $id})-[:HAS]->(i:Identifier {kind: 'email'}) RETURN p.given_names, i.key"
    masked = (await desk.ask(query, parameters={"id": desk.persons[0]})).rows
    shown = (await desk.ask(query, "pii", parameters={"id": desk.persons[0]})).rows
    assert shown == [[["Maria"], "email:maria@example.com"]]
    assert masked[0][0][0].startswith("~")
    assert masked[0][1].startswith("email:~")
    again = (await desk.ask(query, parameters={"id": desk.persons[0]})).rows
    assert again == masked


async def test_what_is_recorded_is_seen_and_what_is_gone_is_not(desk: Desk) -> None:
    (one,) = await record(desk.graph, [observed("email:gone@example.com", id="o-gone", event="gone.soon")])
    query = "MATCH (e:Event {type: 'gone.soon'}) RETURN e.id"
    assert await eventually(desk, query, [["o-gone"]])
    await desk.graph.run(REMOVE, id=one.person_id)  # type: ignore[union-attr]
    assert await eventually(desk, query, [])


async def test_who_was_erased_is_in_no_answer_from_then_on(desk: Desk) -> None:
    """Another copy takes seconds; until it is there, nobody is answered from the one that holds them."""
    (one,) = await record(desk.graph, [observed("email:erased@example.com!", id="o-erased", event="erased.soon")])
    query = "MATCH (e:Event {type: 'erased.soon'}) RETURN e.id"
    assert await eventually(desk, query, [["o-erased"]])
    await erase(desk.graph, one.person_id, IDA)  # type: ignore[union-attr]
    answers = [await desk.ask(query) for _ in range(3)]
    assert {answer.status for answer in answers} <= {200, 503}
    assert [answer.text for answer in answers if "o-erased" in answer.text] == []
    assert await eventually(desk, query, [])


async def test_nobody_is_answered_while_a_long_history_is_being_erased(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of it for now is in the graph, so a copy that is made meanwhile would hold it."""
    monkeypatch.setattr("vitograph.graph.erasing.steps.MOST_EVENTS", 2)
    sent = [observed("email:long@example.com!", id=f"o-long-{number}", event="erased.slowly") for number in range(5)]
    one = (await record(desk.graph, sent))[0]
    query = "MATCH (e:Event {type: 'erased.slowly'}) RETURN count(e)"
    assert await eventually(desk, query, [[5]])
    assert (await erase(desk.graph, one.person_id, IDA))["status"] == "erasing"  # type: ignore[union-attr]
    for _ in range(3):
        refused = await desk.ask(query)
        assert (refused.status, refused.detail) == (503, "somebody is being erased: ask again soon")
        await asyncio.sleep(1)
    await finish_begun(desk.graph)
    assert await eventually(desk, query, [[0]])


async def eventually(desk: Desk, query: str, rows: list[list[Any]]) -> bool:
    """The copy is some seconds behind, more on a busy machine."""
    for _ in range(120):
        answer = await desk.ask(query)
        if answer.status == 200 and answer.rows == rows:
            return True
        await asyncio.sleep(0.5)
    return False


async def test_named_queries_are_listed_with_what_they_take(desk: Desk) -> None:
    answer = await desk.client.get("/v1/cypher/named", headers=desk.headers("analyst"))
    listed = {item["name"]: item for item in answer.json()["items"]}
    assert len(listed) == 7
    funnel = listed["funnel_per_campaign"]
    assert funnel["doc"].startswith("The funnel of each campaign")
    assert funnel["parameters"][0] == {
        "name": "campaign",
        "type": "STRING",
        "doc": "its id; null is all of them",
        "default": None,
    }
    for name in listed:
        assert (await desk.ask_named(name)).rows is not None, name


async def test_the_figures_of_named_queries(desk: Desk) -> None:
    """Maria's two fragments are one person; the mailbox of a role is nobody known."""
    assert (await desk.ask_named("funnel_per_campaign")).rows == [
        ["summer", "active", 2, 1, 1, 1, 0.5],
        ["winter", "active", 1, 1, 1, 1, 1.0],
    ]
    assert (await desk.ask_named("time_to_enrol", campaign="winter")).rows == [["winter", 1, 0, 1.5, 1.5, 1.5]]
    assert (await desk.ask_named("campaign_overlap")).rows == [["summer", "winter", 1, 0, 0, 1.0]]
    assert (await desk.ask_named("cluster_sizes")).rows == [[1, 1, 1, 1], [2, 1, 4, 4]]
    assert (await desk.ask_named("shared_identifiers_by_degree", at_least=1, kind="email")).rows[0][1] == 1
    assert (await desk.ask_named("cohort_by_channel", since="2026-11")).rows == [["2026-11", "web_form", 2, 1, 1]]


async def test_a_named_query_takes_what_it_declares(desk: Desk) -> None:
    assert (await desk.ask_named("nothing")).status == 404
    assert (await desk.ask_named("cluster_sizes", other=1)).status == 422
    assert (await desk.ask_named("shared_identifiers_by_degree", at_least="2")).status == 422


async def test_the_notebook_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VITO_URL", str(desk.client.base_url))
    monkeypatch.setenv("VITO_KEY", desk.keys["analyst"])
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    draws = importlib.util.find_spec("matplotlib") is not None  # it comes with `make docs`
    code = "\n".join(
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and (draws or "plots" not in cell["metadata"].get("tags", ()))
    )
    monkeypatch.setenv("MPLBACKEND", "agg")
    names: dict[str, Any] = {}
    await asyncio.to_thread(exec, compile(code, NOTEBOOK.name, "exec"), names)
    names["client"].close()
    assert "cluster_sizes ['kind']" in capsys.readouterr().out
    assert {row["campaign"] for row in names["funnel"]} == {"summer", "winter"}
    assert "only queries that read" in names["refused"]
    if draws:
        left, right = names["figure"].axes
        assert [round(bar.get_height()) for bar in left.patches] == [2, 1, 1, 1, 1, 1, 1, 1]
        assert len(right.lines) == len({row["kind"] for row in names["shared"]}) > 0
        names["figure"].canvas.draw()
        names["plt"].close(names["figure"])


async def test_an_enrolment_before_there_was_its_campaign_is_in_no_figure(desk: Desk) -> None:
    names = ("funnel_per_campaign", "time_to_enrol", "campaign_overlap")
    before = [(await desk.ask_named(name)).rows for name in names]
    early = [observed("email:early@example.com!", event="campaign.enrolled", target=name) for name in ("july", "june")]
    await record(desk.graph, early)
    await put(desk.graph, "june", Writer("north"), CampaignBody("June"))
    enrolments = "MATCH (e:Event {type: 'campaign.enrolled'}) WHERE e.target_id IN ['july', 'june'] RETURN count(e)"
    assert await eventually(desk, enrolments, [[2]])
    assert await eventually(desk, "MATCH (c:Campaign {id: 'june'}) RETURN count(c)", [[1]])
    funnel, hours, overlap = before
    assert [(await desk.ask_named(name)).rows for name in names] == [
        [*funnel, ["june", "draft", 0, 0, 0, 0, None]],
        hours,
        overlap,
    ]
    assert (await desk.ask_named("cohort_by_channel", since="2026-11")).rows == [["2026-11", "web_form", 3, 2, 1]]


async def test_a_graph_that_is_no_copy_is_not_taken_for_one(desk: Desk) -> None:
    """It would be emptied first."""
    of = desk.state.settings
    named = of.model_copy(update={"analytics_neo4j_uri": of.neo4j_uri, "analytics_neo4j_password": of.neo4j_password})
    before = await digest(desk.graph)
    with pytest.raises(ServerFailed, match="none of a copy's"):
        await open_place(named)
    assert await digest(desk.graph) == before


HEAVY = {
    "MATCH (a), (b), (c), (d), (e), (f), (g) RETURN count(DISTINCT [a, b, c, d, e, f, g])": {"time", "memory"},
    "MATCH (p:Person) UNWIND range(1, 100000000) AS x RETURN collect(p.id + x)": {"memory", "time"},
    "MATCH p = (a)-[*]-(b)-[*]-(c)-[*]-(d) RETURN count(p)": {"time", "memory"},
    "UNWIND range(1, 40000) AS x WITH collect(x) AS xs RETURN any(a IN xs WHERE any(b IN xs WHERE a * b < 0))": {
        "time"
    },
    "UNWIND range(1, 40000) AS x WITH collect(x) AS xs RETURN [a IN xs | [b IN xs | a * b]]": {"memory", "time"},
}


async def test_what_is_too_much_is_stopped_and_recording_goes_on(desk: Desk) -> None:
    """Some of it no limit interrupts: its server is ended, and the next question is answered all the same."""
    before = (await desk.graph.rows(COUNT))[0]["events"]
    is_over = asyncio.Event()
    recording = asyncio.create_task(record_until(desk, is_over))
    stopped = {query: (await desk.ask_shortly(query))["stopped"] for query in HEAVY}
    is_over.set()
    statuses = await recording
    assert [(query, why) for query, why in stopped.items() if why not in HEAVY[query]] == []
    assert statuses
    assert set(statuses) == {201}
    assert (await desk.graph.rows(COUNT))[0]["events"] == before + len(statuses)
    assert await eventually(desk, "MATCH (e:Event {type: 'page.during'}) RETURN count(*)", [[len(statuses)]])


async def asked_of_copy(desk: Desk, caller: str, query: str, seconds: float) -> Any:
    """The summary of a question of theirs, as the API asks it."""
    body = {"query": query, "parameters": {}, "limit": 10, "pii": False, "seconds": seconds, "caller": caller}
    async with desk.state.analysts.ask(body) as answer:
        return Answer(answer.status_code, (await answer.aread()).decode()).summary


LONG = "UNWIND range(1, 1000000000) AS x WITH x WHERE x < 0 RETURN x"


async def test_who_asks_much_keeps_nobody_else_waiting(desk: Desk) -> None:
    await asked_of_copy(desk, "k-much", "RETURN 1", 20.0)
    much = [asyncio.create_task(asked_of_copy(desk, "k-much", LONG, 1.0)) for _ in range(12)]
    await asyncio.sleep(0.5)
    assert (await asked_of_copy(desk, "k-little", "RETURN 1", 20.0))["rows"] == 1
    assert not all(task.done() for task in much), "all of them came before"
    assert {one["stopped"] for one in await asyncio.gather(*much)} == {"time"}


async def test_what_nobody_waits_for_any_more_has_no_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is loaded again and again, each time with a long question."""
    shortly = desk.state.settings.model_copy(update={"analytics_seconds": 1.0})
    monkeypatch.setattr(desk.state, "settings", shortly)
    async with httpx.AsyncClient(base_url=desk.client.base_url, headers=desk.headers("analyst")) as page:
        for _ in range(60):
            with pytest.raises(httpx.ReadTimeout):
                await page.post("/v1/cypher", json={"query": LONG}, timeout=httpx.Timeout(10, read=0.05))
    async with asyncio.timeout(20):  # of the sixty two or three run, a second each; all of them would take thirty
        assert (await desk.ask("RETURN 1")).rows == [[1]]


async def record_until(desk: Desk, is_over: asyncio.Event) -> list[int]:
    statuses = []
    while not is_over.is_set():
        body = {
            "channel": "web_form",
            "identifiers": [{"kind": "cookie", "value": f"during-{len(statuses)}", "assurance": "observed"}],
            "event": {"type": "page.during"},
        }
        answer = await desk.client.post("/v1/observations", json=body, headers=desk.headers("channel"))
        statuses.append(answer.status_code)
        await asyncio.sleep(0.02)
    return statuses


async def test_more_than_one_transaction_holds_is_seen_with_all_its_links(desk: Desk) -> None:
    """An event, a person, an e-mail address and a cookie of each."""
    many = TOGETHER // 3
    came = [observed(f"email:m{n}@example.com", f"cookie:m-{n}?", event="many.came") for n in range(many)]
    for place in range(0, many, 250):
        await record(desk.graph, came[place : place + 250])
    query = (
        "MATCH (e:Event {type: 'many.came'})-[:OF]->(p)-[:HAS]->(i) WHERE (e)-[:CARRIES]->(i) "
        "RETURN count(DISTINCT e), count(DISTINCT p), count(i)"
    )
    assert await eventually(desk, query, [[many, many, 2 * many]])
