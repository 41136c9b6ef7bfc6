"""Whether a person's own history may hold events of somebody else at home: what attribution could not tell apart.

A caller without a name, or a line of chat, goes to whoever holds the number or the family's mailbox (rule A1). That is
right for the history and wrong for a recommendation: with two people under one person, joining it joins both.
"""

from __future__ import annotations

from vitograph.resolver.contact_comparisons import is_family_mailbox
from vitograph.resolver.evidence import Evidence
from vitograph.resolver.model import Assurance, Held, IdentifierKind, Profile

MIXED = "history"
SENTENCE = "Seen more than once by a phone number or a family's mailbox, and never proven: others at home may be in it."
ONCE = 1
"""Events by a number or a family's mailbox that are one person's: the one that stated it."""
_PROVING = (IdentifierKind.USER_ID, IdentifierKind.EMAIL)


def is_of_a_home(held: Held) -> bool:
    """A phone number or a family's mailbox: who calls or writes by it may be anybody at home."""
    match held.identifier.kind:
        case IdentifierKind.PHONE:
            return True
        case IdentifierKind.EMAIL:
            return is_family_mailbox(held.identifier.value)
    return False


def is_proof(held: Held) -> bool:
    """An account or an address that its holder proved to be theirs: logins are one person's."""
    return held.identifier.kind in _PROVING and held.assurance is Assurance.VERIFIED


def mixed_by(profile: Profile) -> str | None:
    """The key by which events of others may have come to a person; None where nothing says so."""
    if any(is_proof(held) for held in profile.identifiers.values()):
        return None
    used = (key for key, held in profile.identifiers.items() if held.count > ONCE and is_of_a_home(held))
    return min(used, default=None)


def mixed_row(left: Profile, right: Profile) -> tuple[Evidence, ...]:
    """A row of no bits where one of two histories may be of several people: it keeps the pair out of band A."""
    ours, theirs = mixed_by(left), mixed_by(right)
    if ours is None and theirs is None:
        return ()
    return (Evidence(MIXED, MIXED, "others", SENTENCE, ours or "", theirs or "", 0.0, 0.0, True),)
