"""The nouns of the glossary as frozen values, shared by every layer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

NEEDS_REVIEW = ".needs_review"
"""How the type of an event ends whose meaning is doubtful."""
ENROLLED = "campaign.enrolled"
"""The type of an event by which somebody takes part in the campaign that is its target."""


class Assurance(IntEnum):
    """How well the channel knows an identifier; a greater value is a better one."""

    OBSERVED = 1
    ASSERTED = 2
    VERIFIED = 3

    @property
    def label(self) -> str:
        return _LABELS[self]

    @classmethod
    def of(cls, label: str) -> Assurance:
        """The level of a label, in upper or lower case. KeyError when there is none."""
        return cls[label.upper()]


_LABELS = {level: level.name.lower() for level in Assurance}


class IdentifierKind(StrEnum):
    USER_ID = "user_id"
    EMAIL = "email"
    PHONE = "phone"
    SESSION = "session"
    COOKIE = "cookie"

    @property
    def is_strong(self) -> bool:
        """A person is founded on strong identifiers only; a weak one founds a device person."""
        return self is not IdentifierKind.SESSION and self is not IdentifierKind.COOKIE


class IdentifierStatus(StrEnum):
    EXCLUSIVE = "exclusive"
    SUSPECTED = "suspected"
    SHARED = "shared"
    BLOCKED = "blocked"


SILENT = frozenset({IdentifierStatus.SHARED, IdentifierStatus.BLOCKED})
"""Statuses in which an identifier anchors nothing and is no evidence; its holders are company all the same."""


class PersonKind(StrEnum):
    KNOWN = "known"
    DEVICE = "device"
    UNATTRIBUTED = "unattributed"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A kind and its normalised value. Ordering is by `key`'s parts, so sorted lists lock in one order."""

    kind: IdentifierKind
    value: str

    @property
    def key(self) -> str:
        return self.kind + ":" + self.value

    @classmethod
    def parse(cls, key: str) -> Identifier:
        """The identifier of a key such as `email:maria@example.com`. ValueError for an unknown kind."""
        kind, _, value = key.partition(":")
        return cls(IdentifierKind(kind), value)

    @property
    def issuer(self) -> str:
        """Who hands out a user_id: the part before its first colon, or '' (one unnamed issuer)."""
        issuer, colon, _ = self.value.partition(":")
        return issuer if colon else ""


@dataclass(frozen=True, slots=True)
class Carried:
    """An identifier as one observation carries it."""

    identifier: Identifier
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, each part normalised (NFKC, case-folded, single spaces) or None."""

    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What was stated about the person, normalised for comparison. The raw words stay on the event.

    Names are NFKC, case-folded, with single spaces. `date_of_birth` is ISO 8601 (YYYY-MM-DD).
    """

    given_name: str | None = None
    family_name: str | None = None
    full_name: str | None = None
    date_of_birth: str | None = None
    gender: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """The event part of an observation. `evidence` are the SHA-256 (hex) of what is attached to it.

    `premature`: an enrolment before there was a campaign of its target, which counts for none; None while nobody has
    judged it. `reviews` is the event that this one settles, by a specialist's word; no channel can say so.
    """

    type: str
    target_id: str | None
    properties: Mapping[str, Any]
    premature: bool | None = None
    evidence: tuple[str, ...] = ()
    reviews: str | None = None

    @property
    def needs_review(self) -> bool:
        """Whether a specialist must say what it means."""
        return self.type.endswith(NEEDS_REVIEW) or bool(self.properties.get("needs_review"))


@dataclass(frozen=True, slots=True)
class Observation:
    """A validated, normalised observation. `stated` holds the traits in the channel's own words.

    `body_hash` is the SHA-256 (hex) of the canonical JSON body, by which a replay is told from a reused id.
    """

    id: str
    channel: str
    occurred_at: dt.datetime
    carried: tuple[Carried, ...]
    traits: Traits
    stated: Mapping[str, str]
    event: Happening
    body_hash: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """An identifier as a person or view holds it. `count` is the number of events that carried it.

    Of a cookie or a session: when a strong identifier bound it first and last (a login), and when the person first
    ended a sitting on it (a logout); None where that is not known.
    """

    identifier: Identifier
    assurance: Assurance
    first_seen: dt.datetime
    last_seen: dt.datetime
    count: int = 1
    first_bound: dt.datetime | None = None
    last_bound: dt.datetime | None = None
    first_out: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that scoring knows of one view: the distinct values its fragments stated and hold.

    Values are normalised as in `Traits`; the order of a tuple means nothing. A fragment that stated a given and a
    family name together adds the pair (given, family) to `names`, so that names of two persons are never mixed.
    """

    view_id: str
    kind: PersonKind
    given_names: tuple[str, ...] = ()
    family_names: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    birth_dates: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdentifierUse:
    """How an identifier is used in the whole graph, as scoring needs it.

    `holders` counts the distinct views of kind `known` that hold it (device persons aside).
    """

    status: IdentifierStatus
    holders: int
