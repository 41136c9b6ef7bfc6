"""One value under several kinds: an account or a session that is an e-mail address or a phone number again.

A page that knows only an address, or a number, sends it as the account, too, or as nothing else. That is one piece of
evidence, whatever it is called: of the identifiers that both hold, one of a value counts, and the others say nothing
beside it; and an account that is an address, or a number, is shared as often as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from vitograph.resolver.comparing.contacts import is_family_mailbox, mailbox
from vitograph.resolver.model import Identifier, IdentifierKind
from vitograph.resolver.values.names import CACHE
from vitograph.resolver.values.normalize import identifier

_NUMBER = re.compile(r"(?:tel:)?[+\d][\d\s()./-]*")
_NOT_DIGITS = re.compile(r"\D")
LEAST_DIGITS = 7
"""Fewer digits are no phone number: a short account may end like any."""


class Shared(NamedTuple):
    """An identifier that both views hold, and its bits by itself.

    `of_several`: it is known to be shared, or a family's by its name.
    """

    key: str
    of_several: bool
    bits_stranger: float
    bits_household: float


def repeats(shared: Iterable[Shared]) -> dict[str, Shared]:
    """The key of each identifier whose value another one counts for already -> that other one.

    A value that several people use counts as theirs, whatever else it is called. Else an address or a number goes
    before the account that is named after it, and either before a device, which has no such id; then the one that says
    more, as in any group of evidence.
    """
    counted: list[Shared] = []
    found: dict[str, Shared] = {}
    for one in sorted(shared, key=_order):
        other = next((other for other in counted if is_one_value(one.key, other.key)), None)
        if other is None:
            counted.append(one)
        else:
            found[one.key] = other
    return found


def _order(one: Shared) -> tuple[bool, bool, bool, float, float, str]:
    kind = IdentifierKind(one.key.partition(":")[0])
    least = min(one.bits_stranger, one.bits_household)
    named_after = kind is IdentifierKind.USER_ID
    return not one.of_several, not kind.is_strong, named_after, -least, -one.bits_stranger, one.key


@lru_cache(maxsize=CACHE)
def weighed_as(key: str) -> IdentifierKind:
    """The kind as which an identifier is weighed: an account that is an e-mail address or a number counts as that."""
    one = Identifier.parse(key)
    if one.kind is IdentifierKind.USER_ID:
        for sign, kind in (("@", IdentifierKind.EMAIL), ("+", IdentifierKind.PHONE)):
            if sign in key and any(sign in text and _is_a(kind, text) for text in _texts(one)):
                return kind
    return one.kind


def _is_a(kind: IdentifierKind, text: str) -> bool:
    try:
        identifier(kind, text)
    except ValueError:
        return False
    return True


def is_familys(key: str) -> bool:
    """Whether an e-mail address, or an account that is one, is a family's by its name."""
    return weighed_as(key) is IdentifierKind.EMAIL and is_family_mailbox(key.rpartition(":")[2])


@lru_cache(maxsize=CACHE)
def is_one_value(a: str, b: str) -> bool:
    """Whether two keys of different kinds have one value: written alike, or read alike as an address or a number."""
    one, other = Identifier.parse(a), Identifier.parse(b)
    if one.kind is other.kind:
        return False
    if one.value.casefold() == other.value.casefold():
        return True
    return _is_read_as(one, other) or _is_read_as(other, one)


def _texts(one: Identifier) -> set[str]:
    """What may be read as an address or a number: the value, of an account without its issuer, too."""
    return {one.value, one.value.partition(":")[2]} if one.kind is IdentifierKind.USER_ID else {one.value}


def _is_read_as(one: Identifier, contact: Identifier) -> bool:
    """Whether a value is this e-mail address or phone number, read as such."""
    texts = _texts(one)
    match contact.kind:
        case IdentifierKind.EMAIL:
            return any(_is_address(text, contact.value) for text in texts)
        case IdentifierKind.PHONE:
            return any(_is_number(text, contact.value) for text in texts)
        case _:
            return False


def _is_address(text: str, address: str) -> bool:
    if "@" not in text:
        return False
    try:
        return mailbox(identifier("email", text).value) == mailbox(address)
    except ValueError:
        return False


def _is_number(text: str, number: str) -> bool:
    """A number without its country is the one that ends with it."""
    if not _NUMBER.fullmatch(text):
        return False
    digits = _NOT_DIGITS.sub("", text).lstrip("0")
    return len(digits) >= LEAST_DIGITS and _NOT_DIGITS.sub("", number.partition(";")[0]).endswith(digits)
