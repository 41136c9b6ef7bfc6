"""What a specialist says of a doubtful event becomes an event of its own; the doubtful one stays as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vitograph.ingest.observations import LONGEST_ID, parse
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.heard.hearing import ENROLLED
from vitograph.resolver.model import NEEDS_REVIEW, Observation

CHANNEL = "voice_review"
REVIEWED = "call.reviewed"


@dataclass(frozen=True, slots=True)
class Word:
    """A specialist's word: whose it is, what it is, and what they read from the recording themselves."""

    actor: str
    actor_name: str
    verdict: str
    type: str | None = None
    target_id: str | None = None
    identifiers: Sequence[Mapping[str, Any]] = ()
    note: str | None = None


def settle(review: Mapping[str, Any], word: Word, region: str | None) -> Observation:
    """The observation that settles a review. InvalidInput when it would enrol into no campaign.

    Whatever a specialist read is asserted.
    """
    properties, event_id = review["properties"], review["event_id"]
    base = proposed_by(review)
    type = (word.type or base) if word.verdict == "confirm" else _rejected(base)
    target = word.target_id or _text(properties, "campaign")
    if type == ENROLLED and not target:
        raise InvalidInput([Fault("/target_id", "an enrolment needs its campaign")])
    body: dict[str, Any] = {
        "id": _id(event_id),
        "channel": CHANNEL,
        "identifiers": [*_carried(review["carries"]), *_read(word.identifiers)],
        "event": {
            "type": type,
            "properties": {
                "reviews": event_id,
                "verdict": word.verdict,
                "actor": word.actor,
                "actor_name": word.actor_name,
                "note": word.note,
            },
        },
    }
    if type == ENROLLED or (word.verdict == "confirm" and word.target_id):
        body["event"]["target_id"] = target
    observation = parse(body, received_at=dt.datetime.now(dt.UTC), default_region=region)
    return replace(observation, event=replace(observation.event, reviews=event_id))


def proposed_by(review: Mapping[str, Any]) -> str:
    """The type of event that a confirmation makes where it names no other."""
    doubtful = str(review["type"])
    otherwise = doubtful.removesuffix(NEEDS_REVIEW) if NEEDS_REVIEW in doubtful else REVIEWED
    return _text(review["properties"], "proposed") or otherwise


def _text(properties: Mapping[str, Any], name: str) -> str | None:
    """A property that is a text; any channel posts what it likes."""
    value = properties.get(name)
    return value if isinstance(value, str) else None


def _id(event_id: str) -> str:
    """The event's id and a suffix, so an event is settled once; of an id for which that is too long, its hash."""
    whole = f"{event_id}:reviewed"
    return whole if len(whole) <= LONGEST_ID else f"{hashlib.sha256(event_id.encode()).hexdigest()}:reviewed"


def _rejected(base: str) -> str:
    """A proposal may be as long as a type may be; with the suffix it is none then."""
    whole = f"{base}.rejected"
    return whole if len(whole) <= LONGEST_ID else f"{REVIEWED}.rejected"


def _carried(carries: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What the doubtful event carried, as it knew it."""
    found = []
    for one in carries:
        kind, _, value = one["identifier"].partition(":")
        found.append({"kind": kind, "value": value, "assurance": one["assurance"]})
    return found


def _read(identifiers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "assurance": "asserted"} for one in identifiers]
