"""Rejection memory on the real graph: a decided pair returns when enough was learnt, with the reason, and only then."""

from __future__ import annotations

import httpx
import pytest

from tests.deciding import ANA, BEN, EDGES, candidate, retract, saw, say
from vitograph.graph.access.keys import Role
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import verify_log
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.scoring.parameters_json import load_model

NAMED = {"given_name": "maria", "family_name": "lopez"}
BORN = {"date_of_birth": "1990-03-02"}
KEPT = [Verdict.DIFFERENT, Verdict.HOUSEHOLD, Verdict.UNSURE]


async def resolve(graph: Graph) -> None:
    await Resolver(graph, load_model()).finish()


async def two_marias(graph: Graph) -> str:
    """A pair of one name; its candidate's id."""
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", **NAMED)
    await resolve(graph)
    rows = await graph.rows(Statement("test/any", "MATCH (c:Candidate) RETURN c.id AS id"))
    return str(rows[0]["id"])


@pytest.mark.parametrize("verdict", KEPT)
async def test_new_evidence_reopens_a_decided_pair_with_its_reason(graph: Graph, verdict: Verdict) -> None:
    id = await two_marias(graph)
    decided = await say(graph, id, verdict)
    await saw(graph, "email:m.lopez@example.com!", **BORN)
    await resolve(graph)
    assert (await candidate(graph, id))["status"] == "decided", "one birth date is compared with nothing"
    await saw(graph, "email:mlo90@example.com!", **BORN)
    await resolve(graph)
    found = await get_candidate(graph, id)
    assert (found["status"], found["decision"]) == ("reopened", decided.decision["id"])
    assert [row["comparison"] for row in found["reopened"]["evidence"]] == ["birth_date"]
    assert found["reopened"]["bits"] >= 3
    assert [item["status"] for item in await list_queue(graph, Filter("open", "person"), FIRST, 9)] == ["reopened"]
    await resolve_whole(graph, load_model())
    again = await get_candidate(graph, id)
    kept = ("status", "decision", "reopened", "reopened_at", "verdict")
    assert [again[name] for name in kept] == [found[name] for name in kept], "it waits, for the same reason"
    assert await audit(graph) == []


async def test_what_was_drawn_from_below_the_bar_and_came_back_above_it_stands_for_itself(graph: Graph) -> None:
    id = await two_marias(graph)
    await graph.run(Statement("test/draw", "MATCH (c:Candidate) SET c.status = 'open', c.propensity = 0.05"))
    await say(graph, id, Verdict.DIFFERENT)
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", **BORN)
    await resolve(graph)
    back = await candidate(graph, id)
    assert (back["status"], back["band"] != "-", back["propensity"]) == ("open", True, 1.0)


@pytest.mark.parametrize("verdict", KEPT)
async def test_nothing_but_evidence_reopens(graph: Graph, verdict: Verdict) -> None:
    """Neither priors and frequencies that are estimated anew, nor a fuller record of what was known."""
    id = await two_marias(graph)
    await say(graph, id, verdict)
    before = await candidate(graph, id)
    for number in range(60):
        await saw(graph, f"email:someone{number}@example.org!", given_name=f"name{number}", family_name="smith")
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", full_name="maria lopez", **NAMED)
    await resolve_whole(graph, load_model())
    assert await candidate(graph, id) == before


async def test_a_pair_whose_link_was_retracted_is_remembered_too(graph: Graph) -> None:
    id = await two_marias(graph)
    joined = await say(graph, id, Verdict.SAME)
    await retract(graph, joined.decision["id"], "two of them", BEN)
    await resolve(graph)
    assert (await candidate(graph, id))["status"] == "decided"
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", **BORN)
    await resolve(graph)
    assert (await get_candidate(graph, id))["status"] == "reopened"


async def test_a_reopened_pair_is_decided_with_a_second_person_and_its_memory_starts_anew(graph: Graph) -> None:
    id = await two_marias(graph)
    await say(graph, id, Verdict.DIFFERENT)
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", **BORN)
    await resolve(graph)
    pending = await say(graph, id, Verdict.SAME)
    assert pending.decision["concerns"] == ["override"]
    await retract(graph, pending.decision["id"], "not yet", BEN)
    assert (await get_candidate(graph, id))["status"] == "reopened", "the refusal leaves the question open"
    await say(graph, id, Verdict.HOUSEHOLD)
    assert (await get_candidate(graph, id))["reopened"] is None
    await resolve(graph)
    assert (await candidate(graph, id))["status"] == "decided"
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", "user_id:shop:7!")
    await resolve(graph)
    assert (await get_candidate(graph, id))["status"] == "reopened"
    again = await say(graph, id, Verdict.SAME)
    await confirm(graph, again.decision["id"], BEN)
    assert [row["type"] for row in await graph.rows(EDGES)] == ["SAME_AS"]
    assert await audit(graph) == []


async def test_the_evidence_of_a_decision_is_kept_with_it_and_tampering_shows(graph: Graph) -> None:
    id = await two_marias(graph)
    await say(graph, id, Verdict.DIFFERENT, ANA)
    await graph.run(Statement("test/edit", "MATCH (d:Decision {seq: 1}) SET d.evidence = d.evidence + ' '"))
    broken = (await verify_log(graph)).broken
    assert broken is not None
    assert (broken.seq, "evidence" in broken.sentence) == (1, True)


async def test_the_queue_tells_why(api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]], graph: Graph) -> None:
    id = await two_marias(graph)
    await say(graph, id, Verdict.DIFFERENT)
    for name in ("m.lopez", "mlo90"):
        await saw(graph, f"email:{name}@example.com!", **BORN)
    await resolve(graph)
    read = (await api.get(f"/v1/candidates/{id}", headers=bearer[Role.SPECIALIST])).json()
    assert read["status"] == "reopened"
    assert read["reopened"]["evidence"][0]["sentence"]
    assert read["verdict"] == "different"
