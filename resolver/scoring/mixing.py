"""Whether a person's own history may hold events of somebody else at home: what attribution could not tell apart.

A caller without a name, or a line of chat, goes to whoever holds the number or the family's mailbox (rule A1). That is
right for the history and wrong for a recommendation: with two people under one person, joining it joins both.
"""

from __future__ import annotations

from vitograph.resolver.comparing.contacts import is_family_mailbox
from vitograph.resolver.model import Assurance, Held, IdentifierKind, Profile
from vitograph.resolver.scoring.evidence import Evidence

MIXED = "history"
SENTENCE = "Seen more than once by a phone number or a family's mailbox, and never proven: others at home may be in it."
ONCE = 1
"""Events by a number or a family's mailbox that are one person's: the one that stated it."""
PROVING = (IdentifierKind.USER_ID, IdentifierKind.EMAIL)
"""An account, or an address that its holder proved to be theirs: logins are one person's."""


def is_of_a_home(kind: str, value: str) -> bool:
    """A phone number or a family's mailbox: who calls or writes by it may be anybody at home."""
    return kind == IdentifierKind.PHONE or (kind == IdentifierKind.EMAIL and is_family_mailbox(value))


def _is_proof(held: Held) -> bool:
    return held.identifier.kind in PROVING and held.assurance is Assurance.VERIFIED


def _is_used_again(held: Held) -> bool:
    return held.count > ONCE and is_of_a_home(held.identifier.kind, held.identifier.value)


def mixed_by(profile: Profile) -> str | None:
    """The key by which events of others may have come to a person; None where nothing says so."""
    if any(_is_proof(held) for held in profile.identifiers.values()):
        return None
    used = (key for key, held in profile.identifiers.items() if _is_used_again(held))
    return min(used, default=None)


def mixed_row(left: Profile, right: Profile) -> tuple[Evidence, ...]:
    """A row of no bits where one of two histories may be of several people: it keeps the pair out of band A."""
    ours, theirs = mixed_by(left), mixed_by(right)
    if ours is None and theirs is None:
        return ()
    return (Evidence(MIXED, MIXED, "others", SENTENCE, ours or "", theirs or "", 0.0, 0.0, True),)
