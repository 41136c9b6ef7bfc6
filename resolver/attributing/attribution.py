"""Whose event is it? Rules A1–A6 of the design, as pure functions over what is already held.

No score takes part. A known person is founded on strong identifiers only; a cookie or a session founds a device
person, which never becomes somebody. A holder that contradicts what is stated is not the holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from vitograph.resolver.attributing.holdings import Fragment, Hold, Holdings, person_founded_by, person_founded_on
from vitograph.resolver.attributing.lifecycle import Standing, restate
from vitograph.resolver.attributing.names import Names, are_swapped, may_be_one
from vitograph.resolver.attributing.sittings import ends_session, is_sitting_of
from vitograph.resolver.model import (
    SILENT,
    Assurance,
    Carried,
    Identifier,
    IdentifierKind,
    IdentifierStatus,
    Observation,
    PersonKind,
    Traits,
)
from vitograph.resolver.profiles import first_names
from vitograph.resolver.scoring.mixing import is_of_a_home
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.values.birth_dates import birth_dates_compatible
from vitograph.resolver.values.names import given_names_compatible

VERIFIED = Assurance.VERIFIED
_STRENGTH = {IdentifierKind.USER_ID: 3, IdentifierKind.EMAIL: 2, IdentifierKind.PHONE: 1}


class Rule(StrEnum):
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    A6 = "A6"


class Claim(StrEnum):
    """What the holders of one strong identifier say about an observation."""

    ANCHORED = "anchored"
    FREE = "free"
    AMBIGUOUS = "ambiguous"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an event goes, and why. `anchor` is the key that decided; `founded_on` makes a person unique.

    `binds` says that the weak identifiers of this observation are now bound to the person.
    """

    rule: Rule
    person_id: str
    kind: PersonKind
    founded_on: str | None = None
    anchor: str | None = None
    binds: bool = False


def attribute(observation: Observation, holdings: Holdings) -> Attribution:
    """Applies A1–A6. Every identifier carried is normalised and none is blocked."""
    strong = [c for c in observation.carried if c.identifier.kind.is_strong]
    if not strong:
        return _attribute_weak(observation, holdings)
    claims = [(carried, *_claim(carried, observation, holdings)) for carried in _best_first(strong)]
    for carried, claim, person_id in claims:
        if claim is Claim.ANCHORED and person_id is not None:
            return Attribution(Rule.A1, person_id, PersonKind.KNOWN, anchor=carried.identifier.key, binds=True)
    if any(claim is Claim.CONTRADICTED for _, claim, _ in claims):
        return _found(Rule.A6, observation)
    if any(claim is Claim.FREE for _, claim, _ in claims):
        return _found(Rule.A4, observation)
    if _states_name(observation.traits):
        return _found(Rule.A5, observation)
    key = claims[0][0].identifier.key
    id = person_founded_on(PersonKind.UNATTRIBUTED, key)
    return Attribution(Rule.A5, id, PersonKind.UNATTRIBUTED, founded_on=key)


def settle(observation: Observation, attribution: Attribution, holdings: Holdings, model: Model) -> dict[str, Standing]:
    """Writes an attribution into the holdings, so that the next observation of the batch sees it.

    Returns how every identifier stands now whose use it changed: those carried, and all that the view holds (as far as
    the holdings know) when it stated something new.
    """
    id = attribution.person_id
    fragment = holdings.add(Fragment(id, id, attribution.kind))
    traits = _put_right(fragment, observation.traits)
    states_news = fragment.stated.lacks(traits)
    fragment.stated.add(traits)
    rebound = rebinds(observation, attribution)
    changed: set[str] = set()
    for carried in observation.carried:
        key = carried.identifier.key
        if not _is_known_use(carried, id, holdings):
            changed.add(key)
        if carried.identifier.kind is IdentifierKind.USER_ID and carried.assurance is Assurance.VERIFIED:
            fragment.accounts.add(carried.identifier.value)
        holds = holdings.holds.setdefault(key, {})
        hold = holds.setdefault(id, Hold(id, carried.assurance))
        hold.see(observation.occurred_at, carried.assurance)
        fragment.keys.add(key)
        if key in rebound:
            for other in holds.values():
                other.bound = other is hold and rebound[key]
        if attribution.binds and not carried.identifier.kind.is_strong:
            hold.bind(observation.occurred_at)
        if ends_session(observation.event.type):
            hold.leave(observation.occurred_at)
    if states_news:
        changed.update(key for member in holdings.members(fragment.view_id) for key in member.keys)
    return restate(sorted(changed), holdings, model)


