"""Whose event is it? Rules A1–A6 of the design, as pure functions over what is already held.

No score takes part. A known person is founded on strong identifiers only; a cookie or a session founds a device
person, which never becomes somebody. A holder that contradicts what is stated is not the holder.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from vitograph.resolver.model import (
    Assurance,
    Carried,
    Identifier,
    IdentifierKind,
    IdentifierStatus,
    Observation,
    PersonKind,
    Traits,
)
from vitograph.resolver.names import birth_dates_compatible, given_names_compatible
from vitograph.resolver.profiles import Stated, first_names

# A session is one sitting by contract; should a channel forget to end it, it ends after this idle time.
SITTING = dt.timedelta(hours=4)

# Events that end a session: what comes after them on the same session id is another sitting.
# It is known by the last part of its type: `user.logged_out`, `session.ended`, `logout`.
ENDS_SESSION = frozenset(
    {"logout", "log_out", "logged_out", "signout", "sign_out", "signed_out", "session_ended", "session_expired"}
)
_ENDS_OF_A_SESSION = frozenset({"ended", "end", "expired", "closed", "timed_out"})

_STRENGTH = {IdentifierKind.USER_ID: 3, IdentifierKind.EMAIL: 2, IdentifierKind.PHONE: 1}
_NAMESPACE = uuid.UUID("8d0e3f0a-6f4d-5c1b-9a57-3c1b6f2e7d10")


class Rule(StrEnum):
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    A6 = "A6"


@dataclass(slots=True)
class Fragment:
    """What attribution must know of one person: its view, what it stated, and its verified accounts (user_ids)."""

    id: str
    view_id: str
    kind: PersonKind
    stated: Stated = field(default_factory=Stated)
    accounts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Hold:
    """How one person holds one identifier. `bound` marks the last strong binding of a weak one."""

    person_id: str
    assurance: Assurance
    bound: bool = False
    last_seen: dt.datetime | None = None


@dataclass(slots=True)
class Holdings:
    """What is held by whom, as far as the observations at hand touch it; grows as they are attributed in order."""

    statuses: dict[str, IdentifierStatus] = field(default_factory=dict)
    holds: dict[str, dict[str, Hold]] = field(default_factory=dict)
    fragments: dict[str, Fragment] = field(default_factory=dict)

    def views(self, key: str) -> dict[str, list[Hold]]:
        """Holds of an identifier by view, known persons only, each view's best and oldest id first."""
        found: dict[str, list[Hold]] = {}
        for hold in self.holds.get(key, {}).values():
            fragment = self.fragments.get(hold.person_id)
            if fragment is not None and fragment.kind is PersonKind.KNOWN:
                found.setdefault(fragment.view_id, []).append(hold)
        for holds in found.values():
            holds.sort(key=lambda hold: (-hold.assurance, hold.person_id))
        return found

    def members(self, view_id: str) -> list[Fragment]:
        return [fragment for fragment in self.fragments.values() if fragment.view_id == view_id]


class Claim(StrEnum):
    """What the holders of one strong identifier say about an observation."""

    ANCHORED = "anchored"
    FREE = "free"
    AMBIGUOUS = "ambiguous"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an event goes, and why. `anchor` is the key that decided; `founded_on` makes a person unique.

    `suspected` are identifiers whose holder is contradicted by a name or a birth date. `binds` says that the weak
    identifiers of this observation are now bound to the person.
    """

    rule: Rule
    person_id: str
    kind: PersonKind
    founds: bool
    founded_on: str | None = None
    anchor: str | None = None
    suspected: tuple[str, ...] = ()
    binds: bool = False


def person_founded_by(observation_id: str) -> str:
    """The id of the known person that an observation founds: a function of the observation, so replays agree."""
    return str(uuid.uuid5(_NAMESPACE, f"observation:{observation_id}"))


def person_founded_on(kind: PersonKind, key: str) -> str:
    """The id of the one device (or unattributed) person of an identifier."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{key}"))


