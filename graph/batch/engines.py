"""One model, three ways to run it over a whole graph: what every engine takes and gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.scored import Scored
from vitograph.resolver.parameters import Model
from vitograph.resolver.rates import Population


@dataclass(frozen=True, slots=True)
class Found:
    """The scored pairs of a frame: all, or at least those of which policy makes a candidate (`Scored.kept`).

    `compared` counts the pairs that blocking brought together, `dropped_keys` the keys that were
    too common to use, by rule.
    """

    scored: Scored
    compared: int
    dropped_keys: Counter[str]


class Engine(Protocol):
    """Finds the pairs of known views that blocking or an identifier brings together, and scores them.

    It says which pairs are worth keeping and how they stand; who writes a candidate scores it once more by
    `resolver.scoring.score`, so that its waterfall is exact whatever the engine.
    """

    def find(self, frame: Frame, population: Population, model: Model) -> Found:
        """Scored pairs of the known views of a frame; device views are left out."""
        ...
