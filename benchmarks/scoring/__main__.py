"""`python -m benchmarks.scoring [N…] [--rules]`: pairs per CPU-second of both, on the same records and pairs, in turns.

The pairs are those that our blocking brings together, some thirty a record; Splink is given them as its blocked pairs,
so that either side scores and no more. With `--rules` they are those of six rules, which Splink blocks itself. CPU
time and not the clock's: both sides run in this process on one core, and a busy machine slows both alike. What ViTo
works out of the records, as what two names are to each other, is worked out anew in each round.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from typing import TypeVar

import numpy as np

from benchmarks.scoring import ours, splink_side
from benchmarks.scoring.records import make_records
from vitograph.graph.batch.inprocess import person_pairs

T = TypeVar("T")
SIZES = [10_000, 100_000]
COLUMNS = (
    "records", "pairs", "Splink, pairs/s", "ViTo, pairs/s", "blocking, s", "encoding, s", "scoring, s", "F1 Splink",
    "F1 ViTo",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rules", action="store_true", help="the pairs of six rules")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for size in chosen.sizes:
        print(measure(size, chosen.rules, chosen.rounds), flush=True)


def measure(size: int, rules: bool, rounds: int) -> str:
    """One row of the table: medians of rounds in turns, pairs per CPU-second."""
    records = make_records(size)
    person = np.array([record.person for record in records])
    api = splink_side.connect(threads=1)
    linker = splink_side.train(records, api)
    counted, columns = ours.Counted(records), ours.frame_of(records)
    found, theirs, blocking, encoding, whole = None, [], [], [], []
    for _ in range(rounds):
        frame = replace(columns, known={})
        if rules:
            pairs, seconds = timed(partial(ours.block, records))
        else:
            (pairs, _), seconds = timed(partial(person_pairs, frame, counted))
            splink_side.give(linker, api, pairs)
        blocking.append(seconds)
        table, seconds = timed(partial(splink_side.predict, linker))
        predicted = splink_side.predicted(table)
        assert predicted.num_rows == len(pairs.left), "both sides score the same pairs"
        theirs.append(seconds)
        weigher, seconds = timed(partial(ours.weigher_of, frame, counted))
        encoding.append(seconds)
        found, seconds = timed(partial(weigher.score, *pairs))
        whole.append(seconds)
    assert found is not None
    count = len(found)
    rate = count / median(theirs)
    ratio = median(other / one for other, one in zip(theirs, whole, strict=True))
    own = predicted.select(["unique_id_l", "unique_id_r", "match_probability"]).to_pydict()
    left, right = np.array(own["unique_id_l"]), np.array(own["unique_id_r"])
    one = best_f1(np.array(own["match_probability"]), person[left] == person[right], person)
    other = best_f1(found.p_same, person[found.left] == person[found.right], person)
    cells = (
        f"{count / median(whole):,.0f} ({ratio:.2f}×)",
        *(f"{median(taken):.2f}" for taken in (blocking, encoding, whole)),
    )
    return f"| {size:,} | {count:,} | {rate:,.0f} | {' | '.join(cells)} | {one:.4f} | {other:.4f} |"


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def best_f1(p: np.ndarray, same: np.ndarray, person: np.ndarray) -> float:
    """The best F1 over all thresholds, against all true pairs, whether blocked or not."""
    sizes = np.bincount(person)
    true = int((sizes * (sizes - 1) // 2).sum())
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(same[order])
    precision, recall = hits / np.arange(1, len(p) + 1), hits / true
    return float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12)))


if __name__ == "__main__":
    main()
