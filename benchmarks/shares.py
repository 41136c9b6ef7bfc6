"""What a share of measured values is at most."""

from __future__ import annotations

from collections.abc import Iterable


def at_share(values: Iterable[float], share: float) -> float:
    """The value that this share (0..1) of them does not exceed: an order statistic. ValueError when there are none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
