"""A person who was erased has left nothing, does not come back by what is late, and may come anew."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from tests.deciding import ANA, BEN, join, person, propose, retract, saw, say, score_again
from tests.factories import observed
from tests.live.calls import SPEECH
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.api.wiring.calls import CallDesk, make_desk
from vitograph.api.wiring.evidence import ForgetfulEvidence, keep_bytes, open_evidence
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.analytics.copy import count_erasures
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import verify_log
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.erasing.erasures import Wish, erase, finish_begun, get_erasure, get_traces
from vitograph.graph.erasing.steps import CLOSE_KEYS
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.people.holdings import HUB
from vitograph.graph.people.persons import get_view
from vitograph.graph.queries import Statement
from vitograph.graph.reach import EVERYTHING as REACHES_ALL
from vitograph.graph.resolving.models import get_version, record_comparison, record_model
from vitograph.graph.resolving.proposing import propose_rows
from vitograph.ingest.evidence.store import EvidenceStore
from vitograph.ingest.voice.speech import Transcript
from vitograph.ingest.voice.spool import SpooledCall
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.attributing.sittings import ends_session
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import (
    Erased,
    EvidenceUnavailable,
    Forbidden,
    GraphUnavailable,
    SpeechFailed,
    UnknownThing,
)
from vitograph.resolver.scoring.parameters_json import load_model

Headers = dict[Role, dict[str, str]]
IDA = Caller("k-ida", "ida", Role.ADMIN)

EVERYTHING = Statement(
    "test/everything",
    "MATCH (n) WHERE NOT n:Migration AND NOT n:ApiKey "
    "RETURN labels(n) AS labels, properties(n) AS n, COLLECT { MATCH (n)-[r]->() RETURN properties(r) } AS r",
)


ATTACH = Statement(
    "test/attach",
    "MATCH (a:Event {id: 'o-1'}) MATCH (b:Event {id: 'o-2'}) CREATE (both:Evidence {sha256: 'both'}) "
    "CREATE (a)-[:EVIDENCED_BY]->(both) CREATE (b)-[:EVIDENCED_BY]->(both) "
    "CREATE (a)-[:EVIDENCED_BY]->(:Evidence {sha256: 'own'}) CREATE (:Note {said: 'a note'})-[:CONCERNS]->(a)",
)
HELD_AGAIN = Statement(
    "test/held",
    "MATCH (p:Person) WITH p LIMIT 1 CREATE (p)-[:HAS {count: 1}]->(:Identifier {key: 'email:maria@example.com', "
    "kind: 'email', value: 'maria@example.com', status: 'exclusive'})",
)
CANDIDATES = Statement("test/candidates", "MATCH (c:Candidate) RETURN properties(c) AS c")
ATTACH_ALL = Statement("test/attach_all", "MATCH (e:Event) MATCH (v:Evidence) CREATE (e)-[:EVIDENCED_BY]->(v)")
BOUND = Statement("test/bound", "MATCH (p:Person)-[h:HAS]->(:Identifier {key: $key}) WHERE h.current RETURN p.id AS id")
KEYS = Statement(
    "test/keys",
    "MATCH (p:Person)-[:KEYED|STATED]->(k) RETURN DISTINCT labels(k)[0] AS label, k.key AS key ORDER BY label, key",
)
LOCK_KEY = Statement("test/lock_key", "MATCH (k:$($label) {key: $key}) SET k.key = k.key")
PAIRS = Statement("test/pairs", "MATCH (c:Candidate) RETURN c.left AS left, c.right AS right")


async def dump(graph: Graph) -> str:
    """Everything that can be read of the graph, as text."""
    return "\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in await graph.rows(EVERYTHING))


def body(id: str, email: str, at: str, *more: tuple[str, str], **traits: str) -> dict[str, Any]:
    """An observation as it is posted."""
    identifiers = [{"kind": kind, "value": value} for kind, value in (("email", email), *more)]
    return {"id": id, "channel": "web_form", "occurred_at": at, "identifiers": identifiers, "traits": traits}


async def post(api: httpx.AsyncClient, bearer: Headers, said: dict[str, Any]) -> httpx.Response:
    return await api.post("/v1/observations", json=said, headers=bearer[Role.CHANNEL])


async def resolve_in_batch(graph: Graph) -> None:
    """Has everybody scored at once."""
    await resolve_whole(graph, load_model())


async def forget(graph: Graph, hot: HotMemory) -> None:
    """Everything outside the graph forgets whom it is to forget."""
    await make_projector(graph, hot).step()
    assert (await outbox.backlog(graph)).waiting == 0


async def test_nothing_is_left_and_nothing_late_brings_them_back(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers, hot: HotMemory
) -> None:
    first = body("o-1", "zenobia@example.com", "2026-11-01T10:00:00Z", ("phone", "+34911222333"), given_name="Zenobia")
    id = (await post(api, bearer, first)).json()["person_id"]
    other = (await post(api, bearer, body("o-2", "bob@example.com", "2026-11-01T10:00:00Z"))).json()["person_id"]
    await score_again(graph)
    gone = await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])
    assert gone.status_code == 202, gone.text
    assert (gone.json()["persons"], gone.json()["events"], gone.json()["identifiers"]) == (1, 1, 2)
    await forget(graph, hot)
    done = await api.get(f"/v1/erasures/{gone.json()['id']}", headers=bearer[Role.ADMIN])
    assert (done.json()["status"], done.json()["waiting"]) == ("done", [])
    traces = ("zenobia", "911222333", "o-1", id)
    text = (await dump(graph)).lower()
    assert [trace for trace in traces if trace in text] == []
    assert (await api.get(f"/v1/persons/{id}", headers=bearer[Role.SPECIALIST])).status_code == 410
    assert (await api.get(f"/v1/persons/{id}/timeline", headers=bearer[Role.SPECIALIST])).status_code == 410
    assert (await api.get(f"/v1/persons/{other}", headers=bearer[Role.SPECIALIST])).status_code == 200
    again = await post(api, bearer, first)
    assert (again.status_code, again.json()["type"]) == (410, "urn:vito:problem:Erased")
    late = await post(api, bearer, body("o-3", "zenobia@example.com", "2026-11-02T10:00:00Z"))
    assert late.status_code == 410
    assert await dump(graph) == await dump(graph)
    text = (await dump(graph)).lower()
    assert [trace for trace in (*traces, "o-3") if trace in text] == []
    assert await audit(graph) == []


async def test_valkey_is_not_told_of_them_again_by_who_asks_or_repeats(
    page: httpx.AsyncClient, graph: Graph, bearer: Headers, hot: HotMemory
) -> None:
    """Keys and values of everything it holds; and so of its file, where each write stands as it was sent."""
    said = body("o-1", "zenobia@example.com", "2026-11-01T10:00:00Z", ("cookie", "c-zenobia"), given_name="Zenobia")
    id = (await post(page, bearer, said)).json()["person_id"]
    assert (await page.get("/hot/visitors/c-zenobia")).json()["first_name"] == "Zenobia"
    async with asyncio.timeout(60):
        while "zenobia" not in await held_by(hot):  # a reader puts it there, once the bar of the observation lapsed
            await asyncio.sleep(0.5)
            await page.get("/hot/visitors/c-zenobia")
    assert (await page.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])).status_code == 202
    await forget(graph, hot)
    assert (await post(page, bearer, said)).status_code == 410
    assert (await page.get("/hot/visitors/c-zenobia")).json() == {}
    segment = {"userId": "u-1", "anonymousId": "c-zenobia", "messageId": "m-1", "timestamp": "2026-11-01T10:00:00Z"}
    await page.post("/segment/v1/identify", json=segment, headers=bearer[Role.CHANNEL])
    assert "zenobia" not in await held_by(hot)


async def test_who_read_them_before_puts_nothing_into_valkey_after(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers, hot: HotMemory
) -> None:
    said = body("o-1", "zenobia@example.com", "2026-11-01T10:00:00Z", ("cookie", "c-zenobia"), given_name="Zenobia")
    id = (await post(api, bearer, said)).json()["person_id"]
    await forget(graph, hot)
    assert (await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])).status_code == 202
    await forget(graph, hot)
    await hot.put_visitor("c-zenobia", b'{"first_name":"Zenobia"}', 60)
    assert "zenobia" not in await held_by(hot)


async def test_the_file_of_valkey_is_written_anew_though_one_is_being_written(hot: HotMemory, valkey: Child) -> None:
    """The one under way began before, so what is to be forgotten may stand in it."""
    assert isinstance(valkey.recipe, ValkeyServer)
    file = valkey.recipe.home / "appendonlydir"
    await hot.put_visitor("c-zenobia", b'{"first_name":"Zenobia"}', 60)
    await hot.client.bgrewriteaof()
    await hot.forget_visitors(["c-zenobia"])
    await hot.rewrite()
    assert b"Zenobia" not in b"".join(path.read_bytes() for path in file.iterdir())


async def held_by(hot: HotMemory) -> str:
    """All that Valkey holds, keys with their values, in small letters."""
    keys = [key async for key in hot.client.scan_iter()]
    assert isinstance(hot.client, Redis)
    lists = {key async for key in hot.client.scan_iter(_type="list")}
    values = [repr(await (hot.client.lrange(key, 0, -1) if key in lists else hot.client.get(key))) for key in keys]
    return "\n".join([*map(repr, keys), *values]).lower()


async def test_who_comes_after_the_erasure_is_somebody_new(graph: Graph) -> None:
    old = await saw(graph, "email:maria@example.com!", id="o-1")
    await erase(graph, old.person_id, IDA)
    new = await saw(graph, "email:maria@example.com!", id="o-2", minutes=60 * 24 * 365)
    assert new.person_id != old.person_id
    [late] = await record(graph, [observed("email:maria@example.com!", id="o-3")])
    assert isinstance(late, Erased)


async def test_suppressed_identifiers_never_come_back(graph: Graph) -> None:
    old = await saw(graph, "email:maria@example.com!", id="o-1")
    await erase(graph, old.person_id, IDA, Wish(suppress=True))
    outcomes = await record(
        graph,
        [
            observed("email:maria@example.com!", id="o-2", minutes=60 * 24 * 365),
            observed("email:bob@example.com!", id="o-3"),
        ],
    )
    assert [type(outcome) for outcome in outcomes] == [Erased, Recorded]
    assert "maria" not in (await dump(graph)).replace(json.dumps("email:maria@example.com")[1:-1], "", 1)
    assert await audit(graph) == []
    await graph.run(HELD_AGAIN)
    [found] = [one for one in await audit(graph) if one.invariant == "I13"]
    assert found.ids == ("identifier email:maria@example.com",)


async def test_a_batch_says_of_each_line_whether_it_is_refused(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    old = await saw(graph, "email:maria@example.com!", id="o-1")
    await erase(graph, old.person_id, IDA)
    said = [
        body("o-1", "x@example.com", "2026-11-01T10:00:00Z"),
        body("o-2", "bob@example.com", "2026-11-01T10:00:00Z"),
        body("o-3", "maria@example.com", "2026-11-01T10:00:00Z"),
    ]
    answer = await api.post(
        "/v1/observations/batch",
        content=b"\n".join(json.dumps(one).encode() for one in said),
        headers=bearer[Role.CHANNEL],
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("status") for line in lines] == [410, None, 410]


async def test_a_joined_view_goes_as_a_whole_and_the_log_still_verifies(graph: Graph) -> None:
    a, b, c = [await person(graph, name) for name in "abc"]
    joined = await join(graph, a, b)
    apart = await say(graph, await propose(graph, a, c), Verdict.DIFFERENT)
    kept = await join(graph, c, await person(graph, "d"))
    await erase(graph, b, IDA)
    for id in (a, b):
        with pytest.raises(Erased):
            await erase(graph, id, IDA)
    verified = await verify_log(graph)
    assert (verified.broken, verified.head.seq) == (None, 4)
    text = await dump(graph)
    assert "looked at both" in text  # of the pair that has nothing to do with it
    entries = [json.loads(line) for line in text.splitlines() if '"Decision"' in line]
    by_id = {entry["n"]["id"]: entry["n"] for entry in entries}
    assert not {"reason", "salt", "evidence"} & by_id[joined.decision["id"]].keys()
    assert not {"reason", "salt", "evidence"} & by_id[apart.decision["id"]].keys()
    assert by_id[kept.decision["id"]]["reason"] == "looked at both"
    assert await audit(graph) == []


async def test_what_others_hold_too_stays_theirs(graph: Graph) -> None:
    maria = await saw(graph, "email:maria@example.com!", "phone:+34911222333", given_name="Maria")
    leo = await saw(graph, "email:leo@example.com!", "phone:+34911222333", given_name="Leo")
    assert maria.person_id != leo.person_id
    await erase(graph, maria.person_id, IDA)
    again = await saw(graph, "phone:+34911222333", given_name="Leo", minutes=1)
    assert again.person_id == leo.person_id
    assert await audit(graph) == []


async def test_devices_that_only_they_were_known_on_go_with_them(graph: Graph) -> None:
    for cookie in ("own", "kept"):
        await saw(graph, f"cookie:{cookie}?")
    maria = await saw(graph, "email:maria@example.com!", "cookie:own?", "cookie:kept?")
    await saw(graph, "email:leo@example.com!", "cookie:kept?")
    gone = await erase(graph, maria.person_id, IDA)
    assert gone["persons"] == 2
    text = await dump(graph)
    assert '"key": "cookie:kept"' in text
    assert '"key": "cookie:own"' not in text
    assert await audit(graph) == []


async def test_what_tells_nobody_apart_leads_to_no_device(graph: Graph) -> None:
    """A constant session, which every cookie sends, and only one person ever logged in with."""
    many = [observed(f"cookie:c-{number}?", "session:constant?") for number in range(HUB)]
    await record(graph, [observed("cookie:own?", "session:constant?"), *many])
    maria = await saw(graph, "email:maria@example.com!", "cookie:own?", "session:constant?")
    assert (await erase(graph, maria.person_id, IDA))["persons"] == 2
    text = await dump(graph)
    assert ('"cookie:own"' in text, text.count('"kind": "device"')) == (False, HUB)
    assert await audit(graph) == []


async def bound_to(graph: Graph, key: str) -> list[str]:
    return [row["id"] for row in await graph.rows(BOUND, key=key)]


async def test_who_logged_in_before_the_erased_is_whom_it_was_bound_to_last(graph: Graph) -> None:
    for key in ("cookie:kiosk", "session:kiosk"):
        leo = (await saw(graph, f"email:leo@{key[:6]}.com!", f"{key}?")).person_id
        maria = await saw(graph, f"email:maria@{key[:6]}.com!", f"{key}?")
        assert await bound_to(graph, key) == [maria.person_id]
        await erase(graph, maria.person_id, IDA)
        assert await bound_to(graph, key) == [leo]
    assert await audit(graph) == []


@pytest.mark.parametrize(
    "event", ["logout", "user.logged_out", "session.ended", "app.session.end", "call.ended", "end"]
)
async def test_what_ended_a_session_ended_it_also_when_others_are_erased(graph: Graph, event: str) -> None:
    leo = (await saw(graph, "email:leo@example.com!", "session:s-1?")).person_id
    await saw(graph, "session:s-1?", event=event, minutes=1)
    expected = await bound_to(graph, "session:s-1")
    assert expected == ([] if ends_session(event) else [leo])
    maria = await saw(graph, "email:maria@example.com!", "session:s-1?", minutes=2)
    await erase(graph, maria.person_id, IDA)
    assert await bound_to(graph, "session:s-1") == expected


async def test_a_logout_of_the_erased_did_not_happen(graph: Graph) -> None:
    leo = (await saw(graph, "email:leo@example.com!", "session:s-1?")).person_id
    out = await saw(graph, "email:maria@example.com!", "session:s-1?", event="user.logged_out", minutes=1)
    assert await bound_to(graph, "session:s-1") == []
    await erase(graph, out.person_id, IDA)
    assert await bound_to(graph, "session:s-1") == [leo]


async def test_of_a_kiosk_that_others_used_since_no_history_is_read(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = await saw(graph, "email:maria@example.com!", "cookie:kiosk?", "session:s-1?")
    leo = (await saw(graph, "email:leo@example.com!", "cookie:kiosk?", "session:s-1?")).person_id
    run, names = Transaction.run, set()

    async def named(tx: Transaction, statement: Statement, /, **parameters: Any) -> list[Row]:
        names.add(statement.name)
        return await run(tx, statement, **parameters)

    monkeypatch.setattr(Transaction, "run", named)
    await erase(graph, maria.person_id, IDA)
    assert "erasure/close_persons" in names
    assert "erasure/list_binding" not in names
    assert await bound_to(graph, "cookie:kiosk") == await bound_to(graph, "session:s-1") == [leo]


@pytest.mark.usefixtures("in_steps")
async def test_events_that_an_erasure_has_yet_to_take_bind_nothing(graph: Graph) -> None:
    leo = (await saw(graph, "email:leo@example.com!", "cookie:kiosk?")).person_id
    again = [observed("email:maria@example.com!", "cookie:kiosk?") for _ in range(8)]
    [maria, *_] = await record(graph, again)
    assert isinstance(maria, Recorded)
    await erase(graph, maria.person_id, IDA)
    assert await bound_to(graph, "cookie:kiosk") == [leo]
    assert await finish_begun(graph) == 1
    assert await bound_to(graph, "cookie:kiosk") == [leo]


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure takes three events at once."""
    monkeypatch.setattr("vitograph.graph.erasing.steps.MOST_EVENTS", 3)


