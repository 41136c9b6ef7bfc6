"""I5: the graph that the logs tell is the graph, after everything that can happen to one."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.conftest import EMPTY, ERASURE_KEY
from tests.deciding import ANA, BEN, join, person, propose, retract, saw, say, score_again
from vitograph.api.cli import app
from vitograph.api.running.addresses import Addresses
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import list_decisions
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.backup import backup, export_erasures, read_erasures, read_manifest, restore
from vitograph.graph.keeping.compaction import copy
from vitograph.graph.keeping.digest import lines
from vitograph.graph.keeping.records import decode, encode
from vitograph.graph.keeping.replay import fingerprint, replay
from vitograph.graph.keeping.upkeep import judge_anew
from vitograph.graph.people.persons import get_view
from vitograph.graph.people.tombstones import check_seal
from vitograph.graph.publishing import campaigns, removals, sinks
from vitograph.graph.publishing.campaigns import Writer
from vitograph.graph.queries import Statement
from vitograph.graph.reach import EVERYTHING
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.erasure import Seal
from vitograph.resolver.errors import Erased, ServerFailed, VitoError, WrongState
from vitograph.resolver.publishing.campaigns import CampaignBody
from vitograph.resolver.publishing.sinks import Sink, SinkKind

# What other parts of ViTo hang on events.
HANG_ON_EVENTS = Statement(
    "test/hang",
    "MATCH (e:Event) CREATE (e)-[:EVIDENCED_BY]->(:Evidence {sha256: e.id}) "
    "CREATE (:Note {said: e.id})-[:CONCERNS]->(e)",
)
EVIDENCE = Statement("test/evidence", "MATCH (v:Evidence) RETURN v.sha256 AS sha256 ORDER BY sha256")
PAIRS = Statement("test/pairs", "MATCH (c:Candidate) RETURN c.left AS left, c.right AS right")
NOTES = Statement("test/notes", "MATCH (n:Note) RETURN n.said AS said, COUNT { (n)--(:Event) } AS events ORDER BY said")
# What nobody shares was suspected, and what several hold was not.
OLDER_RULES = Statement(
    "test/older_rules",
    """
    MATCH (i:Identifier) WHERE i.key IN ['email:e@example.com', 'phone:+34911222333']
    SET i.status = CASE i.kind WHEN 'email' THEN 'suspected' ELSE 'exclusive' END, i.status_since = datetime(),
        i.status_history = ['{"status": "suspected"}']
    """,
)
HISTORY = Statement("test/history", "MATCH (i:Identifier {key: $key}) RETURN i.status_history AS history")
WAITING = Statement("test/waiting", "MATCH (p:Person) WHERE p.resolve_at IS NOT NULL RETURN count(p) AS persons")
ZONED = Statement(
    "test/zoned",
    """
    MATCH (n)
    UNWIND keys(n) AS name
    WITH labels(n)[0] AS label, name, n[name] AS value
    WHERE valueType(value) STARTS WITH 'ZONED' AND toString(value) CONTAINS '['
    RETURN DISTINCT label, name
    """,
)
IDA = Caller("k-ida", "ida", Role.ADMIN)


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Neo4jServer]:
    """A second Neo4j, to rebuild graphs in."""
    settings = Settings()
    home = Path(tmp_path_factory.mktemp("second"))
    child = Child(Neo4jServer(home, settings.cache.resolve(), settings.maven_url, "256m", "32m"))
    await child.start()
    assert isinstance(child.recipe, Neo4jServer)
    yield child.recipe
    await child.stop()


@pytest.fixture
async def empty(server: Neo4jServer) -> AsyncIterator[Graph]:
    async with open_graph(server.uri, server.user, server.password, seal=Seal(ERASURE_KEY.encode())) as graph:
        await graph.run(EMPTY)
        yield graph


async def told(graph: Graph) -> list[str]:
    return [line.decode() async for line in lines(graph)]


async def a_history(graph: Graph) -> list[str]:
    """Everything that leaves something in a graph, once; the persons it is about, whose ids follow from the events'."""
    await saw(graph, "cookie:tablet?", "session:s-1?", id="h-1", event="page.viewed")
    phone = "phone:+34911222333"
    a = (await saw(graph, "email:a@example.com!", phone, "cookie:tablet?", id="h-2", given_name="anna")).person_id
    b = (await saw(graph, "email:b@example.com!", phone, id="h-3", given_name="maria", family_name="lopez")).person_id
    c = (await saw(graph, "email:c@example.com!", id="h-4", given_name="leo", date_of_birth="1990-03-02")).person_id
    d = (await saw(graph, "email:d@example.com!", "session:s-2!", "cookie:tablet?", id="h-5")).person_id
    await saw(graph, "session:s-2?", id="h-6", minutes=5)
    await saw(graph, "session:s-2?", id="h-7", event="user.logged_out", minutes=6)
    await saw(graph, "email:info@example.com!", id="h-8", properties={"plan": "gold"})
    await saw(graph, "email:info@example.com!", id="h-9", given_name="eve", family_name="stone")
    await saw(graph, "email:c@example.com!", id="h-10", given_name="zoe", minutes=7)
    await score_again(graph)
    first = await join(graph, a, b)
    await join(graph, c, d)
    bridge = await join(graph, a, c)
    await confirm(graph, bridge.decision["id"], BEN)
    e = (await saw(graph, "email:e@example.com!", "phone:+34911000000", id="h-11", given_name="ed")).person_id
    f = (await saw(graph, "email:f@example.com!", "phone:+34911000000", id="h-12", given_name="fay")).person_id
    await say(graph, await propose(graph, e, f), Verdict.SHARED_IDENTIFIER, identifier="phone:+34911000000")
    await retract(graph, first.decision["id"], "they are sisters", ANA)
    await say(graph, await propose(graph, e, a), Verdict.HOUSEHOLD)
    for verdict, pair in ((Verdict.UNSURE, (e, f)), (Verdict.DIFFERENT, (e, a)), (Verdict.UNSURE, (e, a))):
        slip = await say(graph, await propose(graph, *pair), verdict)
        await retract(graph, slip.decision["id"], "a slip", ANA)
    return [a, b, c, d, e, f]


