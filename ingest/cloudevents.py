"""CloudEvents 1.0 become observations: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md

Structured, batch and binary content mode of the HTTP binding. `source` and `id` together are the observation's id, as
the specification has it. The data is an observation body without `id`, `channel` and `occurred_at`, or any object whose
`identifiers` say who it is about; what else it holds is the event's properties.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from vitograph.ingest.bodies import decode
from vitograph.ingest.observations import LONGEST_ID
from vitograph.resolver.errors import Fault, InvalidInput

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

_NAMESPACE = uuid.UUID("c9e0a6c3-1f0a-5c93-9a4a-6a7c6f5b8e04")
_REQUIRED = ("specversion", "id", "source", "type")
_NOT_IN_A_TYPE = re.compile(r"[^a-z0-9_.]+")
_NOT_IN_A_CHANNEL = re.compile(r"[^a-z0-9_.:-]+")
_OURS = ("identifiers", "traits", "event")


def of_headers(headers: Iterable[tuple[str, str]], data: Any) -> dict[str, Any]:
    """The event of a request in binary mode: its attributes are `ce-` headers, percent-encoded (§3.1.3.2)."""
    attributes = {name.lower()[3:]: unquote(value) for name, value in headers if name.lower().startswith("ce-")}
    return {**attributes, "data": data}


def body_of(event: object, channel: str) -> dict[str, Any]:
    """The observation body of a CloudEvent in its JSON form. InvalidInput where it is none, or is about nobody."""
    if not isinstance(event, dict):
        raise InvalidInput([Fault("", "a CloudEvent is an object")])
    faults = [Fault(f"/{name}", "it is required") for name in _REQUIRED if not _is_word(event.get(name))]
    if not faults and event["specversion"] != "1.0":
        faults.append(Fault("/specversion", "it must be 1.0"))
    data = _data(event)
    if not isinstance(data, dict) or not isinstance(data.get("identifiers"), list):
        faults.append(Fault("/data/identifiers", "the data says by its `identifiers` whom it is about"))
    if faults:
        raise InvalidInput(faults)
    stated = data.get("event")
    happened = dict(stated) if isinstance(stated, dict) else {}
    happened.setdefault("type", _NOT_IN_A_TYPE.sub("_", event["type"].lower()).strip("_")[:LONGEST_ID])
    others = {name: value for name, value in data.items() if name not in _OURS}
    about = {name: event[name] for name in ("source", "type", "id", "subject", "dataschema") if name in event}
    properties = happened.get("properties", {})
    if isinstance(properties, dict):
        happened["properties"] = {**others, **properties, "cloudevent": about}
    body = {
        "id": str(uuid.uuid5(_NAMESPACE, f"{event['source']}\n{event['id']}")),
        "channel": channel,
        "identifiers": data["identifiers"],
        "event": happened,
    }
    if "traits" in data:
        body["traits"] = data["traits"]
    if event.get("time") is not None:
        body["occurred_at"] = event["time"]
    return body


def channel_of(name: str) -> str:
    """The name of a key as a channel."""
    return _NOT_IN_A_CHANNEL.sub("_", name.lower()).strip("_.:-")[:64] or "cloudevents"


def _data(event: Mapping[str, Any]) -> Any:
    """The data, also where it is JSON in Base64 (JSON format §3.1)."""
    if "data_base64" not in event:
        return event.get("data")
    try:
        return decode(base64.b64decode(event["data_base64"], validate=True))
    except (binascii.Error, TypeError, ValueError):
        raise InvalidInput([Fault("/data_base64", "it is no JSON in Base64")]) from None


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value != ""
