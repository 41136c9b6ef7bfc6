"""One message of Segment's specification becomes observations: https://segment.com/docs/connections/spec/

An account that the message only asserts is observed by itself first, so that it is somebody's before anything else of
the message is looked at: a known e-mail address never makes another account its owner's. `alias` names two accounts:
each is observed by itself, then both together, the previous one as merely observed. So the two share an identifier,
which proposes them as one, and nobody holds it as well as its own person does: nothing is merged.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from anyascii import anyascii
from uuid_utils import uuid7

from vitograph.ingest.observations import LARGEST_PROPERTIES, LONGEST_ID
from vitograph.ingest.segment.traits import our_identifiers, our_traits, stated_traits, text
from vitograph.resolver.errors import Fault, InvalidInput

CHANNEL = "segment"
CALLS = ("identify", "track", "page", "screen", "group", "alias")

_NAMESPACE = uuid.UUID("6f0b8f1e-33a5-5c39-9d0e-6d8f3a3b1f57")
_EVENTS = {
    "identify": "person.identified",
    "page": "page.viewed",
    "screen": "screen.viewed",
    "group": "group.joined",
    "alias": "person.aliased",
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_IN_A_TYPE = re.compile(r"[^a-z0-9_.]+")
_CONTEXT = ("campaign", "page", "referrer", "library", "app", "locale", "consent")


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends: the id of the key, and how well its accounts are known (`verified` or `asserted`)."""

    id: str
    account_assurance: str = "verified"


def observation_bodies(message: Mapping[str, Any], occurred_at: str, source: Source) -> list[dict[str, Any]]:
    """The observations of one message, in the order in which they are to be recorded. InvalidInput where it is none."""
    call = message.get("type")
    if call not in CALLS:
        raise InvalidInput([Fault("/type", f"it must be one of {', '.join(CALLS)}")])
    account, device = text(message.get("userId")), text(message.get("anonymousId"))
    id = observation_id(message.get("messageId"), source)
    frame = {"channel": CHANNEL, "occurred_at": occurred_at}
    accounts = [_carry("user_id", account, source.account_assurance)] if account else []
    weak = [_carry("cookie", device, "observed")] if device else []
    weak += _sessions(message, device)
    if call == "alias":
        return _alias(message, {**frame, "id": id}, accounts, weak)
    if not accounts and not weak:
        raise InvalidInput([Fault("/userId", "a message carries userId or anonymousId")])
    stated = stated_traits(message)
    strong = our_identifiers(stated)
    body = {
        **frame,
        "id": id,
        "identifiers": [*accounts, *strong, *weak],
        "traits": our_traits(stated),
        "event": _event(call, message),
    }
    if accounts and strong and source.account_assurance != "verified":
        return [_alone(frame, id, "account", accounts, "person.identified"), body]
    return [body]


def observation_id(message_id: object, source: Source) -> str:
    """A UUID that is the message's own, or made of it and its source, the same at each retry; fresh without one."""
    stated = text(message_id)
    if not stated:
        return str(uuid7())
    if _UUID.fullmatch(stated):
        return stated.lower()
    # A name that is no Unicode text must not fail here: the whole message is refused for it, or it is not.
    name = f"{source.id}/{stated}".encode("utf-8", "backslashreplace").decode()
    return str(uuid.uuid5(_NAMESPACE, name))


def event_type(name: str) -> str:
    """A name of an event as a type of ours: `Order Completed` is `order_completed`."""
    plain = _NOT_IN_A_TYPE.sub("_", anyascii(name).lower()).strip("_")
    return plain[:LONGEST_ID].rstrip("_") or "tracked"


@dataclass(frozen=True, slots=True)
class Previous:
    """The id that an alias leaves. Libraries make anonymous ids of UUIDs, and an account's may look like one, too."""

    value: str
    is_anonymous: bool


