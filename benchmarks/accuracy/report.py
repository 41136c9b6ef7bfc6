"""The worst pairs of a run, each with its waterfall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Run
from vitograph.resolver.scoring.known import score


def errors(prepared: Prepared, run: Run, most: int) -> Iterator[str]:
    """The worst false pairs and as many missed ones, spread over the set: which principle is missing?"""
    truth = prepared.truth
    found = {(pair.left_id, pair.right_id): pair.p_same for pair in run.outcome.pairs}
    false = sorted((pair for pair in found if truth[pair[0]] != truth[pair[1]]), key=lambda pair: -found[pair])
    for pair in false[:most]:
        yield from _waterfall("FALSE", pair, prepared, run)
    records: dict[str, list[str]] = defaultdict(list)
    for record in sorted(truth):
        records[truth[record]].append(record)
    everyone = [pair for one in records.values() for pair in combinations(one, 2)] if most else []
    missed = [pair for pair in everyone if found.get(pair, 0.0) < 0.5]
    for pair in missed[:: max(1, len(missed) // max(most, 1))][:most]:
        yield from _waterfall("MISSED" if pair in found else "NOT BLOCKED", pair, prepared, run)


def _waterfall(title: str, pair: tuple[str, str], prepared: Prepared, run: Run) -> Iterator[str]:
    profiles = prepared.profiles
    result = score(profiles[pair[0]], profiles[pair[1]], prepared.population, run.model)
    yield f"{title} {pair[0]} {pair[1]} P={result.p_same:.3f} household={result.p_household:.3f}"
    for row in result.evidence:
        if row.bits_stranger or row.bits_household:
            bits = f"{row.bits_stranger:+7.2f}{row.bits_household:+7.2f}"
            yield f"   {bits} {row.comparison}.{row.level}: {row.left} | {row.right}"
