"""An outcome in figures: one row of the table, and its console line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome
from vitograph.resolver.model import Profile
from vitograph.resolver.training.evaluation import (
    AtBar,
    at_bar,
    b_cubed,
    best_f1,
    clusters,
    expected_calibration_error,
    false_merges_per_10_000,
    first_k_yield,
    household_confusion,
    household_confusion_of_clusters,
    in_bands,
    is_true,
    of_clusters,
    queue_load_per_1_000,
    true_pair_count,
)

BARS = (0.99, 0.8, 0.5)


@dataclass(frozen=True, slots=True)
class Measured:
    """`at` holds the quality at each of BARS, `best` the bar of the best F1 (chosen with the truth) and what is there.

    `recommended` is the quality of what is recommended for approval (band A; everything, of a contender that joins by
    itself) and `false_per_10_000` the false ones among 10,000 of it. `confusion` is the share of pairs at P >= .5 that
    are two people of one household. None where a contender gives no probability, or no household is known.
    """

    set: str
    who: str
    true: int
    blocking: float | None
    at: tuple[AtBar, ...]
    best: tuple[float | None, AtBar]
    b3: float
    recommended: AtBar
    false_per_10_000: float
    confusion: float | None
    ece: float | None
    queue: float | None
    first_k: float | None
    seconds: float


def measured(prepared: Prepared, outcome: Outcome) -> Measured:
    """Every metric of one outcome."""
    return _of_pairs(prepared, outcome) if outcome.clusters is None else _of_clusters(prepared, outcome)


def _of_pairs(prepared: Prepared, outcome: Outcome) -> Measured:
    truth, pairs = prepared.truth, outcome.pairs
    true = true_pair_count(truth)
    findable = {
        (left, right)
        for left, right in prepared.blocked
        if truth[left] == truth[right] and is_findable(prepared.profiles[left], prepared.profiles[right])
    }
    return Measured(
        set=prepared.name,
        who=outcome.who,
        true=true,
        blocking=sum(is_true(pair, truth) for pair in pairs) / true,
        at=tuple(at_bar(pairs, truth, bar) for bar in BARS),
        best=best_f1(pairs, truth),
        b3=b_cubed(clusters(pairs, truth, 0.5), truth)[2],
        recommended=in_bands(pairs, truth, "A"),
        false_per_10_000=false_merges_per_10_000(pairs, truth),
        confusion=household_confusion(pairs, truth, prepared.households, 0.5) if prepared.households else None,
        ece=expected_calibration_error(pairs, truth),
        queue=queue_load_per_1_000(pairs, truth),
        first_k=first_k_yield(pairs, findable),
        seconds=outcome.seconds,
    )


def _of_clusters(prepared: Prepared, outcome: Outcome) -> Measured:
    truth, found = prepared.truth, outcome.clusters or {}
    quality = of_clusters(found, truth)
    homes = prepared.households
    return Measured(
        set=prepared.name,
        who=outcome.who,
        true=true_pair_count(truth),
        blocking=None,
        at=(quality,) * len(BARS),
        best=(None, quality),
        b3=b_cubed(found, truth)[2],
        recommended=quality,
        false_per_10_000=10_000 * (1 - quality.precision),
        confusion=household_confusion_of_clusters(found, truth, homes) if homes else None,
        ece=None,
        queue=None,
        first_k=None,
        seconds=outcome.seconds,
    )


def is_findable(left: Profile, right: Profile) -> bool:
    """Whether more than a device speaks for one person: both gave a name, or they share a strong identifier."""
    named = all(profile.given_names or profile.family_names or profile.full_names for profile in (left, right))
    shared = left.identifiers.keys() & right.identifiers.keys()
    return named or any(left.identifiers[key].identifier.kind.is_strong for key in shared)


COLUMNS = (
    "set", "who", "true", "block", "P.99", "R.99", "P.8", "R.8", "P.5", "R.5", "bestF1", "at", "B3", "recommended",
    "fm/1e4", "home", "ECE", "queue", "first-k", "s",
)  # fmt: skip
"""block: share of the true pairs that were compared; P.5, R.5: precision and recall at P(same) >= .5; recommended:
pairs of band A; fm/1e4: false ones among 10,000 of them; home: share of the pairs at .5 that are two people of a home;
queue: pairs at .5 and above per 1,000 records; first-k: share of the findable true pairs among the first 1.1 times
their number; s: seconds."""


def cells(row: Measured) -> list[str]:
    """The row as text, in the order of COLUMNS."""
    bar, best = row.best
    rates = [text for quality in row.at for text in (_share(quality.precision), _share(quality.recall))]
    return [
        row.set,
        row.who,
        str(row.true),
        _share(row.blocking),
        *rates,
        _share(best.f1),
        "-" if bar is None else f"{bar:.2f}",
        _share(row.b3),
        str(row.recommended.proposed),
        f"{row.false_per_10_000:.0f}",
        _share(row.confusion),
        _share(row.ece),
        "-" if row.queue is None else f"{row.queue:.0f}",
        _share(row.first_k),
        f"{row.seconds:.1f}",
    ]


WIDTHS = (24, 16, 8, 7, *(7,) * 6, 8, 6, 7, 13, 8, 7, 7, 7, 9, 8)


def line(texts: Sequence[str]) -> str:
    """One line of the console, in columns."""
    return "".join(
        f"{text:<{width}}" if number < 2 else f"{text:>{width}}"
        for number, (text, width) in enumerate(zip(texts, WIDTHS, strict=True))
    )


def markdown(rows: Sequence[Measured]) -> str:
    """The rows as a table of a document."""
    lines = [COLUMNS, ("---",) * 2 + ("---:",) * (len(COLUMNS) - 2), *(cells(row) for row in rows)]
    return "".join(f"| {' | '.join(texts)} |\n" for texts in lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
