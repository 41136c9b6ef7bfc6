"""What can be told of two strings without reading them: tests that are never false where the strings agree.

A letter sets one of 64 bits, so a bit of one string that the other lacks is a letter that the other lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitograph.resolver.columnar.frame import Bools, Ints

_PREFIX = 4
_PREFIX_WEIGHT = 0.1
"""Jaro-Winkler's: what each of the first four letters adds when it agrees."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Shapes:
    """The lengths, letters (a bit each) and beginnings of strings, by their code."""

    lengths: Ints
    letters: NDArray[np.uint64]
    beginnings: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Shapes:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        letters = np.zeros(len(texts), np.uint64)
        owners = np.repeat(np.arange(len(texts)), lengths)
        np.bitwise_or.at(letters, owners, np.uint64(1) << (signs.astype(np.uint64) & np.uint64(63)))
        starts = np.cumsum(lengths) - lengths
        beginnings = np.zeros((len(texts), _PREFIX), np.uint32)
        for place in range(_PREFIX):
            has = lengths > place
            beginnings[has, place] = signs[starts[has] + place]
        return cls(lengths, letters, beginnings)

    def within_edits(self, left: Ints, right: Ints, edits: int) -> Bools:
        """May so many insertions, deletions, replacements and swaps of neighbours lead from one to the other?"""
        unlike = np.bitwise_count(self.letters[left] ^ self.letters[right])
        return (unlike <= 2 * edits) & (np.abs(self.lengths[left] - self.lengths[right]) <= edits)

    def resemble(self, left: Ints, right: Ints, least: float) -> Bools:
        """May their Jaro-Winkler similarity reach `least`?"""
        ours, theirs = self.letters[left], self.letters[right]
        here, there = self.lengths[left], self.lengths[right]
        alike = np.minimum(here - np.bitwise_count(ours & ~theirs), there - np.bitwise_count(theirs & ~ours))
        shared = np.minimum(alike, np.minimum(here, there))
        jaro = (shared / np.maximum(here, 1) + shared / np.maximum(there, 1) + 1) / 3
        common = np.zeros(len(left), np.int64)
        agree = np.ones(len(left), np.bool_)
        for place in range(_PREFIX):
            agree &= self.beginnings[left, place] == self.beginnings[right, place]
            common += agree
        winkler = jaro + common * _PREFIX_WEIGHT * (1 - jaro)
        return (winkler >= least - _ROUNDING) | (here + there == 0)

    def begins(self, left: Ints, right: Ints) -> Bools:
        """May one be the beginning of the other?"""
        ours, theirs = self.letters[left], self.letters[right]
        inside = ((ours & ~theirs) == 0) | ((theirs & ~ours) == 0)
        first = self.beginnings[left, 0] == self.beginnings[right, 0]
        return inside & (first | (np.minimum(self.lengths[left], self.lengths[right]) == 0))
