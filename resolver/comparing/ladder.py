"""A comparison as a ladder of predicates: the first that holds is the level, its docstring what a specialist reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

Predicate = Callable[[str, str], bool]

CLOSE = 0.88
"""Jaro-Winkler similarity from which two words resemble each other (Splink's demo model; HMPPS uses .9)."""
LOOSE = 0.80
"""Jaro-Winkler similarity from which two words are not yet two different ones."""


def edits(a: str, b: str) -> int:
    """Typing errors between two words or values, 3 when there are more than 2."""
    return int(OSA.distance(a, b, score_cutoff=2))


@dataclass(frozen=True, slots=True)
class Ladder:
    """A comparison: its name, its levels from the strongest down, and the level when none of them holds."""

    name: str
    levels: tuple[tuple[str, Predicate], ...]
    otherwise: str
    absent: str

    def level(self, a: str, b: str) -> str:
        for level, holds in self.levels:
            if holds(a, b):
                return level
        return "different"

    @property
    def names(self) -> tuple[str, ...]:
        return (*(level for level, _ in self.levels), "different")

    def sentence(self, level: str) -> str:
        if level == "different":
            return self.otherwise
        if level == "none":
            return self.absent
        return next((holds.__doc__ or "") for name, holds in self.levels if name == level)
