"""The profiles of many views as columns: each distinct value once, and integer codes for who stated it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitograph.resolver.model import Assurance, Held, Identifier, PersonKind, Profile

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Made = TypeVar("Made")

STATED = ("given_names", "family_names", "full_names", "names", "birth_dates", "genders", "addresses")
"""The fields of a `Profile` that hold stated values, in its order."""
KINDS = tuple(PersonKind)
KNOWN = KINDS.index(PersonKind.KNOWN)
_PLACES: Mapping[str, int] = {kind: place for place, kind in enumerate(KINDS)}
HOLD = ("assurance", "first_seen", "last_seen", "count", "first_bound", "last_bound", "first_out", "ambiguous")
"""What a view's hold of an identifier says, as numbers."""
NEVER = -(1 << 62)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all views. View i stated `values[code]` for each code of `codes[offsets[i]:offsets[i + 1]]`."""

    values: list[Any]
    offsets: Ints
    codes: Ints

    @property
    def counts(self) -> Ints:
        """How many values each view has."""
        return np.diff(self.offsets)

    @property
    def owners(self) -> Ints:
        """The view of each code."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    def places(self, views: Ints) -> tuple[Ints, Ints]:
        """How many values each of these views has, and the places of all of their codes one after the other."""
        sizes = self.offsets[views + 1] - self.offsets[views]
        first = np.repeat(self.offsets[views] - (np.cumsum(sizes) - sizes), sizes)
        return sizes, first + np.arange(len(first))

    def of(self, views: Ints) -> list[tuple[Any, ...]]:
        """The values of each of these views."""
        sizes, places = self.places(views)
        values = iter([self.values[code] for code in self.codes[places].tolist()])
        return [tuple(islice(values, size)) if size else () for size in sizes.tolist()]

    @classmethod
    def made_of(cls, values: list[Any], counts: Ints, codes: Ints) -> Column:
        return cls(values, np.concatenate(([0], np.cumsum(counts))), codes)