@pytest.mark.usefixtures("in_steps")
async def test_a_very_long_history_goes_in_steps_that_a_worker_finishes(graph: Graph) -> None:
    maria = await saw(graph, "email:maria@example.com!", id="o-0")
    await record(graph, [observed("email:maria@example.com!", id=f"o-{number}") for number in range(1, 8)])
    begun = await erase(graph, maria.person_id, IDA)
    assert (begun["status"], begun["events"]) == ("erasing", 8)
    assert (await outbox.backlog(graph)).waiting == 0
    with pytest.raises(Erased):
        await erase(graph, maria.person_id, IDA)
    with pytest.raises(GraphUnavailable):  # an analysts' copy that is made now would hold the rest of it
        await count_erasures(graph)
    assert await finish_begun(graph) == 1
    assert (await get_erasure(graph, begun["id"]))["status"] == "forgetting"
    assert await count_erasures(graph) > 1
    assert await finish_begun(graph) == 0
    outcomes = await record(graph, [observed("email:leo@example.com!", id=f"o-{number}") for number in range(8)])
    assert {type(outcome) for outcome in outcomes} == {Erased}
    assert await audit(graph) == []


@pytest.mark.usefixtures("in_steps")
async def test_who_comes_anew_while_a_long_history_goes_is_somebody_new(graph: Graph) -> None:
    """On a device, under the very id that the erased one had: it is a function of the cookie."""
    old = await saw(graph, "cookie:c-1?", id="o-0")
    await record(graph, [observed("cookie:c-1?", id=f"o-{number}") for number in range(1, 8)])
    await erase(graph, old.person_id, IDA)
    assert await audit(graph) == []
    new = await saw(graph, "cookie:c-1?", id="o-new", minutes=60 * 24 * 365)
    assert (new.rule, new.person_id) == ("A3", old.person_id)
    assert await finish_begun(graph) == 1
    assert await audit(graph) == []
    assert (await get_view(graph, new.person_id, REACHES_ALL))["events"] == 1
    assert (await saw(graph, "cookie:c-1?", id="o-new", minutes=60 * 24 * 365)).replayed


