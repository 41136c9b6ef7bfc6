"""What verdicts say of the odds: isotonic calibration, and whether band A is open.

Bits are log2 odds of one person against both rivals together (`evidence.odds`). A verdict weighs by the inverse of the
chance that its pair had of being queued, so that the few drawn from below the bar stand for all that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum

from scipy.optimize import isotonic_regression
from scipy.special import betaincinv

from vitograph.resolver.parameters import Calibration

ENOUGH = 500
"""Verdicts `same`, and verdicts that keep apart, below which nothing is calibrated."""
SURE = 0.99
"""The least precision of band A, and the least P(same) in it."""
CONFIDENCE = 0.95
CLOSED = 1.0
"""The bar of a band A that verdicts have not opened."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict beside the score of its pair: log2 odds, and whether the evidence is person-grade."""

    same: bool
    bits: float
    propensity: float
    person_grade: bool


def is_enough(judged: Iterable[Judged]) -> bool:
    """Whether there are verdicts enough, of both kinds, to calibrate by."""
    verdicts = [one.same for one in judged]
    return min(verdicts.count(True), verdicts.count(False)) >= ENOUGH


def calibrate(judged: Sequence[Judged]) -> Calibration | None:
    """The calibration of these verdicts; None when there are too few or all stand at the same odds.

    Each block of the isotonic regression is one knot at its mean bits, drawn by half a verdict of either kind: a block
    that was never wrong is not certain.
    """
    if not is_enough(judged):
        return None
    grouped = [
        (bits, list(group))
        for bits, group in groupby(sorted(judged, key=lambda one: one.bits), key=lambda one: one.bits)
    ]
    weights = [fsum(1 / one.propensity for one in group) for _, group in grouped]
    shares = [
        fsum(1 / one.propensity for one in group if one.same) / weight
        for (_, group), weight in zip(grouped, weights, strict=True)
    ]
    blocks = isotonic_regression(shares, weights=weights).blocks
    knots = [_knot([one for _, group in grouped[start:end] for one in group]) for start, end in pairwise(blocks)]
    if len(knots) == 1:
        # The odds tell nothing apart: one chance for all of them.
        knots = [(bits, knots[0][1], knots[0][2]) for bits in (grouped[0][0], grouped[-1][0])]
    if knots[0][0] >= knots[-1][0]:
        return None
    drawn = isotonic_regression([p for _, p, _ in knots], weights=[n for _, _, n in knots]).x
    same = sum(one.same for one in judged)
    return Calibration(tuple(bits for bits, _, _ in knots), tuple(float(p) for p in drawn), same, len(judged) - same)


def bar_of_band_a(judged: Iterable[Judged], calibration: Calibration) -> float:
    """The least P(same), `SURE` at least, above which the precision of band A is proven; `CLOSED` when none is.

    Proven: the one-sided 95 % Clopper-Pearson lower bound over the person-grade verdicts there is `SURE` or more.
    """
    found = sorted(((calibration.at(one.bits), one.same) for one in judged if one.person_grade), reverse=True)
    bar, right, seen = CLOSED, 0, 0
    for p, group in groupby(found, key=lambda one: one[0]):
        if p < SURE:
            break
        verdicts = [same for _, same in group]
        right, seen = right + sum(verdicts), seen + len(verdicts)
        if lower_bound(right, seen) >= SURE:
            bar = p
    return bar


def lower_bound(right: int, of: int) -> float:
    """The one-sided 95 % Clopper-Pearson lower bound of a rate; 0 when nothing was right."""
    return float(betaincinv(right, of - right + 1, 1 - CONFIDENCE)) if right else 0.0


def _knot(block: Sequence[Judged]) -> tuple[float, float, float]:
    """Mean bits, chance and effective number of verdicts of a block."""
    weights = [1 / one.propensity for one in block]
    total = fsum(weights)
    verdicts = total**2 / fsum(weight**2 for weight in weights)
    bits = fsum(weight * one.bits for weight, one in zip(weights, block, strict=True)) / total
    share = fsum(weight for weight, one in zip(weights, block, strict=True) if one.same) / total
    return bits, (share * verdicts + 0.5) / (verdicts + 1), verdicts
