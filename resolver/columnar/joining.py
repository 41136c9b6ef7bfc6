"""The frame of views from that of their persons, as `profiles.profile` joins them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.crossing import starts_of
from vitograph.resolver.columnar.frame import KINDS, KNOWN, NEVER, Column, Frame, Ints

_LAST = frozenset({"assurance", "last_seen", "last_bound"})
_FOREVER = 1 << 62


class _Grouping(NamedTuple):
    """A column by view: the codes sorted by view and value, where each group begins, and the order of the groups."""

    column: Column
    order: Ints
    starts: Ints
    arrangement: Ints


def join_views(persons: Frame, view_of: Sequence[str]) -> Frame:
    """The views of persons: what a view's persons stated and hold, in the order of their ids, each value once."""
    ids = sorted(set(view_of))
    places = {view: place for place, view in enumerate(ids)}
    views = np.array([places[view] for view in view_of], np.int64)
    if ids == persons.view_ids and list(view_of) == ids:
        return persons
    stated = {name: _group(column, views, len(ids)).column for name, column in persons.stated.items()}
    grouping = _group(persons.identifiers, views, len(ids))
    held = {
        name: _joined(name, numbers[grouping.order], grouping.starts)[grouping.arrangement]
        for name, numbers in persons.held.items()
    }
    return Frame(ids, _kinds(persons.kinds, views, len(ids)), stated, grouping.column, held)


def _group(column: Column, views: Ints, size: int) -> _Grouping:
    owners = views[column.owners]
    keys = owners * max(len(column.values), 1) + column.codes
    order = np.argsort(keys, kind="stable")
    starts = starts_of(keys[order])
    first = order[starts]
    arrangement = np.lexsort((first, owners[first]))
    counts = np.bincount(owners[first], minlength=size)
    return _Grouping(
        Column.made_of(column.values, counts, column.codes[first[arrangement]]), order, starts, arrangement
    )


def _joined(name: str, numbers: Ints, starts: Ints) -> Ints:
    """Holds of one identifier as one: the earliest first, the latest last, the sum of the counts."""
    if not len(starts):
        return numbers
    if name == "count":
        return np.add.reduceat(numbers, starts)
    if name in _LAST:
        return np.maximum.reduceat(numbers, starts)
    earliest = np.minimum.reduceat(np.where(numbers == NEVER, _FOREVER, numbers), starts)
    return np.where(earliest == _FOREVER, NEVER, earliest)


def _kinds(kinds: Ints, views: Ints, size: int) -> Ints:
    """Known when one of the persons is, else the first of their kinds by name."""
    by_name = np.argsort(np.argsort(np.array(KINDS)))
    rank = np.where(kinds == KNOWN, -1, by_name[kinds])
    least = np.full(size, len(KINDS))
    np.minimum.at(least, views, rank)
    return np.where(least < 0, KNOWN, np.argsort(by_name)[least])