def attribute(observation: Observation, holdings: Holdings) -> Attribution:
    """Applies A1–A6. Every identifier carried is normalised and none is blocked."""
    strong = [c for c in observation.carried if c.identifier.kind.is_strong]
    if not strong:
        return _attribute_weak(observation, holdings)
    claims = [(carried, *_claim(carried.identifier, observation, holdings)) for carried in _best_first(strong)]
    for carried, claim, person_id in claims:
        if claim is Claim.ANCHORED and person_id is not None:
            return Attribution(
                Rule.A1, person_id, PersonKind.KNOWN, founds=False, anchor=carried.identifier.key, binds=True
            )
    if any(claim is Claim.CONTRADICTED for _, claim, _ in claims):
        return _found(Rule.A6, observation, suspected=_suspected(claims, observation, holdings))
    if any(claim is Claim.FREE for _, claim, _ in claims):
        return _found(Rule.A4, observation)
    if _states_name(observation.traits):
        return _found(Rule.A5, observation)
    key = claims[0][0].identifier.key
    id = person_founded_on(PersonKind.UNATTRIBUTED, key)
    return Attribution(Rule.A5, id, PersonKind.UNATTRIBUTED, founds=id not in holdings.fragments, founded_on=key)


def settle(observation: Observation, attribution: Attribution, holdings: Holdings) -> None:
    """Writes an attribution into the holdings, so that the next observation of the batch sees it."""
    id = attribution.person_id
    fragment = holdings.fragments.setdefault(id, Fragment(id, id, attribution.kind))
    fragment.stated.add(_put_right(fragment, observation.traits))
    rebound = rebinds(observation, attribution)
    for carried in observation.carried:
        key = carried.identifier.key
        if carried.identifier.kind is IdentifierKind.USER_ID and carried.assurance is Assurance.VERIFIED:
            fragment.accounts.add(carried.identifier.value)
        holds = holdings.holds.setdefault(key, {})
        hold = holds.setdefault(id, Hold(id, carried.assurance))
        hold.assurance = max(hold.assurance, carried.assurance)
        hold.last_seen = max(hold.last_seen or observation.occurred_at, observation.occurred_at)
        if key in rebound:
            for other in holds.values():
                other.bound = other is hold and rebound[key]
    for key in attribution.suspected:
        if holdings.statuses.get(key, IdentifierStatus.EXCLUSIVE) is IdentifierStatus.EXCLUSIVE:
            holdings.statuses[key] = IdentifierStatus.SUSPECTED


def ends_session(event_type: str) -> bool:
    """Whether an event of this type is the end of a sitting."""
    whole, _, last = event_type.rpartition(".")
    return last in ENDS_SESSION or (whole.rpartition(".")[2] == "session" and last in _ENDS_OF_A_SESSION)


def rebinds(observation: Observation, attribution: Attribution) -> dict[str, bool]:
    """The weak identifiers whose binding changes: True, to the event's person; False, to nobody (its sitting ended)."""
    changes = {}
    ends = ends_session(observation.event.type)
    for identifier in (carried.identifier for carried in observation.carried):
        if identifier.kind is IdentifierKind.SESSION and ends:
            changes[identifier.key] = False
        elif not identifier.kind.is_strong and attribution.binds:
            changes[identifier.key] = True
    return changes


def contradicts(members: Sequence[Fragment], observation: Observation) -> bool:
    """Whether a view cannot be whom the observation speaks of: another account, another name or birth date."""
    return _other_account(members, observation) or _other_person(members, observation.traits)


def _attribute_weak(observation: Observation, holdings: Holdings) -> Attribution:
    """A2 when the sitting is somebody's, else A3: the device person of the cookie, or of the session."""
    weak = sorted(carried.identifier for carried in observation.carried)
    for session in (i for i in weak if i.kind is IdentifierKind.SESSION):
        if holdings.statuses.get(session.key) in (IdentifierStatus.SHARED, IdentifierStatus.BLOCKED):
            continue
        for hold in holdings.holds.get(session.key, {}).values():
            fragment = holdings.fragments.get(hold.person_id)
            if not hold.bound or fragment is None or fragment.kind is not PersonKind.KNOWN:
                continue
            if hold.last_seen is not None and abs(observation.occurred_at - hold.last_seen) > SITTING:
                continue
            if not contradicts(holdings.members(fragment.view_id), observation):
                return Attribution(Rule.A2, fragment.id, PersonKind.KNOWN, founds=False, anchor=session.key)
    founder = min(weak, key=lambda i: (i.kind is not IdentifierKind.COOKIE, i.value))
    id = person_founded_on(PersonKind.DEVICE, founder.key)
    return Attribution(Rule.A3, id, PersonKind.DEVICE, founds=id not in holdings.fragments, founded_on=founder.key)


def _best_first(strong: Iterable[Carried]) -> list[Carried]:
    """Highest assurance, then user_id > email > phone, then the value: one order for one observation."""
    return sorted(strong, key=lambda c: (-c.assurance, -_STRENGTH[c.identifier.kind], c.identifier.value))