@dataclass(frozen=True, slots=True)
class Frame:
    """Views in the order of their ids. `kinds` are places in `KINDS`.

    `held` has the columns of `HOLD` beside `identifiers.codes` (keys such as `email:maria@example.com`). Moments
    are UTC in microseconds since 1970, or `NEVER`. An ambiguous hold brings nobody together. `known` is what was worked
    out of the columns already.
    """

    view_ids: list[str]
    kinds: Ints
    stated: Mapping[str, Column]
    identifiers: Column
    held: Mapping[str, Ints]
    known: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.view_ids)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What is made of the columns alone is made once, by who asks first; a name stands for one way of making it."""
        if name not in self.known:
            self.known[name] = make()
        found: Made = self.known[name]
        return found

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Frame:
        """The frame of these profiles, each view once."""
        ordered = sorted(profiles, key=lambda profile: profile.view_id)
        builder = FrameBuilder()
        builder.add(
            [profile.view_id for profile in ordered],
            [profile.kind for profile in ordered],
            {name: [getattr(profile, name) for profile in ordered] for name in STATED},
            _holds(ordered),
        )
        return builder.finish()

    def profile(self, view: int) -> Profile:
        """The profile of one view, equal to the one it was made of."""
        return self.profiles(np.array([view]))[0]

    def profiles(self, views: Ints) -> list[Profile]:
        """The profiles of these views, far cheaper than one by one."""
        stated = [self.stated[name].of(views) for name in STATED]
        kinds = [KINDS[kind] for kind in self.kinds[views].tolist()]
        ids = [self.view_ids[view] for view in views.tolist()]
        return [
            Profile(id, kind, **dict(zip(STATED, values, strict=True)), identifiers=held)
            for id, kind, held, values in zip(ids, kinds, self._held(views), zip(*stated, strict=True), strict=True)
        ]

    def _held(self, views: Ints) -> Iterator[dict[str, Held]]:
        sizes, places = self.identifiers.places(views)
        keys = [self.identifiers.values[code] for code in self.identifiers.codes[places].tolist()]
        assurance, first, last, count, *login = (self.held[name][places].tolist() for name in HOLD[:-1])
        holds = map(
            Held,
            map(Identifier.parse, keys),
            map(Assurance, assurance),
            map(moment, first),
            map(moment, last),
            count,
            *(map(_moment_or_none, moments) for moments in login),
        )
        left = zip(keys, holds, strict=True)
        return (dict(islice(left, size)) for size in sizes.tolist())


class Holds(NamedTuple):
    """What views hold, one view after the other: how many identifiers each, their keys, and the columns of `HOLD`."""

    counts: Ints
    keys: Sequence[str]
    numbers: Ints


class Codes(dict[Hashable, int]):
    """Numbers values as they come."""

    def __missing__(self, value: Hashable) -> int:
        self[value] = code = len(self)
        return code


@dataclass(slots=True)
class _ColumnBuilder:
    seen: Codes = field(default_factory=Codes)
    counts: list[Ints] = field(default_factory=list)
    codes: list[Ints] = field(default_factory=list)

    def add(self, counts: Ints, values: Iterable[Hashable]) -> None:
        self.counts.append(counts)
        self.codes.append(np.fromiter(map(self.seen.__getitem__, values), np.int64, int(counts.sum())))

    def add_lists(self, lists: Sequence[Sequence[Hashable]]) -> None:
        self.add(np.fromiter(map(len, lists), np.int64, len(lists)), chain.from_iterable(lists))

    def finish(self, read: Callable[[Any], Any] | None = None) -> Column:
        values = list(self.seen) if read is None else list(map(read, self.seen))
        return Column.made_of(values, _joined(self.counts), _joined(self.codes))


@dataclass(slots=True)
class FrameBuilder:
    """Takes views a page at a time, in the order of their ids."""

    ids: list[str] = field(default_factory=list)
    kinds: list[Ints] = field(default_factory=list)
    stated: dict[str, _ColumnBuilder] = field(default_factory=lambda: {name: _ColumnBuilder() for name in STATED})
    identifiers: _ColumnBuilder = field(default_factory=_ColumnBuilder)
    holds: list[Ints] = field(default_factory=list)

    def add(
        self,
        ids: Sequence[str],
        kinds: Sequence[str],
        stated: Mapping[str, Sequence[Sequence[Hashable]]],
        holds: Holds,
    ) -> None:
        """Views with the values they stated, by field, and what they hold."""
        if ids and ((self.ids and ids[0] <= self.ids[-1]) or any(a >= b for a, b in pairwise(ids))):
            raise ValueError("views come once each, in the order of their ids")
        self.ids.extend(ids)
        self.kinds.append(np.fromiter(map(_PLACES.__getitem__, kinds), np.int64, len(kinds)))
        for name, column in self.stated.items():
            column.add_lists(stated[name])
        self.identifiers.add(holds.counts, holds.keys)
        self.holds.append(holds.numbers)

    def finish(self, read: Mapping[str, Callable[[Any], Any]] | None = None) -> Frame:
        """The frame; `read` turns a stored value of a field into what a profile has."""
        read = read or {}
        columns = {name: column.finish(read.get(name)) for name, column in self.stated.items()}
        holds = np.concatenate(self.holds) if self.holds else np.empty((0, len(HOLD)), np.int64)
        held = {name: np.ascontiguousarray(holds[:, place]) for place, name in enumerate(HOLD)}
        return Frame(self.ids, _joined(self.kinds), columns, self.identifiers.finish(), held)


def _holds(profiles: Sequence[Profile]) -> Holds:
    counts = np.fromiter((len(profile.identifiers) for profile in profiles), np.int64, len(profiles))
    held = [hold for profile in profiles for hold in profile.identifiers.values()]
    numbers = np.array(list(map(_numbers, held)), np.int64).reshape(-1, len(HOLD))
    return Holds(counts, [key for profile in profiles for key in profile.identifiers], numbers)


def _numbers(held: Held) -> tuple[int, ...]:
    bound = (held.first_bound, held.last_bound, held.first_out)
    seen = _microseconds(held.first_seen), _microseconds(held.last_seen)
    first, last, out = (NEVER if moment is None else _microseconds(moment) for moment in bound)
    return held.assurance, *seen, held.count, first, last, out, False


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> dt.datetime:
    """The moment so many microseconds after 1970 began, UTC."""
    return _EPOCH + dt.timedelta(microseconds=microseconds)


def _moment_or_none(microseconds: int) -> dt.datetime | None:
    return None if microseconds == NEVER else moment(microseconds)


def _joined(arrays: Sequence[Ints]) -> Ints:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)
