"""What two known persons' logins on one device say by their order: turns, a logout between, one sitting counted once.

A hold of a cookie or a session keeps three moments: the first and the last login (`first_bound`, `last_bound`) and the
first logout (`first_out`). Each is a minimum or a maximum, so that no order of arrival changes them. A moment that is
missing, as in graphs older than these facts, is no evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from vitograph.resolver.model import Held, IdentifierKind
from vitograph.resolver.scoring.evidence import Evidence
from vitograph.resolver.scoring.parameters import Model

GROUP = "device"
TURNS = "turns"
LOGOUT = "logout"


class Order(StrEnum):
    """How the logins of two persons on one identifier follow each other."""

    UNKNOWN = "unknown"
    SUCCESSION = "succession"
    ALTERNATING = "alternating"


TURNS_SENTENCE = {
    Order.SUCCESSION: "One logged in on this device after the other had logged in for the last time.",
    Order.ALTERNATING: "They logged in on this device in turns, one between two logins of the other.",
}
LOGOUT_SENTENCE = "One logged out before the other logged in in this session: the device changed hands."
Pair = tuple[Held, Held]


class LoggedIn(Protocol):
    """Whoever has a first and a last login on an identifier, or none."""

    @property
    def first_bound(self) -> dt.datetime | None: ...

    @property
    def last_bound(self) -> dt.datetime | None: ...


def order_of(ours: LoggedIn, theirs: LoggedIn) -> Order:
    """One after the other, or in turns: a login of one lies between two of the other."""
    if ours.first_bound is None or ours.last_bound is None or theirs.first_bound is None or theirs.last_bound is None:
        return Order.UNKNOWN
    if ours.first_bound == ours.last_bound and theirs.first_bound == theirs.last_bound:
        return Order.UNKNOWN  # one login each follow each other whoever they are
    apart = ours.last_bound <= theirs.first_bound or theirs.last_bound <= ours.first_bound
    return Order.SUCCESSION if apart else Order.ALTERNATING


def logout_between(ours: Held, theirs: Held) -> bool:
    """Whether one had logged out of the session when the other was logged in."""
    return _left_before(ours, theirs) or _left_before(theirs, ours)


def is_one_sitting(one: Pair, other: Pair) -> bool:
    """Whether two shared identifiers tell of one co-occurrence: one of the two persons used both only together."""
    return any((a.first_seen, a.last_seen) == (b.first_seen, b.last_seen) for a, b in zip(one, other, strict=True))


def time_rows(shared: Iterable[Pair], model: Model) -> list[Evidence]:
    """The rows of turns and of a logout for the devices and sessions that both use, at most one of each.

    In turns on any device counts as in turns. Neither is capped: what speaks against one person is added whole.
    """
    pairs = sorted(shared, key=lambda pair: pair[0].identifier.key)
    rows = []
    orders = {order_of(*pair): pair for pair in reversed(pairs) if pair[0].identifier.kind is IdentifierKind.COOKIE}
    for order in (Order.ALTERNATING, Order.SUCCESSION):
        if order in orders:
            level, key = model.temporal.turns[order.value], orders[order][0].identifier.key
            sentence = TURNS_SENTENCE[order]
            rows.append(
                Evidence(GROUP, TURNS, order.value, sentence, key, key, level.bits_stranger, level.bits_household)
            )
            break
    for ours, theirs in pairs:
        if ours.identifier.kind is IdentifierKind.SESSION and logout_between(ours, theirs):
            key, bits = ours.identifier.key, model.temporal.logout_bits
            rows.append(Evidence(GROUP, LOGOUT, "between", LOGOUT_SENTENCE, key, key, bits, bits))
            break
    return rows


def _left_before(one: Held, other: Held) -> bool:
    return one.first_out is not None and other.last_bound is not None and one.first_out < other.last_bound
