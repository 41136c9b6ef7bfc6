"""What is kept beside the queue tells its evidence to whoever looks, and to whoever decides on it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.deciding import ANA
from tests.factories import observed
from vitograph.graph.batch.run import resolve_whole
from vitograph.graph.deciding.candidates import get_candidate
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.priors import Priors, record_priors
from vitograph.graph.resolving.proposing import candidate_row
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.ledger import evidence_hash
from vitograph.resolver.scoring.parameters_json import load_model

CANDIDATES = Statement("test/candidates", "MATCH (c:Candidate) RETURN properties(c) AS c ORDER BY c.id")
DECISION = Statement(
    "test/decision", "MATCH (d:Decision {id: $id}) RETURN d.evidence AS evidence, d.evidence_hash AS hash"
)
JOIN = Statement("test/join", "MATCH (p:Person) WITH min(p.id) AS view MATCH (q:Person) SET q.view_id = view")


async def record_home(graph: Graph) -> None:
    """A couple with one phone, and one of them twice."""
    home = {"family_name": "lopez"}
    await record(
        graph,
        [
            observed("user_id:shop:1!", "phone:+34600100200", given_name="maria", date_of_birth="1990-03-02", **home),
            observed("user_id:shop:2!", "phone:+34600100200", given_name="jose", date_of_birth="1961-07-21", **home),
            observed("user_id:shop:3!", given_name="maria", date_of_birth="1990-03-02", **home),
        ],
    )


async def kept(graph: Graph) -> list[dict[str, Any]]:
    return [row["c"] for row in await graph.rows(CANDIDATES) if row["c"]["status"] == "stored"]


@pytest.mark.parametrize("batch", [False, True])
async def test_what_is_kept_beside_the_queue_is_told_when_somebody_looks(
    graph: Graph, batch: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record_home(graph)
    scored: dict[str, Any] = {}

    def scores(pair: Any, score: Any, shares: bool) -> Any:
        scored[pair.id] = orjson.loads(orjson.dumps(score.to_json()))
        return candidate_row(pair, score, shares)

    monkeypatch.setattr("vitograph.graph.resolving.resolution.candidate_row", scores)
    await Resolver(graph, load_model()).finish()
    if batch:
        await graph.run(Statement("test/forget", "MATCH (c:Candidate) DETACH DELETE c"))
        await resolve_whole(graph, load_model())
    before = await kept(graph)
    assert before
    for row in before:
        assert "evidence" not in row
        told = await get_candidate(graph, row["id"])
        assert told["version"] == row["version"], "nothing else is said of it"
        assert told["bits_stranger"] == pytest.approx(row["bits_stranger"], abs=1e-6)
        assert told["evidence"]["p_household"] == pytest.approx(row["p_household"], abs=1e-6)
        for column in ("bits_stranger", "bits_household"):
            rows = told["evidence"]["evidence"]
            assert sum(one[column] for one in rows) == pytest.approx(told[column], abs=1e-9)
        if not batch:
            assert told["evidence"] == scored[row["id"]], "as it was scored"
        assert await get_candidate(graph, row["id"]) == told
    assert all("evidence" in row for row in await kept(graph))


async def test_a_decision_has_the_evidence_of_a_pair_that_nobody_looked_at(graph: Graph) -> None:
    await record_home(graph)
    await resolve_whole(graph, load_model())
    stored, *_ = await list_queue(graph, Filter("stored", "person"), FIRST, 10)
    outcome = await decide(graph, stored["id"], Said(Verdict.HOUSEHOLD, "a couple"), ANA, stored["version"])
    [entry] = await graph.rows(DECISION, id=outcome.decision["id"])
    assert entry["hash"] == evidence_hash(entry["evidence"])
    assert orjson.loads(entry["evidence"]) == (await get_candidate(graph, stored["id"]))["evidence"]


async def test_a_pair_of_one_view_stays_untold(graph: Graph) -> None:
    await record_home(graph)
    await resolve_whole(graph, load_model())
    stored, *_ = await kept(graph)
    await graph.run(JOIN)
    assert (await get_candidate(graph, stored["id"]))["evidence"] == {}


async def test_a_pair_that_reads_otherwise_by_now_is_scored_anew(graph: Graph) -> None:
    """Its graph was found to be more double since: who looks is not told of one person beside "likely a household"."""
    names = {"family_name": "davusovi"}
    pair = [
        observed("user_id:shop:1!", "phone:+34600100200", given_name="ingrid", **names),
        observed("user_id:shop:2!", "phone:+34600100200", given_name="ingrie", **names),
    ]
    await record(graph, pair)
    await record_priors(graph, Priors(0.001, 1.2, 2))
    await Resolver(graph, load_model()).finish()
    [before] = await kept(graph)
    assert (before["band"], before["proposed_as"]) == ("-", "household")
    await record_priors(graph, Priors(5.0, 0.1, 2))
    told = await get_candidate(graph, before["id"])
    assert told["p_same"] > 0.5
    await Resolver(graph, load_model()).finish()
    [after] = [row["c"] for row in await graph.rows(CANDIDATES)]
    assert (after["status"], after["proposed_as"]) == ("open", "same")
    assert after["p_same"] == pytest.approx(told["p_same"], abs=1e-6)
