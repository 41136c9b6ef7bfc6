"""`python -m benchmarks.scoring [N…]`: pairs per CPU-second of both, on the same records and the same pairs, in turns.

CPU time and not the clock's: both sides run in this process on one core, and a busy machine slows both alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import TypeVar

import numpy as np

from benchmarks.scoring import ours, splink_side
from benchmarks.scoring.records import make_records

T = TypeVar("T")
SIZES = (10_000, 100_000)
ROUNDS = 5


def main(sizes: tuple[int, ...], rounds: int) -> None:
    print("| records | pairs | Splink predict | ViTo encode+block+score | ViTo score | ratio | F1 Splink | F1 ViTo |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        print(measure(size, rounds), flush=True)


def measure(size: int, rounds: int) -> str:
    """One row of the table: medians of rounds in turns, pairs per CPU-second."""
    records = make_records(size)
    person = np.array([record.person for record in records])
    linker = splink_side.train(records)
    counted, frame = ours.Counted(records), ours.frame_of(records)
    theirs, whole, alone, ratios = [], [], [], []
    for _ in range(rounds):
        predicted, splink_seconds = timed(partial(splink_side.predict, linker))
        pairs, blocking = timed(partial(ours.block, records))
        weigher, encoding = timed(partial(ours.weigher_of, frame, counted))
        scored, scoring = timed(partial(weigher.score, pairs.left, pairs.right))
        count = len(scored)
        theirs.append(predicted.num_rows / splink_seconds)
        whole.append(count / (blocking + encoding + scoring))
        alone.append(count / scoring)
        ratios.append(whole[-1] / theirs[-1])
    found = predicted.select(["unique_id_l", "unique_id_r", "match_probability"]).to_pydict()
    left, right = np.array(found["unique_id_l"]), np.array(found["unique_id_r"])
    one = best_f1(np.array(found["match_probability"]), person[left] == person[right], person)
    other = best_f1(scored.p_same, person[scored.left] == person[scored.right], person)
    assert predicted.num_rows == count, "both sides score the same pairs"
    return (
        f"| {size:,} | {count:,} | {median(theirs):,.0f} | {median(whole):,.0f} | {median(alone):,.0f} "
        f"| {median(ratios):.2f} ({median(alone) / median(theirs):.2f} score alone) | {one:.4f} | {other:.4f} |"
    )


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
    main(tuple(map(int, sys.argv[1:])) or SIZES, ROUNDS)
