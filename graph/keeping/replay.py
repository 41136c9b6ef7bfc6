"""Rebuilding a graph from its logs, and the proof that it is the same graph (I5)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from vitograph.graph.deciding.log import GET_HEAD, verify_log
from vitograph.graph.driver import Graph, Row
from vitograph.graph.keeping.digest import digest
from vitograph.graph.keeping.rebuilding import Rebuilding, require_empty
from vitograph.graph.keeping.rereading import reread
from vitograph.graph.queries import load
from vitograph.graph.schema import migrate
from vitograph.resolver.errors import WrongState

LIST_DRAWN = load("replay/list_drawn")
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what two graphs are known to be the same: their facts, what decisions drew, and the end of the log."""

    facts: str
    drawn: str
    head: str

    def __str__(self) -> str:
        return f"facts {self.facts}  links {self.drawn}  head {self.head}"


async def fingerprint(graph: Graph) -> Fingerprint:
    """Read it while nobody writes."""
    drawn = hashlib.sha256()
    after = ""
    while rows := await graph.rows(LIST_DRAWN, wall_clock=120.0, after=after, limit=PAGE):
        for row in rows:
            drawn.update(f"{row['key']} {row['left']} {row['right']}\n".encode())
        after = rows[-1]["key"]
    head = await graph.rows(GET_HEAD)
    return Fingerprint(await digest(graph), drawn.hexdigest(), head[0]["hash"] if head else "-")


async def replay(source: Graph, target: Graph, tell: Callable[[int], None] = lambda done: None) -> Rebuilding:
    """Rebuilds the source in an empty target. WrongState when that is not empty; the target's log is verified."""
    return await rebuild(reread(source), target, tell)


async def rebuild(
    records: AsyncIterator[tuple[str, Row]], target: Graph, tell: Callable[[int], None] = lambda done: None
) -> Rebuilding:
    """Writes records into an empty graph; `tell` hears how many are done."""
    await migrate(target)
    await require_empty(target)
    rebuilding = Rebuilding(target)
    async for kind, row in records:
        await rebuilding.take(kind, row)
        if not (done := rebuilding.counts.total()) % PAGE:
            tell(done)
    await rebuilding.finish()
    broken = (await verify_log(target)).broken
    if broken is not None:
        raise WrongState(f"the log that was written is broken: {broken.sentence}")
    return rebuilding
