"""The analysts' copy: a second graph, written from the first through a mask, first whole and then by what changed.

The graph itself is only read, by statements that lock nothing. What a change left no mark of (a deletion, a link that a
late campaign draws to an old event) is seen by the counts, and the copy is made anew. However much changed, a copy is
brought up to date by transactions of bounded size.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from vitograph.graph.analytics import shape
from vitograph.graph.analytics.masking import Mask
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import GraphUnavailable

T = TypeVar("T")

LIST_NODES = load("copy/list_nodes")
LIST_RELATIONSHIPS = load("copy/list_relationships")
LIST_CHANGED = load("copy/list_changed")
LIST_PICKED = load("copy/list_picked")
COUNT_ALL = load("copy/count_all")
COUNT_FOREIGN = load("copy/count_foreign")
COUNT_ERASURES = load("copy/count_erasures")
UPSERT_NODES = load("copy/upsert_nodes")
RECORD_RELATIONSHIPS = load("copy/record_relationships")
CLOSE_RELATIONSHIPS = load("copy/close_relationships")
GET_STATE = load("copy/get_state")
RECORD_STATE = load("copy/record_state")
CLOSE_ALL = load("copy/close_all")
SCHEMA = (
    *(load("copy/upsert_identifier_id"), load("copy/upsert_artifact_id")),
    *(load("copy/upsert_model_id"), load("copy/upsert_review_id")),
    *(load("schema/0001_person_id"), load("schema/0003_event_id"), load("schema/0004_candidate_id")),
    *(load("schema/0005_decision_id"), load("schema/0007_campaign_id"), load("schema/0009_department_id")),
    *(load("schema/0046_batch_id"), load("schema/0014_person_view"), load("schema/0017_event_target")),
    load("schema/0018_event_received"),
)

BATCH = 1_000  # rows of one writing statement
PICKED = 500  # changed nodes that are read at once
TOGETHER = 4_000  # of them are written by one transaction, which must fit into the memory that one may have
APPLIED_WITHIN = 120.0  # seconds for one transaction
WHOLE = 3_600.0  # seconds for one statement that reads all of a label or type
OVERLAP = dt.timedelta(seconds=60)  # longer than a transaction lives: what was received before may be committed after


@dataclass(frozen=True, slots=True)
class State:
    """What a copy is a copy of: the graph as it was at `as_of`, up to entry `seq` of its decision log.

    `erasures` is what `count_erasures` told when it was made.
    """

    as_of: dt.datetime
    made_at: dt.datetime
    seq: int
    erasures: int


class Drifted(Exception):
    """The copy has not as many as the graph of these labels or types, though it was brought to `state`."""

    def __init__(self, names: frozenset[str], state: State) -> None:
        self.names = names
        self.state = state
        super().__init__(", ".join(sorted(names)))


async def find_state(copy: Graph, mask: Mask) -> State | None:
    """The state of a copy that is complete, of today's format and of this mask."""
    rows = await copy.rows(GET_STATE)
    if not rows or (rows[0]["format"], rows[0]["mask"]) != (shape.FORMAT, mask.fingerprint):
        return None
    row = rows[0]
    return State(row["as_of"].to_native(), row["made_at"].to_native(), row["seq"], row["erasures"])


async def count_foreign(copy: Graph) -> int:
    """How many nodes of a database no copy would hold."""
    rows = await copy.rows(COUNT_FOREIGN, labels=[*shape.NODES, "Copy"])
    return int(rows[0]["foreign"])


async def count_erasures(source: Graph) -> int:
    """A number that grows when somebody was erased; a copy that was made before may hold them still.

    GraphUnavailable while the graph itself holds events of theirs, which any copy would.
    """
    [row] = await source.rows(COUNT_ERASURES)
    if row["under_way"]:
        raise GraphUnavailable("somebody is being erased: ask again soon")
    return int(row["erasures"])


async def make(source: Graph, copy: Graph, mask: Mask) -> State:
    """The copy is emptied and written anew. Until then it has no state."""
    at, erasures = dt.datetime.now(dt.UTC), await count_erasures(source)
    await copy.run(CLOSE_ALL, WHOLE)
    for statement in SCHEMA:
        await copy.ensure(statement)
    seq = int((await source.rows(COUNT_ALL))[0]["seq"])
    for label in shape.NODES:
        async for rows in _batches(source.stream(LIST_NODES, WHOLE, label=label)):
            kept = [shape.node(label, row["properties"], mask) for row in rows]
            await copy.run(UPSERT_NODES, label=label, rows=_identified(kept))
    for kind in shape.LINKS:
        async for rows in _batches(source.stream(LIST_RELATIONSHIPS, WHOLE, type=kind)):
            for (start, end), some in _by_ends(kind, rows, mask).items():
                await copy.run(RECORD_RELATIONSHIPS, type=kind, start=start, end=end, rows=some)
    state = State(at, at, seq, erasures)
    await copy.write(lambda tx: _record(tx, state, mask))
    return state


