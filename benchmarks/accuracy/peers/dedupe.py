"""dedupe, which learns from a person's answers; here the truth answers, so what it reaches is an upper bound.

The labels are 100 true pairs and 100 false ones that our blocking brought together, drawn by chance. A person would be
asked about fewer and answer some wrongly.
"""

from __future__ import annotations

import contextlib
import io
import random
import time
from typing import Any

from benchmarks.accuracy.peers.rows import FIELDS, Row, filled, rows_of
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome, Unfit, band_of
from vitograph.resolver.training.evaluation import ScoredPair

LABELS = 100
MOST_ROWS = 1_000
"""Rows above which it runs for longer than everything else here together: learning its blocking takes minutes."""
SEEN = 2_000


def dedupe(prepared: Prepared, seed: int = 1) -> Outcome:
    """The scored pairs of its own blocking, as far as it scores them. Unfit where the set is too large for it."""
    if len(prepared.profiles) > MOST_ROWS:
        raise Unfit(f"dedupe is not run on more than {MOST_ROWS} rows")
    import dedupe as library
    from dedupe import variables

    rows = {row["unique_id"]: row for row in rows_of(prepared.profiles)}
    fields = [name for name in (*FIELDS, "email", "phone") if filled(list(rows.values()), name) > 0.02]
    records = {id: {name: row[name] for name in fields} for id, row in rows.items()}
    started = time.perf_counter()
    random.seed(seed)
    with contextlib.redirect_stderr(io.StringIO()):
        linker = library.Dedupe([variables.String(name, has_missing=True) for name in fields], num_cores=1)
        linker.prepare_training(records, sample_size=SEEN)
        linker.mark_pairs(_labels(prepared, records, random.Random(seed)))
        linker.train(recall=1.0, index_predicates=False)
        pairs = [
            ScoredPair(min(left, right), max(left, right), float(p), 0.0, band_of(float(p)))
            for (left, right), p in linker.score(linker.pairs(records))
        ]
        linker.cleanup_training()
    return Outcome("dedupe", time.perf_counter() - started, pairs)


def _labels(prepared: Prepared, records: dict[str, Row], chance: random.Random) -> Any:
    same = [pair for pair in prepared.blocked if prepared.truth[pair[0]] == prepared.truth[pair[1]]]
    apart = [pair for pair in prepared.blocked if prepared.truth[pair[0]] != prepared.truth[pair[1]]]
    ids = sorted(records)
    while len(apart) < LABELS:
        left, right = sorted(chance.sample(ids, 2))
        if prepared.truth[left] != prepared.truth[right]:
            apart.append((left, right))
    drawn = {"match": same, "distinct": apart}
    return {
        name: [(records[a], records[b]) for a, b in chance.sample(pairs, min(LABELS, len(pairs)))]
        for name, pairs in drawn.items()
    }
