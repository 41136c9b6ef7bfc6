"""Who is greeted on a cookie: the one known view that ever used it, if that is proved, and nobody else.

A cookie that two views used greets nobody, nor does one that is suspected, shared or blocked, nor one whose sitting was
ended by a logout. Typing somebody's address is no proof of being them: a login is (`verified`), or the visitor's own
words on this browser (`stated`), and then only those words are said back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.sittings import ends_session
from vitograph.resolver.model import Assurance, IdentifierKind, IdentifierStatus, Observation, PersonKind
from vitograph.resolver.publishing.consent import WITHDRAWN, WORDS

LONGEST_NAME = 64
MOST_CAMPAIGNS = 50


class Proof(StrEnum):
    """How well a binding of a cookie says that its person sits at this browser."""

    STATED = "stated"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Binding:
    """How one person holds a cookie."""

    view_id: str
    kind: PersonKind
    current: bool = False
    last_bound: dt.datetime | None = None
    last_out: dt.datetime | None = None
    proven: Proof | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a landing page may know of who visits it. Nothing else leaves by this way."""

    first_name: str | None
    campaigns: tuple[str, ...] = ()


def proof_of(observation: Observation) -> Proof | None:
    """What an observation that binds a cookie proves."""
    if any(one.identifier.kind.is_strong and one.assurance is Assurance.VERIFIED for one in observation.carried):
        return Proof.VERIFIED
    return Proof.STATED if observation.traits.given_name or observation.traits.full_name else None


def greeted(status: IdentifierStatus, bindings: Iterable[Binding]) -> tuple[str, Proof] | None:
    """The view to greet on a cookie and what is proved of it; None for nobody.

    A logout ends it whoever is told to have logged out: one that says the cookie alone is the device's.
    """
    held = list(bindings)
    holders = [binding for binding in held if binding.kind is PersonKind.KNOWN]
    if status is not IdentifierStatus.EXCLUSIVE or len({binding.view_id for binding in holders}) != 1:
        return None
    if not any(binding.current for binding in holders):
        return None
    bound = max((binding.last_bound for binding in holders if binding.last_bound is not None), default=None)
    out = max((binding.last_out for binding in held if binding.last_out is not None), default=None)
    if bound is None or (out is not None and out >= bound):
        return None
    proofs = {binding.proven for binding in holders if binding.proven is not None}
    if not proofs:
        return None
    return holders[0].view_id, Proof.VERIFIED if Proof.VERIFIED in proofs else Proof.STATED


def greeted_anew(observation: Observation, person_id: str, holdings: Holdings) -> set[str]:
    """Those, by ids of persons or views, who may be greeted by now and must not be any more, or otherwise: given what
    was held before.

    A new name, a logout, a word on consent, or another view's cookie that its view did not hold so far: one that two
    hold greets nobody, whoever of them comes again. Who comes for the first time was greeted by nobody. A logout is of
    all who hold the cookie, for it may have been told of that alone.
    """
    type = observation.event.type
    own = holdings.fragments.get(person_id)
    view_id = person_id if own is None else own.view_id
    cookies = (one.identifier.key for one in observation.carried if one.identifier.kind is IdentifierKind.COOKIE)
    holders = [views for views in map(holdings.views, cookies) if views]
    is_told = own is not None and (_ends_greeting(type) or own.stated.lacks(observation.traits))
    told = {person_id} if is_told or any(view_id not in views for views in holders) else set()
    return told.union(*holders) if ends_session(type) else told


def takes_back(type: str) -> bool:
    """Whether an event of this type takes back what others allow: a withdrawal of consent, the end of a sitting."""
    return type == WITHDRAWN or ends_session(type)


def _ends_greeting(type: str) -> bool:
    """Whether an event of this type may by itself end a greeting, or let it begin again."""
    return ends_session(type) or type in WORDS


def cookies_of(observations: Iterable[Observation]) -> set[str]:
    """The cookies on which observations may have changed who is greeted, or which campaigns they met."""
    return {
        carried.identifier.value
        for observation in observations
        if observation.event.target_id is not None
        or _ends_greeting(observation.event.type)
        or any(carried.identifier.kind.is_strong for carried in observation.carried)
        for carried in observation.carried
        if carried.identifier.kind is IdentifierKind.COOKIE
    }


def first_name(traits: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The given name that is preferred, else the first word of the full name, as it was stated."""
    for trait, whole in (("given_name", True), ("full_name", False)):
        words = str(traits.get(trait, {}).get("value") or "").split()
        name = " ".join(words if whole else words[:1])
        if name and len(name) <= LONGEST_NAME and name.isprintable():
            return name
    return None
