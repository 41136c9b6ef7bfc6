"""E-mail addresses and phone numbers that are not equal: what is left of the resemblance."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from vitograph.resolver.comparing.ladder import CLOSE, LOOSE, Ladder, edits
from vitograph.resolver.values.denylist import is_function
from vitograph.resolver.values.names import CACHE, fold, nicknames_of, sound

_SAY_NOTHING = frozenset({"me", "test"})
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W\d_]+")
HOUSEHOLD_WORDS = frozenset(
    [
        "the", "family", "families", "fam", "familie", "famille", "familia", "famiglia", "rodzina", "aile", "house",
        "home", "haus", "casa",
    ]
)  # fmt: skip
"""Words that make a mailbox a family's: `the.lopez@`, `familie-weber@`, `lopez.family@`."""


@lru_cache(maxsize=CACHE)
def mailbox(address: str) -> tuple[str, str]:
    """Local part and domain as the provider reads them: no plus tag, at Google no dots and one domain."""
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    return (local.replace(".", ""), "gmail.com") if domain in _GOOGLE else (local, domain)


def says_nothing(local: str) -> bool:
    """Whether the local part of an address is nobody's name, so that at two domains it tells of nobody."""
    return local in _SAY_NOTHING or is_function(local)


def same_mailbox(a: str, b: str) -> bool:
    """The e-mail addresses differ, but their provider delivers both to one mailbox."""
    return mailbox(a) == mailbox(b)


def email_typo(a: str, b: str) -> bool:
    """The e-mail addresses differ by typing errors, numbers aside."""
    if sorted("".join(_DIGITS.findall(a))) != sorted("".join(_DIGITS.findall(b))):
        return False
    (local, domain), (other_local, other_domain) = mailbox(a), mailbox(b)
    if says_nothing(local) or says_nothing(other_local):
        return False
    if local != other_local:
        # An error makes another person's address of a short one: tom@ and kim@, ana@ and eva@.
        letters, errors = min(len(local), len(other_local)), edits(a, b)
        return (errors == 1 and letters >= 5) or (errors == 2 and letters >= 8)
    if min(len(a), len(b)) >= 10 and edits(a, b) <= 2:
        return True
    return len(local) >= 4 and JaroWinkler.similarity(domain, other_domain) >= LOOSE


def same_local_part(a: str, b: str) -> bool:
    """The e-mail addresses agree up to the @."""
    local = mailbox(a)[0]
    return len(local) >= 4 and not says_nothing(local) and local == mailbox(b)[0]


def close_local_part(a: str, b: str) -> bool:
    """The e-mail addresses resemble each other up to the @."""
    left, right = mailbox(a)[0], mailbox(b)[0]
    if min(len(left), len(right)) < 4 or says_nothing(left) or says_nothing(right):
        return False
    return JaroWinkler.similarity(left, right) >= CLOSE


def letters_of(local: str) -> str:
    """A local part without numbers and signs."""
    return _SIGNS.sub("", local)


def same_letters(a: str, b: str) -> bool:
    """The e-mail addresses have one word and different numbers before the @, as two people's of one name have."""
    left, right = (letters_of(mailbox(address)[0]) for address in (a, b))
    return len(left) >= 3 and not says_nothing(left) and left == right


NUMBERS_ASIDE = frozenset({"numbered", "close"})
"""Levels at which the numbers of two addresses are not what they have in common."""


@lru_cache(maxsize=CACHE)
def is_family_mailbox(address: str) -> bool:
    """Whether the part before the @ says that it is a family's (`the.lopez`, `weber-family`)."""
    words = [word for word in _SIGNS.split(address.partition("@")[0]) if word]
    return len(words) > 1 and not HOUSEHOLD_WORDS.isdisjoint(words)


def is_made_of(address: str, given: str, family: str, *, numbers_aside: bool = False) -> bool:
    """Whether the part before the @ is the name again (`m.lopez`, `lopezmaria`): who has the name, has that too.

    Names are folded; short forms and other spellings are the name. Words for a family say nothing of their own; two
    digits or more do, unless `numbers_aside`; then any word may be the part that a name lacks, too.
    """
    local = address.partition("@")[0].partition("+")[0]
    if not numbers_aside and sum(letter.isdigit() for letter in local) > 1:
        return False
    if numbers_aside and not (given and family) and _holds_part_of(local, given, family):
        return True
    letters = sound("".join(word for word in fold(local).split() if word not in HOUSEHOLD_WORDS))
    last = family.replace(" ", "")
    return bool(letters) and any(
        letters == sound(made)
        for first in (given.replace(" ", ""), *nicknames_of(given))
        for a in (first, first[:1])
        for b in (last, last[:1])
        if len(a) > 1 or len(b) > 1
        for made in (a + b, b + a, first, last)
        if made
    )


def _holds_part_of(local: str, given: str, family: str) -> bool:
    """Whether one of several words is the one part that is known of a name, or is a family's (`the.lockley`)."""
    words = fold(local).split()
    if len(words) < 2:
        return False
    known = given or family
    forms = {sound(form) for form in (known, *nicknames_of(known)) if form}
    return not HOUSEHOLD_WORDS.isdisjoint(words) or any(
        sound(word) in forms or (bool(known) and word == known[:1]) for word in words
    )


EMAIL = Ladder(
    "email",
    (
        ("mailbox", same_mailbox),
        ("typo", email_typo),
        ("local", same_local_part),
        ("numbered", same_letters),
        ("close", close_local_part),
    ),
    "The e-mail addresses have nothing in common.",
    "No evidence: an e-mail address is missing.",
)


def phone_typo(a: str, b: str) -> bool:
    """The phone numbers differ by a typing error or a missing prefix."""
    if len(a) != len(b):
        longer, shorter = sorted((a.lstrip("+"), b.lstrip("+")), key=len, reverse=True)
        return (len(shorter) >= 7 and longer.endswith(shorter.lstrip("0"))) or edits(longer, shorter) == 1
    return a[:-1] != b[:-1] and edits(a, b) == 1


def neighbouring_phone(a: str, b: str) -> bool:
    """The phone numbers differ in the last digit, as numbers bought together do."""
    return len(a) == len(b) and a[:-1] == b[:-1]


PHONE = Ladder(
    "phone",
    (("typo", phone_typo), ("neighbour", neighbouring_phone)),
    "The phone numbers differ.",
    "No evidence: a phone number is missing.",
)
