"""A transcribed call as the observation that a channel would post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import phonenumbers

from vitograph.ingest.observations import LONGEST_ID
from vitograph.ingest.voice.speech import INBOUND, OUTBOUND, Transcript
from vitograph.resolver.heard.hearing import CALL, RECORDED, Heard, Intent, Stated, hear, judge
from vitograph.resolver.model import NEEDS_REVIEW, IdentifierKind
from vitograph.resolver.values.denylist import is_blocked, is_placeholder
from vitograph.resolver.values.normalize import identifier

CHANNEL = "voice"
MOST_PIECES = 20
"""Of what was heard in one call that its event tells; all of it can be read from the transcript."""

_CALLER = ("from", "From", "caller", "Caller")
_CAMPAIGN = ("campaign", "campaign_id", "Campaign")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of a call without listening: its id, when it began, and what its parameters say.

    `region` (ISO 3166) is the country of numbers that name none.
    """

    id: str
    sid: str
    streams: tuple[str, ...]
    started_at: dt.datetime
    parameters: Mapping[str, str]
    region: str | None

    @property
    def campaign(self) -> str | None:
        return campaign_of(self.parameters)

    @property
    def caller(self) -> str | None:
        """The caller's number as the network tells it, canonical; None where it tells none that can be one."""
        stated = next((self.parameters[name] for name in _CALLER if self.parameters.get(name)), "")
        try:
            read = identifier("phone", stated, self.region) if stated else None
        except ValueError:
            return None
        return read.value if read and not is_blocked(read) else None


def campaign_of(parameters: Mapping[str, str]) -> str | None:
    """What a call of these parameters is about; None where it is no id."""
    stated = next((parameters[name] for name in _CAMPAIGN if parameters.get(name)), "").strip()
    return stated if 0 < len(stated) <= LONGEST_ID and stated.isprintable() else None


def observe(
    facts: CallFacts, transcript: Transcript | None, evidence: Sequence[str], failure: str = ""
) -> dict[str, Any]:
    """The observation body. Without a transcript (`failure` says why) a specialist must listen to the call."""
    heard = _hear(facts, transcript) if transcript else Heard((), ())
    verdict = judge(heard, facts.campaign, facts.caller is not None)
    type, target, proposed = verdict.type, verdict.target_id, verdict.proposed
    doubts = heard.doubts if transcript else (f"call: it could not be transcribed: {failure}",)
    if transcript is None:
        type, target, proposed = f"{CALL}{NEEDS_REVIEW}", None, RECORDED
    properties = {
        "call": facts.sid,
        "streams": list(facts.streams),
        "campaign": facts.campaign,
        "seconds": transcript and round(transcript.seconds, 2),
        "model": transcript and transcript.model,
        "proposed": proposed,
        "needs_review": list(doubts)[:MOST_PIECES],
        "intents": [_intent(one) for one in heard.intents[:MOST_PIECES]],
        "stated": [_stated(one) for one in heard.stated[:MOST_PIECES]],
    }
    event = {"type": type, "properties": properties, "evidence": list(evidence)}
    return {
        "id": facts.id,
        "channel": CHANNEL,
        "occurred_at": facts.started_at.isoformat(),
        "identifiers": _identifiers(facts, heard),
        "traits": _traits(heard),
        "event": event | ({"target_id": target} if target else {}),
    }


def _hear(facts: CallFacts, transcript: Transcript) -> Heard:
    """The caller's own country is that of the numbers they say."""
    region = facts.region
    if facts.caller:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(facts.caller)) or region
    today = facts.started_at.date()
    return hear(transcript.of(INBOUND), transcript.of(OUTBOUND), transcript.rechecks, region, today)


def _identifiers(facts: CallFacts, heard: Heard) -> list[dict[str, str]]:
    """What the network tells is observed, what is heard is asserted; a call of nobody is its own session."""
    found = [{"kind": "phone", "value": facts.caller, "assurance": "observed"}] if facts.caller else []
    for kind in (IdentifierKind.PHONE, IdentifierKind.EMAIL):
        values = [value for value in heard.clear(kind) if not is_placeholder(kind, value)]
        found += [{"kind": kind.value, "value": value, "assurance": "asserted"} for value in values]
    return found or [{"kind": "session", "value": f"call:{facts.sid}", "assurance": "observed"}]


def _traits(heard: Heard) -> dict[str, str]:
    kinds = ("full_name", "given_name", "date_of_birth")
    traits = {kind: values[0] for kind in kinds if (values := heard.clear(kind))}
    if "full_name" in traits:
        traits.pop("given_name", None)
    return traits


def _intent(one: Intent) -> dict[str, Any]:
    return {"intent": one.want.value, "confidence": one.confidence, "doubts": list(one.doubts), **asdict(one.said)}


def _stated(one: Stated) -> dict[str, Any]:
    """What a person states is told; how it was heard is in the words."""
    return {
        "kind": one.kind,
        "value": one.value,
        "confidence": one.confidence,
        "needs_review": not one.is_clear,
        "doubts": list(one.doubts),
        **asdict(one.said),
    }