def _is_known_use(carried: Carried, person_id: str, holdings: Holdings) -> bool:
    """Whether somebody uses again what nobody else ever used, or a device that is suspected or worse: no news of it.

    What else an event changes of a weak identifier's use is when people logged in, which can raise a suspicion only.
    """
    holds = holdings.holds.get(carried.identifier.key, {})
    hold = holds.get(person_id)
    if hold is None or hold.assurance < carried.assurance:
        return False
    if len(holds) == 1:
        return True
    return (
        not carried.identifier.kind.is_strong and holdings.status(carried.identifier) is not IdentifierStatus.EXCLUSIVE
    )


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
        if holdings.status(session) in SILENT:
            continue
        for hold in holdings.holds.get(session.key, {}).values():
            fragment = holdings.fragments.get(hold.person_id)
            if not hold.bound or fragment is None or fragment.kind is not PersonKind.KNOWN:
                continue
            goes_on = is_sitting_of(hold, session.key, observation.occurred_at, holdings)
            if goes_on and not contradicts(holdings.members(fragment.view_id), observation):
                return Attribution(Rule.A2, fragment.id, PersonKind.KNOWN, anchor=session.key)
    founder = min(weak, key=lambda i: (i.kind is not IdentifierKind.COOKIE, i.value))
    id = person_founded_on(PersonKind.DEVICE, founder.key)
    return Attribution(Rule.A3, id, PersonKind.DEVICE, founded_on=founder.key)


def _best_first(strong: Iterable[Carried]) -> list[Carried]:
    """Highest assurance, then user_id > email > phone, then the value: one order for one observation."""
    return sorted(strong, key=lambda c: (-c.assurance, -_STRENGTH[c.identifier.kind], c.identifier.value))


def _claim(carried: Carried, observation: Observation, holdings: Holdings) -> tuple[Claim, str | None]:
    """What the holders of an identifier say, and the person that anchors when one does.

    The holder is the view of the strictly highest assurance. Where that one is tied, or contradicts what is stated, it
    is the only other one whose stated name agrees: agreement must be positive, silence is not enough. Nor is it where
    the identifier is a home's by its nature.
    """
    identifier = carried.identifier
    if holdings.status(identifier) in SILENT:
        return Claim.AMBIGUOUS, None
    views = holdings.views(identifier.key)
    if not views:
        return Claim.FREE, None
    best = max(holds[0].assurance for holds in views.values())
    top = [view for view, holds in views.items() if holds[0].assurance == best]
    fitting = [view for view in views if not contradicts(holdings.members(view), observation)]
    if _may_be_anybody_at_home(carried) and first_names(observation.traits):
        fitting = [
            view for view in fitting if views[view][0].assurance is VERIFIED or _is_named(holdings.members(view))
        ]
    if len(top) == 1 and top[0] in fitting:
        return Claim.ANCHORED, views[top[0]][0].person_id
    rivals = [view for view in fitting if len(top) == 1 or view in top]
    agreeing = [view for view in rivals if _name_agrees(holdings.members(view), observation.traits)]
    if len(agreeing) == 1:
        return Claim.ANCHORED, views[agreeing[0]][0].person_id
    return (Claim.CONTRADICTED if len(top) == 1 else Claim.AMBIGUOUS), None


def _found(rule: Rule, observation: Observation) -> Attribution:
    return Attribution(rule, person_founded_by(observation.id), PersonKind.KNOWN, binds=True)


def _may_be_anybody_at_home(carried: Carried) -> bool:
    """A number that nobody stated, or a family's mailbox that nobody proved, does not say who is speaking."""
    identifier = carried.identifier
    says_who = Assurance.ASSERTED if identifier.kind is IdentifierKind.PHONE else VERIFIED
    return carried.assurance < says_who and is_of_a_home(identifier.kind, identifier.value)


def _is_named(members: Sequence[Fragment]) -> bool:
    return any(fragment.stated.given_names for fragment in members)


def _states_name(traits: Traits) -> bool:
    return bool(traits.given_name or traits.family_name or traits.full_name)


def _name_agrees(members: Sequence[Fragment], traits: Traits) -> bool:
    return may_be_one(_names_of(members), Names.in_traits(traits))


def _names_of(members: Sequence[Fragment]) -> Names:
    return Names.of([fragment.stated for fragment in members])


def _put_right(fragment: Fragment, traits: Traits) -> Traits:
    """The traits with given and family name as the person stated them before: a swap must not add a given name."""
    if any(given_names_compatible(a, b) for a in first_names(traits) for b in fragment.stated.given_names):
        return traits
    stated = (traits.given_name or "", traits.family_name or "")
    if not any(are_swapped(stated, pair) for pair in fragment.stated.pairs()):
        return traits
    return replace(traits, given_name=traits.family_name, family_name=traits.given_name)


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
    """Whether the name or the birth date stated is compatible with none that the view ever stated."""
    own, stated = _names_of(members), Names.in_traits(traits)
    if own and stated and not may_be_one(own, stated):
        return True
    dates = {date for fragment in members for date in fragment.stated.birth_dates}
    date = traits.date_of_birth
    return bool(dates and date and not any(birth_dates_compatible(date, one) for one in dates))
