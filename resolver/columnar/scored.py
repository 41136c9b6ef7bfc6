"""Pairs of a frame with what scoring says of each, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vitograph.resolver.columnar.frame import Bools, Floats, Ints
from vitograph.resolver.scoring.policy import LEAST_HOUSEHOLD, LEAST_STORED

BANDS = "-CBA"
GROUPS = ("account", "address", "birth_date", "device", "email", "gender", "name", "phone")
"""The groups of evidence, in the order of `Score.groups`."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`left` and `right` are places in the frame, left before right; `band` is a place in `BANDS`. Bits as in `Score`.

    `shares`: the two views hold an identifier in common. `conflict`: a constraint forbids the pair. `groups` has a bit
    for each of `GROUPS` that speaks for one person, the first one's lowest.
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
    groups: Ints

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


def bits_of(groups: Iterable[str]) -> int:
    """Groups as `Scored.groups` has them."""
    return sum(1 << GROUPS.index(group) for group in groups)


def named(bits: int) -> list[str]:
    """The names of groups, by their bits."""
    return [group for place, group in enumerate(GROUPS) if bits >> place & 1]
