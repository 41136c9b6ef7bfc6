"""Levels of pairs of values by the ladders of the model: each distinct pair is judged once, and only if it may agree.

A sieve says of two different values, without reading them, whether they may stand at another level than the ladder's
last. It may say so too often and must never say no too often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import Bools, Ints

_ROUNDING = 1e-6

Judge = Callable[[Ints, Ints], Ints]
"""The levels of pairs of values, by their codes."""


def one_by_one(judge: Callable[[int, int], int]) -> Judge:
    """Has pairs judged one by one."""
    return lambda left, right: np.array(list(map(judge, left.tolist(), right.tolist())), np.int64)


class Sieve(Protocol):
    def may_agree(self, left: Ints, right: Ints) -> Bools:
        """Whether two values may agree, from arrays alone."""
        ...

    def agree(self, left: Ints, right: Ints) -> Bools:
        """The same of few distinct pairs, with a look at the strings."""
        ...


@dataclass(slots=True)
class Levels:
    """The levels of one ladder over one vocabulary; `last` is the level of values with nothing in common.

    What was judged is remembered: keys in order, and the level of each.
    """

    size: int
    sieve: Sieve
    judge: Judge
    last: int
    _keys: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    _levels: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        """Whether the pairs may stand at another level than the last."""
        return (left == right) | self.sieve.may_agree(left, right)

    def of(self, left: Ints, right: Ints, may_agree: Bools | None = None) -> Ints:
        """The levels of pairs of codes; `may_agree` as told before."""
        found = np.full(len(left), self.last, np.int64)
        places = np.flatnonzero(self.may_agree(left, right) if may_agree is None else may_agree)
        keys, inverse = distinct(left[places] * self.size + right[places])
        found[places] = self._of_keys(keys)[inverse]
        return found

    def _of_keys(self, keys: Ints) -> Ints:
        known = np.zeros(len(keys), np.bool_)
        if len(self._keys):
            known = self._keys[self._among_known(keys)] == keys
        unknown = keys[~known]
        if len(unknown):
            places = np.searchsorted(self._keys, unknown)
            judged = self._judged(unknown)
            self._keys, self._levels = np.insert(self._keys, places, unknown), np.insert(self._levels, places, judged)
        return self._levels[self._among_known(keys)] if len(keys) else np.empty(0, np.int64)

    def _among_known(self, keys: Ints) -> Ints:
        return np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)

    def _judged(self, keys: Ints) -> Ints:
        left, right = np.divmod(keys, self.size)
        found = np.full(len(keys), self.last, np.int64)
        near = np.flatnonzero((left == right) | self.sieve.agree(left, right))
        found[near] = self.judge(left[near], right[near])
        return found


def few_edits(values: Sequence[str], left: Ints, right: Ints, most: int) -> Bools:
    """Whether so many typing errors at most lie between pairs of strings."""
    ours, theirs = strings(values, left), strings(values, right)
    return np.asarray(cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=most, dtype=np.int64) <= most)


def similar(values: Sequence[str], left: Ints, right: Ints, least: float) -> Bools:
    """Whether pairs of strings resemble each other so much by Jaro-Winkler."""
    ours, theirs = strings(values, left), strings(values, right)
    cutoff = least - _ROUNDING
    return np.asarray(
        cpdist(ours, theirs, scorer=JaroWinkler.similarity, score_cutoff=cutoff, dtype=np.float64) >= cutoff
    )


def strings(values: Sequence[str], codes: Ints) -> list[str]:
    """The values of these codes."""
    return list(map(values.__getitem__, codes.tolist()))
