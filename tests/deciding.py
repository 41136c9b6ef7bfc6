"""Candidates and decisions that read as sentences, for tests on the real graph."""

from __future__ import annotations

from typing import Any

from tests.factories import observed
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import Outcome, Said, attempt, decide, retract_in
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.candidates import pair_of
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import PersonKind
from vitograph.resolver.scoring.parameters_json import load_model

ANA, BEN, EVE = (Caller(f"k-{name}", name, Role.SPECIALIST) for name in ("ana", "ben", "eve"))

VIEW = Statement(
    "test/view",
    """
    MATCH (p:Person {id: $id})
    MATCH (q:Person {view_id: p.view_id})
    WITH p, collect(q.kind) AS kinds
    RETURN p.view_id AS view_id, CASE WHEN 'known' IN kinds THEN 'known' ELSE kinds[0] END AS kind
    """,
)
PROPOSE = Statement(
    "test/propose",
    """
    MATCH (l:Person {id: $left}) MATCH (r:Person {id: $right})
    MERGE (c:Candidate {id: $id})
    ON CREATE SET c.kind = $kind, c.left = $left, c.right = $right, c.version = 0, c.created_at = datetime()
    MERGE (c)-[:PAIRS]->(l) MERGE (c)-[:PAIRS]->(r)
    SET c.status = $status, c.version = c.version + 1, c.updated_at = datetime(), c.model = 'm-1',
        c.p_same = 0.9, c.p_household = 0.05,
        c.bits_stranger = 7.0, c.bits_household = 4.0, c.band = 'A', c.value = 0.5, c.groups = coalesce(c.groups, []),
        c.evidence = '{"p_same": 0.9, "p_household": 0.05, "bits_stranger": 7.0, "bits_household": 4.0, "evidence": []}'
    RETURN c.version AS version
    """,
)
CANDIDATE = Statement("test/candidate", "MATCH (c:Candidate {id: $id}) RETURN properties(c) AS c")
EDGES = Statement(
    "test/edges",
    """
    MATCH (l:Person)-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]->(q:Person)
    RETURN type(r) AS type, l.id AS left, q.id AS right, r.decision AS decision, r.weakened AS weakened
    ORDER BY type, left, right
    """,
)
MARK_ALL = Statement(
    "test/mark_all",
    "MATCH (p:Person) WHERE p.kind <> 'unattributed' SET p.resolve_at = timestamp() * 1000 RETURN count(p) AS marked",
)
PERSON = Statement("test/person", "MATCH (p:Person {id: $id}) RETURN properties(p) AS p")
IDENTIFIER = Statement("test/identifier", "MATCH (i:Identifier {key: $key}) RETURN properties(i) AS i")


async def score_again(graph: Graph) -> None:
    """Has a resolver score everybody."""
    await graph.write(lambda tx: tx.run(MARK_ALL))
    await Resolver(graph, load_model()).finish()


async def saw(graph: Graph, *identifiers: str, **facts: Any) -> Recorded:
    """Records one observation."""
    [outcome] = await record(graph, [observed(*identifiers, **facts)])
    assert isinstance(outcome, Recorded)
    return outcome


async def person(graph: Graph, name: str, *more: str) -> str:
    """A known person with an e-mail address of its own; its id."""
    return (await saw(graph, f"email:{name}@example.com!", *more)).person_id


async def propose(graph: Graph, a: str, b: str, status: str = "open") -> str:
    """The candidate of the views that two persons are in now, waiting; its id."""
    views = [(await graph.rows(VIEW, id=id))[0] for id in (a, b)]
    pair = pair_of(*(part for row in views for part in (row["view_id"], PersonKind(row["kind"]))))  # type: ignore[call-arg]
    assert pair is not None
    parameters = {"id": pair.id, "left": pair.left, "right": pair.right, "kind": pair.kind.value, "status": status}
    await graph.write(lambda tx: tx.run(PROPOSE, **parameters))
    return pair.id


async def propose_fragments(graph: Graph, a: str, b: str) -> str:
    """A candidate of two persons who need not represent their views any more, as one that is older than a join."""
    left, right = sorted((a, b))
    id = f"c-{left}-{right}"
    await graph.write(lambda tx: tx.run(PROPOSE, id=id, left=left, right=right, kind="person", status="open"))
    return id


async def candidate(graph: Graph, id: str) -> dict[str, Any]:
    return dict((await graph.rows(CANDIDATE, id=id))[0]["c"])


async def say(
    graph: Graph, candidate_id: str, verdict: Verdict, actor: Caller = ANA, identifier: str | None = None
) -> Outcome:
    """Decides a candidate as it is now."""
    version = (await candidate(graph, candidate_id))["version"]
    return await decide(graph, candidate_id, Said(verdict, "looked at both", None, identifier), actor, version)


async def join(graph: Graph, a: str, b: str, actor: Caller = ANA) -> Outcome:
    """Says that two persons are one."""
    return await say(graph, await propose(graph, a, b), Verdict.SAME, actor)


async def retract(
    graph: Graph, decision_id: str, reason: str, actor: Caller, *, note: str | None = None, keep_apart: bool = True
) -> Outcome:
    """Takes a decision back, and nothing else in that transaction."""
    return await attempt(
        graph.write, lambda tx: retract_in(tx, decision_id, reason, actor, note=note, keep_apart=keep_apart)
    )


async def view(graph: Graph, id: str) -> str:
    return str((await graph.rows(PERSON, id=id))[0]["p"]["view_id"])