def previous_of(message: Mapping[str, Any]) -> Previous | None:
    """Of an alias whose previous id is not its own anonymous one; None of any other message."""
    value = text(message.get("previousId")) if message.get("type") == "alias" else ""
    if not value or value == text(message.get("anonymousId")):
        return None
    return Previous(value, _UUID.fullmatch(value) is not None)


def as_device(bodies: list[dict[str, Any]], previous: str) -> list[dict[str, Any]]:
    """An alias whose previous id turned out to be an anonymous one: a cookie that the account is seen with."""
    whole = bodies[-1]
    kept = [one for one in whole["identifiers"] if not (one["kind"] == "user_id" and one["value"] == previous)]
    return [{**whole, "identifiers": [*kept, _carry("cookie", previous, "observed")]}]


def _alias(
    message: Mapping[str, Any], frame: dict[str, Any], accounts: list[dict[str, str]], weak: list[dict[str, str]]
) -> list[dict[str, Any]]:
    previous = text(message.get("previousId"))
    if not accounts or not previous:
        raise InvalidInput([Fault("/previousId", "an alias names previousId and userId")])
    id, event = frame["id"], _event("alias", message)
    if previous in {one["value"] for one in weak}:
        return [{**frame, "identifiers": [*accounts, *weak], "event": event}]
    before = _carry("user_id", previous, accounts[0]["assurance"])
    return [
        _alone(frame, id, "account", accounts, "person.identified"),
        _alone(frame, id, "previous", [before], "person.identified"),
        {**frame, "identifiers": [*accounts, _carry("user_id", previous, "observed"), *weak], "event": event},
    ]


def _alone(
    frame: Mapping[str, Any], id: str, what: str, carried: Collection[dict[str, str]], type: str
) -> dict[str, Any]:
    part = str(uuid.uuid5(_NAMESPACE, f"{id}/{what}"))
    return {**frame, "id": part, "identifiers": list(carried), "event": {"type": type, "properties": {"part_of": id}}}


def _carry(kind: str, value: str, assurance: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "assurance": assurance}


def _sessions(message: Mapping[str, Any], device: str) -> list[dict[str, str]]:
    """RudderStack numbers a device's sessions by their beginning; with the device's id the number is one sitting."""
    context = message.get("context")
    session = text(context.get("sessionId")) if isinstance(context, dict) else ""
    return [_carry("session", f"{device}:{session}", "observed")] if session and device else []


def _event(call: str, message: Mapping[str, Any]) -> dict[str, Any]:
    stated = message.get("properties")
    properties: dict[str, Any] = dict(stated) if isinstance(stated, dict) else {}
    happened: dict[str, Any] = {"type": _EVENTS.get(call, "")}
    if call == "track":
        name = text(message.get("event"))
        if not name:
            raise InvalidInput([Fault("/event", "a track names its event")])
        happened["type"] = event_type(name)
        if (target := text(properties.get("target_id"))) and target.isprintable() and len(target) <= LONGEST_ID:
            happened["target_id"] = target
    about = {
        "call": call,
        "message_id": message.get("messageId"),
        **{name: message[name] for name in ("event", "name", "category", "groupId", "previousId") if name in message},
    }
    around = {"context": _context(message), **_group_traits(message)}
    whole = {**properties, "segment": {**about, **around}}
    if not _fits(whole):
        whole = {**properties, "segment": about}
    return {**happened, "properties": whole}


def _context(message: Mapping[str, Any]) -> dict[str, Any]:
    """What a context says of the visit; addresses of machines, agents and traits are left out."""
    context = message.get("context")
    return {name: context[name] for name in _CONTEXT if name in context} if isinstance(context, dict) else {}


def _group_traits(message: Mapping[str, Any]) -> dict[str, Any]:
    """What a `group` says of the group, which is nobody's trait."""
    return {"traits": message["traits"]} if message.get("type") == "group" and message.get("traits") else {}


def _fits(properties: Mapping[str, Any]) -> bool:
    try:
        return len(orjson.dumps(properties)) <= LARGEST_PROPERTIES
    except orjson.JSONEncodeError:
        return True  # it holds something unstorable, which has its own fault
