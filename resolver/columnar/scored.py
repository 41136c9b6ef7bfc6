"""Pairs of a frame with what scoring says of each, as columns."""

from __future__ import annotations

from dataclasses import dataclass

from vitograph.resolver.columnar.frame import Bools, Floats, Ints
from vitograph.resolver.policy import LEAST_HOUSEHOLD, LEAST_STORED

BANDS = "-CBA"


@dataclass(frozen=True, slots=True)
class Scored:
    """`left` and `right` are places in the frame, left before right; `band` is a place in `BANDS`. Bits as in `Score`.

    `shares`: the two views hold an identifier in common. `conflict`: a constraint forbids the pair.
    """

    left: Ints
    right: Ints
    bits_stranger: Floats
    bits_household: Floats
    p_same: Floats
    p_household: Floats
    band: Ints
    shares: Bools
    conflict: Bools

    def __len__(self) -> int:
        return len(self.left)

    def at(self, places: Bools | Ints) -> Scored:
        """Some of the pairs."""
        return Scored(*(getattr(self, name)[places] for name in Scored.__slots__))

    @property
    def kept(self) -> Bools:
        """Of which pairs `policy.propose` makes a candidate."""
        likely = (self.p_same >= LEAST_STORED) | (self.p_household >= LEAST_HOUSEHOLD)
        return self.shares | (likely & ~self.conflict)
