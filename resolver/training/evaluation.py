"""How good the proposals are against a truth: pure metrics over scored pairs.

The truth maps every record to its person. A true pair is two records of one person, whether or not it was scored.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class ScoredPair(NamedTuple):
    """One scored pair of records."""

    left_id: str
    right_id: str
    p_same: float
    p_household: float
    band: str


@dataclass(frozen=True, slots=True)
class AtBar:
    """Pairwise quality of everything at or above a bar. Precision is 1 when nothing is proposed."""

    proposed: int
    true: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """One bin of the reliability table: pairs, mean P(same), share that are true."""

    pairs: int
    predicted: float
    observed: float


def true_pair_count(truth: Mapping[str, Hashable]) -> int:
    """The number of pairs of records that have one value."""
    return sum(count * (count - 1) // 2 for count in Counter(truth.values()).values())


def is_true(pair: ScoredPair, truth: Mapping[str, str]) -> bool:
    return truth[pair.left_id] == truth[pair.right_id]


def at_bar(pairs: Iterable[ScoredPair], truth: Mapping[str, str], bar: float) -> AtBar:
    """Precision, recall and F1 of the pairs with P(same) >= bar."""
    proposed = [pair for pair in pairs if pair.p_same >= bar]
    return _quality(proposed, truth)


def in_bands(pairs: Iterable[ScoredPair], truth: Mapping[str, str], bands: str) -> AtBar:
    """Precision, recall and F1 of the pairs in any of the bands, e.g. `AB`."""
    return _quality([pair for pair in pairs if pair.band in bands], truth)


def _quality(proposed: Sequence[ScoredPair], truth: Mapping[str, str]) -> AtBar:
    hits = sum(is_true(pair, truth) for pair in proposed)
    return _rates(len(proposed), hits, true_pair_count(truth))


def _rates(proposed: int, hits: int, all_true: int) -> AtBar:
    precision = hits / proposed if proposed else 1.0
    recall = hits / all_true if all_true else 1.0
    f1 = 2 * hits / (proposed + all_true) if proposed + all_true else 1.0
    return AtBar(proposed, hits, precision, recall, f1)


def best_f1(pairs: Iterable[ScoredPair], truth: Mapping[str, str]) -> tuple[float, AtBar]:
    """The bar with the best F1, chosen with the truth, and the quality there."""
    best = (1.0, _rates(0, 0, true_pair_count(truth)))
    for bar, quality in curve(pairs, truth):
        if quality.f1 > best[1].f1:
            best = (bar, quality)
    return best


def curve(pairs: Iterable[ScoredPair], truth: Mapping[str, str]) -> list[tuple[float, AtBar]]:
    """Quality at every P(same) that occurs, from the highest down."""
    ordered = sorted(pairs, key=lambda pair: -pair.p_same)
    all_true = true_pair_count(truth)
    points, hits = [], 0
    for number, pair in enumerate(ordered, start=1):
        hits += is_true(pair, truth)
        if number == len(ordered) or ordered[number].p_same != pair.p_same:
            points.append((pair.p_same, _rates(number, hits, all_true)))
    return points


def false_merges_per_10_000(pairs: Iterable[ScoredPair], truth: Mapping[str, str]) -> float:
    """False pairs among 10,000 recommended approvals (band A); 0 when there is none."""
    quality = in_bands(pairs, truth, "A")
    return 10_000 * (quality.proposed - quality.true) / quality.proposed if quality.proposed else 0.0


def reliability(pairs: Iterable[ScoredPair], truth: Mapping[str, str], bins: int = 10) -> list[Reliability]:
    """Predicted against observed in equal bins of P(same); empty bins are left out."""
    groups: dict[int, list[ScoredPair]] = defaultdict(list)
    for pair in pairs:
        groups[min(int(pair.p_same * bins), bins - 1)].append(pair)
    return [
        Reliability(
            pairs=len(group),
            predicted=sum(pair.p_same for pair in group) / len(group),
            observed=sum(is_true(pair, truth) for pair in group) / len(group),
        )
        for _, group in sorted(groups.items())
    ]


def expected_calibration_error(pairs: Iterable[ScoredPair], truth: Mapping[str, str], bins: int = 10) -> float:
    """Mean distance between predicted and observed, weighted by pairs; 0 when there is no pair."""
    table = reliability(pairs, truth, bins)
    total = sum(row.pairs for row in table)
    return sum(row.pairs * abs(row.predicted - row.observed) for row in table) / total if total else 0.0


def queue_load_per_1_000(pairs: Iterable[ScoredPair], truth: Mapping[str, str]) -> float:
    """Pairs in the queue (bands A, B, C) per 1,000 records."""
    queued = sum(pair.band != "-" for pair in pairs)
    return 1_000 * queued / len(truth) if truth else 0.0


def true_share_of_first(pairs: Iterable[ScoredPair], truth: Mapping[str, str], first: int) -> float:
    """The share of true pairs among the first so many, by P(same); 1 when there is no pair."""
    ordered = sorted(pairs, key=lambda pair: (-pair.p_same, pair.left_id, pair.right_id))[:first]
    return sum(is_true(pair, truth) for pair in ordered) / len(ordered) if ordered else 1.0


def first_k_yield(pairs: Iterable[ScoredPair], findable: Collection[tuple[str, str]], stretch: float = 1.1) -> float:
    """The share of the findable true pairs among the first `stretch` times their number, by P(same); 1 without any.

    `findable` are the true pairs (left, right) that something speaks for, in the order of a ScoredPair.
    """
    ordered = sorted(pairs, key=lambda pair: (-pair.p_same, pair.left_id, pair.right_id))
    first = ordered[: math.floor(stretch * len(findable))]
    found = sum((pair.left_id, pair.right_id) in findable for pair in first)
    return found / len(findable) if findable else 1.0


def household_confusion(
    pairs: Iterable[ScoredPair], truth: Mapping[str, str], households: Mapping[str, str], bar: float
) -> float:
    """The share of proposals at the bar that are two people of one household; `households` maps persons."""
    proposed = [pair for pair in pairs if pair.p_same >= bar]
    confused = 0
    for pair in proposed:
        left, right = truth[pair.left_id], truth[pair.right_id]
        confused += left != right and left in households and households[left] == households.get(right)
    return confused / len(proposed) if proposed else 0.0


def clusters(pairs: Iterable[ScoredPair], records: Iterable[str], bar: float) -> dict[str, str]:
    """Record -> the first record of its component, were every pair at the bar approved."""
    parent = {record: record for record in records}

    def find(record: str) -> str:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for pair in pairs:
        if pair.p_same >= bar:
            first, second = sorted((find(pair.left_id), find(pair.right_id)))
            parent[second] = first
    return {record: find(record) for record in parent}


def of_clusters(found: Mapping[str, str], truth: Mapping[str, str]) -> AtBar:
    """Pairwise quality of clusters: every two records of one are proposed. They are counted, not listed."""
    return _rates(
        true_pair_count(found),
        true_pair_count({record: (cluster, truth[record]) for record, cluster in found.items()}),
        true_pair_count(truth),
    )


def household_confusion_of_clusters(
    found: Mapping[str, str], truth: Mapping[str, str], households: Mapping[str, str]
) -> float:
    """The share of the pairs within clusters that are two people of one household."""
    homes = {record: households[truth[record]] for record in found if truth[record] in households}
    together = true_pair_count({record: (found[record], home) for record, home in homes.items()})
    one_person = true_pair_count({record: (found[record], truth[record]) for record in homes})
    proposed = true_pair_count(found)
    return (together - one_person) / proposed if proposed else 0.0


def b_cubed(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of clusters against the truth, averaged over records (Bagga & Baldwin 1998)."""
    both = Counter((found[record], truth[record]) for record in truth)
    found_sizes = Counter(found[record] for record in truth)
    true_sizes = Counter(truth.values())
    if not truth:
        return 1.0, 1.0, 1.0
    precision = sum((Fraction(n * n, found_sizes[cluster]) for (cluster, _), n in both.items()), Fraction()) / len(
        truth
    )
    recall = sum((Fraction(n * n, true_sizes[person]) for (_, person), n in both.items()), Fraction()) / len(truth)
    return float(precision), float(recall), float(2 * precision * recall / (precision + recall))