async def test_a_replay_gives_the_same_graph(graph: Graph, empty: Graph) -> None:
    await a_history(graph)
    await replay(graph, empty)
    assert await told(empty) == await told(graph)
    assert await fingerprint(empty) == await fingerprint(graph)
    for one in (graph, empty):
        assert [finding for finding in await audit(one) if not finding.is_warning] == []


async def test_what_was_given_up_and_discarded_is_told_by_a_replay(graph: Graph, empty: Graph) -> None:
    sink = Sink("shop", "ghost", SinkKind.CMS, {"url": "https://shop.example"}, ("north",), sealed="x")
    await sinks.put(graph, sink, "k-1")
    await sinks.remove(graph, "shop")
    await sinks.abandon(graph, "shop", "k-1")
    await campaigns.put(graph, "summer", Writer("north"), CampaignBody("Summer"))
    end = await removals.discard(graph, "summer", Writer("north"), "k-1")
    await replay(graph, empty)
    assert await sinks.abandoned(empty) == [sinks.Abandoned("shop", "cms", 0)]
    assert await sinks.list_all(empty) == []
    made, _ = await campaigns.put(empty, "summer", Writer("north"), CampaignBody("Another"))
    assert made.version == end + 1


async def test_moments_stay_at_an_offset_and_get_no_zone(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    """`2026-11-28T04:46:56Z[UTC]` is no moment to who reads an answer, and equals no other in Cypher."""
    await a_history(graph)
    await replay(graph, empty)
    assert await empty.rows(ZONED) == await graph.rows(ZONED) == []
    await empty.run(EMPTY)
    await backup(graph, tmp_path / "backup")
    await restore(tmp_path / "backup", empty)
    assert await empty.rows(ZONED) == []


async def test_so_it_does_after_an_erasure(graph: Graph, empty: Graph) -> None:
    persons = await a_history(graph)
    for id in (persons[1], persons[4]):
        await erase(graph, id, IDA)
    await replay(graph, empty)
    assert await told(empty) == await told(graph)
    assert await fingerprint(empty) == await fingerprint(graph)
    assert await audit(empty) == []


async def test_a_new_store_stands_by_the_rules_of_today(graph: Graph, empty: Graph) -> None:
    await a_history(graph)
    older = "MATCH (i:Identifier) WITH i ORDER BY i.key LIMIT 2 SET i.status = 'suspected'"
    await graph.run(Statement("test/older", older))
    await copy(graph, empty)
    assert await fingerprint(empty) == await fingerprint(graph)
    assert await audit(empty) == []


async def test_a_backup_gives_the_same_graph_or_says_why_not(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    await a_history(graph)
    manifest = await backup(graph, tmp_path / "backup")
    assert manifest["files"]["event.ndjson"]["records"] == 12
    with pytest.raises(WrongState, match="not empty"):
        await backup(graph, tmp_path / "backup")
    await restore(tmp_path / "backup", empty)
    assert await told(empty) == await told(graph)
    assert await audit(empty) == []
    with pytest.raises(WrongState, match="nodes already"):
        await restore(tmp_path / "backup", empty)


@pytest.mark.parametrize("by", ["this version", "one before"])
async def test_a_backup_by_older_rules_is_restored_and_judged_anew(
    graph: Graph, empty: Graph, tmp_path: Path, by: str
) -> None:
    """Of one before, whatever never changed its status was not told: it stood as it does by the rules of today."""
    await a_history(graph)
    await graph.run(OLDER_RULES)
    if by == "this version":
        await graph.run(
            Statement("test/unknown", "MATCH (i {key: 'email:info@example.com'}) SET i.status = 'exclusive'")
        )
    await backup(graph, tmp_path / "b")
    if by == "one before":
        as_before(tmp_path / "b")
    await restore(tmp_path / "b", empty)
    assert [finding for finding in await audit(empty) if not finding.is_warning] == []
    kept = (await empty.rows(HISTORY, key="email:e@example.com"))[0]
    assert [json.loads(step)["status"] for step in kept["history"]] == ["suspected", "exclusive"]
    await judge_anew(graph)
    assert await told(empty) == await told(graph)
    assert await fingerprint(empty) == await fingerprint(graph)
    assert (await empty.rows(WAITING))[0]["persons"] > 0, "who holds what stands otherwise is scored again"


async def test_a_backup_of_another_graph_is_refused(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    await a_history(graph)
    await backup(graph, tmp_path / "b")
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
    manifest["fingerprint"]["facts"] = "0" * 64
    (tmp_path / "b" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(WrongState, match="not the one that was backed up"):
        await restore(tmp_path / "b", empty)


def as_before(folder: Path) -> None:
    """A backup as versions wrote it that told of no status but those that had changed."""
    path, manifest = folder / "history.ndjson", json.loads((folder / "manifest.json").read_text())
    rows = [line for line in path.read_bytes().splitlines(keepends=True) if json.loads(line)["history"]["status_since"]]
    path.write_bytes(b"".join(rows))
    manifest["files"][path.name] = {"records": len(rows), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    del manifest["statuses"]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    with pytest.raises(WrongState, match="no whole backup"):
        read_manifest(tmp_path)
    (tmp_path / "event.ndjson").write_bytes(b"{}\n")
    said = {"event.ndjson": {"records": 1, "sha256": hashlib.sha256(b"{}\n").hexdigest()}}
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, "files": said}))
    assert read_manifest(tmp_path)["format"] == 1
    (tmp_path / "event.ndjson").write_bytes(b"{ }\n")
    with pytest.raises(WrongState, match="checksum"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("written", [b"", b'{"format": 1, "files', b"{}", b"[]", b"7"])
def test_a_manifest_that_is_none_is_told(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(written)
    with pytest.raises(WrongState, match="no manifest of a backup, or is damaged"):
        read_manifest(tmp_path)


async def test_a_restore_leaves_out_whoever_was_erased_since(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    persons = await a_history(graph)
    await graph.run(HANG_ON_EVENTS)
    await backup(graph, tmp_path / "backup")
    for id in (persons[1], persons[4]):
        await erase(graph, id, IDA)
    assert await export_erasures(graph, tmp_path / "erasures.ndjson") > 4
    await restore(tmp_path / "backup", empty, tmp_path / "erasures.ndjson")
    text = "".join(await told(empty))
    assert "maria" not in text
    assert "email:b@example.com" not in text
    assert "email:f@example.com" in text
    with pytest.raises(Erased):
        await get_view(empty, persons[1], EVERYTHING)
    assert await audit(empty) == []
    left = sorted(row["sha256"] for row in await graph.rows(EVIDENCE))
    assert [row["sha256"] for row in await empty.rows(EVIDENCE)] == left
    assert 0 < len(left) < 12
    notes = await graph.rows(NOTES)
    assert await empty.rows(NOTES) == notes
    # Attribution was settled before: what is left is what an erasure left.
    assert [line for line in await told(empty) if '"Event"' in line] == [
        line for line in await told(graph) if '"Event"' in line
    ]


async def test_a_device_that_came_anew_is_not_the_erased_one(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    """It has the same id, and so has the candidate."""
    maria = await person(graph, "maria")
    device = (await saw(graph, "cookie:c-1?")).person_id
    await say(graph, await propose(graph, maria, device), Verdict.DIFFERENT)
    await erase(graph, device, IDA)
    assert (await saw(graph, "cookie:c-1?", minutes=60 * 24 * 365)).person_id == device
    await say(graph, await propose(graph, maria, device), Verdict.SAME)
    await backup(graph, tmp_path / "backup")
    await export_erasures(graph, tmp_path / "erasures.ndjson")
    for rebuild in (replay, partial(restore, erasures=tmp_path / "erasures.ndjson")):
        await empty.run(EMPTY)
        await rebuild(graph if rebuild is replay else tmp_path / "backup", empty)
        assert await told(empty) == await told(graph)
        assert await fingerprint(empty) == await fingerprint(graph)
        assert [entry.get("reason") for entry in await list_decisions(empty, "", 0, 10)] == [
            None,
            None,
            "looked at both",
        ]
        assert [finding for finding in await audit(empty) if not finding.is_warning] == []


async def test_a_restore_remembers_whom_a_verdict_kept_apart_from_the_erased(
    graph: Graph, empty: Graph, tmp_path: Path
) -> None:
    names = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
    old = (await saw(graph, "email:maria@example.com!", **names)).person_id
    twin = (await saw(graph, "email:twin@example.com!", **names)).person_id
    await say(graph, await propose(graph, old, twin), Verdict.DIFFERENT)
    await backup(graph, tmp_path / "backup")
    await erase(graph, old, IDA)
    await export_erasures(graph, tmp_path / "erasures.ndjson")
    await restore(tmp_path / "backup", empty, tmp_path / "erasures.ndjson")
    new = (await saw(empty, "email:maria@example.com!", minutes=60 * 24 * 365, **names)).person_id
    third = (await saw(empty, "email:third@example.com!", **names)).person_id
    await score_again(empty)
    pairs = [{row["left"], row["right"]} for row in await empty.rows(PAIRS)]
    assert ({new, third} in pairs, {new, twin} in pairs) == (True, False)


async def test_a_list_that_is_older_than_the_backup_digs_nobody_out(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    """Nor does one of the version before, which had no checksum and may have been cut off anywhere."""
    persons = await a_history(graph)
    await erase(graph, persons[4], IDA)
    lists = [tmp_path / name for name in ("older", "cut", "newer")]
    await export_erasures(graph, lists[0])
    await erase(graph, persons[1], IDA)
    await backup(graph, tmp_path / "backup")
    lists[1].write_bytes(b"\n".join(line for line in lists[0].read_bytes().splitlines()[:3]).replace(b"is_", b"was_"))
    await export_erasures(graph, lists[2])
    assert [read_erasures(path).is_closed for path in lists] == [True, False, True]
    for path in lists:
        await empty.run(EMPTY)
        await restore(tmp_path / "backup", empty, path)
        assert await fingerprint(empty) == await fingerprint(graph)
        with pytest.raises(Erased):
            await get_view(empty, persons[1], EVERYTHING)


async def test_where_the_list_tells_nothing_new_what_was_written_is_compared(
    graph: Graph, empty: Graph, tmp_path: Path
) -> None:
    await erase(graph, await person(graph, "a"), IDA)
    await backup(graph, tmp_path / "backup")
    await export_erasures(graph, tmp_path / "erasures.ndjson")
    manifest = tmp_path / "backup/manifest.json"
    said = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(said | {"fingerprint": said["fingerprint"] | {"facts": "others"}}))
    with pytest.raises(WrongState, match="not the one that was backed up"):
        await restore(tmp_path / "backup", empty, tmp_path / "erasures.ndjson")


async def test_a_log_that_somebody_wrote_anew_is_not_restored(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    await a_history(graph)
    await backup(graph, tmp_path / "backup")
    log, manifest = tmp_path / "backup/entry.ndjson", tmp_path / "backup/manifest.json"
    first, *others = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([encode({**decode(first), "note": "as I would have it"}) + b"\n", *others]))
    said = json.loads(manifest.read_bytes())
    said["files"]["entry.ndjson"]["sha256"] = hashlib.sha256(log.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(said))
    with pytest.raises(WrongState, match="the log that was written is broken"):
        await restore(tmp_path / "backup", empty)


async def test_a_list_of_erasures_that_is_not_whole_is_refused(graph: Graph, tmp_path: Path) -> None:
    await erase(graph, await person(graph, "a"), IDA)
    path = tmp_path / "erasures.ndjson"
    await export_erasures(graph, path)
    lines = path.read_bytes().splitlines(keepends=True)
    for some in (lines[:-1], lines[:1], [*lines[:1], *lines[2:]], [*lines[:-1], lines[-1][:-3]], [], lines[1:]):
        path.write_bytes(b"".join(some))
        with pytest.raises(WrongState, match=r"not whole|no list of erasures"):
            read_erasures(path)


async def test_a_list_of_erasures_under_another_key_is_refused(graph: Graph, empty: Graph, tmp_path: Path) -> None:
    id = await person(graph, "a")
    await backup(graph, tmp_path / "backup")
    await erase(graph, id, IDA)
    await export_erasures(graph, tmp_path / "erasures.ndjson")
    with pytest.raises(WrongState, match="another erasure key"):
        await restore(tmp_path / "backup", replace(empty, seal=Seal(b"another")), tmp_path / "erasures.ndjson")
    with pytest.raises(ServerFailed, match="another erasure key"):
        await check_seal(replace(graph, seal=None))


APART = (Verdict.HOUSEHOLD, Verdict.DIFFERENT, Verdict.SHARED_IDENTIFIER, Verdict.UNSURE)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("see"),
            st.sampled_from(("email:a@x.org", "email:b@x.org", "email:info@x.org", "phone:+34911222333")),
            st.sampled_from(("!", "?", "")),
            st.sampled_from(("cookie:1?", "session:1?", "cookie:2?", None)),
            st.sampled_from(("maria", "leo", None)),
            st.sampled_from(("page.viewed", "user.logged_out")),
        ),
        st.tuples(st.just("browse"), st.sampled_from(("cookie:1?", "session:1?", "cookie:2?"))),
        st.tuples(st.just("same"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("say"), st.integers(0, 5), st.integers(0, 5), st.sampled_from(APART)),
        st.tuples(st.just("retract"), st.integers(0, 5)),
        st.tuples(st.just("erase"), st.integers(0, 5)),
    ),
    min_size=4,
    max_size=14,
)


async def play(graph: Graph, steps: list[tuple[Any, ...]]) -> None:
    """Does these steps, as far as they can be done."""
    persons: list[str] = []
    decisions: list[str] = []
    for number, (verb, *rest) in enumerate(steps):
        with contextlib.suppress(VitoError, IndexError, AssertionError):
            match verb, rest:
                case "see", [strong, assurance, weak, name, event]:
                    held = [f"{strong}{assurance}", *([weak] if weak else [])]
                    named = {"given_name": name} if name else {}
                    persons.append((await saw(graph, *held, event=event, minutes=number, **named)).person_id)
                case "browse", [weak]:
                    persons.append((await saw(graph, weak, minutes=number)).person_id)
                case "same" | "say", [a, b, *apart]:
                    verdict = apart[0] if apart else Verdict.SAME
                    said = await say(graph, await propose(graph, persons[a], persons[b]), verdict)
                    decisions.append(said.decision["id"])
                    if said.pending and number % 2:
                        await confirm(graph, said.decision["id"], BEN)
                case "retract", [which]:
                    await retract(graph, decisions[which], "no", ANA)
                case "erase", [which]:
                    await erase(graph, persons[which], IDA)


@hypothesis.settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@hypothesis.given(steps=STEPS)
async def test_any_small_history_is_told_again(graph: Graph, empty: Graph, steps: list[tuple[Any, ...]]) -> None:
    await graph.run(EMPTY)
    await empty.run(EMPTY)
    await play(graph, steps)
    await replay(graph, empty)
    assert await told(empty) == await told(graph)
    assert await fingerprint(empty) == await fingerprint(graph)
    assert [finding for finding in await audit(empty) if not finding.is_warning] == []


async def test_the_command_prints_both_digests(
    graph: Graph, empty: Graph, server: Neo4jServer, backend: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_history(graph)
    for name, value in backend.as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VITO_ERASURE_KEY", ERASURE_KEY)
    monkeypatch.setenv("VITO_INTO_PASSWORD", server.password)
    ran = await asyncio.to_thread(CliRunner().invoke, app, ["replay", "--into", server.uri])
    assert ran.exit_code == 0, ran.output
    source, replayed = ran.output.splitlines()
    assert source.removeprefix("source") == replayed.removeprefix("replay")
    again = await asyncio.to_thread(CliRunner().invoke, app, ["replay", "--into", server.uri])
    assert isinstance(again.exception, WrongState)


async def test_a_clock_that_was_set_back_changes_no_order(
    graph: Graph, empty: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who used a browser last, and what somebody stated first, is as it was when it was told again."""

    def receive_later_by(hours: int) -> None:
        class Clock(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> Clock:
                return cls.fromtimestamp(dt.datetime.now(tz).timestamp() + hours * 3600, tz)

        clock = SimpleNamespace(datetime=Clock, UTC=dt.UTC, timedelta=dt.timedelta)
        monkeypatch.setattr("vitograph.graph.intake.observations.dt", clock)

    receive_later_by(1)
    await saw(graph, "email:ana@example.com!", "cookie:c-1?", given_name="ana")
    receive_later_by(0)
    await saw(graph, "email:ben@example.com!", "cookie:c-1?", given_name="ben")
    await saw(graph, "email:ana@example.com!", given_name="anna")
    await saw(graph, "email:ana@example.com!", given_name="ana")
    await replay(graph, empty)
    assert [line async for line in lines(empty)] == [line async for line in lines(graph)]
