"""What a person has stated, as the graph keeps it, and the profile of a view that scoring reads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from vitograph.resolver.model import Address, Held, PersonKind, Profile, Traits
from vitograph.resolver.values.full_names import parse_full_name

# A person who states more distinct values than this of one kind adds no more: what is kept stays bounded.
MOST_VALUES = 32


@dataclass(slots=True)
class Stated:
    """The distinct values one person stated, by kind, in the order of their arrival.

    Each is a list of strings, as a graph property can hold it: a pair of names and an address are JSON.
    """

    given_names: list[str] = field(default_factory=list)
    family_names: list[str] = field(default_factory=list)
    full_names: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def add(self, traits: Traits) -> None:
        """Adds what an observation states."""
        for name, value in _values(traits):
            values: list[str] = getattr(self, name)
            if value not in values and len(values) < MOST_VALUES:
                values.append(value)

    def pairs(self) -> list[tuple[str, str]]:
        """Given and family names that were stated together."""
        return [(given, family) for given, family in map(json.loads, self.names)]

    def lacks(self, traits: Traits) -> bool:
        """Whether an observation states a value that is not here yet."""
        return any(
            value not in (values := getattr(self, name)) and len(values) < MOST_VALUES
            for name, value in _values(traits)
        )

    def to_properties(self) -> dict[str, list[str]]:
        """The lists by property name, empty ones left out."""
        return {item.name: values for item in fields(self) if (values := getattr(self, item.name))}

    @classmethod
    def from_properties(cls, properties: Mapping[str, object]) -> Stated:
        """The reverse of `to_properties`; other properties of the person are passed over."""
        stated = cls()
        for item in fields(cls):
            values = properties.get(item.name)
            if isinstance(values, list):
                setattr(stated, item.name, [str(value) for value in values])
        return stated


def first_names(traits: Traits) -> list[str]:
    """The given name as stated, or what stands before the family name in a full name that came without one."""
    if traits.given_name:
        return [traits.given_name]
    return [name.given for name in parse_full_name(traits.full_name or "") if name.given][:1]


def profile(view_id: str, kind: PersonKind, stated: Iterable[Stated], held: Iterable[Mapping[str, Held]]) -> Profile:
    """The profile of a view: the union of what its fragments stated and hold."""
    together = Stated()
    for one in stated:
        for item in fields(Stated):
            ours: list[str] = getattr(together, item.name)
            ours.extend(value for value in getattr(one, item.name) if value not in ours)
    identifiers: dict[str, Held] = {}
    for holds in held:
        for key, hold in holds.items():
            identifiers[key] = _joined(identifiers[key], hold) if key in identifiers else hold
    return Profile(
        view_id,
        kind,
        tuple(together.given_names),
        tuple(together.family_names),
        tuple(together.full_names),
        tuple(together.pairs()),
        tuple(together.birth_dates),
        tuple(together.genders),
        tuple(Address(**json.loads(address)) for address in together.addresses),
        identifiers,
    )


def united(view_id: str, parts: Iterable[Profile], until: dt.datetime) -> Profile:
    """The profile of several fragments as one; identifiers first seen after a moment are left out."""
    found = sorted(parts, key=lambda part: part.view_id)
    identifiers: dict[str, Held] = {}
    for part in found:
        for key, hold in part.identifiers.items():
            if hold.first_seen <= until:
                identifiers[key] = _joined(identifiers[key], hold) if key in identifiers else hold

    def values(name: str) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value for part in found for value in getattr(part, name)))

    lists = {item.name: values(item.name) for item in fields(Stated)}
    return Profile(view_id, PersonKind.KNOWN, **lists, identifiers=identifiers)


def _values(traits: Traits) -> Iterable[tuple[str, str]]:
    for name in first_names(traits):
        yield "given_names", name
    if traits.family_name:
        yield "family_names", traits.family_name
    if traits.full_name:
        yield "full_names", traits.full_name
    if traits.given_name and traits.family_name:
        yield "names", json.dumps([traits.given_name, traits.family_name], ensure_ascii=False)
    if traits.date_of_birth:
        yield "birth_dates", traits.date_of_birth
    if traits.gender:
        yield "genders", traits.gender
    if traits.address is not None:
        parts = {key: value for key, value in asdict(traits.address).items() if value}
        if parts:
            yield "addresses", json.dumps(parts, ensure_ascii=False, sort_keys=True)


def _joined(left: Held, right: Held) -> Held:
    """Two holds of one identifier as one."""
    return Held(
        left.identifier,
        max(left.assurance, right.assurance),
        min(left.first_seen, right.first_seen),
        max(left.last_seen, right.last_seen),
        left.count + right.count,
        _first(left.first_bound, right.first_bound),
        _last(left.last_bound, right.last_bound),
        _first(left.first_out, right.first_out),
    )


def _first(*moments: dt.datetime | None) -> dt.datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _last(*moments: dt.datetime | None) -> dt.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