@pytest.mark.usefixtures("in_steps")
async def test_what_was_scored_before_a_long_history_goes_is_not_proposed_of_it(graph: Graph) -> None:
    names = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    maria = await saw(graph, "email:maria@example.com!", **names)
    await record(graph, [observed("email:maria@example.com!") for _ in range(7)])
    await saw(graph, "email:twin@example.com!", **names)
    await score_again(graph)
    [found] = await graph.rows(CANDIDATES)
    await erase(graph, maria.person_id, IDA)
    assert await graph.write(partial(propose_rows, [found["c"]], dt.datetime.now(dt.UTC))) == 0
    assert await finish_begun(graph) == 1
    assert await graph.rows(CANDIDATES) == []
    assert await audit(graph) == []


async def test_observations_that_keep_arriving_are_erased_refused_or_somebody_new(graph: Graph) -> None:
    maria = await saw(graph, "email:maria@example.com!", id="o-0")

    is_erased = asyncio.Event()

    async def keep_posting(number: int) -> list[Recorded | Exception]:
        found: list[Recorded | Exception] = []
        for turn in range(1_000):
            last = is_erased.is_set()
            said = observed("email:maria@example.com!", id=f"o-{number}-{turn}", minutes=turn - 10_000)
            found += await record(graph, [said])
            if last:
                break
        return found

    posting = [asyncio.create_task(keep_posting(number)) for number in range(3)]
    await asyncio.sleep(0.2)
    await erase(graph, maria.person_id, IDA)
    is_erased.set()
    outcomes = [outcome for task in posting for outcome in await task]
    # All of it happened before the erasure: whatever was accepted was erased with her, and the rest was refused.
    assert {outcome.person_id for outcome in outcomes if isinstance(outcome, Recorded)} <= {maria.person_id}
    assert any(isinstance(outcome, Erased) for outcome in outcomes)
    assert '"Person"' not in await dump(graph)
    assert await audit(graph) == []


