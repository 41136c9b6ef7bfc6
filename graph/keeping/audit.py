"""Every invariant of the design that a live graph can be asked about, as a query. A clean audit is an empty list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from vitograph.graph.deciding.log import verify_log
from vitograph.graph.driver import Graph
from vitograph.graph.people.identifiers import list_misjudged
from vitograph.graph.people.tombstones import GET_SEAL, check_seal, list_buried
from vitograph.graph.queries import Statement, load
from vitograph.graph.schema import SchemaMismatch, check
from vitograph.resolver.deciding.decisions import Edge, view_ids
from vitograph.resolver.erasure import Sealed
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.model import PersonKind
from vitograph.resolver.publishing.layout import layout_key

LIST_UNFOUNDED_LINKS = load("audit/list_unfounded_links")
LIST_JOINED_PAIRS = load("audit/list_joined_pairs")
LIST_STRAY_VIEWS = load("audit/list_stray_views")
LIST_LINKS = load("audit/list_links")
LIST_UNSOUND_EVENTS = load("audit/list_unsound_events")
LIST_MISCOUNTED_HOLDS = load("audit/list_miscounted_holds")
LIST_NAMELESS = load("audit/list_nameless")
LIST_DAMAGED = load("audit/list_damaged")
LIST_UNCLOSED_EDGES = load("audit/list_unclosed_edges")
LIST_MISSING_EDGES = load("audit/list_missing_edges")
LIST_MOVED_EVENTS = load("audit/list_moved_events")
LIST_FALSE_ANCHORS = load("audit/list_false_anchors")
LIST_SHORTCUTS = load("audit/list_shortcuts")
LIST_ARTIFACTS = load("audit/list_artifacts")
LIST_CONTESTED = load("audit/list_contested")
LIST_OVERDUE = load("audit/list_overdue")
LIST_EARLY_TEARDOWNS = load("audit/list_early_teardowns")
LIST_LEFT_STANDING = load("audit/list_left_standing")
LIST_FOREIGN_IDS = load("audit/list_foreign_ids")

# What a delivery may hold: no id that a CMS made up is among it.
DELIVERY = (
    *("id", "campaign_id", "sink_id", "kind", "version", "state", "since", "status", "next_at", "asked_at"),
    *("attempts", "error", "failed_at", "tried", "lease", "leased_until", "locked_at"),
    *("hot_ended_at", "teardown_at", "teardown_for"),
)
LIST_TRACES = load("audit/list_traces")
LIST_UNFINISHED = load("audit/list_unfinished")
LIST_EVENT_IDS = load("audit/list_event_ids")
LIST_HELD_KEYS = load("audit/list_held_keys")

# Offending ids named of one finding: enough to see what is wrong, not a dump.
MOST_IDS = 20
PAGE = 5_000
USES = 500
# Seconds: the queries read the whole graph.
WALL_CLOCK = 900.0
OVERDUE = dt.timedelta(minutes=1)
UNFINISHED = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant that does not hold, and whom it does not hold for. A warning may go away by itself."""

    invariant: str
    sentence: str
    ids: tuple[str, ...]
    is_warning: bool = False


# What holds of a sound graph, and the query for whom it does not hold for.
CHECKS: tuple[tuple[str, str, Statement], ...] = (
    ("I1", "every link is founded on a decision by a human", LIST_UNFOUNDED_LINKS),
    ("I2", "no view holds a pair that is kept apart", LIST_JOINED_PAIRS),
    ("I3", "nobody unlinked is in another's view", LIST_STRAY_VIEWS),
    ("I4", "every event is of one person, carries something and was answered", LIST_UNSOUND_EVENTS),
    ("I4", "persons hold what their events carry, as often", LIST_MISCOUNTED_HOLDS),
    ("I4", "everything has an id", LIST_NAMELESS),
    ("I4", "no evidence that was read is damaged", LIST_DAMAGED),
    ("I6", "nothing of a closed decision is left", LIST_UNCLOSED_EDGES),
    ("I6", "every decision of effect shows once", LIST_MISSING_EDGES),
    ("I6", "no event was moved", LIST_MOVED_EVENTS),
    ("I7", "shared or blocked identifiers anchor nothing", LIST_FALSE_ANCHORS),
    ("I9", "campaigns reach persons through events only", LIST_SHORTCUTS),
    ("I12", "no teardown begins before the hot memory says `ended`", LIST_EARLY_TEARDOWNS),
    ("I13", "nothing is left that is about nobody", LIST_TRACES),
)

# Those that take more than a query, in the words in which `audit` reports them.
VIEWS = ("I3", "view ids are those of the linked persons")
SCHEMA = ("I4", "every constraint is online")
STATUSES = ("I7", "identifiers stand as their use says")
CHAIN = ("I8", "the decision log is as it was written")
LAYOUT = ("I10", "no artifact holds a layout key")
FOREIGN = ("I11", "a campaign at a sink is known by our own keys only")
STANDING = ("I12", "no campaign that ended stands at a sink for more than a minute")
RETURNED = ("I13", "nothing is back that was erased")
DISK = ("I13", "no erasure waits for longer than a week, nor do its bytes on the disk")
OUTBOX = ("I14", "no change waits for its projection for more than a minute")

