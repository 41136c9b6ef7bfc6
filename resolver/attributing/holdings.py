"""What is held by whom, as far as the observations at hand touch it: the state that attribution reads and writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import uuid_utils

from vitograph.resolver.erasure import Buried
from vitograph.resolver.model import Assurance, Identifier, IdentifierStatus, PersonKind
from vitograph.resolver.profiles import Stated
from vitograph.resolver.values.denylist import is_role_mailbox

_NAMESPACE = uuid_utils.UUID("8d0e3f0a-6f4d-5c1b-9a57-3c1b6f2e7d10")


def person_founded_by(observation_id: str) -> str:
    """The id of the known person that an observation founds: a function of the observation, so replays agree."""
    return str(uuid_utils.uuid5(_NAMESPACE, f"observation:{observation_id}"))


def person_founded_on(kind: PersonKind, key: str) -> str:
    """The id of the one device (or unattributed) person of an identifier."""
    return str(uuid_utils.uuid5(_NAMESPACE, f"{kind}:{key}"))


@dataclass(slots=True)
class Fragment:
    """What attribution must know of one person: its view, what it stated, and its verified accounts (user_ids).

    `keys` are the identifiers it holds, of those at hand.
    """

    id: str
    view_id: str
    kind: PersonKind
    stated: Stated = field(default_factory=Stated)
    accounts: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Hold:
    """How one person holds one identifier. `bound` marks the last strong binding of a weak one.

    `first_bound` and `last_bound` are the first and the last time that a strong identifier bound a weak one, `last_out`
    when the person last ended a sitting on it.
    """

    person_id: str
    assurance: Assurance
    bound: bool = False
    first_seen: dt.datetime | None = None
    last_seen: dt.datetime | None = None
    first_bound: dt.datetime | None = None
    last_bound: dt.datetime | None = None
    last_out: dt.datetime | None = None

    def see(self, at: dt.datetime, assurance: Assurance) -> None:
        """One more event carries it."""
        self.assurance = max(self.assurance, assurance)
        self.first_seen = min(self.first_seen or at, at)
        self.last_seen = max(self.last_seen or at, at)

    def bind(self, at: dt.datetime) -> None:
        self.first_bound = min(self.first_bound or at, at)
        self.last_bound = max(self.last_bound or at, at)

    def leave(self, at: dt.datetime) -> None:
        self.last_out = max(self.last_out or at, at)


@dataclass(slots=True)
class Holdings:
    """Grows as observations are attributed in order.

    `degrees` counts all holders as they were read, also where they are too many to be listed, and `before` are the
    statuses as they were read; `called_shared` are the identifiers that a decision of effect calls shared; `buried`
    those whose holder was erased. `heard`: up to when something was received, in epoch microseconds, that stated
    something new about a person (by id) or bound a weak identifier (by key).
    """

    statuses: dict[str, IdentifierStatus] = field(default_factory=dict)
    holds: dict[str, dict[str, Hold]] = field(default_factory=dict)
    fragments: dict[str, Fragment] = field(default_factory=dict)
    degrees: dict[str, int] = field(default_factory=dict)
    called_shared: set[str] = field(default_factory=set)
    before: dict[str, IdentifierStatus] = field(default_factory=dict)
    buried: dict[str, Buried] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    _members: dict[str, list[Fragment]] = field(default_factory=dict)

    def status(self, identifier: Identifier) -> IdentifierStatus:
        """How an identifier stands; of one that nobody held yet only its own words tell."""
        known = self.statuses.get(identifier.key)
        if known is not None:
            return known
        return IdentifierStatus.SHARED if is_role_mailbox(identifier) else IdentifierStatus.EXCLUSIVE

    def degree(self, key: str) -> int:
        return max(self.degrees.get(key, 0), len(self.holds.get(key, ())))

    def views(self, key: str) -> dict[str, list[Hold]]:
        """Holds of an identifier by view, known persons only, each view's best and oldest id first."""
        found: dict[str, list[Hold]] = {}
        for hold in self.holds.get(key, {}).values():
            fragment = self.fragments.get(hold.person_id)
            if fragment is not None and fragment.kind is PersonKind.KNOWN:
                found.setdefault(fragment.view_id, []).append(hold)
        for holds in found.values():
            if len(holds) > 1:
                holds.sort(key=lambda hold: (-hold.assurance, hold.person_id))
        return found

    def add(self, fragment: Fragment) -> Fragment:
        """Takes a person in, unless it is here already; the one that is here."""
        known = self.fragments.setdefault(fragment.id, fragment)
        if known is fragment:
            self._members.setdefault(fragment.view_id, []).append(fragment)
        return known

    def receive(self, at: int, subjects: Iterable[str]) -> int:
        """The moment to note for what is received about these (ids and keys) at that moment, by whoever's clock.

        It is later than what was received about them before: so their events can be told again in the order of these.
        """
        wanted = list(subjects)
        at = max([at, *(self.heard[one] + 1 for one in wanted if one in self.heard)])
        self.heard.update(dict.fromkeys(wanted, at))
        return at

    def members(self, view_id: str) -> list[Fragment]:
        """The persons of a view, in the order in which they were added."""
        return self._members.get(view_id, [])
