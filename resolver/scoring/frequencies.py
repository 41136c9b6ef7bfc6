"""The values whose frequency among views scoring asks for, as keys: `family_name:lopez`, `city:madrid`."""

from __future__ import annotations

from collections.abc import Iterator

from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.name_evidence import names_of

PARTS = ("street", "postal_code", "city")
"""The parts of an address that are counted."""


def value_key(field: str, value: str) -> str:
    """The key of a value of one field."""
    return f"{field}:{value}"


def stated_values(profile: Profile) -> frozenset[str]:
    """Every value that a view stated and that is counted, each once, by its key."""
    return frozenset(value_key(field, value) for field, value in _stated(profile) if value)


def name_values(profile: Profile) -> Iterator[str]:
    """The keys of those values that scoring asks for of every pair: given and family names."""
    for name in names_of(profile):
        if name.given:
            yield value_key("given_name", name.given)
        if name.family:
            yield value_key("family_name", name.family)


def _stated(profile: Profile) -> Iterator[tuple[str, str]]:
    for name in names_of(profile):
        yield "given_name", name.given
        yield "family_name", name.family
        if name.given and name.family:
            yield "full_name", f"{name.given} {name.family}"
    for born in profile.birth_dates:
        yield "date_of_birth", born
    for address in profile.addresses:
        for part in PARTS:
            yield part, getattr(address, part) or ""
