"""Levels of pairs of values by the ladders of the model: each distinct pair is judged once, and only if it may agree.

A sieve says of two different values, without reading them, whether they may stand at another level than the ladder's
last. It may say so too often and must never say no too often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import Bools, Ints

Judge = Callable[[int, int], int]
"""The level of two values, by their codes."""


class Sieve(Protocol):
    def may_agree(self, left: Ints, right: Ints) -> Bools:
        """Whether two values may agree, from arrays alone."""
        ...

    def agree(self, left: Ints, right: Ints) -> Bools:
        """The same of few distinct pairs, with a look at the strings."""
        ...


@dataclass(slots=True)
class Levels:
    """The levels of one ladder over one vocabulary; `last` is the level of values with nothing in common."""

    size: int
    sieve: Sieve
    judge: Judge
    last: int
    _known: dict[int, int] = field(default_factory=dict)

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        """Whether the pairs may stand at another level than the last."""
        return (left == right) | self.sieve.may_agree(left, right)

    def of(self, left: Ints, right: Ints, may_agree: Bools | None = None) -> Ints:
        """The levels of pairs of codes; `may_agree` as told before."""
        found = np.full(len(left), self.last, np.int64)
        places = np.flatnonzero(self.may_agree(left, right) if may_agree is None else may_agree)
        keys, inverse = distinct(left[places] * self.size + right[places])
        found[places] = self._levels(keys)[inverse]
        return found

    def _levels(self, keys: Ints) -> Ints:
        listed = keys.tolist()
        unknown = np.fromiter((key not in self._known for key in listed), np.bool_, len(listed))
        left, right = np.divmod(keys[unknown], self.size)
        agree = (left == right) | self.sieve.agree(left, right)
        for key, one, other, near in zip(
            keys[unknown].tolist(), left.tolist(), right.tolist(), agree.tolist(), strict=True
        ):
            self._known[key] = self.judge(one, other) if near else self.last
        return np.fromiter(map(self._known.__getitem__, listed), np.int64, len(listed))


def strings(values: Sequence[str], codes: Ints) -> list[str]:
    return [values[code] for code in codes.tolist()]
