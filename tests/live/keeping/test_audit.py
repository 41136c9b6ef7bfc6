"""Every query of the audit finds what it is there for, in a graph that was corrupted by hand, and nothing before."""

from __future__ import annotations

import pytest

from tests.deciding import ANA, BEN, join, person, propose, retract, saw, say
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import verify_log
from vitograph.graph.driver import Graph
from vitograph.graph.keeping import audit as audits
from vitograph.graph.keeping.audit import EVERY, audit
from vitograph.graph.keeping.digest import digest, lines
from vitograph.graph.keeping.upkeep import audit_if_due, judge_anew
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

CAMPAIGN = """
    MERGE (d:Department {id: 'north'}) MERGE (c:Campaign {id: 'summer'}) MERGE (d)-[:OWNS]->(c)
    MERGE (a:Artifact {campaign_id: 'summer', key: 'hero'}) ON CREATE SET a.content = '{"text": "hello"}'
    MERGE (c)-[:OFFERS]->(a)
"""

# Invariant and sentence of the finding that is due, and how the graph is corrupted.
CORRUPTIONS: list[tuple[str, str, str]] = [
    ("I1", "a link nobody decided", "MATCH (a:Person), (b:Person) WHERE a.id < b.id WITH a, b LIMIT 1 "
     "CREATE (a)-[:SAME_AS {decision: 'd-none'}]->(b)"),
    ("I1", "a link by a machine", "MATCH ()-[r:SAME_AS]->() MATCH (d:Decision {id: r.decision}) "
     "SET d.actor_role = 'channel'"),
    ("I1", "a link by another verdict", "MATCH ()-[r:SAME_AS]->() MATCH (d:Decision {verdict: 'different'}) "
     "SET r.decision = d.id"),
    ("I1", "a link without its second person", "MATCH (k:Decision {entry: 'confirmation'}) DETACH DELETE k"),
    ("I1", "a link confirmed by the first person", "MATCH (k:Decision)-[:CONFIRMS]->(d) SET k.actor = d.actor"),
    ("I1", "a link confirmed by another key of the first person", "MATCH (k:Decision)-[:CONFIRMS]->(d) "
     "SET k.holder = 'h-ana', d.holder = 'h-ana'"),
    ("I2", "a pair kept apart in one view", "MATCH (a)-[:NOT_SAME_AS]->(b) SET b.view_id = a.view_id"),
    ("I3", "somebody unlinked in another's view", "MATCH (p:Person {kind: 'device'}), (q:Person {kind: 'known'}) "
     "WITH p, q LIMIT 1 SET p.view_id = q.id"),
    ("I3", "a linked person in a view of its own", "MATCH (p)-[:SAME_AS]-() WHERE p.view_id <> p.id "
     "SET p.view_id = p.id"),
    ("I3", "a view under another fragment's id", "MATCH (p)-[:SAME_AS]-(q) WHERE p.view_id <> p.id "
     "SET p.view_id = p.id, q.view_id = p.id"),
    ("I4", "an event of nobody", "MATCH (:Event)-[r:OF]->() WITH r LIMIT 1 DELETE r"),
    ("I4", "an event of two persons", "MATCH (e:Event)-[:OF]->(p) MATCH (q:Person) WHERE q <> p WITH e, q LIMIT 1 "
     "CREATE (e)-[:OF]->(q)"),
    ("I4", "an event without a reply", "MATCH (e:Event) WITH e LIMIT 1 REMOVE e.reply"),
    ("I4", "an event that carries nothing", "MATCH (e:Event) WITH e LIMIT 1 MATCH (e)-[r:CARRIES]->() DELETE r"),
    ("I4", "a hold counted twice", "MATCH ()-[h:HAS]->() WITH h LIMIT 1 SET h.count = h.count + 1"),
    ("I4", "a hold that no event carries", "MATCH (p:Person), (i:Identifier) WHERE NOT (p)-[:HAS]->(i) "
     "WITH p, i LIMIT 1 CREATE (p)-[:HAS {count: 1}]->(i)"),
    ("I4", "a hold that was lost", "MATCH ()-[h:HAS]->() WITH h LIMIT 1 DELETE h"),
    ("I4", "a person without an id", "CREATE (:Person {kind: 'known'})"),
    ("I4", "an event without an id", "MATCH (e:Event) WITH e LIMIT 1 REMOVE e.id"),
    ("I4", "an identifier without a key", "MATCH (i:Identifier) WITH i LIMIT 1 REMOVE i.key"),
    ("I4", "evidence that is damaged", "CREATE (:Evidence {sha256: 'ab', status: 'stored', damaged_at: datetime()})"),
    ("I6", "an edge of a retracted decision", "MATCH (d:Decision)<-[:SUPERSEDES]-() MATCH (a:Person {id: d.left}) "
     "MATCH (b:Person {id: d.right}) CREATE (a)-[:HOUSEHOLD_OF {decision: d.id}]->(b)"),
    ("I6", "a never-link that nobody said", "MATCH (a:Person {kind: 'device'}), (b:Person {kind: 'known'}) "
     "WITH a, b LIMIT 1 CREATE (a)-[:NOT_SAME_AS {decision: 'd-none'}]->(b)"),
    ("I6", "a never-link that was lost", "MATCH ()-[r:NOT_SAME_AS]->() WITH r LIMIT 1 DELETE r"),
    ("I6", "an identifier shared by a retracted decision", "MATCH (d:Decision)<-[:SUPERSEDES]-() "
     "MATCH (i:Identifier) WITH d, i LIMIT 1 CREATE (d)-[:SHARES]->(i)"),
    ("I6", "an event that was moved", "MATCH (e:Event)-[r:OF]->(p) MATCH (q:Person) WHERE q <> p WITH e, r, q LIMIT 1 "
     "DELETE r CREATE (e)-[:OF]->(q)"),
    ("I7", "an anchor on what was shared", "MATCH (e:Event) WHERE e.anchor IS NOT NULL "
     "MATCH (i:Identifier {key: e.anchor}) WITH e, i LIMIT 1 "
     "SET i.status = 'shared', i.shared_since = e.received_at - duration({hours: 1})"),
    ("I7", "an anchor on what was always shared", "MATCH (e:Event) WHERE e.anchor IS NOT NULL "
     "MATCH (i:Identifier {key: e.anchor}) WITH i LIMIT 1 SET i.status = 'blocked'"),
    ("I7", "a status that no use stands behind", "MATCH (i:Identifier) WITH i LIMIT 1 SET i.status = 'suspected'"),
    ("I7", "a verdict without its status", "MATCH (d:Decision {entry: 'decision'}) "
     "WHERE NOT EXISTS { (d)<-[:SUPERSEDES]-() } MATCH (i:Identifier {status: 'exclusive'}) WITH d, i LIMIT 1 "
     "CREATE (d)-[:SHARES]->(i)"),
    ("I8", "an entry edited", "MATCH (d:Decision {seq: 2}) SET d.verdict = 'household'"),
    ("I8", "words edited", "MATCH (d:Decision {seq: 2}) SET d.reason = 'because'"),
    ("I8", "an entry deleted", "MATCH (d:Decision {seq: 2}) DETACH DELETE d"),
    ("I8", "the tail cut off", "MATCH (h:Head) MATCH (d:Decision) WHERE d.seq >= h.seq - 1 DETACH DELETE d"),
    ("I8", "two entries swapped", "MATCH (a:Decision {seq: 1}) MATCH (b:Decision {seq: 2}) SET a.seq = -1 "
     "SET b.seq = 1 SET a.seq = 2"),
    ("I8", "an entry out of the order", "CREATE (:Decision {id: 'd-x', concerns: []})"),
    ("I8", "an entry after the end", "MATCH (h:Head) CREATE (:Decision {id: 'd-x', seq: h.seq + 1, concerns: []})"),
    ("I8", "the head removed", "MATCH (h:Head) DELETE h"),
    ("I9", "a campaign that holds a person", "MATCH (c:Campaign), (p:Person) WITH c, p LIMIT 1 "
     "CREATE (p)-[:MEMBER_OF]->(c)"),
    ("I9", "a department that owns a person", "MATCH (d:Department), (p:Person) WITH d, p LIMIT 1 "
     "CREATE (d)-[:OWNS]->(p)"),
    ("I9", "a way to a person over something new", "MATCH (c:Campaign), (p:Person) WITH c, p LIMIT 1 "
     "CREATE (c)-[:REACHES]->(:Segment {id: 's-1'})-[:HOLDS]->(p)"),
    ("I9", "an artifact that was shown", "MATCH (a:Artifact) CREATE (a)-[:SHOWN]->(:Segment)"),
    ("I10", "a layout key", "MATCH (a:Artifact) SET a.content = '{\"hero\": {\"css\": \"red\"}}'"),
    ("I11", "a delivery under another key", "CREATE (:Sink {id: 'site'}) WITH 1 AS _ MATCH (s:Sink) "
     "CREATE (:Delivery {id: '4711', campaign_id: 'summer', sink_id: 'site'})-[:TO]->(s)"),
    ("I11", "an id of a CMS", "CREATE (:Delivery {id: 'summer@site', campaign_id: 'summer', sink_id: 'site', "
     "page_id: 4711})-[:TO]->(:Sink {id: 'site'})"),
    ("I11", "a delivery to nowhere", "CREATE (:Delivery {id: 'summer@site', campaign_id: 'summer', sink_id: 'site'})"),
    ("I12", "a teardown before the hot memory said so", "CREATE (:Delivery {id: 'summer@site', campaign_id: 'summer', "
     "sink_id: 'site', state: 'gone', teardown_for: 'ended', teardown_at: datetime(), "
     "hot_ended_at: datetime() + duration({seconds: 1})})-[:TO]->(:Sink {id: 'site'})"),
    ("I12", "a teardown that the hot memory never knew of", "CREATE (:Delivery {id: 'summer@site', "
     "campaign_id: 'summer', sink_id: 'site', state: 'removing', teardown_for: 'ended', teardown_at: datetime()})"
     "-[:TO]->(:Sink {id: 'site'})"),
    ("I12", "an ended campaign that still stands", "MATCH (c:Campaign) SET c.status = 'ended' CREATE (:Delivery "
     "{id: 'summer@site', campaign_id: 'summer', sink_id: 'site', kind: 'cms', state: 'live'})-[:TO]->"
     "(:Sink {id: 'site'})"),
    ("I14", "a campaign that nobody brought to its sink", "CREATE (:Delivery {id: 'summer@site', "
     "campaign_id: 'summer', sink_id: 'site', status: 'waiting', asked_at: datetime() - duration({hours: 1})})"
     "-[:TO]->(:Sink {id: 'site'})"),
    ("I13", "an identifier of nobody", "CREATE (:Identifier {key: 'email:x@example.com', kind: 'email', "
     "value: 'x@example.com', status: 'exclusive'})"),
    ("I13", "a stated value of nobody", "CREATE (:Value {key: 'family_name:x'})"),
    ("I13", "a blocking key of nobody", "CREATE (:BlockingKey {key: 'name:x'})"),
    ("I13", "a candidate of one person", "MATCH (:Candidate)-[r:PAIRS]->() WITH r LIMIT 1 DELETE r"),
    ("I13", "a second look at nothing", "CREATE (:Review {id: 'r-x', reason: 'x'})"),
    ("I13", "words about somebody erased", "CREATE (:Erasure {id: 'x-1', at: datetime(), status: 'erasing'}) "
     "WITH 1 AS _ MATCH (d:Decision {seq: 1}) SET d.erased = 'x-1'"),
    ("I13", "words erased by nobody", "MATCH (d:Decision {seq: 1}) SET d.erased = 'x-1' "
     "REMOVE d.reason, d.note, d.salt, d.evidence, d.identifiers"),
    ("I13", "what an erasure forgot to forget", "CREATE (:Erasure {id: 'x-1', at: datetime(), status: 'done', "
     "forget: '{}'})"),
    ("I13", "a person half erased", "MATCH (p:Person) WITH p LIMIT 1 SET p.erasure = 'x-1'"),
    ("I14", "a change that nobody carried out", "CREATE (:Outbox {id: 'x', aggregate: 'view', key: 'v', version: 1, "
     "at: datetime() - duration({hours: 1})})"),
]  # fmt: skip

