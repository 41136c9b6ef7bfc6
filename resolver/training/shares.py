"""Chances of levels as what was counted has them: drawn to the given ones (MAP), and within bounds of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from math import fsum

Key = tuple[str, str]
"""Comparison and level."""

Bound = Callable[[Key], float]
"""How many times the given chance of a level a counted one may be, or its inverse."""

INSTEAD: Mapping[Key, Key] = {
    ("email", "verified"): ("email", "equal"),
    ("email", "family"): ("email", "equal"),
    ("place", "town_only"): ("place", "postal_only"),
}
"""Levels of which a pair can reach only one or the other (whose mailbox it is and who proved it; a postal code or only
a town)."""
GARBLED: Mapping[Key, Key] = {(name, "lone"): (name, "different") for name in ("given_name", "family_name")}
"""Names unlike each other of which one is nobody else's, and those of which none is.

How many names of a graph are nobody else's depends on its size and its languages, not on who is whom: of two people's
unlike names so many are lone as are counted there, of two strangers and of one household alike. One person's are where
a name is garbled, which m says.
"""
MOST = 0.999
"""No level is certain."""


def shares(given: Mapping[Key, float], counted: Mapping[Key, float], weight: float, bound: Bound) -> dict[Key, float]:
    """The chance of each level within its comparison, the given one weighing so many pairs and keeping its total.

    Each is within its bound. A level that stands in for another (`INSTEAD`) is counted with it and keeps its proportion
    to it.
    """
    instead = {key: main for key, main in INSTEAD.items() if key in given}
    seen: dict[Key, float] = defaultdict(float)
    for key, count in counted.items():
        seen[instead.get(key, key)] += count
    comparisons: dict[str, dict[Key, float]] = defaultdict(dict)
    for key, chance in given.items():
        if key not in instead:
            comparisons[key[0]][key] = chance
    found: dict[Key, float] = {}
    for levels in comparisons.values():
        each = weight / fsum(levels.values())
        found |= _held(levels, {key: seen[key] + each * chance for key, chance in levels.items()}, bound)
    return found | {key: min(found[main] * given[key] / given[main], MOST) for key, main in instead.items()}


def _held(given: Mapping[Key, float], counted: Mapping[Key, float], bound: Bound) -> dict[Key, float]:
    """Chances in proportion to what was counted, each within so many times the given one, with the given total.

    What one level's bounds hold back goes to the others: the factor is found by halving, for the sum rises with it.
    """
    bounds = {key: bound(key) for key in given}

    def at(factor: float) -> dict[Key, float]:
        return {
            key: min(max(counted[key] * factor, chance / bounds[key]), chance * bounds[key], MOST)
            for key, chance in given.items()
        }

    total = fsum(given.values())
    low, high = -60.0, 60.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if fsum(at(2.0**middle).values()) < total else (low, middle)
    return at(2.0**high)