def _claim(identifier: Identifier, observation: Observation, holdings: Holdings) -> tuple[Claim, str | None]:
    """What the holders of an identifier say, and the person that anchors when one does.

    The holder is the view of the strictly highest assurance. Where that one is tied, or contradicts what is stated, it
    is the only other one whose stated name agrees: agreement must be positive, silence is not enough.
    """
    if holdings.statuses.get(identifier.key) in (IdentifierStatus.SHARED, IdentifierStatus.BLOCKED):
        return Claim.AMBIGUOUS, None
    views = holdings.views(identifier.key)
    if not views:
        return Claim.FREE, None
    best = max(holds[0].assurance for holds in views.values())
    top = [view for view, holds in views.items() if holds[0].assurance == best]
    fitting = [view for view in views if not contradicts(holdings.members(view), observation)]
    if len(top) == 1 and top[0] in fitting:
        return Claim.ANCHORED, views[top[0]][0].person_id
    rivals = [view for view in fitting if len(top) == 1 or view in top]
    agreeing = [view for view in rivals if _name_agrees(holdings.members(view), observation.traits)]
    if len(agreeing) == 1:
        return Claim.ANCHORED, views[agreeing[0]][0].person_id
    return (Claim.CONTRADICTED if len(top) == 1 else Claim.AMBIGUOUS), None


def _suspected(
    claims: Iterable[tuple[Carried, Claim, str | None]], observation: Observation, holdings: Holdings
) -> tuple[str, ...]:
    """Identifiers whose holder states another name or birth date; two accounts alone may be duplicates."""
    return tuple(
        carried.identifier.key
        for carried, claim, _ in claims
        if claim is Claim.CONTRADICTED
        and any(
            _other_person(holdings.members(view), observation.traits) for view in holdings.views(carried.identifier.key)
        )
    )


def _found(rule: Rule, observation: Observation, suspected: tuple[str, ...] = ()) -> Attribution:
    id = person_founded_by(observation.id)
    return Attribution(rule, id, PersonKind.KNOWN, founds=True, suspected=suspected, binds=True)


def _states_name(traits: Traits) -> bool:
    return bool(traits.given_name or traits.family_name or traits.full_name)


def _name_agrees(members: Sequence[Fragment], traits: Traits) -> bool:
    own = {name for fragment in members for name in fragment.stated.given_names}
    return any(given_names_compatible(a, b) for a in first_names(traits) for b in own) or _is_swapped(members, traits)


def _put_right(fragment: Fragment, traits: Traits) -> Traits:
    """The traits with given and family name as the person stated them before: a swap must not add a given name."""
    if any(given_names_compatible(a, b) for a in first_names(traits) for b in fragment.stated.given_names):
        return traits
    if not _is_swapped([fragment], traits):
        return traits
    return replace(traits, given_name=traits.family_name, family_name=traits.given_name)


def _is_swapped(members: Sequence[Fragment], traits: Traits) -> bool:
    """Whether given and family name are stated the other way round than the view stated them; both must fit."""
    if not (traits.given_name and traits.family_name):
        return False
    return any(
        given_names_compatible(traits.given_name, family) and given_names_compatible(traits.family_name, given)
        for fragment in members
        for given, family in fragment.stated.pairs()
    )


def _other_account(members: Sequence[Fragment], observation: Observation) -> bool:
    """Whether a verified account is stated of an issuer that gave the view another one, and not this one."""
    own = {Identifier(IdentifierKind.USER_ID, value) for fragment in members for value in fragment.accounts}
    stated = {
        carried.identifier
        for carried in observation.carried
        if carried.identifier.kind is IdentifierKind.USER_ID and carried.assurance is Assurance.VERIFIED
    }
    return any(account not in own and account.issuer in {mine.issuer for mine in own} for account in stated)


def _other_person(members: Sequence[Fragment], traits: Traits) -> bool:
    """Whether the given name or the birth date stated is compatible with none that the view ever stated."""
    names = {name for fragment in members for name in fragment.stated.given_names}
    dates = {date for fragment in members for date in fragment.stated.birth_dates}
    stated = first_names(traits)
    fits = any(given_names_compatible(a, b) for a in stated for b in names) or _is_swapped(members, traits)
    if names and stated and not fits:
        return True
    date = traits.date_of_birth
    return bool(dates and date and not any(birth_dates_compatible(date, own) for own in dates))
