"""What is asked of a large graph costs what the answer holds, not what is there."""

from __future__ import annotations

import datetime as dt

from tests.live.plans import db_hits
from vitograph.graph.deciding.log import GET_PLACE, LIST_DECISIONS, list_decisions
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import GET_ERASURE
from vitograph.graph.erasing.retention import BEFORE_ALL, LIST_DUE
from vitograph.graph.erasing.steps import CLOSE_ENTRIES
from vitograph.graph.queries import Statement

START = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
MANY = 3_000
WAITING = Statement(
    "test/waiting",
    "UNWIND range(1, $many) AS number CREATE (:Outbox {id: 'o-' + number, aggregate: 'view', key: 'p-' + number, "
    "version: 1, at: datetime(), attempts: 0, next_at: datetime(), status: 'waiting'})",
)
ERASURE = Statement("test/erasure", "CREATE (:Erasure {id: 'p-9', status: 'forgetting'})")
KEYS = Statement("test/keys", "MATCH (o:Outbox) RETURN count(o) AS count")
# Ten events a moment, each of a person of its own.
EVENTS = Statement(
    "test/events",
    "UNWIND range(1, $many) AS number CREATE (:Event {id: 'e-' + number, type: 'page.viewed', channel: 'web', "
    "occurred_at: $start + duration({minutes: number / 10}), received_at: $start})-[:OF]->"
    "(:Person {id: 'p-' + number, view_id: 'p-' + number, kind: 'known'})",
)
# Of each thirty entries one bears a moment that a clock which ran ahead gave it.
ENTRIES = Statement(
    "test/entries",
    "UNWIND range(1, $many) AS seq CREATE (:Decision {id: 'd-' + seq, seq: seq, entry: 'model', concerns: [], "
    "at: toString($start + duration({minutes: seq + CASE seq % 30 WHEN 0 THEN 60 ELSE 0 END}))})",
)


async def test_an_erasure_looks_at_what_waits_for_the_erased(graph: Graph) -> None:
    await graph.run(WAITING, many=MANY)
    await graph.run(ERASURE)
    assert await db_hits(graph, GET_ERASURE, id="p-9") < 100
    assert await db_hits(graph, CLOSE_ENTRIES, keys=["p-7", "p-8", "nobody"]) < 100
    assert await graph.rows(KEYS) == [{"count": MANY - 2}]


async def test_a_page_of_what_is_due_costs_a_page_and_leaves_nobody_out(graph: Graph) -> None:
    await graph.run(EVENTS, many=MANY, start=START)
    before = START + dt.timedelta(days=1)
    which = {"type": "page.viewed", "before": before, "limits": {}, "whole": False, "limit": 25}
    assert await db_hits(graph, LIST_DUE, after=BEFORE_ALL, **which) < 1_500
    found: list[str] = []
    [page] = await graph.rows(LIST_DUE, after=BEFORE_ALL, **which)
    while page["last"] is not None:
        found += page["persons"]
        [page] = await graph.rows(LIST_DUE, after=page["last"], **which)
    assert sorted(found) == sorted(f"p-{number}" for number in range(1, MANY + 1))


async def test_the_log_is_read_from_a_moment_on_without_what_is_before(graph: Graph) -> None:
    await graph.run(ENTRIES, many=MANY, start=START)
    rows = await graph.rows(Statement("test/log", "MATCH (d:Decision) RETURN d.seq AS seq, d.at AS at ORDER BY seq"))
    since = str(rows[MANY - 100]["at"])
    expected = [row["seq"] for row in rows if row["at"] >= since]
    listed: list[int] = []
    after = 0
    while page := await list_decisions(graph, since, after, 40):
        listed += [row["seq"] for row in page]
        after = listed[-1]
    assert listed == expected
    assert await db_hits(graph, GET_PLACE, since=since) < 500
    assert await db_hits(graph, LIST_DECISIONS, since=since, after=expected[0] - 1, limit=10) < 500
    assert await db_hits(graph, LIST_DECISIONS, since="", after=MANY - 50, limit=10) < 500
    assert await list_decisions(graph, "9999", 0, 10) == []
