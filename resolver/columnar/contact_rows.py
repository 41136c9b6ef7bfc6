"""E-mail addresses and phone numbers that differ, of many pairs: how the nearest of them compare."""

from __future__ import annotations

import numpy as np

from vitograph.resolver.columnar.crossing import best, cross, starts_of, where
from vitograph.resolver.columnar.frame import Bools, Column, Frame, Ints
from vitograph.resolver.columnar.levels import Levels, Sieve, one_by_one
from vitograph.resolver.columnar.rows import NONE, Bits, Rows
from vitograph.resolver.columnar.sieves import EmailSieve, PhoneSieve
from vitograph.resolver.columnar.words import Names, name_of
from vitograph.resolver.comparing.comparisons import EMAIL, Ladder, level_of
from vitograph.resolver.comparing.contacts import NUMBERS_ASIDE, is_made_of
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.values.names import fold


class Contacts:
    """E-mail or phone: how the nearest of different values compare."""

    def __init__(self, of_kind: Bools, ladder: Ladder, frame: Frame, names: Names, model: Model) -> None:
        """`of_kind` says which keys of the frame's identifiers are of the kind."""
        self.names = names
        self.column, self.levels, self._made = frame.once(ladder, lambda: _held(frame.identifiers, of_kind, ladder))
        self.values = self.column.values
        comparison = model.comparisons[ladder.name]
        self.bits = Bits.of(comparison, ladder.names)
        most = [comparison.most_stranger_bits.get(name, np.inf) for name in ladder.names]
        self.most = np.minimum(self.bits.stranger, np.array(most))
        made = model.rules.name_made if ladder is EMAIL else {}
        self.name_made = np.array([made.get(name, np.inf) for name in ladder.names])
        self.numbers_aside = [name in NUMBERS_ASIDE for name in ladder.names]

    def add_nearest(self, rows: Rows, left: Ints, right: Ints) -> None:
        """Fills in the pairs that share none and hold some both."""
        open_ = np.flatnonzero(rows.level == NONE)
        crossed = cross(self.column, left[open_], right[open_])
        a, b = self.column.codes[crossed.left], self.column.codes[crossed.right]
        level = self.levels.of(a, b)
        views = left[open_[crossed.pair]], right[open_[crossed.pair]]
        repeats = self._repeats(crossed.pair, level, (a, b), views)
        nearest = best(crossed.pair, -level, ~repeats)
        pair, level, repeats = open_[crossed.pair[nearest]], level[nearest], repeats[nearest]
        for whole, bits in ((rows.stranger, self.most[level]), (rows.household, self.bits.household[level])):
            whole[pair] = np.where(repeats, np.minimum(bits, self.name_made[level]), bits)
        rows.level[pair] = level

    def _repeats(self, pair: Ints, level: Ints, codes: tuple[Ints, Ints], views: tuple[Ints, Ints]) -> Bools:
        """Which values are no more alike than the names are; asked only of the nearest and where it takes bits."""
        found = np.zeros(len(level), np.bool_)
        weighty = np.maximum(self.most, self.bits.household)[level] > self.name_made[level]
        starts = starts_of(pair)
        if not len(starts):
            return found
        nearest = np.repeat(np.minimum.reduceat(level, starts), np.diff(np.append(starts, len(pair))))
        for place in np.flatnonzero(weighty & (level == nearest)).tolist():
            aside = self.numbers_aside[level[place]]
            found[place] = all(
                self._is_made(code[place], view[place], aside) for code, view in zip(codes, views, strict=True)
            )
        return found

    def _is_made(self, code: np.int64, view: np.int64, numbers_aside: bool) -> bool:
        key = (int(code), int(view), numbers_aside)
        if key not in self._made:
            places = range(self.names.column.offsets[view], self.names.column.offsets[view + 1])
            names = (name_of(self.names, place) for place in places)
            self._made[key] = any(
                is_made_of(self.values[key[0]], fold(given), fold(family), numbers_aside=numbers_aside)
                for given, family in names
            )
        return self._made[key]


def _held(column: Column, of_kind: Bools, ladder: Ladder) -> tuple[Column, Levels, dict[tuple[int, int, bool], bool]]:
    """The identifiers of a kind, their levels and what is known to be a name again, whatever the model."""
    values = [column.values[code].partition(":")[2] for code in np.flatnonzero(of_kind).tolist()]
    codes = np.where(of_kind, np.cumsum(of_kind) - 1, NONE)
    held, _ = where(column, of_kind[column.codes])
    places = {name: place for place, name in enumerate(ladder.names)}
    judge = one_by_one(lambda a, b: places[level_of(ladder.name, values[a], values[b])])
    sieve: Sieve = EmailSieve.of(values) if ladder is EMAIL else PhoneSieve.of(values)
    return Column(values, held.offsets, codes[held.codes]), Levels(len(values), sieve, judge, places["different"]), {}
