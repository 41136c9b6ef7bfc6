"""Reports of models: what a comparison with the live one found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_SIDES = ("left", "right")

Report = Mapping[str, Any]


def named(report: Report) -> set[str]:
    """The persons whom it names: of approved links that would fail."""
    return {link[side] for link in _failing(report) for side in _SIDES}


def without(report: Report, is_gone: Callable[[str], bool]) -> dict[str, Any]:
    """The report without the links of persons who are gone; how many were approved stays."""
    if not any(map(is_gone, named(report))):
        return dict(report)
    kept = [link for link in _failing(report) if not any(is_gone(link[side]) for side in _SIDES)]
    comparison = report["comparison"]
    return {**report, "comparison": {**comparison, "approved": {**comparison["approved"], "failing": kept}}}


def _failing(report: Report) -> list[dict[str, Any]]:
    return list(report.get("comparison", {}).get("approved", {}).get("failing", ()))
