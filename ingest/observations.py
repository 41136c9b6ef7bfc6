"""What a channel posts becomes an Observation, or one fault for each thing that is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from typing import Any

import orjson
import uuid_utils

from vitograph.ingest.checks import Faults
from vitograph.resolver.model import (
    Assurance,
    Carried,
    Happening,
    Identifier,
    IdentifierKind,
    Observation,
    Traits,
)
from vitograph.resolver.publishing.artifacts import SHA256
from vitograph.resolver.values.denylist import is_blocked, is_placeholder
from vitograph.resolver.values.normalize import LONGEST_IDENTIFIER, TRAIT_FIELDS, country, identifier, traits

LONGEST_ID = 128
LONGEST_TRAIT = 256
MOST_IDENTIFIERS = 32
MOST_EVIDENCE = 16
LARGEST_PROPERTIES = 32 * 1024
"""Bytes of an event's properties as JSON."""

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
CLOCK_SKEW = dt.timedelta(hours=24)
"""How far a channel's clock may run ahead of ours."""

DEFAULT_EVENT = "person.identified"

_FIELDS = ("id", "channel", "occurred_at", "identifiers", "traits", "event")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_.:-]*")
_EVENT_TYPE = re.compile(r"[a-z0-9_.]+")
_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ]([0-2]\d:[0-5]\d):([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-][0-2]\d:[0-5]\d)", re.ASCII
)


def parse(
    body: object, *, received_at: dt.datetime, default_region: str | None, date_format: str | None = None
) -> Observation:
    """The observation in a decoded JSON body, whose shape is the "observation body" of the API's contract.

    `received_at` (aware) stands in for a missing `occurred_at`; `default_region` (ISO 3166 alpha-2) is the country of
    phone numbers that name none; `date_format` (strptime) settles ambiguous birth dates.
    InvalidInput with every fault; an input is never accepted in part, except that placeholders are dropped with a
    warning as long as one identifier is left.
    """
    faults = Faults()
    faults.refuse_unstorable(body)
    whole = faults.mapping("", body)
    if whole is None:
        faults.raise_if_any()
        raise AssertionError("a body that is no object has a fault")
    faults.refuse_unknown("", whole, _FIELDS)
    warnings: list[str] = []
    id = faults.printable("/id", whole["id"], LONGEST_ID) if "id" in whole else str(uuid_utils.uuid7())
    channel = faults.text("/channel", whole["channel"], 64, _CHANNEL) if "channel" in whole else None
    if "channel" not in whole:
        faults.add("/channel", "it is required")
    occurred_at = _occurred_at(whole, received_at.astimezone(dt.UTC), faults)
    carried = _carried(whole, default_region, faults, warnings)
    read, stated = _traits(whole, date_format, faults, warnings)
    event = _event(whole, faults)
    faults.raise_if_any()
    return Observation(
        id=id or "",
        channel=channel or "",
        occurred_at=occurred_at,
        carried=carried,
        traits=read,
        stated=stated,
        event=event,
        body_hash=hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        warnings=tuple(warnings),
    )


def _occurred_at(body: Mapping[str, Any], received_at: dt.datetime, faults: Faults) -> dt.datetime:
    """In UTC; a leap second is the second before it."""
    if "occurred_at" not in body:
        return received_at
    pointer = "/occurred_at"
    text = faults.text(pointer, body["occurred_at"], 64)
    parts = _RFC_3339.fullmatch(text) if text else None
    if text and parts is None:
        faults.add(pointer, "it must be an RFC 3339 time with an offset, such as 2026-11-24T10:00:00Z")
    if parts is None:
        return received_at
    day, minute, second, fraction, offset = parts.groups(default="")
    try:
        moment = dt.datetime.fromisoformat(
            f"{day}T{minute}:{'59' if second == '60' else second}{fraction[:7]}{offset.upper()}"
        ).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        faults.add(pointer, "there is no such time")
        return received_at
    if moment > received_at + CLOCK_SKEW:
        faults.add(pointer, "it is more than 24 hours in the future")
    if moment < EARLIEST:
        faults.add(pointer, "it is before 1990")
    return moment


def _carried(
    body: Mapping[str, Any], default_region: str | None, faults: Faults, warnings: list[str]
) -> tuple[Carried, ...]:
    """In the order sent; an identifier sent twice counts once, with its best assurance."""
    pointer = "/identifiers"
    items = body.get("identifiers")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_IDENTIFIERS:
        faults.add(pointer, f"it must be a list of 1 to {MOST_IDENTIFIERS} identifiers")
        return ()
    best: dict[Identifier, Assurance] = {}
    dropped = 0
    for index, item in enumerate(items):
        before = len(warnings)
        found = _one_carried(f"{pointer}/{index}", item, default_region, faults, warnings)
        dropped += len(warnings) - before
        if found:
            best[found.identifier] = max(found.assurance, best.get(found.identifier, found.assurance))
    if dropped == len(items):
        faults.add(pointer, "every identifier is a placeholder that says nothing about a person; none is left")
    return tuple(Carried(carried, assurance) for carried, assurance in best.items())