async def test_keys_are_let_go_of_in_the_order_in_which_the_resolver_takes_them(graph: Graph) -> None:
    """Else an erasure of somebody and the scoring of others deadlock over the keys that both have."""
    names = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    maria = await saw(graph, "email:maria@example.com!", "phone:+34600100200", id="o-0", **names)
    await score_again(graph)
    keys = await graph.rows(KEYS)
    assert len(keys) > 5
    tried = []

    async def close(tx: Transaction) -> None:
        tried.append("close")
        await tx.run(CLOSE_KEYS, ids=[maria.person_id])

    closing: asyncio.Task[None] | None = None

    async def take(tx: Transaction) -> None:
        nonlocal closing
        tried.append("take")
        for row in keys:
            await tx.run(LOCK_KEY, **row)
            if closing is None:
                closing = asyncio.create_task(graph.write(close))
                await asyncio.sleep(1)

    await graph.write(take)
    assert closing is not None
    await closing
    assert tried == ["take", "close"]
    assert await graph.rows(KEYS) == []


async def test_who_may_erase_and_whom(api: httpx.AsyncClient, graph: Graph, bearer: Headers) -> None:
    id = await person(graph, "maria")
    for role in set(Role) - {Role.ADMIN}:
        assert (await api.delete(f"/v1/persons/{id}", headers=bearer[role])).status_code == 403
    assert (await api.delete(f"/v1/persons/{id}")).status_code == 401
    assert (await api.delete("/v1/persons/nobody", headers=bearer[Role.ADMIN])).status_code == 404
    assert (await api.get("/v1/erasures/x-1", headers=bearer[Role.ADMIN])).status_code == 404
    assert (await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])).status_code == 202
    assert (await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])).status_code == 410
    with pytest.raises(Forbidden):
        await erase(graph, id, ANA)
    with pytest.raises(UnknownThing):
        await erase(graph, "nobody", IDA)


