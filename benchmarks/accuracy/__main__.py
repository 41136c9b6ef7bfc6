"""`python -m benchmarks.accuracy [SET …] [--data FOLDER] [--misses N]`: one line per set.

FOLDER defaults to VITO_DATA, else ../shared/data. A set that is not there is skipped, with the reason.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.accuracy.population import SetPopulation, candidate_pairs
from benchmarks.accuracy.profiles import profile_of
from benchmarks.accuracy.sets import SETS, MissingSet, RecordSet
from vitograph.resolver.blocking import blocking_keys
from vitograph.resolver.evaluation import (
    ScoredPair,
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
from vitograph.resolver.model import Profile
from vitograph.resolver.parameters import load_model
from vitograph.resolver.scoring import score

HEADER = (
    f"{'set':30}{'true':>6}{'block':>7}{'keys':>6}{'pairs':>8}{'P.5':>7}{'R.5':>7}{'P.9':>7}{'R.9':>7}{'P.99':>7}{'R.99':>7}"
    f"{'bestF1':>8}{'at':>6}{'R|P95':>7}{'R|P99':>7}{'B3':>7}{'ECE':>7}{'fm/1e4':>8}{'queue':>7}{'pairs/s':>9}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One set, scored."""

    profiles: dict[str, Profile]
    truth: dict[str, str]
    population: SetPopulation
    pairs: list[ScoredPair]
    seconds: float


def run(record_set: RecordSet, folder: Path) -> Run:
    """Read, block and score one set with the default model. MissingSet when it is not there."""
    profiles: dict[str, Profile] = {}
    truth: dict[str, str] = {}
    for record, entity, fields in record_set.rows(folder):
        profiles[record], truth[record] = profile_of(record, fields), entity
    population, model = SetPopulation(profiles), load_model()
    blocked = sorted(candidate_pairs(profiles))
    started = time.perf_counter()
    scored = []
    for left, right in blocked:
        found = score(profiles[left], profiles[right], population, model)
        scored.append(ScoredPair(left, right, found.p_same, found.p_household, found.band))
    return Run(profiles, truth, population, scored, time.perf_counter() - started)


def line(name: str, run: Run) -> str:
    """The row of the table."""
    pairs, truth = run.pairs, run.truth
    true = true_pair_count(truth)
    half, ninety, ninety_nine = (at_bar(pairs, truth, bar) for bar in (0.5, 0.9, 0.99))
    bar, best = best_f1(pairs, truth)
    blocked = sum(truth[pair.left_id] == truth[pair.right_id] for pair in pairs) / true
    keys = sum(len(blocking_keys(profile)) for profile in run.profiles.values()) / len(run.profiles)
    b3 = b_cubed(clusters(pairs, truth, 0.5), truth)[2]
    rates = "".join(f"{q.precision:7.3f}{q.recall:7.3f}" for q in (half, ninety, ninety_nine))
    recalls = "".join(f"{recall_at_precision(pairs, truth, least):7.3f}" for least in (0.95, 0.99))
    return (
        f"{name:30}{true:6}{blocked:7.3f}{keys:6.1f}{len(pairs):8}{rates}{best.f1:8.3f}{bar:6.2f}{recalls}{b3:7.3f}"
        f"{expected_calibration_error(pairs, truth):7.3f}{false_merges_per_10_000(pairs, truth):8.0f}"
        f"{queue_load_per_1_000(pairs, truth):7.0f}{len(pairs) / max(run.seconds, 1e-9):9.0f}"
    )


def show_errors(run: Run, most: int) -> None:
    """The worst false and missed pairs with their waterfall, to see which principle is missing."""
    model, found = load_model(), {(pair.left_id, pair.right_id): pair for pair in run.pairs}
    false = sorted((p for p in run.pairs if run.truth[p.left_id] != run.truth[p.right_id]), key=lambda p: -p.p_same)
    missed = [
        pair
        for pair in combinations(sorted(run.truth), 2)
        if run.truth[pair[0]] == run.truth[pair[1]] and (pair not in found or found[pair].p_same < 0.5)
    ]
    for title, chosen in (
        ("FALSE", [(p.left_id, p.right_id) for p in false[:most]]),
        ("MISSED", missed[:: max(1, len(missed) // most)][:most]),
    ):
        for left, right in chosen:
            result = score(run.profiles[left], run.profiles[right], run.population, model)
            blocked = "" if (left, right) in found else " (not blocked)"
            print(f"{title}{blocked} {left} {right} P={result.p_same:.3f} H={result.p_household:.3f}")
            for row in result.evidence:
                if row.bits_stranger or row.bits_household:
                    print(
                        f"   {row.bits_stranger:+7.2f}{row.bits_household:+7.2f} {row.comparison}.{row.level}: {row.left} | {row.right}"
                    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("sets", nargs="*", help="names of sets; all when none is given")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VITO_DATA", "../shared/data")))
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N false and N missed pairs per set")
    chosen = parser.parse_args(arguments)
    print(HEADER)
    for record_set in SETS:
        if chosen.sets and record_set.name not in chosen.sets:
            continue
        try:
            finished = run(record_set, chosen.data)
        except MissingSet as missing:
            print(f"{record_set.name:30}skipped: {missing}")
            continue
        print(line(record_set.name, finished), flush=True)
        if chosen.errors:
            show_errors(finished, chosen.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