CLEAR_OUTBOX = Statement("test/clear", "MATCH (o:Outbox) DELETE o")


async def world(graph: Graph) -> None:
    """A little of everything: links, a confirmed one, never-links, a retraction, a campaign with an enrolment."""
    await graph.run(Statement("test/campaign", CAMPAIGN))
    a, b, c, d, e, f = [await person(graph, name, f"cookie:{name}?") for name in "abcdef"]
    await saw(graph, "cookie:device?")
    await saw(graph, "email:a@example.com", event="campaign.enrolled", target="summer")
    await join(graph, a, b)
    await join(graph, c, d)
    await say(graph, await propose(graph, a, e), Verdict.DIFFERENT)
    bridge = await join(graph, a, c)
    await confirm(graph, bridge.decision["id"], BEN)
    wrong = await say(graph, await propose(graph, e, f), Verdict.UNSURE)
    await retract(graph, wrong.decision["id"], "sure by now", ANA)
    await graph.run(CLEAR_OUTBOX)


@pytest.mark.parametrize(("invariant", "what", "corruption"), CORRUPTIONS, ids=[what for _, what, _ in CORRUPTIONS])
async def test_the_audit_finds(graph: Graph, invariant: str, what: str, corruption: str) -> None:
    await world(graph)
    assert await audit(graph) == []
    await graph.run(Statement("test/corrupt", corruption))
    findings = [finding for finding in await audit(graph) if finding.invariant == invariant]
    assert findings, what
    assert all(finding.ids for finding in findings)
    assert all(
        finding.is_warning == (invariant == "I14" or finding.sentence == audits.STANDING[1]) for finding in findings
    )


