"""What a key may say. One that stands in a web page can be copied by anybody, so nothing it says proves anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from vitograph.ingest.observations import CLOCK_SKEW, EARLIEST
from vitograph.ingest.segment.clocks import read_time
from vitograph.resolver.errors import Forbidden
from vitograph.resolver.terms import Terms

DECIDING = ("consent.", "campaign.enrolled", "negotiation.", "call.")
"""How the types of events begin by which somebody is a lead or none, is greeted, or is shown to sales."""
OWN = ("cookie", "session")
"""Kinds of identifiers that only the visitor's own browser knows. Anybody may type an address or a number.

A session may be bound to whom somebody typed in it before (rule A2), so what decides is said of the cookie alone (A3).
"""


def restrain(body: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """The body, of a publishable key with nothing above `asserted`. Forbidden where it says what the key may not.

    What decides about a person it says of its own visitor only: else whoever knows an address would withdraw or grant
    its owner's consent, or enrol them without the double opt-in. A time of its visitor's clock that cannot be is left
    out: it happened when it was received.
    """
    event = body.get("event")
    target = event.get("target_id") if isinstance(event, dict) else None
    if target is not None and target not in terms.campaigns and (terms.publishable or terms.campaigns):
        raise Forbidden("this key is not for that campaign")
    if terms.channels and body.get("channel") not in terms.channels:
        raise Forbidden("this key is not for that channel")
    if not terms.publishable:
        return body
    if not _can_be(body.get("occurred_at")):
        body = {name: value for name, value in body.items() if name != "occurred_at"}
    carried = body.get("identifiers")
    if not isinstance(carried, list):
        return body
    said = str(event.get("type")).strip() if isinstance(event, dict) else ""
    if said.startswith(DECIDING):
        carried = _of_the_visitor(carried, said, is_proved="identity" in body)
    return {**body, "identifiers": [_asserted(one) for one in carried]}


def lowered(sent: dict[str, Any], kept: dict[str, Any]) -> tuple[str, ...]:
    """A warning for each identifier that `restrain` kept as less than was sent, or left out, and for such a time."""
    is_timed = kept.keys() >= sent.keys()
    found = [] if is_timed else ["/occurred_at: it cannot be, by our clock; it happened when it was received"]
    carried, left = sent.get("identifiers"), kept.get("identifiers")
    if not isinstance(carried, list) or not isinstance(left, list) or left == carried:
        return tuple(found)
    is_whole = len(left) == len(carried)
    for place, one in enumerate(carried):
        if not is_whole and _kind(one) != "cookie":
            found.append(f"/identifiers/{place}: what decides is said of the cookie alone; this was left out")
        elif _asserted(one) is not one:
            found.append(f"/identifiers/{place}: a key that stands in a page proves nothing; this counts as asserted")
    return tuple(found)


def _can_be(occurred_at: object) -> bool:
    """Whether a time is neither ahead of ours nor before there were pages; one that is none has a fault of its own."""
    happened = read_time(occurred_at)
    return happened is None or EARLIEST <= happened <= dt.datetime.now(dt.UTC) + CLOCK_SKEW


def _of_the_visitor(carried: list[Any], said: str, *, is_proved: bool) -> list[Any]:
    """What is left of these identifiers for an event that decides. Forbidden where it is of somebody else."""
    left = carried if is_proved else [one for one in carried if _kind(one) == "cookie"]
    if all(_kind(one) in OWN for one in carried) and (left or is_proved):
        return left
    raise Forbidden(
        f"a key that stands in a page says {said} of its own visitor, by a cookie: of an address, a phone number or an "
        "account it takes the key of a server, a proved identity or a form"
    )


def _kind(carried: Any) -> Any:
    return carried.get("kind") if isinstance(carried, dict) else None


def _asserted(carried: Any) -> Any:
    if isinstance(carried, dict) and carried.get("assurance") == "verified":
        return {**carried, "assurance": "asserted"}
    return carried
