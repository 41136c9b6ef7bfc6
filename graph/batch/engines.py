"""One model, three ways to run it over a whole graph: what every engine takes and gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.scored import Scored
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population


@dataclass(frozen=True, slots=True)
class Found:
    """Scored pairs of a frame: some of all, or at least of those of which policy makes a candidate (`Scored.kept`).

    `compared` counts the pairs among which these were, `dropped_keys` the keys too common to use, by rule, and is told
    with the first pairs.
    """

    scored: Scored
    compared: int
    dropped_keys: Counter[str] = field(default_factory=Counter)


class Engine(Protocol):
    """Finds the pairs of known views that blocking or an identifier brings together, and scores them.

    It says which pairs are worth keeping and how they stand; who writes a candidate scores it once more by
    `resolver.scoring.score`, so that its waterfall is exact whatever the engine.
    """

    def find(self, frame: Frame, population: Population, model: Model) -> Generator[Found]:
        """Scored pairs of the known views of a frame, some at a time; device views are left out."""
        ...
