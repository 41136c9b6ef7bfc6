"""Writing a graph from its logs, into an empty one: events and decisions as they are, all else worked out again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.intake.claims import CLAIM_EVENTS
from vitograph.graph.intake.event_rows import RECORD_BINDINGS, RECORD_EVENTS, RECORD_STATED, person_rows
from vitograph.graph.intake.settling import settle_statuses
from vitograph.graph.keeping.audit import LIST_CONTESTED
from vitograph.graph.keeping.records import at_offset
from vitograph.graph.keeping.rereading import KINDS, LIST_PERSONS
from vitograph.graph.moments import microseconds
from vitograph.graph.people.holdings import lock_holdings
from vitograph.graph.queries import Statement, load
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.attributing.attribution import rebinds, settle
from vitograph.resolver.batched import batched
from vitograph.resolver.deciding.decisions import Edge, view_ids
from vitograph.resolver.deciding.replay import Effect, Retold, effect, retell
from vitograph.resolver.errors import WrongState
from vitograph.resolver.model import PersonKind
from vitograph.resolver.scoring.parameters_json import load_model

COUNT_NODES = load("replay/count_nodes")
RECORD_KEPT = load("replay/record_kept")
RECORD_LINKS = load("replay/record_links")
RECORD_CANDIDATES = load("replay/record_candidates")
RECORD_ENTRIES = load("replay/record_entries")
RECORD_EDGES = load("replay/record_edges")
RECORD_SUCCESSIONS = load("replay/record_successions")
RECORD_SHARED = load("replay/record_shared")
RECORD_VIEWS = load("replay/record_views")
RECORD_HISTORIES = load("replay/record_histories")
RECORD_FLAGS = load("replay/record_flags")
RECORD_MARKS = load("replay/record_marks")
CLOSE_STRAY = load("replay/close_stray")
LIST_KINDS = load("replay/list_kinds")

# Records of one transaction, by kind; the others take few bytes.
CHUNKS = {"event": 250, "candidate": 200, "entry": 200}
CHUNK = 1_000
WALL_CLOCK = 300.0


async def require_empty(graph: Graph) -> None:
    """WrongState when the graph holds anything but its schema."""
    found = (await graph.rows(COUNT_NODES, wall_clock=WALL_CLOCK))[0]["nodes"]
    if found:
        raise WrongState(f"the graph to write into holds {found} nodes already: choose an empty one")


@dataclass(slots=True)
class Rebuilding:
    """Takes records in the order of KINDS and writes them in chunks; `finish` works out what follows from all.

    `nodes` are the new nodes of what is kept as it is, by the reference that the records know them by.
    """

    graph: Graph
    counts: Counter[str] = field(default_factory=Counter)
    nodes: dict[str, str] = field(default_factory=dict)
    _kind: str = KINDS[0]
    _waiting: list[Row] = field(default_factory=list)
    _entries: list[Row] = field(default_factory=list)
    _drawn: Effect | None = None

    async def take(self, kind: str, row: Row) -> None:
        if kind != self._kind or len(self._waiting) >= CHUNKS.get(kind, CHUNK):
            await self._flush()
            if kind != self._kind and self._kind == "entry":
                await self._draw()
            self._kind = kind
        self.counts[kind] += 1
        self._waiting.append(at_offset(row))

    async def finish(self) -> None:
        await self._flush()
        await self._draw()

    async def _flush(self) -> None:
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        match self._kind:
            case "kept":
                made = await self._write(RECORD_KEPT, rows)
                self.nodes |= {row["ref"]: row["node"] for row in made}
            case "event":
                await self.graph.write(partial(_record_events, rows=rows), WALL_CLOCK)
            case "candidate":
                await self._write(RECORD_CANDIDATES, rows)
            case "entry":
                self._entries += [_brief(row) for row in rows]
                await self._write(RECORD_ENTRIES, rows)
            case "link":
                await self._write(RECORD_LINKS, [link for row in rows for link in self._links(row)])
                nodes = [self.nodes[row["ref"]] for row in rows if row["ref"] in self.nodes and _hangs(row)]
                await self.graph.write(lambda tx: tx.run(CLOSE_STRAY, nodes=nodes), WALL_CLOCK)
            case "history":
                await self._write(RECORD_HISTORIES, rows)
            case "flag":
                await self._write(RECORD_FLAGS, rows)
            case "mark":
                await self._write(RECORD_MARKS, rows)

    async def _write(self, statement: Statement, rows: Sequence[Row]) -> list[Row]:
        return await self.graph.write(lambda tx: tx.run(statement, rows=rows), WALL_CLOCK)

    async def _write_all(self, statement: Statement, rows: Sequence[Row]) -> None:
        """In transactions of bounded size: what breaks off leaves a graph that is thrown away, as it is not empty."""
        for some in batched(rows, CHUNK):
            await self._write(statement, some)

    def _links(self, row: Row) -> Iterable[Row]:
        node = self.nodes.get(row["ref"])
        for link in row["links"]:
            other = None if link["label"] else self.nodes.get(link["ref"])
            if node is not None and (link["label"] or other):
                yield {**link, "node": node, "other": other}

    async def _draw(self) -> None:
        """Draws what the decisions come to, once all entries are there, and works out what follows from them."""
        if self._drawn is not None:
            return
        self._drawn = drawn = effect(self._entries)
        await self._write_all(RECORD_SUCCESSIONS, _successions(drawn))
        await self._write_all(RECORD_EDGES, _edges(drawn))
        shared = [{"decision": id, "key": key} for id, keys in drawn.shared.items() for key in keys]
        await self._write_all(RECORD_SHARED, shared)
        await self._write_views(drawn.same)
        await self._settle()
        await self._hang_on_keys()

    async def _write_views(self, same: Sequence[Edge]) -> None:
        ends = sorted({end for edge in same for end in (edge.left, edge.right)})
        kinds: dict[str, PersonKind] = {}
        for some in batched(ends, CHUNK):
            kinds |= {row["id"]: PersonKind(row["kind"]) for row in await self.graph.rows(LIST_KINDS, ids=some)}
        views = view_ids(kinds, same)
        await self._write_all(RECORD_VIEWS, [{"id": id, "view_id": views[id]} for id in sorted(views)])

    async def _settle(self) -> None:
        after, at = "", dt.datetime.now(dt.UTC)
        while rows := await self.graph.rows(LIST_CONTESTED, wall_clock=WALL_CLOCK, after=after, limit=CHUNK // 10):
            keys = [row["key"] for row in rows]
            await self.graph.write(partial(settle_statuses, keys=keys, at=at, marks=False), WALL_CLOCK)
            after = keys[-1]

    async def _hang_on_keys(self) -> None:
        resolver, after = Resolver(self.graph, load_model()), ""
        while rows := await self.graph.rows(LIST_PERSONS, after=after, limit=CHUNK // 10):
            await resolver.hang_on_keys(row["id"] for row in rows)
            after = rows[-1]["id"]


async def _record_events(tx: Transaction, *, rows: Sequence[Row]) -> None:
    told = [reread_event(row) for row in rows]
    claims = sorted(rows, key=lambda row: str(row["id"]))
    await tx.run(CLAIM_EVENTS, events=[{"id": row["id"], "body_hash": None, "tombstone": None} for row in claims])
    holdings = await lock_holdings(tx, [one.observation for one in told])
    bindings: dict[str, str | None] = {}
    for one in told:
        settle(one.observation, one.attribution, holdings, load_model())
        for key, is_bound in rebinds(one.observation, one.attribution).items():
            bindings[key] = one.attribution.person_id if is_bound else None
    attributed = [(one.observation, one.attribution) for one in told]
    await tx.run(RECORD_EVENTS, rows=person_rows(attributed, map(_event_row, rows), {}))
    if bindings:
        await tx.run(RECORD_BINDINGS, bindings=[{"key": key, "person_id": bindings[key]} for key in sorted(bindings)])
    persons = sorted({one.attribution.person_id for one in told})
    stated = [{"person_id": id, "stated": holdings.fragments[id].stated.to_properties()} for id in persons]
    await tx.run(RECORD_STATED, rows=stated)


def reread_event(row: Row) -> Retold:
    """An event as it was read off a graph, told again."""
    event = row["event"] | {"occurred_at": row["event"]["occurred_at"].to_native()}
    return retell(row["id"], row["person_id"], event, row["carries"])


def _event_row(row: Row) -> Row:
    """The properties of an event, and its moments as integers."""
    moments = {name: microseconds(row["event"][name].to_native()) for name in ("occurred_at", "received_at")}
    others = {name: value for name, value in row["event"].items() if name not in moments}
    return {"event": {"target_id": None, **others}, **moments}


def _hangs(row: Row) -> bool:
    """Whether a node hung on an event or a person: without one it would be about nobody."""
    return any(link["label"] in ("Event", "Person") for link in row["links"])


def _brief(entry: Row) -> Row:
    """What of an entry tells its effect."""
    names = ("id", "entry", "verdict", "left", "right", "concerns", "supersedes", "confirms", "keep_apart", "keeps")
    return {name: entry.get(name) for name in (*names, "erased", "identifiers")}


def _edges(drawn: Effect) -> list[Row]:
    by_type = {"SAME_AS": drawn.same, "NOT_SAME_AS": drawn.apart, "HOUSEHOLD_OF": drawn.household}
    return [
        {"type": type, "left": edge.left, "right": edge.right, "decision": edge.decision}
        for type, edges in by_type.items()
        for edge in edges
    ]


def _successions(drawn: Effect) -> list[Row]:
    by_type = {"CONFIRMS": drawn.confirms, "SUPERSEDES": drawn.supersedes}
    return [
        {"type": type, "id": id, "earlier": earlier}
        for type, pairs in by_type.items()
        for id, earlier in dict.fromkeys(pairs)
    ]