@pytest.mark.parametrize(
    ("verdict", "lost"),
    [
        (Verdict.HOUSEHOLD, "HOUSEHOLD_OF"),
        (Verdict.HOUSEHOLD, "NOT_SAME_AS"),
        (Verdict.SHARED_IDENTIFIER, "SHARES"),
        (Verdict.SHARED_IDENTIFIER, "NOT_SAME_AS"),
    ],
)
async def test_the_audit_finds_what_a_verdict_drew_and_was_lost(graph: Graph, verdict: Verdict, lost: str) -> None:
    a, b = [
        (await saw(graph, f"email:{name}@example.com!", "phone:+4930123456", given_name=name)).person_id
        for name in ("anna", "boris")
    ]
    said = await say(graph, await propose(graph, a, b), verdict)
    assert await audit(graph) == []
    await graph.run(Statement("test/lose", f"MATCH ()-[r:{lost}]-() DELETE r"))
    [finding] = [finding for finding in await audit(graph) if finding.invariant == "I6"]
    assert (finding.sentence, finding.ids) == ("every decision of effect shows once", (said.decision["id"],))


async def test_what_other_rules_judged_otherwise_is_judged_anew(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    """A version may know a mailbox for a role's, or a number for nobody's, that the one before it did not."""
    await world(graph)
    older = "MATCH (i:Identifier) WITH i ORDER BY i.key LIMIT 2 SET i.status = 'suspected'"
    await graph.run(Statement("test/older", older))
    [finding] = await audit(graph)
    assert ((finding.invariant, finding.sentence), len(finding.ids)) == (audits.STATUSES, 2)
    assert await audit_if_due(graph, 24) == []
    assert await audit(graph) == []
    assert "2 identifiers stood otherwise" in caplog.text
    assert await judge_anew(graph) == 0


def test_every_check_is_corrupted_by_some_test() -> None:
    assert {invariant for invariant, _, _ in CORRUPTIONS} == {invariant for invariant, _ in EVERY}
    assert len(EVERY) == len(audits.CHECKS) + 10


async def test_a_lost_constraint_and_what_it_lets_in_are_found(graph: Graph) -> None:
    drop = Statement("test/drop", "DROP CONSTRAINT event_id")
    try:
        await graph.run(drop)
        [finding] = await audit(graph)
        assert (finding.invariant, finding.sentence) == audits.SCHEMA
        assert "event_id" in finding.ids[0]
        await saw(graph, "email:a@example.com", id="o-1")
        await graph.run(Statement("test/double", "MATCH (e:Event {id: 'o-1'}) CREATE (:Event {id: e.id})"))
        assert audits.SCHEMA in {(finding.invariant, finding.sentence) for finding in await audit(graph)}
    finally:
        await graph.run(Statement("test/undouble", "MATCH (e:Event) DETACH DELETE e"))
        await graph.run(Statement("test/restore", "CREATE CONSTRAINT event_id FOR (e:Event) REQUIRE e.id IS UNIQUE"))


async def test_the_first_broken_entry_is_named(graph: Graph) -> None:
    await world(graph)
    await graph.run(Statement("test/edit", "MATCH (d:Decision {seq: 3}) SET d.actor_name = 'somebody else'"))
    found = await verify_log(graph)
    assert found.broken is not None
    assert (found.broken.seq, found.head.seq) == (3, 7)


DIFFERENCES = [
    "MATCH (e:Event) WITH e LIMIT 1 SET e.type = 'other'",
    "MATCH (p:Person) WITH p LIMIT 1 SET p.view_id = 'other'",
    "MATCH (p:Person) WITH p LIMIT 1 SET p.given_names = ['other']",
    "MATCH (i:Identifier) WITH i LIMIT 1 SET i.status = 'shared'",
    "MATCH ()-[h:HAS]->() WITH h LIMIT 1 SET h.last_seen = h.last_seen + duration({seconds: 1})",
    "MATCH ()-[c:CARRIES]->() WITH c LIMIT 1 SET c.assurance = 'other'",
    "MATCH (e:Event)-[r:OF]->() MATCH (p:Person) WITH e, r, p LIMIT 1 CREATE (e)-[:OF]->(p)",
    "MATCH (:Event)-[t:TARGETS]->() DELETE t",
    "MATCH (a:Artifact) SET a.content = '{}'",
    "MATCH (:Department)-[o:OWNS]->() DELETE o",
    "MATCH (:Campaign)-[o:OFFERS]->() DELETE o",
]
NOT_DIFFERENCES = [
    "MATCH (p:Person) SET p.resolve_at = datetime()",
    "MATCH (c:Candidate) DETACH DELETE c",
    "MATCH (d:Decision) DETACH DELETE d",
    "MATCH ()-[r:SAME_AS|NOT_SAME_AS]->() DELETE r",
    "MATCH (h:Head) DELETE h",
    "CREATE (:Outbox {id: 'x'})",
]


async def test_a_digest_tells_facts_apart_and_nothing_else(graph: Graph) -> None:
    await world(graph)
    whole = await digest(graph)
    for change in NOT_DIFFERENCES:
        await graph.run(Statement("test/change", change))
        assert await digest(graph) == whole, change
    for change in DIFFERENCES:
        await graph.run(Statement("test/change", change))
        changed = await digest(graph)
        assert changed != whole, change
        whole = changed


async def test_a_digest_does_not_depend_on_the_size_of_its_pages(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await world(graph)
    whole = await digest(graph)
    monkeypatch.setattr("vitograph.graph.keeping.digest.PAGE", 2)
    assert await digest(graph) == whole
    assert len([line async for line in lines(graph)]) == 8 + 7 + 13 + 1
