"""Sinks: where campaigns are written to, set up by an admin. Each write is one transaction with its outbox entry."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vitograph.graph import outbox
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.failures import Vanished
from vitograph.graph.queries import load
from vitograph.resolver.errors import Fault, InvalidInput, UnknownThing, WrongState
from vitograph.resolver.publishing.sinks import Sink, SinkKind

UPSERT_SINK = load("sink/upsert_sink")
RECORD_SINK = load("sink/record_sink")
MARK_LEAVING = load("sink/mark_leaving")
LOCK_SINK = load("sink/lock_sink")
RECORD_ABANDONMENT = load("sink/record_abandonment")
COUNT_ABANDONED = load("sink/count_abandoned")
CLOSE_LEFT = load("sink/close_left")
LIST_SINKS = load("sink/list_sinks")

AGGREGATE = "sink"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Abandoned:
    """How many campaigns may still stand at sinks of this id and kind that were given up."""

    sink: str
    kind: str
    campaigns: int


async def put(graph: Graph, sink: Sink, by: str) -> Sink:
    """Sets a sink up, or anew, by the caller of this id. Without a secret it keeps the one that is held.

    InvalidInput for another place without its secret: the one that is held is not for that place.
    WrongState while it is left, and for another place while campaigns stand at the one it has.
    """
    id = sink.id

    async def work(tx: Transaction) -> None:
        held = await tx.one(UPSERT_SINK, id=id)
        assert held is not None
        if held["leaving"]:
            raise WrongState(f"sink {id!r} is being removed; wait until it is gone")
        if held["version"] and held["adapter"] != sink.adapter:
            raise WrongState(f"sink {id!r} is of {held['adapter']!r}: remove it, or give the other one another id")
        settings = dict(sink.settings)
        is_moved = bool(held["version"]) and _place(json.loads(held["settings"])) != _place(settings)
        if held["standing"] and is_moved:
            standing = f"{held['standing']} campaigns stand at sink {id!r}"
            raise WrongState(f"{standing}: remove it first, or set the other place up under another id")
        if is_moved and held["sealed"] is not None and sink.sealed is None:
            raise InvalidInput([Fault("/secret", "must be said anew: the one that is held is for other settings")])
        properties = {
            "adapter": sink.adapter,
            "kind": sink.kind.value,
            "settings": json.dumps(settings, sort_keys=True),
            "departments": list(sink.departments),
            "campaigns": list(sink.campaigns),
            "sealed": held["sealed"] if sink.sealed is None else sink.sealed,
            "written_by": by,
        }
        written = await tx.one(RECORD_SINK, id=id, properties=properties)
        if written is None:  # it was given up, or gone, before it could be locked
            raise Vanished
        await outbox.record(tx, AGGREGATE, id, written["version"])

    await graph.write(work)
    return await get(graph, id)


async def remove(graph: Graph, id: str) -> None:
    """Leaves a sink: what stands there is torn down, then the sink is gone. UnknownThing."""

    async def work(tx: Transaction) -> None:
        marked = await tx.one(MARK_LEAVING, id=id)
        if marked is None:
            raise UnknownThing("sink", id)
        await outbox.record(tx, AGGREGATE, id, marked["version"])

    await graph.write(work)


async def abandon(graph: Graph, id: str, by: str) -> list[str]:
    """Gives up a sink that is being left, on behalf of the caller of this id; the campaigns that may still stand there.

    Nothing is removed there any more. UnknownThing; WrongState when it is not being left.
    """

    async def work(tx: Transaction) -> list[str]:
        held = await tx.one(LOCK_SINK, id=id)
        if held is None:
            raise UnknownThing("sink", id)
        if not held["leaving"]:
            raise WrongState(f"sink {id!r} is not being removed; remove it first, and give it up if that cannot end")
        [row] = await tx.run(RECORD_ABANDONMENT, id=id, by=by)
        return list(row["campaigns"])

    campaigns = await graph.write(work)
    log.warning("sink %s was given up by %s: %d campaigns may still stand there", id, by, len(campaigns))
    return campaigns


async def abandoned(graph: Graph) -> list[Abandoned]:
    """What may still stand at sinks that were given up, by sink."""
    return [Abandoned(**row) for row in await graph.rows(COUNT_ABANDONED)]


async def forget_left(graph: Graph, id: str) -> None:
    """A sink that is left and holds nothing any more goes."""
    await graph.write(lambda tx: tx.run(CLOSE_LEFT, id=id))


async def get(graph: Graph, id: str) -> Sink:
    """One sink. UnknownThing."""
    rows = await graph.rows(LIST_SINKS, id=id)
    if not rows:
        raise UnknownThing("sink", id)
    return _sink(rows[0])


async def list_all(graph: Graph) -> list[Sink]:
    """All sinks by id."""
    return [_sink(row) for row in await graph.rows(LIST_SINKS, id=None)]


def _place(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What says where a sink is: all but how long an edge believes."""
    return {name: value for name, value in settings.items() if name != "lasts"}


def _sink(row: Row) -> Sink:
    return Sink(
        row["id"],
        row["adapter"],
        SinkKind(row["kind"]),
        json.loads(row["settings"]),
        tuple(row["departments"]),
        tuple(row["campaigns"]),
        row["version"],
        row["leaving"],
        row["sealed"],
    )
