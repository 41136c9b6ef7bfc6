"""What attributed observations become in the graph: the rows of their events and of what their persons hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.intake.hold_rows import Told, hold_rows
from vitograph.graph.moments import microseconds
from vitograph.graph.people.lifecycle import write_statuses
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.people.visitors import record_changes
from vitograph.graph.queries import load
from vitograph.resolver.attributing.attribution import Attribution, rebinds
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.lifecycle import Standing
from vitograph.resolver.model import Observation

RECORD_EVENTS = load("observation/record_events")
RECORD_BINDINGS = load("observation/record_bindings")
RECORD_STATED = load("observation/record_stated")

_spelled = json.JSONEncoder(ensure_ascii=False).encode
"""A reply as it is stored: the audit of I6 reads this spelling."""


@dataclass(slots=True)
class Batch:
    """What to write, collected while observations are attributed one after another over what was locked.

    `replies` are the answers to them. `founded` are persons who were not there before, `told` views that stated
    something new, `spoke` the persons who did, `rebound` keys of weak identifiers that were bound or let go, `changed`
    persons whose pairs are to be scored, `greeted` those whom a page would greet otherwise.
    """

    holdings: Holdings
    received_at: dt.datetime
    resolve_at: int
    puts_off: bool
    attributed: list[Told] = field(default_factory=list)
    replies: list[Row] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    founded: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    spoke: set[str] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    greeted: set[str] = field(default_factory=set)


async def write_batch(tx: Transaction, batch: Batch) -> None:
    """Writes all that a batch has collected."""
    holdings = batch.holdings
    events = _event_rows(batch)
    persons = {id: _stated(id, holdings) | {"resolve_at": batch.resolve_at} for id in batch.founded}
    rows = person_rows(batch.attributed, events, persons)
    _bind(rows, batch)
    await tx.run(RECORD_EVENTS, rows=rows)
    if spoke := sorted(batch.spoke - batch.founded):
        stated = [{"person_id": id, "stated": _stated(id, holdings)} for id in spoke]
        await tx.run(RECORD_STATED, rows=stated)
    moved = await write_statuses(tx, holdings, batch.standings, dt.datetime.now(dt.UTC))
    if changed := (batch.changed - batch.founded) | moved:
        await tx.run(MARK_PERSONS, ids=sorted(changed), at=batch.resolve_at, puts_off=batch.puts_off)
    await record_changes(tx, batch.greeted | moved, batch.received_at)


def _bind(rows: Iterable[Row], batch: Batch) -> None:
    """Notes on one hold of each weak identifier that was bound or let go to whom it is bound now, and who must hear."""
    holdings = batch.holdings
    bound = {key: next((h.person_id for h in holdings.holds[key].values() if h.bound), None) for key in batch.rebound}
    for row in rows:
        for hold in row["holds"]:
            key = hold["key"]
            if key in bound and bound[key] in (None, row["id"]):
                is_moved = holdings.degree(key) > 1
                hold |= {"current": bound[key] and True, "heard": holdings.heard[key], "moves": is_moved}


def _event_rows(batch: Batch) -> list[Row]:
    """No two of a batch at one moment, and each later than what it may have to be told after: their order is known for
    ever, also where clocks of several machines, or one that was set back, wrote it down.
    """
    rows = []
    for place, (told, reply) in enumerate(zip(batch.attributed, batch.replies, strict=True)):
        at = microseconds(batch.received_at) + place
        at = batch.holdings.receive(at, (told[1].person_id, *rebinds(*told)))
        rows.append(event_row(*told, reply, at))
    return rows


def _stated(id: str, holdings: Holdings) -> Row:
    """What a person stated, and when that was heard last."""
    stated: Row = dict(holdings.fragments[id].stated.to_properties())
    return stated | {"heard_at": holdings.heard[id]} if stated else stated


def person_rows(attributed: Sequence[Told], events: Iterable[Row], founded: Mapping[str, Row]) -> list[Row]:
    """Rows by person: events, and what these make them hold; `founded` are properties of those who may be new."""
    persons: dict[str, Row] = {}
    holds = hold_rows(attributed)
    for (observation, attribution), event in zip(attributed, events, strict=True):
        id = attribution.person_id
        if (row := persons.get(id)) is None:
            own = {"view_id": id, "kind": attribution.kind.value, "founded_on": attribution.founded_on}
            row = persons[id] = {"id": id, "founded": founded.get(id, {}) | own, "events": [], "holds": holds[id]}
        carries = [{"key": one.identifier.key, "assurance": one.assurance.label} for one in observation.carried]
        row["events"].append({"id": observation.id, "carries": carries, **event})
    return [persons[id] for id in sorted(persons)]


def event_row(observation: Observation, attribution: Attribution, reply: Row, received_at: int) -> Row:
    """The properties of an event, and its moments; `received_at` in epoch microseconds."""
    return {
        "occurred_at": microseconds(observation.occurred_at),
        "received_at": received_at,
        "event": {
            "type": observation.event.type,
            "channel": observation.channel,
            "target_id": observation.event.target_id,
            "premature": observation.event.premature or None,
            "properties": orjson.dumps(observation.event.properties, option=orjson.OPT_SORT_KEYS).decode(),
            "traits": orjson.dumps(observation.stated, option=orjson.OPT_SORT_KEYS).decode(),
            # As read: what was stated may be a date in a format that only its channel knew.
            "birth_date": observation.traits.date_of_birth,
            "rule": attribution.rule.value,
            "anchor": attribution.anchor,
            "evidence": list(observation.event.evidence) or None,
            "reply": _spelled(reply),
        },
    }
