"""A telephone call as Twilio tells of it: who called, whom, and how the call went.

Parameters: https://www.twilio.com/docs/voice/twiml#request-parameters and, of status callbacks,
https://www.twilio.com/docs/voice/api/call-resource#statuscallback. A caller's number is `observed`: it is that of a
line, it can be forged, and it does not say who is speaking.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from vitograph.ingest.segment.clocks import read_time
from vitograph.resolver.errors import Fault, InvalidInput

CHANNEL = "phone"
_NAMESPACE = uuid.UUID("5b1d4c0e-8a71-5f5e-9b36-6f6a2f4f9d02")
_SID = re.compile(r"CA[0-9a-fA-F]{32}")

WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253", "464"})
"""What stands for a number that is not told: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a keypad, none."""

_STATUS = re.compile(r"[a-z-]{1,32}")
_TYPES = {"queued": "call.started", "initiated": "call.started", "in-progress": "call.answered"}
_KEPT = ("CallSid", "CallStatus", "Direction", "CallDuration", "ForwardedFrom", "StirVerstat", "CallerCountry")


def observation_of(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The observation body of a webhook. InvalidInput where it tells of no call.

    A call is a sitting of its own; who withholds their number is known by that alone. The same status of the same call
    is the same observation, whenever and however often it is told.
    """
    sid, status = parameters.get("CallSid", ""), parameters.get("CallStatus", "")
    if not _SID.fullmatch(sid) or not _STATUS.fullmatch(status):
        raise InvalidInput([Fault("/CallSid", "a webhook of a call has its CallSid and its CallStatus")])
    outbound = parameters.get("Direction", "").startswith("outbound")
    person, ours = (parameters.get(name, "") for name in (("To", "From") if outbound else ("From", "To")))
    carried = [{"kind": "session", "value": f"twilio:{sid}", "assurance": "observed"}]
    if number := told(person):
        carried.append({"kind": "phone", "value": number, "assurance": "observed"})
    kept = {name: parameters[name] for name in _KEPT if parameters.get(name)}
    type = _TYPES.get(status, f"call.{status.replace('-', '_')}")
    body: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMESPACE, f"{sid}/{status}")),
        "channel": CHANNEL,
        "identifiers": carried,
        "event": {"type": type, "properties": {**kept, "line": ours}},
    }
    if happened := _moment(parameters.get("Timestamp")):
        body["occurred_at"] = happened
    return body


def told(number: str) -> str:
    """A caller's number, '' where it is withheld or none: a client's name, a SIP address, a word."""
    number = number.strip()
    digits = number.removeprefix("+")
    return number if digits.isascii() and digits.isdecimal() and digits not in WITHHELD else ""


def _moment(stamp: str | None) -> str | None:
    """Twilio's RFC 2822 time (`Tue, 25 Nov 2026 10:00:00 +0000`) as RFC 3339."""
    if not stamp:
        return None
    found = read_time(stamp)
    if found is None:
        try:
            found = parsedate_to_datetime(stamp)
        except (ValueError, TypeError):
            return None
    return found.isoformat() if found.tzinfo else None
