"""How two values of one field compare: ladders of predicates, the first that holds is the level.

A predicate's docstring is the sentence that a specialist reads beside the values. Values are normalised as in
`model.Traits` and `model.Identifier`; levels are decided from the two values alone, so they are cached.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from vitograph.resolver import names
from vitograph.resolver.names import CACHE, KNOWN_NAMES, fold

Predicate = Callable[[str, str], bool]

CLOSE = 0.88
"""Jaro-Winkler similarity from which two words resemble each other (Splink's demo model; HMPPS uses .9)."""
LOOSE = 0.80
"""Jaro-Winkler similarity from which two words are not yet two different ones."""
ROLE_MAILBOXES = frozenset(
    [
        "admin", "billing", "booking", "bookings", "buchhaltung", "contact", "customer", "enquiries", "finance",
        "hallo", "hello", "help", "hr", "info", "inquiries", "jobs", "kontakt", "mail", "marketing", "me",
        "noreply", "no-reply", "office", "order", "orders", "post", "postmaster", "rechnung", "reception",
        "sales", "service", "shop", "support", "team", "test", "webmaster"
    ]
)  # fmt: skip
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Ladder:
    """A comparison: its name, its levels from the strongest down, and the level when none of them holds."""

    name: str
    levels: tuple[tuple[str, Predicate], ...]
    otherwise: str
    absent: str

    def level(self, a: str, b: str) -> str:
        for level, holds in self.levels:
            if holds(a, b):
                return level
        return "different"

    @property
    def names(self) -> tuple[str, ...]:
        return (*(level for level, _ in self.levels), "different")

    def sentence(self, level: str) -> str:
        if level == "different":
            return self.otherwise
        if level == "none":
            return self.absent
        return next((holds.__doc__ or "") for name, holds in self.levels if name == level)


# Names


def _joined(name: str) -> str:
    return fold(name).replace(" ", "")


def _edits(a: str, b: str) -> int:
    """Typing errors between two words, 3 when there are more than 2."""
    return int(OSA.distance(a, b, score_cutoff=2))


def _is_slip(a: str, b: str) -> bool:
    """One error in a word of four letters or more, two in a word of seven or more."""
    shorter = min(len(a), len(b))
    edits = _edits(a, b)
    return (edits == 1 and shorter >= 4) or (edits == 2 and shorter >= 7)


def _fits(test: Predicate, a: str, b: str) -> bool:
    """The test holds for the whole names, or for the first of several while the second ones do not disagree."""
    left, right = fold(a).split(), fold(b).split()
    if not left or not right:
        return False
    if test("".join(left), "".join(right)):
        return True
    if len(left) == len(right) == 1 or not test(left[0], right[0]):
        return False
    return len(left) == 1 or len(right) == 1 or names.words_compatible(left[1], right[1])


def same_letters(a: str, b: str) -> bool:
    """The names are equal."""
    return _joined(a) == _joined(b)


def generations(a: str, b: str) -> bool:
    """The names carry different generations, as parent and child do (junior, senior, II)."""
    one, other = names.generation(a), names.generation(b)
    return one != 0 and other != 0 and one != other


def initial(a: str, b: str) -> bool:
    """One name is the other's initial."""
    return _fits(names.is_initial, a, b)


def spelling(a: str, b: str) -> bool:
    """The names are one name in two spellings."""
    return _fits(names.is_spelling, a, b)


def nickname(a: str, b: str) -> bool:
    """One name is the other's short form."""
    return _fits(names.is_nickname, a, b)


def given_typo(a: str, b: str) -> bool:
    """The given names differ by a typing error."""
    return _fits(lambda one, other: _is_slip(one, other) and not {one, other} <= KNOWN_NAMES, a, b)


def family_typo(a: str, b: str) -> bool:
    """The family names differ by a typing error."""
    return _is_slip(_joined(a), _joined(b))


def part(a: str, b: str) -> bool:
    """One name is a part of the other: a second given name, or a double family name."""
    left, right = fold(a).split(), fold(b).split()
    if min(len(left), len(right)) == 0 or max(len(left), len(right)) < 2:
        return False
    fewer, more = sorted((left, right), key=len)
    return all(any(one == other or names.is_spelling(one, other) for other in more) for one in fewer if len(one) > 1)


def apart(a: str, b: str) -> bool:
    """The given names resemble each other, and both are known names: two people's, as with twins."""
    return {_joined(a), _joined(b)} <= KNOWN_NAMES and (close(a, b) or loose(a, b))


def close(a: str, b: str) -> bool:
    """The names resemble each other."""
    one, other = _joined(a), _joined(b)
    return JaroWinkler.similarity(one, other) >= CLOSE or (_edits(one, other) == 1 and min(len(one), len(other)) >= 3)


def loose(a: str, b: str) -> bool:
    """The names have much in common, as a name with several errors has."""
    one, other = _joined(a), _joined(b)
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    return (
        JaroWinkler.similarity(one, other) >= LOOSE
        or (shorter >= 5 and _edits(one, other) <= 2)
        or (shorter >= 5 and sorted(one) == sorted(other))
    )


GIVEN_NAME = Ladder(
    "given_name",
    (
        ("generations", generations),
        ("equal", same_letters),
        ("initial", initial),
        ("spelling", spelling),
        ("nickname", nickname),
        ("typo", given_typo),
        ("part", part),
        ("apart", apart),
        ("close", close),
        ("loose", loose),
    ),
    "The given names have nothing in common.",
    "No evidence: a given name is missing.",
)
FAMILY_NAME = Ladder(
    "family_name",
    (
        ("generations", generations),
        ("equal", same_letters),
        ("initial", initial),
        ("spelling", spelling),
        ("typo", family_typo),
        ("part", part),
        ("close", close),
        ("loose", loose),
    ),
    "The family names have nothing in common.",
    "No evidence: a family name is missing.",
)


# Birth dates


def same_date(a: str, b: str) -> bool:
    """The birth dates are equal."""
    return a == b


def swapped_date(a: str, b: str) -> bool:
    """Day and month of the birth dates are swapped."""
    return names.is_day_month_swap(a, b)


def date_typo(a: str, b: str) -> bool:
    """The birth dates differ by a typing error."""
    return names.is_date_typo(a, b) or names.is_wrong_century(a, b)


def two_parts(a: str, b: str) -> bool:
    """Two of year, month and day agree."""
    return (a[:4] == b[:4]) + (a[5:7] == b[5:7]) + (a[8:] == b[8:]) == 2


def within_a_month(a: str, b: str) -> bool:
    """The birth dates are less than a month apart."""
    return _days_apart(a, b) <= 31


def two_digits(a: str, b: str) -> bool:
    """Two digits of the birth dates differ."""
    return len(a) == len(b) and sum(one != other for one, other in zip(a, b, strict=True)) == 2


def same_year(a: str, b: str) -> bool:
    """Only the year of birth agrees."""
    return a[:4] == b[:4]


def within_a_year(a: str, b: str) -> bool:
    """The birth dates are less than a year apart."""
    return _days_apart(a, b) <= 366


def _days_apart(a: str, b: str) -> int:
    """Days between two dates; a million when one of them is none."""
    if not (names.is_date(a) and names.is_date(b)):
        return 1_000_000
    return abs(dt.date.fromisoformat(a).toordinal() - dt.date.fromisoformat(b).toordinal())


BIRTH_DATE = Ladder(
    "birth_date",
    (
        ("equal", same_date),
        ("swapped", swapped_date),
        ("typo", date_typo),
        ("two_parts", two_parts),
        ("month", within_a_month),
        ("two_digits", two_digits),
        ("year", same_year),
        ("near", within_a_year),
    ),
    "The birth dates differ.",
    "No evidence: a birth date is missing.",
)


def same_gender(a: str, b: str) -> bool:
    """The genders agree."""
    return a == b


GENDER = Ladder("gender", (("equal", same_gender),), "The genders differ.", "No evidence: a gender is missing.")


# E-mail and phone: values are compared here only when no value is shared


@lru_cache(maxsize=CACHE)
def mailbox(address: str) -> tuple[str, str]:
    """Local part and domain as the provider reads them: no plus tag, at Google no dots and one domain."""
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    return (local.replace(".", ""), "gmail.com") if domain in _GOOGLE else (local, domain)


def same_mailbox(a: str, b: str) -> bool:
    """The e-mail addresses differ, but their provider delivers both to one mailbox."""
    return mailbox(a) == mailbox(b)


def email_typo(a: str, b: str) -> bool:
    """The e-mail addresses differ by typing errors, numbers aside."""
    if sorted("".join(_DIGITS.findall(a))) != sorted("".join(_DIGITS.findall(b))):
        return False
    if min(len(a), len(b)) >= 10 and _edits(a, b) <= 2:
        return True
    (local, domain), (other_local, other_domain) = mailbox(a), mailbox(b)
    return local == other_local and len(local) >= 4 and JaroWinkler.similarity(domain, other_domain) >= LOOSE


def same_local_part(a: str, b: str) -> bool:
    """The e-mail addresses agree up to the @."""
    local = mailbox(a)[0]
    return len(local) >= 4 and local not in ROLE_MAILBOXES and local == mailbox(b)[0]


def close_local_part(a: str, b: str) -> bool:
    """The e-mail addresses resemble each other up to the @."""
    left, right = mailbox(a)[0], mailbox(b)[0]
    if min(len(left), len(right)) < 4 or {left, right} & ROLE_MAILBOXES:
        return False
    return JaroWinkler.similarity(left, right) >= CLOSE


EMAIL = Ladder(
    "email",
    (
        ("mailbox", same_mailbox),
        ("typo", email_typo),
        ("local", same_local_part),
        ("close", close_local_part),
    ),
    "The e-mail addresses have nothing in common.",
    "No evidence: an e-mail address is missing.",
)


def phone_typo(a: str, b: str) -> bool:
    """The phone numbers differ by a typing error or a missing prefix."""
    if len(a) != len(b):
        longer, shorter = sorted((a.lstrip("+"), b.lstrip("+")), key=len, reverse=True)
        return (len(shorter) >= 7 and longer.endswith(shorter.lstrip("0"))) or _edits(longer, shorter) == 1
    return a[:-1] != b[:-1] and _edits(a, b) == 1


def neighbouring_phone(a: str, b: str) -> bool:
    """The phone numbers differ in the last digit, as numbers bought together do."""
    return len(a) == len(b) and a[:-1] == b[:-1]


PHONE = Ladder(
    "phone",
    (("typo", phone_typo), ("neighbour", neighbouring_phone)),
    "The phone numbers differ.",
    "No evidence: a phone number is missing.",
)


@lru_cache(maxsize=4 * CACHE)
def level_of(ladder_name: str, a: str, b: str) -> str:
    """The level at which two values of a ladder stand, cached."""
    return LADDERS[ladder_name].level(a, b)


LADDERS = {ladder.name: ladder for ladder in (GIVEN_NAME, FAMILY_NAME, BIRTH_DATE, GENDER, EMAIL, PHONE)}
