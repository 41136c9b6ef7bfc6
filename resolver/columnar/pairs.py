"""Which views are compared: those that hang on one blocking key, and those that hold one identifier; by sorting."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vitograph.resolver.blocking import MAX_BLOCK, blocking_keys
from vitograph.resolver.columnar.crossing import starts_of
from vitograph.resolver.columnar.frame import KINDS, KNOWN, Frame, Ints
from vitograph.resolver.model import IdentifierStatus, PersonKind
from vitograph.resolver.rates import Population

DEVICE = KINDS.index(PersonKind.DEVICE)
_BRINGS_TOGETHER = frozenset({IdentifierStatus.EXCLUSIVE, IdentifierStatus.SUSPECTED})


class Keyed(NamedTuple):
    """Who hangs on which key, as two columns side by side."""

    owner: Ints
    key: Ints


class Together(NamedTuple):
    """Pairs of views, each once and the smaller place first, and how many keys were too common to use."""

    left: Ints
    right: Ints
    dropped_keys: int


def blocked(views: Frame) -> Keyed:
    """The blocking keys of the known views."""
    known: dict[str, int] = {}
    owners, codes = [], []
    for view in np.flatnonzero(views.kinds == KNOWN).tolist():
        for key in blocking_keys(views.profile(view)):
            owners.append(view)
            codes.append(known.setdefault(key, len(known)))
    return Keyed(np.array(owners, np.int64), np.array(codes, np.int64))


def held(views: Frame, population: Population, most: int) -> Keyed:
    """The identifiers that bring views together: not ambiguous, not shared, and with so many holders at most."""
    column = views.identifiers
    owners = column.owners
    usable = (views.held["ambiguous"] == 0) & np.isin(views.kinds[owners], (KNOWN, DEVICE))
    several = np.flatnonzero(np.bincount(column.codes[usable], minlength=len(column.values)) > 1)
    brings = np.zeros(len(column.values), np.bool_)
    for code in several.tolist():
        use = population.use(column.values[code])
        brings[code] = use.status in _BRINGS_TOGETHER and use.holders <= most
    chosen = usable & brings[column.codes]
    return Keyed(owners[chosen], column.codes[chosen])


def together(keyed: Keyed, most: int = MAX_BLOCK) -> Together:
    """The pairs of views with a key in common. A key on which more than `most` views hang is dropped."""
    order = np.argsort(keyed.key, kind="stable")
    starts = starts_of(keyed.key[order])
    sizes = np.diff(np.append(starts, len(order)))
    dropped = int((sizes > most).sum())
    rest = np.where(sizes > most, 0, sizes)
    member = np.repeat(rest, sizes)
    place = np.arange(len(order))
    after = np.where(member > 0, np.repeat(starts + sizes, sizes) - place - 1, 0)
    first = np.repeat(place, after)
    second = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after) + first + 1
    one, other = keyed.owner[order[first]], keyed.owner[order[second]]
    return Together(*unique_pairs(one, other), dropped)


def unique_pairs(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Each pair of two different views once, the smaller place first."""
    size = int(max(one.max(initial=0), other.max(initial=0))) + 1
    apart = one != other
    keys = np.sort(np.minimum(one, other)[apart] * size + np.maximum(one, other)[apart])
    left, right = np.divmod(keys[starts_of(keys)], size)
    return left, right
