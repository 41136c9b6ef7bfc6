"""Profiles as the flat rows that other tools read: one value of each field, and lists of identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitograph.resolver.model import IdentifierKind, Profile
from vitograph.resolver.scoring.name_evidence import names_of

FIELDS = ("given_name", "family_name", "date_of_birth", "gender", "street", "city", "region", "postal_code")
LISTS = {"emails": IdentifierKind.EMAIL, "phones": IdentifierKind.PHONE, "accounts": IdentifierKind.USER_ID}

Row = dict[str, Any]


def row_of(profile: Profile) -> Row:
    """The first value stated of each field (the name with most parts), None where nothing was; identifiers sorted."""
    names = sorted(names_of(profile), key=lambda name: -(bool(name.given) + bool(name.family)))
    address = profile.addresses[0] if profile.addresses else None
    held: dict[str, list[str]] = {
        column: sorted(use.identifier.value for use in profile.identifiers.values() if use.identifier.kind is kind)
        for column, kind in LISTS.items()
    }
    return {
        "unique_id": profile.view_id,
        "given_name": (names[0].given or None) if names else None,
        "family_name": (names[0].family or None) if names else None,
        "date_of_birth": next(iter(profile.birth_dates), None),
        "gender": next(iter(profile.genders), None),
        "street": address.street if address else None,
        "city": address.city if address else None,
        "region": address.region if address else None,
        "postal_code": address.postal_code if address else None,
        "email": next(iter(held["emails"]), None),
        "phone": next(iter(held["phones"]), None),
        **{column: values or None for column, values in held.items()},
    }


def rows_of(profiles: Mapping[str, Profile]) -> list[Row]:
    return [row_of(profile) for profile in profiles.values()]


def filled(rows: list[Row], column: str) -> float:
    """The share of rows that have a value."""
    return sum(row[column] is not None for row in rows) / len(rows)