def _one_carried(
    pointer: str, item: object, default_region: str | None, faults: Faults, warnings: list[str]
) -> Carried | None:
    """None where it is faulty, or dropped with a warning. A stated region outdoes the default one."""
    stated = faults.mapping(pointer, item)
    if stated is None:
        return None
    faults.refuse_unknown(pointer, stated, ("kind", "value", "assurance", "region"))
    kind = _one_of(f"{pointer}/kind", stated.get("kind"), list(IdentifierKind), faults)
    value = faults.text(f"{pointer}/value", stated.get("value"), LONGEST_IDENTIFIER)
    region = default_region
    if "region" in stated and (text := faults.text(f"{pointer}/region", stated["region"], 2)):
        try:
            region = country(text)
        except ValueError as error:
            faults.add(f"{pointer}/region", str(error))
            return None
    assurance = None
    if "assurance" in stated:
        labels = [level.label for level in Assurance]
        assurance = _one_of(f"{pointer}/assurance", stated["assurance"], labels, faults)
    if kind is None or value is None:
        return None
    found = _read(pointer, IdentifierKind(kind), value, region, faults)
    if found is None and f"{pointer}/value" not in faults:
        warnings.append(f"{pointer}: this {kind} is a placeholder that says nothing about a person; it was dropped")
    if found is None:
        return None
    return Carried(found, Assurance.of(assurance) if assurance else default_assurance(found.kind))


def default_assurance(kind: IdentifierKind) -> Assurance:
    """Somebody stated a strong identifier; a weak one was only seen."""
    return Assurance.ASSERTED if kind.is_strong else Assurance.OBSERVED


def _read(pointer: str, kind: IdentifierKind, value: str, region: str | None, faults: Faults) -> Identifier | None:
    """None for a placeholder, and for a faulty value."""
    if is_placeholder(kind, value):
        return None
    try:
        found = identifier(kind, value, region)
    except ValueError as error:
        faults.add(f"{pointer}/value", str(error))
        return None
    return None if is_blocked(found) else found


def _one_of(pointer: str, value: object, choices: list[str], faults: Faults) -> str | None:
    if isinstance(value, str) and value in choices:
        return value
    faults.add(pointer, f"it must be one of {', '.join(choices)}")
    return None


def _traits(
    body: Mapping[str, Any], date_format: str | None, faults: Faults, warnings: list[str]
) -> tuple[Traits, Mapping[str, str]]:
    """The traits read, and the same in the channel's own words; an empty string is one not stated."""
    stated = faults.mapping("/traits", body["traits"]) if "traits" in body else {}
    if not stated:
        return Traits(), {}
    faults.refuse_unknown("/traits", stated, TRAIT_FIELDS)
    words = {}
    for name in TRAIT_FIELDS:
        if stated.get(name, "") != "" and (text := faults.text(f"/traits/{name}", stated[name], LONGEST_TRAIT)):
            words[name] = text
    reading = traits(words, date_format)
    for name, detail in reading.faults.items():
        faults.add(f"/traits/{name}", detail)
    warnings.extend(f"/traits/{name}: {detail}" for name, detail in reading.dropped.items())
    return reading.traits, {name: text for name, text in words.items() if text.strip() and name not in reading.dropped}


def _event(body: Mapping[str, Any], faults: Faults) -> Happening:
    stated = faults.mapping("/event", body["event"]) if "event" in body else {"type": DEFAULT_EVENT}
    if stated is None:
        return Happening(DEFAULT_EVENT, None, {})
    faults.refuse_unknown("/event", stated, ("type", "target_id", "properties", "evidence"))
    type = faults.text("/event/type", stated.get("type"), LONGEST_ID, _EVENT_TYPE)
    target = faults.printable("/event/target_id", stated["target_id"], LONGEST_ID) if "target_id" in stated else None
    properties: dict[str, Any] | None = {}
    if "properties" in stated:
        properties = faults.mapping("/event/properties", stated["properties"])
        _limit_size("/event/properties", properties, faults)
    evidence = _evidence(stated["evidence"], faults) if "evidence" in stated else ()
    return Happening(type or DEFAULT_EVENT, target, properties or {}, evidence=evidence)


def _evidence(stated: object, faults: Faults) -> tuple[str, ...]:
    """Each hash once, in the order sent; whether there is such evidence is for the graph to say."""
    if not isinstance(stated, list) or len(stated) > MOST_EVIDENCE:
        faults.add("/event/evidence", f"it must be a list of at most {MOST_EVIDENCE} hashes")
        return ()
    found = [faults.text(f"/event/evidence/{index}", one, 64, SHA256) for index, one in enumerate(stated)]
    return tuple(dict.fromkeys(one for one in found if one))


def _limit_size(pointer: str, properties: dict[str, Any] | None, faults: Faults) -> None:
    try:
        size = len(orjson.dumps(properties))
    except orjson.JSONEncodeError:
        return  # It holds something unstorable, which has its own fault.
    if size > LARGEST_PROPERTIES:
        faults.add(pointer, f"it is larger than {LARGEST_PROPERTIES} bytes of JSON")
