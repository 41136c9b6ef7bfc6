"""Why a pair scores as it does, and what keeps it from more: read from its frozen evidence alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

# The probability that the last sentence of `why_not` measures the distance to.
SURE = 0.99


def why_not(score: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What speaks against one person: `[{comparison, sentence, bits}]`, the heaviest first, bits below zero.

    `score` is the JSON form of a Score. Bits are against the rival hypothesis that is nearer: stranger or household.
    """
    if not score:
        return []
    column = "bits_stranger" if score["bits_stranger"] <= score["bits_household"] else "bits_household"
    against = sorted((row for row in score["evidence"] if row[column] < 0), key=lambda row: row[column])
    return [
        {"comparison": row["comparison"], "sentence": row["sentence"], "bits": row[column], "rival": column[5:]}
        for row in against
    ]


def missing_bits(score: Mapping[str, Any], p: float = SURE) -> float:
    """Bits of further evidence (against the nearer rival) that would bring P(same) to `p`; 0 when it is there."""
    if not score or score["p_same"] >= p:
        return 0.0
    odds = math.log2(p / (1 - p))
    return float(odds - min(score["bits_stranger"], score["bits_household"]))
