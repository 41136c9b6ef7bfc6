"""The queue: pages of it under filters, most valuable first, and counts.

The value of a look is the chance that what the graph says now is wrong, times what a decision would change. Of a pair
that waits the graph says "two persons", so the chance is P(same); what changes grows with the events of the smaller of
the two views (`candidate/propose_candidates`). Entropy, the other reading of uncertainty, would put the nearly certain
duplicates last, which are the most that a minute of a specialist can win.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import Statement, load

LIST_CANDIDATES = load("candidate/list_candidates")
LIST_FILTERED = load("candidate/list_filtered")
LIST_HEAD = load("candidate/list_head")
LIST_REOPENED = load("candidate/list_reopened")
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

# Events of a campaign up to which its queue is read from the campaign's side at once; and up to which it is so if the
# head of the queue, of so many pairs, does not hold a page: what hardly waits is not sought along all of it.
FEW_EVENTS = 5_000
MANY_EVENTS = 100_000
EXAMINED = 2_000
# Device pairs, from the head of their queue, that are looked at to tell whose devices wait.
LOOKED_AT = 5_000
# Up to which a filter's matches are counted.
MOST_COUNTED = 1_000


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

    def blinded(self) -> Filter:
        """What of the filter tells neither a score nor a verdict."""
        return Filter(self.status, self.kind, campaign=self.campaign, person=self.person)

    def parameters(self) -> dict[str, Any]:
        return asdict(self)


async def list_queue(graph: Graph, filter: Filter, after: Place, limit: int) -> list[Row]:
    """The queue from a place on, the most valuable first."""
    return await list_items(graph, await list_ids(graph, filter, after, limit))


async def list_blind(graph: Graph, filter: Filter, after: str, limit: int) -> list[Row]:
    """The queue by id, from an id on: the order in which blind mode is shown it. Of the filter, what tells nothing."""
    return await list_items(graph, await list_ids(graph, filter.blinded(), (0.0, after), limit, blind=True))


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
    *_, statement = await _statements(graph, filter)
    if statement in (LIST_FILTERED, LIST_CANDIDATES):
        rows = await graph.rows(COUNT_MATCHING, **filter.parameters(), most=MOST_COUNTED)
        return int(rows[0]["count"])
    return len(await list_ids(graph, filter, FIRST, MOST_COUNTED))


async def list_ids(graph: Graph, filter: Filter, after: Place, limit: int, *, blind: bool = False) -> list[str]:
    """Ids of the queue from a place on; `blind`: in the order of ids, whatever the values."""
    asked = filter.parameters() | {"value": after[0], "id": after[1], "blind": blind, "limit": limit}
    ids: list[str] = []
    for statement in await _statements(graph, filter):
        if blind and statement is LIST_HEAD:
            continue
        if blind and statement in (LIST_FILTERED, LIST_CANDIDATES):
            statement = LIST_BLIND
        ids = [row["id"] for row in await graph.rows(statement, **asked, examined=EXAMINED)]
        if len(ids) == limit:
            break
    return ids


async def _statements(graph: Graph, filter: Filter) -> Sequence[Statement]:
    """How what matches is found soonest: from the person, from the campaign's events, or along the queue.

    Of more than one, the last finds all there is, and those before it what fills a page.
    """
    if filter.person is not None:
        return (LIST_OF_PERSON,)
    if filter.campaign is not None:
        [row] = await graph.rows(COUNT_TARGETING, campaign=filter.campaign, most=MANY_EVENTS)
        if row["events"] < FEW_EVENTS:
            return (LIST_TARGETED,)
        if row["events"] < MANY_EVENTS and not filter.reopened:
            return (LIST_HEAD, LIST_TARGETED)
    if filter.reopened:
        return (LIST_REOPENED,)
    narrowed = (filter.band, filter.evidence, filter.campaign, filter.since, filter.until)
    return (LIST_CANDIDATES if narrowed == (None,) * len(narrowed) else LIST_FILTERED,)


async def count_candidates(graph: Graph) -> list[Row]:
    """How many candidates there are by kind, status and band."""
    return await graph.rows(COUNT_CANDIDATES, kinds=KINDS, statuses=STATUSES, bands=BANDS)


async def count_groups(graph: Graph, kind: str) -> dict[str, int]:
    """How many of the queue have evidence of each group; `reopened` among them."""
    rows = await graph.rows(COUNT_GROUPS, status="open", kind=kind)
    return {row["group"]: row["count"] for row in rows}
