"""What is left on the disk of those who were erased, and a store without it.

Neo4j marks what is deleted as free: until it is written over, its bytes stay in the files of the store and of the
transaction log. A store that was never told of the erased holds none: it is rebuilt from the logs, and takes the place
of the old one once it is known to be the same graph.
"""

from __future__ import annotations

from dataclasses import dataclass

from vitograph.graph.driver import Graph
from vitograph.graph.keeping.replay import fingerprint, replay
from vitograph.graph.keeping.upkeep import judge_anew
from vitograph.graph.queries import load
from vitograph.resolver.errors import WrongState

COUNT_DUE = load("erasure/count_due")
MARK_COMPACTED = load("erasure/mark_compacted")


@dataclass(frozen=True, slots=True)
class Due:
    """Erasures that wait for a new store, those that are not done yet, and the events that a new store would hold."""

    due: int
    unfinished: int
    events: int


async def count_due(graph: Graph) -> Due:
    """What a new store would be for."""
    return Due(**(await graph.rows(COUNT_DUE))[0])


async def copy(source: Graph, target: Graph) -> None:
    """The target, empty before, is the source without what is deleted. WrongState when it came out otherwise.

    What another version judged by other rules is judged anew before: the target stands by those of today.
    """
    await judge_anew(source)
    await replay(source, target)
    before, after = await fingerprint(source), await fingerprint(target)
    if before != after:
        raise WrongState(f"the copy is not the graph, so it was thrown away: {before}; {after}")
    await target.write(lambda tx: tx.run(MARK_COMPACTED))
