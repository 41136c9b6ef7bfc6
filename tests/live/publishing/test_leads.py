"""The lens, page by page: the same as if all were read at once, and a page costs what a page holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EMPTY
from tests.live.plans import db_hits
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import BEFORE_ALL, LIST_LEADS, Lead
from vitograph.graph.queries import Statement
from vitograph.graph.reach import EVERYTHING, NOTHING, Reach
from vitograph.resolver.model import ENROLLED

START = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
OWNED = Statement(
    "test/owned",
    "MERGE (:Department {id: 'north'}) MERGE (c:Campaign {id: 'summer'}) "
    "SET c.created_at = datetime('2020-01-01T00:00Z') WITH c MATCH (d:Department {id: 'north'}) MERGE (d)-[:OWNS]->(c)",
)
ENROL = Statement(
    "test/enrol",
    "UNWIND $rows AS row MERGE (p:Person {id: row.person}) ON CREATE SET p.view_id = row.view, p.kind = 'known' "
    "CREATE (e:Event {id: row.id, type: row.type, target_id: 'summer', channel: 'web', occurred_at: row.at, "
    "received_at: row.at, premature: row.premature})-[:OF]->(p)",
)
OWN, SALES = Reach(department="north"), Reach(family="negotiation.")

SAID = st.tuples(
    st.integers(0, 5),  # person
    st.integers(0, 3),  # minutes: many at once
    st.sampled_from((ENROLLED, ENROLLED, ENROLLED, "negotiation.offer", "page.viewed")),
    st.sampled_from((None, None, None, True)),
)


def event(
    number: int, person: int, minutes: float, type: str = ENROLLED, premature: bool | None = None
) -> dict[str, Any]:
    at = START + dt.timedelta(minutes=minutes)
    # Persons are joined by twos. Ids are in no order of time.
    return {
        "id": f"e-{number * 7919 % 100_003}",
        "person": f"p-{person}",
        "view": f"p-{person // 2 * 2}",
        "type": type,
        "at": at,
        "premature": premature,
    }


async def enrol(graph: Graph, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 1_000):
        await graph.run(ENROL, rows=rows[start : start + 1_000])


async def every_page(graph: Graph, reach: Reach, limit: int) -> list[Lead]:
    found: list[Lead] = []
    while True:
        after = (found[-1].enrolled_at, found[-1].event_id) if found else None
        page = await campaigns.leads(graph, "summer", reach, after, limit)
        found += page
        if len(page) < limit:
            return found


def expected(rows: list[dict[str, Any]], reach: Reach) -> list[tuple[str, str, str, dt.datetime, int]]:
    """View, person, event, time and number of enrolments, as the model has it."""
    leads = []
    for view in {row["view"] for row in rows}:
        own = [row for row in rows if row["view"] == view]
        counted = [row for row in own if row["type"] == ENROLLED and not row["premature"]]
        enrolled = sorted(counted, key=lambda row: (row["at"], row["id"]))
        sees = reach.everything or reach.department or any(row["type"].startswith("negotiation.") for row in own)
        if enrolled and sees and reach != NOTHING:
            first = enrolled[0]
            leads.append((view, first["person"], first["id"], first["at"], len(enrolled)))
    return sorted(leads, key=lambda lead: (lead[3], lead[2]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(SAID, max_size=20), limit=st.integers(1, 4))
async def test_pages_are_the_whole_in_its_order(migrated: Graph, said: list[tuple[Any, ...]], limit: int) -> None:
    graph = migrated
    await graph.run(EMPTY)
    await graph.run(OWNED)
    rows = [event(number, *one) for number, one in enumerate(said)]
    await graph.run(ENROL, rows=rows)
    for reach in (EVERYTHING, OWN, SALES, NOTHING):
        leads = await every_page(graph, reach, limit)
        told = [(one.view_id, one.person_id, one.event_id, one.enrolled_at, one.enrolments) for one in leads]
        assert told == expected(rows, reach), reach


async def test_a_page_reads_no_more_of_twenty_thousand_enrolments_than_of_two_thousand(graph: Graph) -> None:
    await graph.run(OWNED)
    reads: list[dict[tuple[str, float], int]] = []
    made = 0
    for until in (2_000, 20_000):
        # Half of them at one moment, as a file of days brings them.
        rows = [event(n, 2 * n, n / 1_000 if n % 2 else 1.0) for n in range(made, until)]
        await enrol(graph, rows)
        made = until
        cost = {}
        for reach in (EVERYTHING, OWN):
            for minutes, id in ((None, ""), (0.5, ""), (1.0, "e-4"), (1.5, "")):
                at = BEFORE_ALL if minutes is None else START + dt.timedelta(minutes=minutes)
                asked = {"after_at": at, "after_id": id, "reach": reach.parameter, "most": 50}
                cost[str(reach), at] = await db_hits(graph, LIST_LEADS, id="summer", type=ENROLLED, **asked)
        reads.append(cost)
    few, many = reads
    assert {place: (few[place], many[place]) for place in few if many[place] > few[place] + 50} == {}
    assert max(many.values()) < 50 * 60
    assert len(await campaigns.leads(graph, "summer", OWN, None, 50)) == 50


async def test_one_who_enrols_again_and_again_holds_nobody_up(graph: Graph) -> None:
    await graph.run(OWNED)
    again = [event(n, 0, n) for n in range(3_000)]
    await enrol(graph, [*again, event(3_000, 2, 10_000)])
    first, second = await campaigns.leads(graph, "summer", OWN, None, 2)
    assert (first.view_id, first.enrolments, second.view_id) == ("p-0", 3_000, "p-2")
    assert await campaigns.leads(graph, "summer", OWN, (first.enrolled_at, first.event_id), 1) == [second]
