"""What a projector still has to carry out of the graph, and how long it waits before it tries again."""

from __future__ import annotations

from dataclasses import dataclass

# An entry that failed this often is listed as such. If it failed as often by a fault of its own it is dead: it is not
# tried again until somebody says so.
MOST_ATTEMPTS = 12
# But what takes something away from where it must not stay is tried for ever: of these aggregates no entry dies.
UNDYING = frozenset({"campaign", "erasure", "sink"})
LONGEST_WAIT = 60.0
# Of more that waits than this not all is told at once.
MANY = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One change to carry out. `version` is the one that the change gave to the aggregate.

    `trace`: where the change belongs in a trace (W3C Trace Context), when it was traced.
    """

    id: str
    aggregate: str
    key: str
    version: int
    attempts: int = 0
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the projections are behind. `dead`: what failed too often, though some of it goes on being tried.

    `lag`: age of the oldest waiting entry in seconds, or 0.
    """

    waiting: int
    dead: int
    lag: float


def wait(attempts: int, chance: float) -> float:
    """Seconds before the next attempt: doubling from .5, spread by `chance` (0..1) over half to the whole."""
    return min(LONGEST_WAIT, 0.5 * 2.0 ** min(attempts, 16)) * (0.5 + chance / 2)
