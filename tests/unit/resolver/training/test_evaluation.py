"""Metrics on cases small enough to count by hand."""

from __future__ import annotations

import pytest

from vitograph.resolver.training import evaluation
from vitograph.resolver.training.evaluation import ScoredPair

# Three persons: x has records 1, 2, 3 (three true pairs), y has 4 and 5 (one), z has 6.
TRUTH = {"1": "x", "2": "x", "3": "x", "4": "y", "5": "y", "6": "z"}
PAIRS = [
    ScoredPair("1", "2", 0.995, 0.0, "A"),
    ScoredPair("4", "6", 0.992, 0.0, "A"),
    ScoredPair("2", "3", 0.85, 0.1, "B"),
    ScoredPair("4", "5", 0.60, 0.3, "C"),
    ScoredPair("3", "4", 0.10, 0.8, "-"),
]


def test_precision_and_recall_are_counted_over_all_true_pairs() -> None:
    half = evaluation.at_bar(PAIRS, TRUTH, 0.5)
    assert (half.proposed, half.true) == (4, 3)
    assert (half.precision, half.recall, half.f1) == (0.75, 0.75, 0.75)
    high = evaluation.at_bar(PAIRS, TRUTH, 0.99)
    assert (high.precision, high.recall) == (0.5, 0.25)


def test_bands_are_counted_by_their_letter() -> None:
    assert evaluation.in_bands(PAIRS, TRUTH, "BC").precision == 1.0
    assert evaluation.in_bands(PAIRS, TRUTH, "A").proposed == 2


def test_nothing_proposed_is_perfectly_precise_and_finds_nothing() -> None:
    nothing = evaluation.at_bar(PAIRS, TRUTH, 0.999)
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 0.0, 0.0)


def test_the_best_f1_is_at_the_bar_that_takes_four() -> None:
    bar, best = evaluation.best_f1(PAIRS, TRUTH)
    assert (bar, best.f1) == (0.60, 0.75)


def test_half_of_band_a_is_five_thousand_false_merges_in_ten_thousand() -> None:
    assert evaluation.false_merges_per_10_000(PAIRS, TRUTH) == 5_000


def test_calibration_error_weighs_bins_by_their_pairs() -> None:
    pairs = [ScoredPair("1", "2", 0.95, 0, "B"), ScoredPair("4", "6", 0.95, 0, "B"), ScoredPair("3", "4", 0.05, 0, "-")]
    assert evaluation.expected_calibration_error(pairs, TRUTH) == pytest.approx((2 * 0.45 + 1 * 0.05) / 3)
    assert [row.observed for row in evaluation.reliability(pairs, TRUTH)] == [0.0, 0.5]


def test_queue_load_is_per_thousand_records() -> None:
    assert evaluation.queue_load_per_1_000(PAIRS, TRUTH) == pytest.approx(1_000 * 4 / 6)


def test_the_first_of_the_queue_are_counted_by_their_chance() -> None:
    assert evaluation.true_share_of_first(PAIRS, TRUTH, 2) == 0.5
    assert evaluation.true_share_of_first(PAIRS, TRUTH, 100) == 3 / 5


def test_two_people_of_one_household_are_a_confusion() -> None:
    assert evaluation.household_confusion(PAIRS, TRUTH, {"y": "home", "z": "home", "x": "other"}, 0.5) == 0.25


def test_b_cubed_averages_over_records() -> None:
    found = evaluation.clusters(PAIRS, TRUTH, 0.5)
    assert len(set(found.values())) == 2
    precision, recall, _ = evaluation.b_cubed(found, TRUTH)
    # {1,2,3}: 1 each. {4,5,6}: 2/3 for 4 and 5, 1/3 for 6. Nothing of a person is outside its cluster.
    assert precision == pytest.approx((3 + 2 * 2 / 3 + 1 / 3) / 6)
    assert recall == 1.0


def test_an_empty_truth_is_no_error() -> None:
    assert evaluation.b_cubed({}, {}) == (1.0, 1.0, 1.0)
    assert evaluation.queue_load_per_1_000([], {}) == 0.0


def test_the_first_k_yield_looks_at_a_tenth_more_pairs_than_can_be_found() -> None:
    pairs = [
        ScoredPair("1", "4", 0.9, 0, "B"),
        ScoredPair("1", "2", 0.8, 0, "B"),
        ScoredPair("2", "3", 0.7, 0, "C"),
        ScoredPair("4", "5", 0.1, 0, "-"),
    ]
    findable = {("1", "2"), ("2", "3"), ("4", "5")}
    # Three can be found, so three pairs (3.3) are looked at, and two of them are true.
    assert evaluation.first_k_yield(pairs, findable) == pytest.approx(2 / 3)
    # One that was never scored counts as well.
    assert evaluation.first_k_yield(pairs, findable | {("1", "3")}) == pytest.approx(3 / 4)
    assert evaluation.first_k_yield(pairs, frozenset()) == 1.0


def test_clusters_are_measured_by_every_pair_within_them() -> None:
    found = {"1": "a", "2": "a", "3": "a", "4": "a", "5": "b", "6": "c"}
    quality = evaluation.of_clusters(found, TRUTH)
    assert (quality.proposed, quality.true, quality.precision, quality.recall) == (6, 3, 0.5, 0.75)
    # x and y live together: 4 stands with each of 1, 2 and 3.
    assert evaluation.household_confusion_of_clusters(found, TRUTH, {"x": "home", "y": "home"}) == 0.5
    assert evaluation.household_confusion_of_clusters(found, TRUTH, {}) == 0.0
    assert evaluation.household_confusion_of_clusters({record: record for record in TRUTH}, TRUTH, {"x": "h"}) == 0.0


def test_clusters_agree_with_the_pairs_they_are_made_of() -> None:
    """At a bar where the pairs are closed under transitivity, both ways of counting give the same."""
    sure = [pair for pair in PAIRS if {pair.left_id, pair.right_id} in ({"1", "2"}, {"4", "5"})]
    found = evaluation.clusters(sure, TRUTH, 0.5)
    assert evaluation.of_clusters(found, TRUTH) == evaluation.at_bar(sure, TRUTH, 0.5)
