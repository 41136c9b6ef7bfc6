"""What attributed observations become in the graph: the rows of their events and of what their persons hold."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import orjson

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.lifecycle import write_statuses
from vitograph.graph.marks import MARK_PERSONS
from vitograph.graph.moments import microseconds
from vitograph.graph.queries import load
from vitograph.graph.visitors import record_changes
from vitograph.resolver.attribution import Attribution, Rule, ends_session
from vitograph.resolver.holdings import Holdings
from vitograph.resolver.lifecycle import Standing
from vitograph.resolver.model import Observation
from vitograph.resolver.visitors import proof_of

RECORD_EVENTS = load("observation/record_events")
RECORD_HOLDS = load("observation/record_holds")
RECORD_BINDINGS = load("observation/record_bindings")
RECORD_STATED = load("observation/record_stated")


@dataclass(slots=True)
class Batch:
    """What to write, collected while observations are attributed one after another over what was locked.

    `told` are views that stated something new, `rebound` keys of weak identifiers that were bound or let go, `changed`
    persons whose pairs are to be scored, `greeted` those whom a page would greet otherwise.
    """

    holdings: Holdings
    received_at: dt.datetime
    resolve_at: int
    puts_off: bool
    events: list[Row] = field(default_factory=list)
    holds: list[Row] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    greeted: set[str] = field(default_factory=set)


async def write_batch(tx: Transaction, batch: Batch) -> None:
    """Writes all that a batch has collected."""
    await tx.run(RECORD_EVENTS, rows=batch.events)
    await tx.run(RECORD_HOLDS, rows=batch.holds)
    bindings = [
        {"key": key, "person_id": next((h.person_id for h in batch.holdings.holds[key].values() if h.bound), None)}
        for key in sorted(batch.rebound)
    ]
    if bindings:
        await tx.run(RECORD_BINDINGS, bindings=bindings)
    if batch.changed:
        fragments = batch.holdings.fragments
        await tx.run(
            RECORD_STATED,
            rows=[{"person_id": id, "stated": fragments[id].stated.to_properties()} for id in sorted(batch.changed)],
        )
    moved = await write_statuses(tx, batch.holdings, batch.standings, dt.datetime.now(dt.UTC))
    if marked := batch.changed | moved:
        await tx.run(MARK_PERSONS, ids=sorted(marked), at=batch.resolve_at, puts_off=batch.puts_off)
    await record_changes(tx, batch.greeted | moved, batch.received_at)


def event_row(
    observation: Observation, attribution: Attribution, reply: dict[str, Any], received_at: dt.datetime
) -> Row:
    """The event of an observation, on its person."""
    return {
        "id": observation.id,
        "person_id": attribution.person_id,
        "kind": attribution.kind.value,
        "founded_on": attribution.founded_on,
        "event": {
            "type": observation.event.type,
            "channel": observation.channel,
            "occurred_at": microseconds(observation.occurred_at),
            "received_at": microseconds(received_at),
            "target_id": observation.event.target_id,
            "premature": observation.event.premature or None,
            "properties": orjson.dumps(observation.event.properties, option=orjson.OPT_SORT_KEYS).decode(),
            "traits": orjson.dumps(observation.stated, option=orjson.OPT_SORT_KEYS).decode(),
            # As read: what was stated may be a date in a format that only its channel knew.
            "birth_date": observation.traits.date_of_birth,
            "rule": attribution.rule.value,
            "anchor": attribution.anchor,
            "evidence": list(observation.event.evidence) or None,
            "reply": json.dumps(reply, ensure_ascii=False),  # the audit of I6 reads this spelling
        },
    }


def hold_rows(observation: Observation, attribution: Attribution) -> list[Row]:
    """What the event carries, and how its person holds it."""
    proof = proof_of(observation)
    return [
        {
            "event_id": observation.id,
            "person_id": attribution.person_id,
            "key": carried.identifier.key,
            "assurance": carried.assurance.label,
            "occurred_at": microseconds(observation.occurred_at),
            "ambiguous": attribution.rule is Rule.A5 and carried.identifier.kind.is_strong,
            "binds": attribution.binds and not carried.identifier.kind.is_strong,
            "ends": ends_session(observation.event.type) and not carried.identifier.kind.is_strong,
            "proves": proof if attribution.binds and not carried.identifier.kind.is_strong else None,
        }
        for carried in observation.carried
    ]
