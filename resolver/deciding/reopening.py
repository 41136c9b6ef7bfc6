"""When a decided pair is asked about again: what its evidence says now that it did not say when it was decided.

Only what is new counts. A group of evidence whose rows state what they stated is no news, whatever it weighs by now:
frequencies, priors and models are estimated anew all the time. In a group that did change, what it said before is taken
off what it says now, so that a fuller record of the same things is no news either.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vitograph.resolver.scoring.evidence import PRIOR

REOPENING_BITS = 3.0
"""Bits of new evidence, against the nearer rival, from which on a decided pair waits again (docs/reference/desk.md)."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """Bits that evidence gained since a decision, against either rival, and the new rows that speak for one person."""

    bits_stranger: float
    bits_household: float
    rows: tuple[Row, ...]

    @property
    def bits(self) -> float:
        """The smaller of the two, as everywhere."""
        return min(self.bits_stranger, self.bits_household)

    @property
    def reopens(self) -> bool:
        return self.bits >= REOPENING_BITS

    def to_json(self) -> dict[str, Any]:
        """The reason as a specialist is shown it."""
        return {
            "bits": self.bits,
            "bits_stranger": self.bits_stranger,
            "bits_household": self.bits_household,
            "evidence": [dict(row) for row in self.rows],
        }


def news(before: Iterable[Row], now: Iterable[Row]) -> News:
    """What rows of evidence say now beyond what they said before; rows are those of the JSON form of a Score."""
    old, new = _grouped(before), _grouped(now)
    stranger: list[float] = []
    household: list[float] = []
    fresh: list[Row] = []
    for group in sorted(old.keys() | new.keys()):
        had, has = old.get(group, {}), new.get(group, {})
        if had.keys() == has.keys() and not group.endswith(_RULE):
            continue
        stranger += [row["bits_stranger"] for row in has.values()] + [-row["bits_stranger"] for row in had.values()]
        household += [row["bits_household"] for row in has.values()] + [-row["bits_household"] for row in had.values()]
        fresh += [row for key, row in has.items() if key not in had and row["bits_stranger"] > 0]
    fresh.sort(key=lambda row: (-row["bits_stranger"], row["comparison"], row["left"], row["right"]))
    return News(math.fsum(stranger), math.fsum(household), tuple(fresh))


# A row without values is what a rule takes back (twins and spouses): it changes with what it takes back.
_RULE = " rule"


def _grouped(rows: Iterable[Row]) -> dict[str, dict[tuple[str, ...], Row]]:
    """Rows by group and by what they state: sides have no order, and the prior is no evidence."""
    groups: dict[str, dict[tuple[str, ...], Row]] = {}
    for row in rows:
        if row["group"] == PRIOR or row["level"] == "none":
            continue
        rule = "" if row["left"] or row["right"] else _RULE
        key = (row["comparison"], row["level"], *sorted((row["left"], row["right"])))
        groups.setdefault(row["group"] + rule, {})[key] = row
    return groups
