"""Figures of one set: precision against recall, reliability, and false merges among 10,000 recommended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.measures import Measured
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome
from vitograph.resolver.training.evaluation import curve, of_clusters, reliability


def draw(prepared: Prepared, outcomes: Sequence[Outcome], rows: Sequence[Measured], folder: Path) -> list[Path]:
    """Three SVG files; the paths. ImportError without matplotlib (dependency group `bench`)."""
    import matplotlib

    matplotlib.use("svg")
    # Without these every run would write other bytes.
    matplotlib.rcParams.update({"svg.hashsalt": "vitograph", "svg.fonttype": "none", "font.size": 9})
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _save(_precision_and_recall(prepared, outcomes), folder / f"{prepared.name}-precision-recall.svg"),
        _save(_reliability(prepared, outcomes), folder / f"{prepared.name}-reliability.svg"),
        _save(_false_merges({row.who: row.false_per_10_000 for row in rows}), folder / f"{prepared.name}-false.svg"),
    ]


def _axes(title: str, x: str, y: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    return figure, axes


def _precision_and_recall(prepared: Prepared, outcomes: Sequence[Outcome]) -> Any:
    figure, axes = _axes(f"{prepared.name}: precision and recall", "recall", "precision")
    for outcome in outcomes:
        if outcome.clusters is not None:
            quality = of_clusters(outcome.clusters, prepared.truth)
            axes.plot([quality.recall], [quality.precision], "o", label=outcome.who)
            continue
        points = [quality for _, quality in curve(outcome.pairs, prepared.truth)]
        axes.plot([point.recall for point in points], [point.precision for point in points], label=outcome.who)
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.legend()
    return figure


def _reliability(prepared: Prepared, outcomes: Sequence[Outcome]) -> Any:
    figure, axes = _axes(f"{prepared.name}: reliability", "P(same) as said", "share that is true")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--")
    for outcome in outcomes:
        if outcome.clusters is None:
            bins = reliability(outcome.pairs, prepared.truth)
            axes.plot([row.predicted for row in bins], [row.observed for row in bins], "o-", label=outcome.who)
    axes.legend()
    return figure


def _false_merges(by_who: Mapping[str, float]) -> Any:
    figure, axes = _axes("False merges among 10,000 recommended", "", "")
    bars = axes.barh(list(by_who), list(by_who.values()))
    axes.bar_label(bars, fmt="%.0f", padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    return figure


def _save(figure: Any, path: Path) -> Path:
    figure.savefig(path, metadata={"Date": None})
    return path
