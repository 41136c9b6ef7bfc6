"""The queue: pages of it under filters, most valuable first, and counts.

The value of a look is the chance that what the graph says now is wrong, times what a decision would change. Of a pair
that waits the graph says "two persons", so the chance is P(same); what changes grows with the events of the smaller of
the two views (`candidate/propose_candidates`). Entropy, the other reading of uncertainty, would put the nearly certain
duplicates last, which are the most that a minute of a specialist can win.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load

LIST_CANDIDATES = load("candidate/list_candidates")
LIST_EVIDENT = load("candidate/list_evident")
LIST_TARGETED = load("candidate/list_targeted")
LIST_BLIND = load("candidate/list_blind")
LIST_OF_PERSON = load("candidate/list_of_person")
LIST_BY_PERSON = load("candidate/list_by_person")
LIST_WEAKENED = load("candidate/list_weakened")
LIST_ITEMS = load("candidate/list_items")
COUNT_TARGETING = load("candidate/count_targeting")
COUNT_MATCHING = load("candidate/count_matching")
COUNT_CANDIDATES = load("candidate/count_candidates")
COUNT_GROUPS = load("candidate/count_groups")

KINDS = ("person", "device")
STATUSES = ("open", "claimed", "awaiting", "decided", "stored", "superseded")
BANDS = ("A", "B", "C", "-")

Place = tuple[float, str]
FIRST: Place = (1e300, "")  # above every value
LAST_ID = "~"  # below which every id of ours is

# Events of a campaign up to which its queue is read from the campaign's side.
FEW_EVENTS = 5_000
# Device pairs, from the head of their queue, that are looked at to tell whose devices wait.
LOOKED_AT = 5_000
# Up to which a filter's matches are counted.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the queue is shown. `evidence` is a group that must speak for one person; times are of creation.

    `person` is a fragment of either view, whose pairs alone are shown.
    """

    status: str = "open"
    kind: str = "person"
    band: str | None = None
    evidence: str | None = None
    campaign: str | None = None
    person: str | None = None
    reopened: bool | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def parameters(self) -> dict[str, Any]:
        return asdict(self)


async def list_queue(graph: Graph, filter: Filter, after: Place, limit: int) -> list[Row]:
    """The queue from a place on, the most valuable first."""
    statement = LIST_EVIDENT if filter.evidence is not None else LIST_CANDIDATES
    if filter.person is not None:
        statement = LIST_OF_PERSON
    elif filter.campaign is not None:
        [row] = await graph.rows(COUNT_TARGETING, campaign=filter.campaign, most=FEW_EVENTS)
        if row["events"] < FEW_EVENTS:
            statement = LIST_TARGETED
    rows = await graph.rows(statement, **filter.parameters(), value=after[0], id=after[1], limit=limit)
    return await list_items(graph, [row["id"] for row in rows])


async def list_blind(graph: Graph, filter: Filter, after: str, limit: int) -> list[Row]:
    """The queue by id, from an id on: the order in which blind mode is shown it. Of the filter, what tells nothing."""
    rows = await graph.rows(
        LIST_BLIND, status=filter.status, kind=filter.kind, campaign=filter.campaign, id=after, limit=limit
    )
    return await list_items(graph, [row["id"] for row in rows])


async def list_weakened(graph: Graph, kind: str, after: str, limit: int) -> list[Row]:
    """Candidates of approved links that lean on what is shared by now, by id, from an id on."""
    rows = await graph.rows(LIST_WEAKENED, kind=kind, id=after, limit=limit)
    return await list_items(graph, [row["id"] for row in rows])


async def list_by_person(graph: Graph, limit: int) -> list[Row]:
    """Whose devices wait, the persons with most of them first, among the most valuable pairs."""
    return await graph.rows(LIST_BY_PERSON, looked_at=LOOKED_AT, limit=limit)


async def list_items(graph: Graph, ids: list[str]) -> list[Row]:
    """Candidates as a list shows them, in the order of their ids as given; those that are not there are left out."""
    if not ids:
        return []
    found = {row["id"]: row for row in await graph.rows(LIST_ITEMS, ids=ids)}
    return [found[id] for id in ids if id in found]


async def count_matching(graph: Graph, filter: Filter) -> int:
    """How many match a filter; `MOST_COUNTED` for that many or more."""
    rows = await graph.rows(COUNT_MATCHING, **filter.parameters(), most=MOST_COUNTED)
    return int(rows[0]["count"])


async def count_candidates(graph: Graph) -> list[Row]:
    """How many candidates there are by kind, status and band."""
    return await graph.rows(COUNT_CANDIDATES, kinds=KINDS, statuses=STATUSES, bands=BANDS)


async def count_groups(graph: Graph, kind: str) -> dict[str, int]:
    """How many of the queue have evidence of each group; `reopened` among them."""
    rows = await graph.rows(COUNT_GROUPS, status="open", kind=kind)
    return {row["group"]: row["count"] for row in rows}
