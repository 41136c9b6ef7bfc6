"""Views with several values of a field: each value of the one beside each of the other, and the best of these."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Column, Floats, Ints

_BITS = 63


class Crossed(NamedTuple):
    """Values that meet: the pair of views they belong to, in order, and their places among the column's codes."""

    pair: Ints
    left: Ints
    right: Ints


def cross(column: Column, left: Ints, right: Ints) -> Crossed:
    """Each value of a left view with each of its right view's, in the order of `for a in left for b in right`."""
    lefts, rights = column.counts[left], column.counts[right]
    sizes = lefts * rights
    if not len(sizes) or sizes.max() <= 1:
        pair = np.flatnonzero(sizes)
        return Crossed(pair, column.offsets[left[pair]], column.offsets[right[pair]])
    pair = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    step, place = np.divmod(within, rights[pair])
    return Crossed(pair, column.offsets[left[pair]] + step, column.offsets[right[pair]] + place)


def starts_of(groups: Ints) -> Ints:
    """Where each run of equal numbers begins."""
    if not len(groups):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1])))


def best(pair: Ints, *keys: Floats | Ints | Bools) -> Ints:
    """For each pair the place of its greatest element by the keys in turn, the first of equal ones."""
    starts = starts_of(pair)
    if len(starts) == len(pair):
        return starts
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(pair))))
    alive: Bools = np.ones(len(pair), np.bool_)
    for key in keys:
        held = np.where(alive, key, -np.inf)
        alive &= held == np.maximum.reduceat(held, starts)[group]
    found = np.flatnonzero(alive)
    return found[starts_of(group[found])]


def in_order(keys: Ints) -> tuple[Ints, Ints]:
    """Keys of 0 or more sorted, and the place where each stood; of equal keys the earlier place comes first.

    Key and place are sorted as one number where both fit into it: several times as fast as `argsort`.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > _BITS:
        order = np.argsort(keys, kind="stable")
        return keys[order], order
    both = keys << bits
    both |= np.arange(len(keys))
    both.sort()
    return both >> bits, both & ((1 << bits) - 1)


def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct keys in order, and the place of each key among them; by sorting, which is faster than hashing."""
    ordered, order = in_order(keys)
    starts = starts_of(ordered)
    places = np.empty(len(keys), np.int64)
    places[order] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(keys))))
    return ordered[starts], places


def neighbourhoods(left: Ints, right: Ints, steps: int = 4) -> Ints:
    """A number for each pair, the same where pairs hang together within a few steps: the least place they reach."""
    least = np.arange(int(max(left.max(initial=-1), right.max(initial=-1))) + 1)
    for _ in range(steps):
        reached = np.minimum(least[left], least[right])
        np.minimum.at(least, left, reached)
        np.minimum.at(least, right, reached)
    return least[left]


def where(column: Column, chosen: Bools) -> tuple[Column, Ints]:
    """The column with only these of its codes, and the place of each of them before."""
    counts = np.bincount(column.owners[chosen], minlength=len(column.offsets) - 1)
    return Column.made_of(column.values, counts, column.codes[chosen]), np.flatnonzero(chosen)