_LONGER = (VIEWS, SCHEMA, STATUSES, CHAIN, LAYOUT, FOREIGN, STANDING, RETURNED, DISK, OUTBOX)
EVERY: tuple[tuple[str, str], ...] = tuple(
    sorted(
        {*((invariant, sentence) for invariant, sentence, _ in CHECKS), *_LONGER},
        key=lambda one: (int(one[0][1:]), one[1]),
    )
)


async def audit(graph: Graph) -> list[Finding]:
    """What does not hold, in the order of the invariants. Read it while few write: pages are read one after another."""
    findings = []
    for invariant, sentence, statement in CHECKS:
        rows = await graph.rows(statement, wall_clock=WALL_CLOCK, limit=MOST_IDS)
        findings += _found((invariant, sentence), (row["id"] for row in rows))
    findings += _found(VIEWS, await _wrong_views(graph))
    findings += _found(SCHEMA, await _missing_schema(graph))
    findings += _found(STATUSES, await list_all_misjudged(graph))
    findings += _found(CHAIN, await _broken_entries(graph))
    findings += _found(LAYOUT, await _layouts(graph))
    foreign = await graph.rows(LIST_FOREIGN_IDS, known=list(DELIVERY), limit=MOST_IDS)
    findings += _found(FOREIGN, (row["id"] for row in foreign))
    findings += _found(RETURNED, await _returned(graph))
    now = dt.datetime.now(dt.UTC)
    unfinished = await graph.rows(LIST_UNFINISHED, before=now - UNFINISHED, limit=MOST_IDS)
    findings += _found(DISK, (row["id"] for row in unfinished), is_warning=True)
    standing = await graph.rows(LIST_LEFT_STANDING, before=now - OVERDUE, limit=MOST_IDS)
    findings += _found(STANDING, (row["id"] for row in standing), is_warning=True)
    overdue = await graph.rows(LIST_OVERDUE, before=now - OVERDUE, limit=MOST_IDS)
    findings += _found(OUTBOX, (row["id"] for row in overdue), is_warning=True)
    return sorted(findings, key=lambda finding: EVERY.index((finding.invariant, finding.sentence)))


def _found(invariant: tuple[str, str], ids: Iterable[str], *, is_warning: bool = False) -> list[Finding]:
    offending = tuple(ids)[:MOST_IDS]
    return [Finding(*invariant, offending, is_warning)] if offending else []


async def _wrong_views(graph: Graph) -> list[str]:
    """Persons whose view_id is not that of their component, by the function that writes it."""
    kinds: dict[str, PersonKind] = {}
    stored: dict[str, str] = {}
    same: list[Edge] = []
    after = ""
    while rows := await graph.rows(LIST_LINKS, wall_clock=WALL_CLOCK, after=after, limit=PAGE):
        for row in rows:
            kinds[row["id"]] = PersonKind(row["kind"])
            stored[row["id"]] = row["view_id"]
            same.extend(Edge(row["id"], other, "") for other in row["others"])
        after = rows[-1]["id"]
    return sorted(id for id, view_id in view_ids(kinds, same).items() if stored[id] != view_id)


async def list_all_misjudged(graph: Graph) -> list[str]:
    """Identifiers whose status is not what their use says, by the function that writes it."""
    found: list[str] = []
    after = ""
    while rows := await graph.rows(LIST_CONTESTED, wall_clock=WALL_CLOCK, after=after, limit=USES):
        found += await list_misjudged(graph, [row["key"] for row in rows], WALL_CLOCK)
        after = rows[-1]["key"]
    return found


async def _missing_schema(graph: Graph) -> list[str]:
    try:
        await check(graph)
    except SchemaMismatch as error:
        return [str(error)]
    return []


async def _broken_entries(graph: Graph) -> list[str]:
    broken = (await verify_log(graph)).broken
    return [f"{broken.sentence} ({broken.id})"] if broken else []


async def _returned(graph: Graph) -> list[str]:
    """Events whose tombstones are there, and identifiers that were to be suppressed; without the key of the tombstones
    nobody can tell, and that is what is found.
    """
    if not await graph.rows(GET_SEAL):
        return []
    try:
        await check_seal(graph)
    except ServerFailed as error:
        return [f"not looked at: {error}"]
    found: list[str] = []
    async for ids in _ids(graph, LIST_EVENT_IDS):
        found += sorted(await list_buried(graph, Sealed.EVENT, ids))
    async for keys in _ids(graph, LIST_HELD_KEYS):
        buried = await list_buried(graph, Sealed.IDENTIFIER, keys)
        found += sorted(f"identifier {key}" for key, one in buried.items() if one.suppressed)
    return found


async def _ids(graph: Graph, statement: Statement) -> AsyncIterator[list[str]]:
    after = ""
    while rows := await graph.rows(statement, wall_clock=WALL_CLOCK, after=after, limit=PAGE):
        yield [row["id"] for row in rows]
        after = rows[-1]["id"]


async def _layouts(graph: Graph) -> list[str]:
    found: list[str] = []
    after = ""
    while rows := await graph.rows(LIST_ARTIFACTS, wall_clock=WALL_CLOCK, after=after, limit=PAGE):
        found += [row["id"] for row in rows if layout_key({row["key"]: json.loads(row["content"])}) is not None]
        after = rows[-1]["id"]
    return found
