"""The engine of this process: pairs by sorting, scores by columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import numpy as np

from vitograph.graph.batch.engines import Found
from vitograph.graph.people.holdings import HUB
from vitograph.resolver.columnar.frame import KNOWN, Bools, Frame
from vitograph.resolver.columnar.pairs import Together, blocked, held, reaching, together, unique_pairs
from vitograph.resolver.columnar.weigh import Weigher, chunks, join
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population


class InProcess:
    """`Engine` by `resolver.columnar`; numpy and one core, no server. It remembers the pairs of the last frame."""

    def __init__(self) -> None:
        self._found: tuple[Frame, Together, Counter[str]] | None = None

    def find(self, frame: Frame, population: Population, model: Model) -> Generator[Found]:
        pairs, dropped = self.pairs(frame, population)
        yield Found(join([]), 0, dropped)
        weigher = Weigher(frame, population, model)
        for some in chunks(len(pairs.left)):
            scored = weigher.score(pairs.left[some], pairs.right[some])
            yield Found(scored, len(scored))

    def pairs(self, frame: Frame, population: Population) -> tuple[Together, Counter[str]]:
        """`person_pairs` of a frame."""
        if self._found is None or self._found[0] is not frame:
            self._found = frame, *person_pairs(frame, population)
        return self._found[1:]


def person_pairs(frame: Frame, population: Population, sample: Bools | None = None) -> tuple[Together, Counter[str]]:
    """Pairs of known views that a blocking key or an identifier brings together, and the keys too common by rule.

    Of a `sample` (a truth value a view) all pairs of its views are among them, and no others than share its keys.
    """
    by_key = blocked(frame)
    keyed, by_holder = by_key.keyed, held(frame, population, HUB)
    if sample is not None:
        keyed, by_holder = reaching(keyed, sample), reaching(by_holder, sample)
    by_block, by_identifier = together(keyed), together(by_holder)
    known = (frame.kinds[by_identifier.left] == KNOWN) & (frame.kinds[by_identifier.right] == KNOWN)
    pairs = unique_pairs(
        np.concatenate((by_block.left, by_identifier.left[known])),
        np.concatenate((by_block.right, by_identifier.right[known])),
    )
    return pairs, by_key.dropped


def held_pairs(frame: Frame, population: Population) -> Together:
    """Pairs of known and device views that hold one identifier."""
    return together(held(frame, population, HUB))
