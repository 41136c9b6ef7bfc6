"""What can be told of two strings without reading them: tests that are never false where the strings agree.

A letter sets one of 64 bits, so a bit of one string that the other lacks is a letter that the other lacks. A letter
that comes twice sets a bit of 64 more, and a bit that the other lacks there is another one.
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
    """The lengths, letters (a bit each), letters that come twice, and beginnings of strings, by their code."""

    lengths: Ints
    letters: NDArray[np.uint64]
    twice: NDArray[np.uint64]
    beginnings: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Shapes:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        owners = np.repeat(np.arange(len(texts)), lengths)
        found = np.sort(owners << 6 | (signs.astype(np.int64) & 63))
        again = np.diff(found, prepend=-1) == 0
        letters, twice = (_bits(some, len(texts)) for some in (found, found[again]))
        starts = np.cumsum(lengths) - lengths
        beginnings = np.zeros((len(texts), _PREFIX), np.uint32)
        for place in range(_PREFIX):
            has = lengths > place
            beginnings[has, place] = signs[starts[has] + place]
        return cls(lengths, letters, twice, beginnings)

    def within_edits(self, left: Ints, right: Ints, edits: int) -> Bools:
        """May so many insertions, deletions, replacements and swaps of neighbours lead from one to the other?"""
        unlike = np.bitwise_count(self.letters[left] ^ self.letters[right])
        unlike += np.bitwise_count(self.twice[left] ^ self.twice[right])
        return (unlike <= 2 * edits) & (np.abs(self.lengths[left] - self.lengths[right]) <= edits)

    def resemble(self, left: Ints, right: Ints, least: float) -> Bools:
        """May their Jaro-Winkler similarity reach `least`?"""
        here, there = self.lengths[left], self.lengths[right]
        ours, theirs = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
        for letters in (self.letters, self.twice):
            a, b = letters[left], letters[right]
            ours += np.bitwise_count(a & ~b)
            theirs += np.bitwise_count(b & ~a)
        alike = np.minimum(here - ours, there - theirs)
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


def _bits(found: Ints, size: int) -> NDArray[np.uint64]:
    """The letters of each string as bits; they come as six bits below the number of the string, in order."""
    bits, owners = np.zeros(size, np.uint64), found >> 6
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    if len(starts):
        bits[owners[starts]] = np.bitwise_or.reduceat(np.uint64(1) << (found & 63).astype(np.uint64), starts)
    return bits
