"""The engine of this process: pairs by sorting, scores by columns."""

from __future__ import annotations

import numpy as np

from vitograph.graph.batch.engines import Found
from vitograph.graph.holdings import HUB
from vitograph.resolver.columnar.frame import KNOWN, Frame
from vitograph.resolver.columnar.pairs import Together, blocked, held, together, unique_pairs
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.parameters import Model
from vitograph.resolver.rates import Population


class InProcess:
    """`Engine` by `resolver.columnar`; numpy and one core, no server. It remembers the pairs of the last frame."""

    def __init__(self) -> None:
        self._found: tuple[Frame, Together] | None = None

    def find(self, frame: Frame, population: Population, model: Model) -> Found:
        pairs = self.pairs(frame, population)
        scored = Weigher(frame, population, model).score(pairs.left, pairs.right)
        return Found(scored, len(scored), pairs.dropped_keys)

    def pairs(self, frame: Frame, population: Population) -> Together:
        """`person_pairs` of a frame."""
        if self._found is None or self._found[0] is not frame:
            self._found = frame, person_pairs(frame, population)
        return self._found[1]


def person_pairs(frame: Frame, population: Population) -> Together:
    """Pairs of known views that a blocking key or an identifier brings together."""
    by_key = together(blocked(frame))
    by_identifier = held_pairs(frame, population)
    known = (frame.kinds[by_identifier.left] == KNOWN) & (frame.kinds[by_identifier.right] == KNOWN)
    left, right = unique_pairs(
        np.concatenate((by_key.left, by_identifier.left[known])),
        np.concatenate((by_key.right, by_identifier.right[known])),
    )
    return Together(left, right, by_key.dropped_keys)


def held_pairs(frame: Frame, population: Population) -> Together:
    """Pairs of known and device views that hold one identifier."""
    return together(held(frame, population, HUB), HUB)
