"""How figures grow with the graph, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHOWN = {
    "milliseconds, median": (
        "ms to score and enqueue, p50", "ms for an observation, p50", "ms for a view, p50", "ms for a timeline, p50",
        "ms for a page of the queue, p50", "ms for a page of leads, p50", "ms for a hot read, p50",
    ),
    "milliseconds, p95": (
        "ms to score and enqueue, p95", "ms for an observation, p95", "ms for a view, p95", "ms for a timeline, p95",
        "ms for a page of the queue, p95", "ms for a page of leads, p95", "ms for a hot read, p95",
    ),
    "MB and seconds": (
        "MB on disk", "MB of graph.embedded.jvm", "MB of api.serve", "MB of api.worker", "s to write, import and index",
        "s until ready",
    ),
}  # fmt: skip


def draw(found: Mapping[str, Mapping[str, float]], picture: Path) -> None:
    """A PNG with a curve for each figure. ImportError without matplotlib (dependency group `bench`)."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13.5, 4.2), layout="constrained", dpi=80)
    for axes, (title, names) in zip(figure.subplots(1, len(SHOWN)), SHOWN.items(), strict=True):
        _curves(axes, title, names, sorted(found.values(), key=lambda one: one["persons"]))
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Software": None})


def _curves(axes: Any, title: str, names: tuple[str, ...], rows: list[Mapping[str, float]]) -> None:
    for name in names:
        points = [(row["persons"], row[name]) for row in rows if name in row]
        label = name.removeprefix("ms for ").removeprefix("ms ").removesuffix(", p50").removesuffix(", p95")
        axes.plot([x for x, _ in points], [y for _, y in points], "o-", label=label)
    axes.set(title=title, xlabel="persons", xscale="log", yscale="log")
    axes.grid(alpha=0.3, which="both")
    axes.legend(fontsize=7)
