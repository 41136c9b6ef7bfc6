"""Whether a person's own history may hold events of somebody else at home: what attribution could not tell apart.

A caller without a name, or a line of chat, goes to whoever holds the number or the family's mailbox (rule A1). That is
right for the history and wrong for a recommendation: with two people under one person, joining it joins both.

An account proves whose the events are that came with it, and no others: the number of a row in a file is an account,
too, and says nothing of who calls by the telephone number of that row.
"""

from __future__ import annotations

from vitograph.resolver.comparing.contacts import is_family_mailbox
from vitograph.resolver.model import Assurance, Held, IdentifierKind, Profile
from vitograph.resolver.scoring.evidence import Evidence

MIXED = "history"
SENTENCE = "Seen by a phone number or a family's mailbox without a proof of who it was: others at home may be in it."
ONCE = 1
"""Events by a number or a family's mailbox that are one person's: the one that stated it."""


def is_of_a_home(kind: str, value: str) -> bool:
    """A phone number or a family's mailbox: who calls or writes by it may be anybody at home."""
    return kind == IdentifierKind.PHONE or (kind == IdentifierKind.EMAIL and is_family_mailbox(value))


def mixed_by(profile: Profile) -> str | None:
    """The key by which events of others may have come to a person; None where nothing says so.

    An e-mail address that was proved is a person's own act. By an account nobody but its person comes: it leaves room
    for as many events by a number as came with an account.
    """
    proven = [held for held in profile.identifiers.values() if held.assurance is Assurance.VERIFIED]
    if any(held.identifier.kind is IdentifierKind.EMAIL for held in proven):
        return None
    own = max(ONCE, sum(held.count for held in proven if held.identifier.kind is IdentifierKind.USER_ID))
    used = (key for key, held in profile.identifiers.items() if held.count > own and _is_of_a_home(held))
    return min(used, default=None)


def _is_of_a_home(held: Held) -> bool:
    return is_of_a_home(held.identifier.kind, held.identifier.value)


def mixed_row(left: Profile, right: Profile) -> tuple[Evidence, ...]:
    """A row of no bits where one of two histories may be of several people: it keeps the pair out of band A."""
    ours, theirs = mixed_by(left), mixed_by(right)
    if ours is None and theirs is None:
        return ()
    return (Evidence(MIXED, MIXED, "others", SENTENCE, ours or "", theirs or "", 0.0, 0.0, True),)
