"""A run as a line of the table, and its worst pairs with their waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from benchmarks.accuracy.runs import Run
from vitograph.resolver.blocking import blocking_keys
from vitograph.resolver.evaluation import (
    at_bar,
    b_cubed,
    best_f1,
    clusters,
    expected_calibration_error,
    false_merges_per_10_000,
    queue_load_per_1_000,
    recall_at_precision,
    true_pair_count,
)
from vitograph.resolver.scoring import score

HEADER = (
    f"{'set':30}{'true':>6}{'block':>7}{'keys':>6}{'pairs':>8}{'P.5':>7}{'R.5':>7}{'P.9':>7}{'R.9':>7}{'P.99':>7}{'R.99':>7}"
    f"{'bestF1':>8}{'at':>6}{'R|P95':>7}{'R|P99':>7}{'B3':>7}{'ECE':>7}{'fm/1e4':>8}{'queue':>7}{'s':>7}{'q':>7}{'pairs/s':>9}"
)
"""block: share of true pairs that blocking found; P.5, R.5: precision and recall at P(same) >= .5; R|P95: recall while
precision is at least .95; fm/1e4: false pairs per 10,000 of band A; queue: pairs in the queue per 1,000 records."""


def line(name: str, run: Run) -> str:
    """The row of the table."""
    pairs, truth, profiles = run.pairs, run.prepared.truth, run.prepared.profiles
    true = true_pair_count(truth)
    rates = "".join(
        f"{q.precision:7.3f}{q.recall:7.3f}" for q in (at_bar(pairs, truth, bar) for bar in (0.5, 0.9, 0.99))
    )
    bar, best = best_f1(pairs, truth)
    blocked = sum(truth[pair.left_id] == truth[pair.right_id] for pair in pairs) / true
    keys = sum(len(blocking_keys(profile)) for profile in profiles.values()) / len(profiles)
    b3 = b_cubed(clusters(pairs, truth, 0.5), truth)[2]
    recalls = "".join(f"{recall_at_precision(pairs, truth, least):7.3f}" for least in (0.95, 0.99))
    return (
        f"{name:30}{true:6}{blocked:7.3f}{keys:6.1f}{len(pairs):8}{rates}{best.f1:8.3f}{bar:6.2f}{recalls}{b3:7.3f}"
        f"{expected_calibration_error(pairs, truth):7.3f}{false_merges_per_10_000(pairs, truth):8.0f}"
        f"{queue_load_per_1_000(pairs, truth):7.0f}{run.model.prior_same:7.2f}{run.model.prior_household:7.2f}"
        f"{len(pairs) / max(run.seconds, 1e-9):9.0f}"
    )


def errors(run: Run, most: int) -> Iterator[str]:
    """The worst false pairs and as many missed ones, spread over the set: which principle is missing?"""
    truth = run.prepared.truth
    found = {(pair.left_id, pair.right_id): pair.p_same for pair in run.pairs}
    false = sorted((pair for pair in found if truth[pair[0]] != truth[pair[1]]), key=lambda pair: -found[pair])
    for pair in false[:most]:
        yield from _waterfall("FALSE", pair, run)
    everyone = combinations(sorted(truth), 2) if most else iter(())
    missed = [pair for pair in everyone if truth[pair[0]] == truth[pair[1]] and found.get(pair, 0.0) < 0.5]
    for pair in missed[:: max(1, len(missed) // max(most, 1))][:most]:
        yield from _waterfall("MISSED" if pair in found else "NOT BLOCKED", pair, run)


def _waterfall(title: str, pair: tuple[str, str], run: Run) -> Iterator[str]:
    profiles = run.prepared.profiles
    result = score(profiles[pair[0]], profiles[pair[1]], run.prepared.population, run.model)
    yield f"{title} {pair[0]} {pair[1]} P={result.p_same:.3f} household={result.p_household:.3f}"
    for row in result.evidence:
        if row.bits_stranger or row.bits_household:
            bits = f"{row.bits_stranger:+7.2f}{row.bits_household:+7.2f}"
            yield f"   {bits} {row.comparison}.{row.level}: {row.left} | {row.right}"
