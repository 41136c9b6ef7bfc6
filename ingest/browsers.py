"""What a key may say. One that stands in a web page can be copied by anybody, so nothing it says proves anything."""

from __future__ import annotations

from typing import Any

from vitograph.resolver.errors import Forbidden
from vitograph.resolver.terms import Terms


def restrain(body: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """The body, of a publishable key with nothing above `asserted`. Forbidden where it says what the key may not."""
    event = body.get("event")
    target = event.get("target_id") if isinstance(event, dict) else None
    if target is not None and target not in terms.campaigns and (terms.publishable or terms.campaigns):
        raise Forbidden("this key is not for that campaign")
    if terms.channels and body.get("channel") not in terms.channels:
        raise Forbidden("this key is not for that channel")
    if not terms.publishable:
        return body
    carried = body.get("identifiers")
    if not isinstance(carried, list):
        return body
    return {**body, "identifiers": [_asserted(one) for one in carried]}


def _asserted(carried: Any) -> Any:
    if isinstance(carried, dict) and carried.get("assurance") == "verified":
        return {**carried, "assurance": "asserted"}
    return carried
