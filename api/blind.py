"""Blind mode: a pair without anything that tells what the model, or a colleague, thinks of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What a score, or a verdict, can be read off.
_TELLING = frozenset(
    {
        "p_same",
        "p_household",
        "p_stranger",
        "bits",
        "bits_stranger",
        "bits_household",
        "band",
        "value",
        "proposed_as",
        "groups",
        "reopened",
        "reopened_at",
        "model",
        "verdict",
        "decision",
        "pending",
        "history",
        "why_not",
        "missing_bits",
        "runner_up",
        "ambiguous",
        "counterfactuals",
        "created_at",
        "updated_at",
    }
)


def blinded(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """What of a candidate tells nothing. Of its evidence, what was compared stays, unweighed and by its name."""
    shown = {name: value for name, value in candidate.items() if name not in _TELLING}
    if shown.get("status") in ("reopened", "decided"):
        shown["status"] = "open"
    if "waterfall" in candidate:
        rows = candidate["waterfall"].get("evidence", ())
        compared = [
            {name: row[name] for name in ("comparison", "left", "right")} for row in rows if row["left"] or row["right"]
        ]
        shown["waterfall"] = {"evidence": sorted(compared, key=lambda row: (row["comparison"], row["left"]))}
    return shown | {"blind": True}
