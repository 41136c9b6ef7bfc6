"""Segment's traits as our traits, and as the identifiers among them.

Names of the traits: https://segment.com/docs/connections/spec/identify/#traits, and what libraries make of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMES: Mapping[str, tuple[str, ...]] = {
    "given_name": ("firstName", "first_name", "firstname", "given_name"),
    "family_name": ("lastName", "last_name", "lastname", "family_name"),
    "full_name": ("name", "full_name"),
    "date_of_birth": ("birthday", "date_of_birth", "dateOfBirth"),
    "gender": ("gender",),
}
_ADDRESS: Mapping[str, tuple[str, ...]] = {
    "street": ("street",),
    "city": ("city",),
    "region": ("state", "region"),
    "postal_code": ("postalCode", "postal_code", "zip"),
    "country": ("country",),
}
_IDENTIFIERS = ("email", "phone")
_EXACT = 2**53


def stated_traits(message: Mapping[str, Any]) -> dict[str, Any]:
    """All traits of who is spoken of: those of `traits` before those of `context.traits`.

    The `traits` of a `group` are those of the group: https://segment.com/docs/connections/spec/group/#traits
    """
    context = message.get("context")
    own = None if message.get("type") == "group" else message.get("traits")
    sides = (context.get("traits") if isinstance(context, dict) else None, own)
    return {name: value for side in sides if isinstance(side, dict) for name, value in side.items()}


def our_traits(stated: Mapping[str, Any]) -> dict[str, str]:
    """The traits that ViTo knows, by our names, as text."""
    address = stated.get("address")
    places = {**stated, **address} if isinstance(address, dict) else stated
    found = {**_found(stated, _NAMES), **_found(places, _ADDRESS)}
    if isinstance(address, str) and address.strip():
        found.setdefault("street", address)
    return found


def our_identifiers(stated: Mapping[str, Any]) -> list[dict[str, str]]:
    """E-mail address and phone number, as somebody stated them."""
    values = {kind: text(stated.get(kind)) for kind in _IDENTIFIERS}
    return [{"kind": kind, "value": value, "assurance": "asserted"} for kind, value in values.items() if value]


def text(value: object) -> str:
    """A value as text: a string without spaces around it, or a whole number; '' for anything else.

    A float is the number that was sent only below 2^53: beyond, several are one, and two accounts would be.
    """
    match value:
        case bool():
            return ""
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case str() | int():
            return str(value).strip()
    return ""


def _found(stated: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    values = {ours: next((v for name in theirs if (v := text(stated.get(name)))), "") for ours, theirs in names.items()}
    return {ours: value for ours, value in values.items() if value}
