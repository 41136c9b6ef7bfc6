"""What verdicts say of the odds: isotonic calibration, and whether band A is open.

Bits are log2 odds of one person against both rivals together (`evidence.odds`). A verdict weighs by the inverse of the
chance that its pair had of being queued, so that the few drawn from below the bar stand for all that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum, isfinite

from scipy.optimize import isotonic_regression
from scipy.special import betaincinv

from vitograph.resolver.scoring.parameters import Calibration

ENOUGH = 500
"""Verdicts `same`, and verdicts that keep apart, below which nothing is calibrated."""
SURE = 0.99
"""The least precision of band A, and the least P(same) in it."""
CONFIDENCE = 0.95
CLOSED = 1.0
"""The bar of a band A that verdicts have not opened."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict beside the score of its pair: log2 odds, and whether the evidence is person-grade.

    ValueError where the odds or the propensity are no number to count with: one would spoil the order of all others.
    """

    same: bool
    bits: float
    propensity: float
    person_grade: bool

    def __post_init__(self) -> None:
        if not isfinite(self.bits) or not 0 < self.propensity <= 1:
            raise ValueError(
                f"a verdict at {self.bits} bits, asked with a chance of {self.propensity}, calibrates nothing"
            )


def is_enough(judged: Iterable[Judged]) -> bool:
    """Whether there are verdicts enough, of both kinds, to calibrate by."""
    verdicts = [one.same for one in judged]
    return min(verdicts.count(True), verdicts.count(False)) >= ENOUGH


def calibrate(judged: Sequence[Judged]) -> Calibration | None:
    """The calibration of these verdicts; None when there are too few or all stand at the same odds.

    Each block of the isotonic regression has one chance from its first bits to its last, drawn by half a verdict of
    either kind: a block that was never wrong is not certain.
    """
    if not is_enough(judged):
        return None
    ordered = sorted(judged, key=lambda one: one.bits)
    grouped = [list(group) for _, group in groupby(ordered, key=lambda one: one.bits)]
    shares, weights = zip(*(_share(group) for group in grouped), strict=True)
    starts = isotonic_regression(shares, weights=weights).blocks
    blocks = [[one for group in grouped[start:end] for one in group] for start, end in pairwise(starts)]
    drawn = [_drawn(block) for block in blocks]
    chances = isotonic_regression([p for p, _ in drawn], weights=[verdicts for _, verdicts in drawn]).x
    knots = [
        (bits, float(p))
        for block, p in zip(blocks, chances, strict=True)
        for bits in sorted({block[0].bits, block[-1].bits})
    ]
    if len(knots) < 2:
        return None
    same = sum(one.same for one in judged)
    return Calibration(tuple(bits for bits, _ in knots), tuple(p for _, p in knots), same, len(judged) - same)


def bar_of_band_a(judged: Iterable[Judged], calibration: Calibration) -> float:
    """The least P(same), `SURE` at least, above which the precision of band A is proven; `CLOSED` when none is.

    Proven: the one-sided 95 % Clopper-Pearson lower bound over the person-grade verdicts there is `SURE` or more, of
    their weighted share and the number of verdicts that their weights are worth.
    """
    graded = sorted((one for one in judged if one.person_grade), key=lambda one: -one.bits)
    bar, seen = CLOSED, list[Judged]()
    for p, group in groupby(graded, key=lambda one: calibration.at(one.bits)):
        if p < SURE:
            break
        seen += group
        share, verdicts = _worth(seen)
        if lower_bound(share * verdicts, verdicts) >= SURE:
            bar = p
    return bar


def lower_bound(right: float, of: float) -> float:
    """The one-sided 95 % Clopper-Pearson lower bound of a rate; 0 when nothing was right."""
    return float(betaincinv(right, of - right + 1, 1 - CONFIDENCE)) if right else 0.0


def _share(group: Sequence[Judged]) -> tuple[float, float]:
    """The weighted share of `same`, and the weight."""
    weight = fsum(1 / one.propensity for one in group)
    return fsum(1 / one.propensity for one in group if one.same) / weight, weight


def _worth(group: Sequence[Judged]) -> tuple[float, float]:
    """The weighted share of `same`, and the number of verdicts that the weights are worth (Kish)."""
    share, weight = _share(group)
    return share, weight**2 / fsum(1 / one.propensity**2 for one in group)


def _drawn(block: Sequence[Judged]) -> tuple[float, float]:
    """The chance of a block, and the number of verdicts that its weights are worth."""
    share, verdicts = _worth(block)
    return (share * verdicts + 0.5) / (verdicts + 1), verdicts
