"""What an attributed observation becomes in the graph: the rows of its event and of what its person holds."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import orjson

from vitograph.graph.driver import Row
from vitograph.graph.moments import microseconds
from vitograph.resolver.attribution import Attribution, Rule, ends_session
from vitograph.resolver.model import Observation
from vitograph.resolver.visitors import proof_of


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
