"""A person who is erased after they were parted from another leaves nothing in what was decided of the other."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import EMPTY
from tests.deciding import ANA, BEN, candidate, join, propose, retract, saw, say, score_again
from tests.live.keeping.test_erasure import IDA, dump
from tests.live.keeping.test_replay import empty, server, told
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.log import list_decisions, verify_log
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.backup import backup, export_erasures, restore
from vitograph.graph.keeping.replay import fingerprint, replay
from vitograph.graph.queries import Statement
from vitograph.resolver.attributing.holdings import person_founded_by
from vitograph.resolver.candidates import pair_of
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.parting import BLANK
from vitograph.resolver.model import PersonKind

__all__ = ["empty", "server"]

MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
ZENOBIA = {"given_name": "zenobia", "family_name": "lopez"}
NEARLY = MARIA | {"given_name": "zenobja"}
REVIEW = Statement(
    "test/review",
    "MATCH (c:Candidate {id: $id}) "
    "CREATE (:Review {id: 'r-1', at: toString(datetime()), reason: 'so says zenobia'})-[:REVIEWS]->(c)",
)
REOPEN = Statement(
    "test/reopen", "MATCH (c:Candidate {id: $id}) SET c.status = 'open', c.reopened = c.evidence, c.value = 9.0"
)


@dataclass(frozen=True, slots=True)
class World:
    """Zenobia was in one view with another person, a pair of whom was decided meanwhile; another pair waits.

    `before` was decided before they met. Entries are told by their ids, pairs by those of their candidates.
    """

    zenobia: str
    decided: str
    waits: str
    before: str
    entries: dict[str, str]


@pytest.fixture
async def world(graph: Graph) -> World:
    # The view has the id of the other one, whose candidates are then not those of Zenobia.
    first, second = sorted(("p-1", "p-2"), key=person_founded_by)
    a = (await saw(graph, "email:a@example.com!", id=first, **MARIA)).person_id
    z = (await saw(graph, "email:z@example.com!", id=second, **ZENOBIA)).person_id
    b, c, d = [(await saw(graph, f"email:{name}@example.com!", **NEARLY)).person_id for name in "bcd"]
    before = await say(graph, await propose(graph, a, b), Verdict.DIFFERENT)
    joined = await join(graph, a, z)
    await score_again(graph)
    pairs = [pair for other in (c, d) if (pair := pair_of(a, PersonKind.KNOWN, other, PersonKind.KNOWN))]
    read = [await get_candidate(graph, pair.id) for pair in pairs]
    assert ["zenobia" in json.dumps(one["evidence"]) for one in read] == [True, True]
    said = Said(Verdict.DIFFERENT, "zenobia is another", "ask zenobia")
    decided = await decide(graph, pairs[0].id, said, ANA, read[0]["version"])
    await graph.run(REVIEW, id=pairs[0].id)
    await graph.run(REOPEN, id=pairs[0].id)
    await retract(graph, joined.decision["id"], "not one", BEN)
    entries = {"before": before.decision["id"], "decided": decided.decision["id"]}
    return World(z, pairs[0].id, pairs[1].id, before.decision["candidate_id"], entries)


async def assert_forgotten(graph: Graph, world: World) -> None:
    """Nothing is left of Zenobia, and all of who decided what and when."""
    assert "zenobia" not in await dump(graph)
    entries = {entry["id"]: entry for entry in await list_decisions(graph, "", 0, 100)}
    decided = entries[world.entries["decided"]]
    assert (decided["actor"], decided["verdict"], decided["state"]) == (ANA.id, "different", "applied")
    assert "reason" not in decided
    assert entries[world.entries["before"]]["reason"] == "looked at both"
    read = await get_candidate(graph, world.decided)
    blanks = {BLANK.format(number) for number, _ in enumerate(read["evidence"]["evidence"], start=1)}
    told = {row["left"] for row in read["evidence"]["evidence"]} - {""}
    assert told
    assert told <= blanks
    assert (read["decision"], read["history"][0]["actor"]) == (decided["id"], "ana")
    assert (await verify_log(graph)).broken is None
    assert [finding for finding in await audit(graph) if not finding.is_warning] == []


async def test_erasing_who_was_parted_leaves_nothing_of_theirs_in_what_was_decided(graph: Graph, world: World) -> None:
    await erase(graph, world.zenobia, IDA)
    await assert_forgotten(graph, world)
    waits = await get_candidate(graph, world.waits)
    assert waits["evidence"]["evidence"]  # told anew, of who is left
    assert "zenobia" not in await dump(graph)
    await score_again(graph)
    assert (await candidate(graph, world.decided))["decision"] == world.entries["decided"]


async def test_what_was_decided_of_who_met_the_erased_can_still_be_taken_back(graph: Graph, world: World) -> None:
    await erase(graph, world.zenobia, IDA)
    await retract(graph, world.entries["decided"], "wrong", BEN)
    assert (await candidate(graph, world.decided))["status"] == "open"
    assert (await verify_log(graph)).broken is None
    assert [finding for finding in await audit(graph) if not finding.is_warning] == []


async def test_a_replay_and_a_restore_leave_nothing_either(
    graph: Graph, empty: Graph, world: World, tmp_path: Path
) -> None:
    await backup(graph, tmp_path / "backup")
    await erase(graph, world.zenobia, IDA)
    await export_erasures(graph, tmp_path / "erasures.ndjson")
    await replay(graph, empty)
    assert await told(empty) == await told(graph)
    assert await fingerprint(empty) == await fingerprint(graph)
    assert [finding for finding in await audit(empty) if not finding.is_warning] == []
    await empty.run(EMPTY)
    await restore(tmp_path / "backup", empty, tmp_path / "erasures.ndjson")
    await assert_forgotten(empty, world)


async def test_what_was_first_proposed_after_they_parted_keeps_its_words(
    graph: Graph, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitograph.resolver.deciding.parting.SETTLED", dt.timedelta(0))
    e = (await saw(graph, "email:e@example.com!", **MARIA)).person_id
    later = await say(graph, await propose(graph, (await candidate(graph, world.decided))["left"], e), Verdict.UNSURE)
    await erase(graph, world.zenobia, IDA)
    entries = {entry["id"]: entry for entry in await list_decisions(graph, "", 0, 100)}
    assert entries[later.decision["id"]]["reason"] == "looked at both"
    assert "reason" not in entries[world.entries["decided"]]
