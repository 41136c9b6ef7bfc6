"""Figures that say how good decisions and proposals are: bounds, agreement and drift, as pure functions of counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

CONFIDENCE = 0.95


def lower_bound(right: int, of: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided Clopper-Pearson bound of a share: the least that is not at odds with `right` out of `of`.

    0 when nothing was seen. 299 flawless verdicts are what .99 takes at 95 %. ValueError for counts that cannot be.
    """
    if not 0 <= right <= of:
        raise ValueError(f"{right} of {of} is no count")
    if right == 0:
        return 0.0
    from scipy.special import betaincinv

    return float(betaincinv(right, of - right + 1, 1.0 - confidence))


def kappa(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """Cohen's kappa of two raters: agreement beyond that of chance, 1 for all of it; None when there is no telling.

    `pairs` counts how often the first rater said one thing and the second another.
    """
    total = sum(pairs.values())
    if not total:
        return None
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for (one, other), count in pairs.items():
        first[one] = first.get(one, 0) + count
        second[other] = second.get(other, 0) + count
    agreed = sum(count for (one, other), count in pairs.items() if one == other) / total
    by_chance = sum(first[name] * second.get(name, 0) for name in first) / total**2
    return None if by_chance == 1.0 else (agreed - by_chance) / (1.0 - by_chance)


def stability(before: Sequence[int], now: Sequence[int]) -> float | None:
    """The population stability index of two histograms over the same bins; None when one is empty.

    Customary bounds: below .1 nothing moved, above .25 the scores are of another population than before. Each bin is
    counted half a pair more than it holds, so that an empty one does not make it infinite.
    """
    if len(before) != len(now):
        raise ValueError("the histograms have different bins")
    if not sum(before) or not sum(now):
        return None

    def shares(counts: Sequence[int]) -> list[float]:
        total = sum(counts) + 0.5 * len(counts)
        return [(count + 0.5) / total for count in counts]

    return math.fsum((b - a) * math.log(b / a) for a, b in zip(shares(before), shares(now), strict=True))
