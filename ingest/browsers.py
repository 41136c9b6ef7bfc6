"""What a key that stands in a web page may say: anybody can copy it, so nothing it says proves anything."""

from __future__ import annotations

from typing import Any

from vitograph.resolver.errors import Forbidden
from vitograph.resolver.terms import Terms


def restrain(body: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """The body with nothing above `asserted`. Forbidden when it targets a campaign that is not one of the key's."""
    if not terms.publishable:
        return body
    event = body.get("event")
    target = event.get("target_id") if isinstance(event, dict) else None
    if target is not None and target not in terms.campaigns:
        raise Forbidden("this key is not for that campaign")
    carried = body.get("identifiers")
    if not isinstance(carried, list):
        return body
    return {**body, "identifiers": [_asserted(one) for one in carried]}


def _asserted(carried: Any) -> Any:
    if isinstance(carried, dict) and carried.get("assurance") == "verified":
        return {**carried, "assurance": "asserted"}
    return carried
