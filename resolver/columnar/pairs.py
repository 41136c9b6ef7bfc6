"""Which views are compared: those that hang on one blocking key, and those that hold one identifier; by sorting."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.crossing import in_order, starts_of
from vitograph.resolver.columnar.frame import KINDS, KNOWN, Bools, Frame, Ints
from vitograph.resolver.columnar.keys import rule_keys
from vitograph.resolver.model import IdentifierStatus, PersonKind
from vitograph.resolver.scoring.rates import Population

DEVICE = KINDS.index(PersonKind.DEVICE)
_BRINGS_TOGETHER = frozenset({IdentifierStatus.EXCLUSIVE, IdentifierStatus.SUSPECTED})


class Keyed(NamedTuple):
    """Who hangs on which key, as two columns side by side."""

    owner: Ints
    key: Ints


class Together(NamedTuple):
    """Pairs of views, each once and the smaller place first."""

    left: Ints
    right: Ints


class Blocked(NamedTuple):
    """The blocking keys that bring known views together, and how many by each rule were too common for that."""

    keyed: Keyed
    dropped: Counter[str]


def blocked(views: Frame) -> Blocked:
    """The blocking keys on which two views or more hang, and no more than their rule allows."""
    owners, keys, first = [], [], 0
    dropped: Counter[str] = Counter()
    for rule in rule_keys(views):
        sizes = np.diff(np.append(starts_of(rule.key), len(rule.key)))
        chosen = np.repeat((sizes > 1) & (sizes <= rule.most), sizes)
        owners.append(rule.owner[chosen])
        keys.append(np.repeat(np.arange(len(sizes)), sizes)[chosen] + first)
        first += len(sizes)
        dropped[rule.rule] = int((sizes > rule.most).sum())
    return Blocked(Keyed(np.concatenate(owners), np.concatenate(keys)), +dropped)


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


def reaching(keyed: Keyed, sample: Bools) -> Keyed:
    """Those keys alone on which a view of the sample hangs; `sample` says of each view whether it is of it."""
    near = np.zeros(int(keyed.key.max(initial=-1)) + 1, np.bool_)
    near[keyed.key[sample[keyed.owner]]] = True
    chosen = near[keyed.key]
    return Keyed(keyed.owner[chosen], keyed.key[chosen])


def together(keyed: Keyed) -> Together:
    """The pairs of views with a key in common."""
    keys, order = in_order(keyed.key)
    owner, starts = keyed.owner[order], starts_of(keys)
    sizes = np.diff(np.append(starts, len(order)))
    place = np.arange(len(order))
    after = np.repeat(starts + sizes, sizes) - place - 1
    first = np.repeat(place, after)
    second = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after) + first + 1
    return unique_pairs(owner[first], owner[second])


def unique_pairs(one: Ints, other: Ints) -> Together:
    """Each pair of two different views once, the smaller place first."""
    bits = int(max(one.max(initial=0), other.max(initial=0))).bit_length()
    keys = np.minimum(one, other) << bits | np.maximum(one, other)
    keys = np.sort(keys if (apart := one != other).all() else keys[apart])
    keys = keys[starts_of(keys)]
    return Together(keys >> bits, keys & ((1 << bits) - 1))