async def refresh(source: Graph, copy: Graph, mask: Mask, state: State) -> State:
    """The copy is as the graph is now. Raises `Drifted` when the counts say otherwise.

    In one transaction, where all fits into one; else in parts, and until the last of them queries see some of what is
    new. A refresh that broke off is done again from the state before it.
    """
    at = dt.datetime.now(dt.UTC)
    before = (await source.rows(COUNT_ALL))[0]
    since = state.as_of - OVERLAP
    changed = await source.rows(
        LIST_CHANGED, since=since, since_text=since.isoformat(timespec="microseconds"), seq=state.seq
    )
    ids = [id for row in changed if row["label"] in shape.NODES for id in row["ids"]]
    together: list[Row] = []
    if len(ids) <= TOGETHER:
        together = [row async for some in _picked(source, ids) for row in some]
    else:  # all nodes before any relationship, which would find no end otherwise
        for write in (_write_nodes, _write_links):
            async for some in _picked(source, ids):
                await copy.write(partial(write, picked=some, mask=mask), APPLIED_WITHIN)
    new = State(at, state.made_at, int(before["seq"]), state.erasures)

    async def work(tx: Transaction) -> None:
        await _write_nodes(tx, together, mask)
        await _write_links(tx, together, mask)
        await _record(tx, new, mask)

    await copy.write(work, APPLIED_WITHIN)
    now, after = (await copy.rows(COUNT_ALL))[0]["counts"], (await source.rows(COUNT_ALL))[0]["counts"]
    if astray := [name for name in now if not _lies_between(now[name], before["counts"][name], after[name])]:
        raise Drifted(frozenset(astray), new)
    return new


async def _write_nodes(tx: Transaction, picked: Sequence[Row], mask: Mask) -> None:
    for label in shape.NODES:
        kept = [shape.node(label, row["properties"], mask) for row in picked if row["label"] == label]
        for some in _parts(kept):
            await tx.run(UPSERT_NODES, label=label, rows=_identified(some))


async def _write_links(tx: Transaction, picked: Sequence[Row], mask: Mask) -> None:
    """What leaves these nodes, anew."""
    for label in shape.NODES:
        ids = [shape.id_of(label, row["properties"], mask) for row in picked if row["label"] == label]
        for part in _parts(ids):
            await tx.run(CLOSE_RELATIONSHIPS, label=label, ids=part)
    rows = [
        (link["type"], {"start_label": row["label"], "start": row["properties"], "end_label": link["label"], **link})
        for row in picked
        for link in row["links"]
    ]
    for kind in shape.LINKS:
        for (start, end), all_of in _by_ends(kind, (row for name, row in rows if name == kind), mask).items():
            for some in _parts(all_of):
                await tx.run(RECORD_RELATIONSHIPS, type=kind, start=start, end=end, rows=some)


async def _record(tx: Transaction, state: State, mask: Mask) -> None:
    fields = {"as_of": state.as_of, "made_at": state.made_at, "seq": state.seq, "erasures": state.erasures}
    await tx.run(RECORD_STATE, state={**fields, "format": shape.FORMAT, "mask": mask.fingerprint})


async def _picked(source: Graph, ids: Sequence[str]) -> AsyncIterator[list[Row]]:
    for some in batched(ids, PICKED):
        yield await source.rows(LIST_PICKED, ids=some, types=list(shape.LINKS))
        await asyncio.sleep(0)


async def _batches(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    held: list[Row] = []
    async for row in rows:
        held.append(row)
        if len(held) == BATCH:
            yield held
            held = []
    if held:
        yield held


def _by_ends(kind: str, rows: Iterable[Row], mask: Mask) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The relationships of a type by the labels of their ends; those that lead out of the copy are left out."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        labels = row["start_label"], row["end_label"]
        if labels[0] in shape.NODES and labels[1] in shape.NODES:
            ends = {name: shape.id_of(row[f"{name}_label"], row[name], mask) for name in ("start", "end")}
            found.setdefault(labels, []).append({**ends, "properties": shape.link(kind, row["properties"], mask)})
    return found


def _identified(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": one["id"], "properties": one} for one in kept]


def _parts(rows: Sequence[T]) -> Iterable[list[T]]:
    rest = iter(rows)
    while part := list(islice(rest, BATCH)):
        yield part


def _lies_between(number: int, one: int, other: int) -> bool:
    return min(one, other) <= number <= max(one, other)