async def test_a_decision_about_the_erased_tells_that_they_are(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    a, b = await person(graph, "zenobia"), await person(graph, "bob")
    decision = (await say(graph, await propose(graph, a, b), Verdict.DIFFERENT)).decision["id"]
    await erase(graph, a, IDA)
    for call in ("retract", "retract?dry_run=true", "confirm"):
        answer = await api.post(f"/v1/decisions/{decision}/{call}", headers=bearer[Role.SPECIALIST])
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:vito:problem:Erased"), call
        assert answer.json()["detail"] == f"decision '{decision}' was about somebody who was erased"


async def test_a_retracted_join_and_a_confirmed_bridge_are_erased_with_their_words(graph: Graph) -> None:
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    first = await join(graph, a, b)
    await join(graph, c, d)
    bridge = await join(graph, a, c)
    await confirm(graph, bridge.decision["id"], BEN)
    await retract(graph, bridge.decision["id"], "he told me so", BEN)
    await erase(graph, a, IDA)
    text = await dump(graph)
    assert "he told me so" not in text
    assert first.decision["id"] in text
    assert (await verify_log(graph)).broken is None
    assert await audit(graph) == []


async def test_reports_of_models_name_nobody_who_was_erased(graph: Graph, hot: HotMemory) -> None:
    """Nor does a comparison that was begun before."""
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    rows = [{"candidate": "c-1", "left": left, "right": right, "decision": "d-1"} for left, right in ((a, b), (c, d))]
    report = {"trained": {"views": 4}, "comparison": {"approved": {"links": 9, "failing": rows}}}
    await record_model(graph, replace(load_model(), name="strict"), "a test", "default-1", {})
    await record_comparison(graph, "strict", "default-1", report)
    assert a in await dump(graph)
    await erase(graph, a, IDA)
    kept = {**report, "comparison": {"approved": {"links": 9, "failing": rows[1:]}}}
    assert (await get_version(graph, "strict")).report == kept
    await forget(graph, hot)
    assert a not in await dump(graph)
    await record_comparison(graph, "strict", "default-1", report)
    assert (await get_version(graph, "strict")).report == kept


@pytest.mark.parametrize("resolve_all", [score_again, resolve_in_batch], ids=["at work", "in a batch"])
async def test_whom_a_verdict_kept_apart_from_the_erased_is_not_proposed_to_them_again(
    graph: Graph, resolve_all: Callable[[Graph], Awaitable[None]]
) -> None:
    names = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    old = await saw(graph, "email:maria@example.com!", **names)
    twin = await saw(graph, "email:twin@example.com!", **names)
    await say(graph, await propose(graph, old.person_id, twin.person_id), Verdict.DIFFERENT)
    await erase(graph, old.person_id, IDA)
    new = await saw(graph, "email:maria@example.com!", minutes=60 * 24 * 365, **names)
    third = await saw(graph, "email:third@example.com!", **names)
    await resolve_all(graph)
    pairs = [{row["left"], row["right"]} for row in await graph.rows(PAIRS)]
    assert {new.person_id, third.person_id} in pairs
    assert {new.person_id, twin.person_id} not in pairs


async def test_the_audit_finds_an_event_that_is_back_and_an_erasure_that_waits(graph: Graph) -> None:
    old = await saw(graph, "email:maria@example.com!", id="o-1")
    await saw(graph, "email:leo@example.com!", id="o-2")
    await erase(graph, old.person_id, IDA)
    assert await audit(graph) == []
    await graph.run(Statement("test/back", "MATCH (e:Event {id: 'o-2'}) SET e.id = 'o-1'"))
    await graph.run(Statement("test/age", "MATCH (x:Erasure) SET x.at = datetime() - duration({days: 8})"))
    findings = [finding for finding in await audit(graph) if finding.invariant == "I13"]
    assert [finding.ids for finding in findings if not finding.is_warning] == [("o-1",)]
    assert len(findings) == 2


async def test_an_export_holds_everything_of_the_view_and_nothing_of_others(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    a = (await saw(graph, "email:a@example.com!", given_name="ana", properties={"plan": "gold"})).person_id
    b = (await saw(graph, "email:b@example.com!", event="consent.granted", properties={"purpose": "news"})).person_id
    c = (await saw(graph, "email:c@example.com!", given_name="zoe")).person_id
    await join(graph, a, b)
    await say(graph, await propose(graph, a, c), Verdict.DIFFERENT)
    answer = await api.get(f"/v1/persons/{b}/export", headers=bearer[Role.ADMIN])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    held = answer.json()
    assert {fragment["id"] for fragment in held["view"]["fragments"]} == {a, b}
    assert held["view"]["consents"]["news"]["granted"] is True
    assert len(held["events"]) == 2
    assert {"plan": "gold"} in [event["properties"] for event in held["events"]]
    assert [entry["verdict"] for entry in held["decisions"]] == ["same", "different"]
    assert len(held["candidates"]) == 2
    assert "zoe" not in answer.text
    assert "c@example.com" not in answer.text
    for role in set(Role) - {Role.ADMIN, Role.SPECIALIST}:
        assert (await api.get(f"/v1/persons/{b}/export", headers=bearer[role])).status_code == 403
    assert (await api.get("/v1/persons/nobody/export", headers=bearer[Role.ADMIN])).status_code == 404
    await erase(graph, a, IDA)
    assert (await api.get(f"/v1/persons/{b}/export", headers=bearer[Role.ADMIN])).status_code == 410


async def test_evidence_goes_with_its_last_event_and_is_to_be_forgotten_elsewhere(graph: Graph) -> None:
    gone = await saw(graph, "email:a@example.com!", id="o-1")
    await saw(graph, "email:b@example.com!", id="o-2")
    await graph.run(ATTACH)
    erasure = await erase(graph, gone.person_id, IDA)
    assert erasure["evidence"] == 1
    traces = await get_traces(graph, erasure["id"])
    assert traces is not None
    assert traces["evidence"] == ["own"]
    assert traces["identifiers"] == ["email:a@example.com"]
    text = await dump(graph)
    assert '"sha256": "both"' in text
    assert '"sha256": "own"' not in text
    assert "a note" not in text


async def test_what_was_erased_with_its_evidence_is_gone_and_not_wrong(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    """Its evidence is not there any more, which is no reason to say that it never was."""
    kept = await api.post(
        "/v1/evidence", files={"file": ("a.txt", b"words", "text/plain")}, headers=bearer[Role.CHANNEL]
    )
    said = body("o-1", "zenobia@example.com", "2026-11-01T10:00:00Z")
    said["event"] = {"type": "call.recorded", "evidence": [kept.json()["sha256"]]}
    id = (await post(api, bearer, said)).json()["person_id"]
    assert (await api.delete(f"/v1/persons/{id}", headers=bearer[Role.ADMIN])).status_code == 202
    assert (await post(api, bearer, said)).status_code == 410
    assert (await post(api, bearer, said | {"id": "o-2"})).status_code == 422


async def test_evidence_that_is_posted_anew_before_it_is_forgotten_stays(
    graph: Graph, settings: Settings, hot: HotMemory
) -> None:
    """The bytes may be those of a form that many send: whoever posted them after the erasure can attach them."""
    store = open_evidence(settings)
    gone = await saw(graph, "email:a@example.com!", id="o-1")
    words = [await keep_bytes(graph, store, content, "text/plain", None) for content in (b"a form", b"a letter")]
    await graph.run(ATTACH_ALL)
    await erase(graph, gone.person_id, IDA)
    await keep_bytes(graph, store, b"a form", "text/plain", None)
    await make_projector(graph, hot, forgetful=[ForgetfulEvidence(graph, store)]).step()
    assert [path.name for path in kept_files(settings)] == [words[0].sha256]


class Deaf:
    """No model, which hears nothing in any recording."""

    async def transcribe(self, recording: Path, tracks: Sequence[str]) -> Transcript:
        raise SpeechFailed("nothing is heard")

    async def close(self) -> None:
        """There is nothing to close."""


async def spool_call_of_erased(graph: Graph, settings: Settings) -> tuple[CallDesk, SpooledCall]:
    """A call that somebody made who is erased before it is worked off."""
    maria = await saw(graph, "phone:+34911222333", id="o-1")
    await erase(graph, maria.person_id, IDA)
    parameters = {"from": "+34911222333"}
    facts = {"started_at": "2026-11-20T10:00:00+00:00", "parameters": parameters, "tracks": ["inbound"]}
    desk = replace(make_desk(settings, graph), speech=Deaf())
    return desk, desk.spool.add_file("CA1", SPEECH / "accepts.wav", facts)


def kept_files(settings: Settings) -> list[Path]:
    return [path for path in (settings.data / "evidence").rglob("*") if path.is_file()]


async def test_a_call_of_somebody_erased_leaves_nothing_wherever_its_end_breaks_off(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitograph.api.wiring.calls.MOST_FAILURES", 1)
    desk, call = await spool_call_of_erased(graph, settings)

    async def fail(store: EvidenceStore, sha256: str) -> None:
        raise EvidenceUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(EvidenceStore, "delete", fail)
        with pytest.raises(EvidenceUnavailable):
            await desk.finish(call)
    assert await desk.finish(call) is None
    assert (desk.spool.waiting(), kept_files(settings)) == ([], [])
    assert '"Evidence"' not in await dump(graph)
    assert await audit(graph) == []


async def test_evidence_of_a_call_of_somebody_erased_stays_with_the_event_of_another(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitograph.api.wiring.calls.MOST_FAILURES", 1)
    desk, call = await spool_call_of_erased(graph, settings)
    await saw(graph, "email:leo@example.com!", id="o-2")
    sound = await asyncio.to_thread((SPEECH / "accepts.wav").read_bytes)
    await keep_bytes(graph, desk.store, sound, "audio/wav", None)
    await graph.run(ATTACH_ALL)
    assert await desk.finish(call) is None
    assert (desk.spool.waiting(), len(kept_files(settings))) == ([], 1)
    assert '"Evidence"' in await dump(graph)


async def test_joining_a_yes_with_a_no_needs_a_second_person(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    news = {"purpose": "news"}
    a = (await saw(graph, "email:a@example.com!", event="consent.granted", properties=news)).person_id
    b = (await saw(graph, "email:b@example.com!", event="consent.withdrawn", properties=news, minutes=-9)).person_id
    id = await propose(graph, a, b)
    preview = (await api.get(f"/v1/candidates/{id}", headers=bearer[Role.SPECIALIST])).json()["preview"]
    assert preview["consent_conflicts"] == ["news"]
    assert preview["consents"]["news"]["granted"] is True
    said = await say(graph, id, Verdict.SAME)
    assert (said.pending, said.decision["concerns"]) == (True, ["consent"])
    await confirm(graph, said.decision["id"], BEN)
    view = (await api.get(f"/v1/persons/{b}", headers=bearer[Role.SPECIALIST])).json()
    assert view["consents"]["news"]["granted"] is True
    await retract(graph, said.decision["id"], "no", BEN)
    view = (await api.get(f"/v1/persons/{b}", headers=bearer[Role.SPECIALIST])).json()
    assert view["consents"]["news"]["granted"] is False


async def test_whoever_withdrew_their_consent_to_marketing_is_no_lead(
    api: httpx.AsyncClient, graph: Graph, bearer: Headers
) -> None:
    mine = bearer[Role.MARKETING]
    assert (await api.put("/v1/campaigns/summer", json={"name": "Summer"}, headers=mine)).status_code in (200, 201)
    etag = (await api.get("/v1/campaigns/summer", headers=mine)).headers["etag"]
    await api.post("/v1/campaigns/summer/activate", headers=mine | {"If-Match": etag})
    ids = {}
    for number, name in enumerate("abc"):
        enrolled = await saw(graph, f"email:{name}@example.com!", event="campaign.enrolled", target="summer")
        ids[name] = enrolled.person_id
        withdrawn = {"a": {"purpose": "marketing"}, "b": {"purpose": "news"}, "c": {}}[name]
        await saw(
            graph, f"email:{name}@example.com!", event="consent.withdrawn", properties=withdrawn, minutes=number + 1
        )
    # Those between who refuse make no page shorter: with one a page, the first is the one who does not, and the last.
    for limit in (1, 10):
        leads = (await api.get("/v1/campaigns/summer/leads", params={"limit": limit}, headers=mine)).json()["items"]
        assert [lead["person_id"] for lead in leads] == [ids["b"]]
