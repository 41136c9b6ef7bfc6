"""The log of decisions as it leaves the graph, and every way to tamper with it that shows."""

from __future__ import annotations

from pathlib import Path

import httpx
import orjson
import pytest
from typer.testing import CliRunner

from tests.deciding import ANA, BEN, join, person, propose, retract, say
from vitograph.api.cli import app
from vitograph.graph.access.keys import Role
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

Headers = dict[Role, dict[str, str]]


async def a_log(graph: Graph) -> None:
    """1-2 joins, 3 a bridge with 4 its confirmation, 5 a never-link, 6 an override that waits, 7 a retraction."""
    a, b, c, d, e = [await person(graph, name) for name in "abcde"]
    first = await join(graph, a, b)
    await join(graph, c, d)
    bridge = await join(graph, a, c)
    await confirm(graph, bridge.decision["id"], BEN)
    id = await propose(graph, a, e)
    await say(graph, id, Verdict.DIFFERENT, ANA)
    await propose(graph, a, e)
    await say(graph, id, Verdict.SAME, ANA)
    await retract(graph, first.decision["id"], "no", BEN)


# What is done to the graph by hand, and the entry that is named for it.
TAMPERINGS: list[tuple[str, str, int]] = [
    ("a verdict", "MATCH (d:Decision {seq: 2}) SET d.verdict = 'different'", 2),
    ("who", "MATCH (d:Decision {seq: 3}) SET d.actor = 'k-eve'", 3),
    ("when", "MATCH (d:Decision {seq: 1}) SET d.at = '2020-01-01T00:00:00.000000+00:00'", 1),
    ("of whom", "MATCH (d:Decision {seq: 1}) SET d.left = d.right", 1),
    ("a reason", "MATCH (d:Decision {seq: 5}) SET d.reason = 'because'", 5),
    ("a note that was not there", "MATCH (d:Decision {seq: 5}) SET d.note = 'she said so'", 5),
    ("half of the words redacted", "MATCH (d:Decision {seq: 5}) REMOVE d.reason", 5),
    ("all of the words redacted, by nobody", "MATCH (d:Decision {seq: 5}) "
     "REMOVE d.reason, d.note, d.identifiers, d.salt, d.evidence", 5),
    ("redacted by an erasure that there was not", "MATCH (d:Decision {seq: 5})-[r:DECIDES]->() DELETE r "
     "SET d.erased = 'x-1' REMOVE d.reason, d.note, d.identifiers, d.salt, d.evidence", 5),
    ("the evidence taken away", "MATCH (d:Decision {seq: 2}) REMOVE d.evidence", 2),
    ("the evidence", "MATCH (d:Decision {seq: 1}) SET d.evidence = '{}'", 1),
    ("its concerns", "MATCH (d:Decision {seq: 3}) SET d.concerns = []", 3),
    ("a field that came later", "MATCH (d:Decision {seq: 2}) SET d.blind = true", 2),
    ("a batch that it was not of", "MATCH (d:Decision {seq: 2}) SET d.batch = 'b-1'", 2),
    ("a hash and its successor's", "MATCH (d:Decision {seq: 2}) MATCH (e:Decision {seq: 3}) "
     "SET d.hash = reverse(d.hash), e.prev_hash = d.hash", 2),
    ("an entry gone", "MATCH (d:Decision {seq: 4}) DETACH DELETE d", 4),
    ("the tail gone, and the head set back", "MATCH (d:Decision {seq: 7}) DETACH DELETE d "
     "WITH 1 AS _ MATCH (h:Head) SET h.seq = 6", 6),
    ("another candidate", "MATCH (d:Decision {seq: 1})-[r:DECIDES]->() MATCH (:Decision {seq: 2})-[:DECIDES]->(c) "
     "DELETE r CREATE (d)-[:DECIDES]->(c)", 1),
    ("no candidate", "MATCH (d:Decision {seq: 5})-[r:DECIDES]->() DELETE r", 5),
    ("a confirmation of another one", "MATCH (d:Decision {seq: 4})-[r:CONFIRMS]->() MATCH (e:Decision {seq: 6}) "
     "DELETE r CREATE (d)-[:CONFIRMS]->(e)", 4),
    ("a confirmation nobody gave", "MATCH (d:Decision {seq: 7}) MATCH (e:Decision {seq: 6}) "
     "CREATE (d)-[:CONFIRMS]->(e)", 6),
    ("a retraction undone", "MATCH (d:Decision {seq: 7})-[r:SUPERSEDES]->() DELETE r", 7),
    ("one superseded by stealth", "MATCH (d:Decision {seq: 7}) MATCH (e:Decision {seq: 2}) "
     "CREATE (d)-[:SUPERSEDES]->(e)", 7),
    ("an override that takes effect alone", "MATCH (d:Decision {seq: 6}) MATCH (e:Decision {seq: 5}) "
     "CREATE (d)-[:SUPERSEDES]->(e)", 6),
]  # fmt: skip


@pytest.mark.parametrize(("what", "tampering", "seq"), TAMPERINGS, ids=[what for what, _, _ in TAMPERINGS])
async def test_tampering_is_found_and_named(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, what: str, tampering: str, seq: int
) -> None:
    await a_log(graph)
    whole = (await api.get("/v1/decisions/verify", headers=bearer[Role.ADMIN])).json()
    assert (whole["ok"], whole["entries"], whole["broken"]) == (True, 7, None)
    await graph.run(Statement("test/tamper", tampering))
    found = (await api.get("/v1/decisions/verify", headers=bearer[Role.ADMIN])).json()
    assert found["ok"] is False
    assert found["broken"]["seq"] == seq, found
    assert found["broken"]["detail"]


async def test_an_exported_log_is_verified_without_its_graph(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_log(graph)
    monkeypatch.setattr("vitograph.graph.deciding.log.PAGE", 3)
    answer = await api.get("/v1/decisions/export", headers=bearer[Role.ADMIN])
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = answer.content.splitlines(keepends=True)
    assert len(lines) == 8
    file = tmp_path / "decisions.ndjson"

    def verified(*kept: bytes) -> tuple[int, str]:
        file.write_bytes(b"".join(kept))
        outcome = CliRunner().invoke(app, ["decisions", "verify", str(file)])
        return outcome.exit_code, outcome.output

    status, said = verified(*lines)
    assert (status, said.split(",")[0]) == (0, "ok   7 entries")
    edited = orjson.loads(lines[2]) | {"actor_name": "somebody else"}
    for kept, word in (
        ([*lines[:2], orjson.dumps(edited) + b"\n", *lines[3:]], "entry 3 was changed"),
        ([*lines[:2], *lines[3:]], "entry 3 is due"),
        ([lines[1], lines[0], *lines[2:]], "entry 1 is due"),
        ([*lines[:6], lines[7]], "entries 7 to 7 are missing"),
        (lines[:7], "without the head"),
        ([*lines, lines[0]], "no entry"),
        ([*lines[:3], b"{\n"], "no entry"),
    ):
        status, said = verified(*kept)
        assert (status, said[:4]) == (1, "FAIL")
        assert word in said


async def test_an_empty_log_is_exported_too(api: httpx.AsyncClient, bearer: Headers) -> None:
    answer = await api.get("/v1/decisions/export", headers=bearer[Role.ADMIN])
    assert orjson.loads(answer.content) == {"head": {"seq": 0, "hash": "0" * 64}}
