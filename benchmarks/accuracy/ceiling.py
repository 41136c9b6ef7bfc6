"""What the evidence itself allows: a learner that is told the truth of other worlds, on the same rows of evidence.

    python -m benchmarks.accuracy.ceiling consumer_4k --learn 4 5 --seeds 1

Whatever it misses of the findable pairs, no weighing of single pairs finds: they state nothing that tells a person from
the household or from strangers. Its boosted trees read the bits and the levels of every row of the waterfall.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from benchmarks.accuracy.__main__ import ENTERED, WORLDS, prepared_of
from benchmarks.accuracy.measures import COLUMNS, cells, line, measured
from benchmarks.accuracy.prepared import DEVELOPMENT, Prepared
from benchmarks.accuracy.runs import Outcome, Run, run
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.training.evaluation import ScoredPair

LEAST = 1e-4
"""P(same) below which a pair is not shown to the learner: hardly one of them is true."""
ROWS = (
    "given_name", "family_name", "full_name", "generation", "birth_date", "gender", "address", "place", "region",
    "email", "phone", "cookie", "session", "user_id", "turns", "logout", "namesake", "guard",
)  # fmt: skip


class Learner:
    """Numbers levels as they come, so that learning and telling read the same columns."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self.trees = HistGradientBoostingClassifier(max_iter=200, learning_rate=0.06, max_leaf_nodes=15, random_state=1)

    def learn(self, sets: Sequence[tuple[Prepared, Run]]) -> None:
        pairs = [(prepared, ran, near(ran)) for prepared, ran in sets]
        features = np.vstack([self._features(*one) for one in pairs])
        same = [
            prepared.truth[pair.left_id] == prepared.truth[pair.right_id] for prepared, _, of in pairs for pair in of
        ]
        self.trees.fit(features, np.array(same))

    def tell(self, prepared: Prepared, ran: Run) -> Outcome:
        pairs = near(ran)
        chances = self.trees.predict_proba(self._features(prepared, ran, pairs))[:, 1]
        return Outcome("ceiling", 0.0, [pair._replace(p_same=float(p)) for pair, p in zip(pairs, chances, strict=True)])

    def _features(self, prepared: Prepared, ran: Run, pairs: Sequence[ScoredPair]) -> NDArray[np.float64]:
        profiles, population = prepared.profiles, prepared.population
        scores = (score(profiles[one.left_id], profiles[one.right_id], population, ran.model) for one in pairs)
        return np.array([self._row(found) for found in scores])

    def _row(self, found: Score) -> list[float]:
        """Of every comparison its bits, the level of its strongest row, and how many rows it has."""
        columns = {name: [0.0, 0.0, -1.0, 0.0] for name in ROWS}
        for row in found.evidence:
            if (column := columns.get(row.comparison)) is not None:
                column[0] += row.bits_stranger
                column[1] += row.bits_household
                if column[3] == 0:
                    column[2] = self.levels.setdefault(row.level, len(self.levels))
                column[3] += 1
        return [found.bits_stranger, found.bits_household, *chain.from_iterable(columns.values())]


def near(ran: Run) -> list[ScoredPair]:
    return [pair for pair in ran.outcome.pairs if pair.p_same > LEAST]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.ceiling", description=__doc__)
    parser.add_argument("set", choices=[*WORLDS, *ENTERED])
    parser.add_argument("--learn", type=int, nargs="+", required=True, help="seeds whose truth it is told")
    parser.add_argument("--seeds", type=int, nargs="+", required=True, help="seeds that it is measured on")
    chosen = parser.parse_args(arguments)
    if any(seed not in DEVELOPMENT for seed in (*chosen.learn, *chosen.seeds)) or set(chosen.learn) & set(chosen.seeds):
        parser.error("all seeds are for development, and none is both learned and measured")
    learner = Learner()
    learner.learn([(prepared, run(prepared)) for prepared in prepared_of(chosen.set, chosen.learn)])
    print(line(COLUMNS))
    for prepared in prepared_of(chosen.set, chosen.seeds):
        ran = run(prepared)
        for outcome in (ran.outcome, learner.tell(prepared, ran)):
            print(line(cells(measured(prepared, outcome))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
