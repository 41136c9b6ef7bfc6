"""What a score is made of: rows of evidence whose bits add up to it exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from vitograph.resolver.scoring.parameters import Calibration

PRIOR = "prior"


class Evidence(NamedTuple):
    """One row of the waterfall: what was compared, at which level, and its bits against either rival hypothesis.

    `capped` says that a rule (dependence, cap, shared identifier, guard) holds the row below its own weight.
    """

    group: str
    comparison: str
    level: str
    sentence: str
    left: str
    right: str
    bits_stranger: float
    bits_household: float
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Three posteriors of a pair and the waterfall behind them.

    `bits_stranger` and `bits_household` are log2 odds of one person against two strangers and against one household;
    each equals `math.fsum` over its column of `evidence`. `band` is A, B, C or - (stored). The three chances are those
    of the bits; where verdicts stand behind the model they are `calibrated`: P(same) went through its one map, and the
    rivals share the rest as before. `conflict` holds when a constraint forbids the pair. `prior_same` is the model's s
    as it was believed then.
    """

    p_same: float
    p_household: float
    p_stranger: float
    bits_stranger: float
    bits_household: float
    band: str
    model: str
    calibrated: bool
    evidence: tuple[Evidence, ...]
    conflict: bool = False
    prior_same: float = 0.0

    @property
    def bits(self) -> float:
        """The smaller of the two, which decides the band."""
        return min(self.bits_stranger, self.bits_household)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of evidence that speak for one person, by name: what a queue can be filtered by."""
        return tuple(sorted({row.group for row in self.evidence if row.bits_stranger > 0 and row.group != PRIOR}))

    @property
    def order(self) -> float:
        """P(same) as the bits alone have it: the order of the queue, in which a calibration makes no ties."""
        return posteriors(self.bits_stranger, self.bits_household)[0]

    def to_json(self) -> dict[str, Any]:
        """The form in which a candidate keeps it: plain values, probabilities and bits as computed."""
        return {
            "p_same": self.p_same,
            "p_household": self.p_household,
            "p_stranger": self.p_stranger,
            "bits_stranger": self.bits_stranger,
            "bits_household": self.bits_household,
            "band": self.band,
            "model": self.model,
            "calibrated": self.calibrated,
            "conflict": self.conflict,
            "prior_same": self.prior_same,
            "evidence": [row._asdict() for row in self.evidence],
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Score:
        """The score that `to_json` wrote."""
        evidence = tuple(Evidence(**row) for row in form["evidence"])
        return cls(**{**form, "evidence": evidence})


def posteriors(bits_stranger: float, bits_household: float) -> tuple[float, float, float]:
    """P(same), P(household), P(stranger) from the two log2 odds of same; they add up to 1."""
    top = max(0.0, -bits_stranger, -bits_household)
    same, household, stranger = 2.0**-top, 2.0 ** (-bits_household - top), 2.0 ** (-bits_stranger - top)
    total = math.fsum((same, household, stranger))
    return same / total, household / total, stranger / total


def odds(bits_stranger: float, bits_household: float) -> float:
    """Log2 odds of one person against both rivals together: what a calibration is a function of."""
    nearer = min(bits_stranger, bits_household)
    return nearer - math.log2(1 + 2.0 ** -abs(bits_stranger - bits_household))


def calibrated(bits_stranger: float, bits_household: float, calibration: Calibration) -> tuple[float, float, float]:
    """The three chances with P(same) through the calibration; the rivals share the rest in their own proportion."""
    same = calibration.at(odds(bits_stranger, bits_household))
    nearer = 1 / (1 + 2.0 ** -abs(bits_stranger - bits_household))
    household = nearer if bits_household <= bits_stranger else 1 - nearer
    return same, (1 - same) * household, (1 - same) * (1 - household)
