"""Candidates of a whole graph into the queue, in batches, and what was not found again out of it.

What somebody has written since it was read is left to them, and its persons are marked: who writes later may know more
of one of the two, and less of the other.

Each transaction writes its own moment, not that of the run: who asks what changed looks back over one, not over hours.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from neo4j.exceptions import ConstraintError

from vitograph.graph.batch.standing import Standing
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.moments import microseconds
from vitograph.graph.people.marks import BULK, MARK_PERSONS
from vitograph.graph.people.persons import LOCK_PERSONS
from vitograph.graph.queries import load
from vitograph.graph.resolving.proposing import propose_rows
from vitograph.graph.resolving.resolution import CLOSE_PENDING
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import GraphUnavailable

CLOSE_CANDIDATES = load("batch/close_candidates")
LIST_OVERTAKEN = load("batch/list_overtaken")
RECORD_CANDIDATES = load("batch/record_candidates")

BATCH = 2_000  # candidates of one transaction: some MB
IN_FLIGHT = 2  # transactions at once: pairs of one neighbourhood come together, so that they seldom want one person
SLOW = 120.0  # seconds
ATTEMPTS = 10
NEVER_WRITTEN = 0  # the version of what was not there


class Lot(NamedTuple):
    """Candidates of one transaction: of pairs that had none, and those that say something new, with the version
    that was read.
    """

    new: list[Row]
    changed: list[Row]


class Written(NamedTuple):
    """What became of a lot: how many candidates are new or changed, and those that others have written since."""

    proposed: int
    overtaken: list[Row]


def lots(candidates: Iterable[Row], standing: Mapping[str, Standing]) -> Iterator[Lot]:
    """The candidates as they come, each lot sorted by id."""
    for rows in batched(candidates, BATCH):
        rows.sort(key=lambda row: row["id"])
        changed = [row | {"version": standing[row["id"]].version} for row in rows if row["id"] in standing]
        yield Lot([row for row in rows if row["id"] not in standing], changed)


@dataclass(slots=True)
class Writer:
    """Writes lots of candidates, so many at once, while the next ones are made. `proposed`: were new or changed."""

    graph: Graph
    at_once: int
    proposed: int = 0
    _writing: set[asyncio.Task[int]] = field(default_factory=set)

    async def put(self, made: Iterable[Lot]) -> None:
        """Begins to write lots as they come; waits while too many are being written."""
        for lot in made:
            while len(self._writing) >= self.at_once:
                await self._settle(asyncio.FIRST_COMPLETED)
            self._writing.add(asyncio.create_task(_write(self.graph, lot)))
            await asyncio.sleep(0)  # what was made goes out before more is made

    async def finish(self) -> int:
        """Waits until all is written; how many candidates were new or changed."""
        if self._writing:
            await self._settle(asyncio.ALL_COMPLETED)
        return self.proposed

    def close(self) -> None:
        """What is not written yet stays unwritten."""
        for task in self._writing:
            task.cancel()

    async def _settle(self, when: str) -> None:
        done, self._writing = await asyncio.wait(self._writing, return_when=when)
        self.proposed += sum(task.result() for task in done)


async def propose_all(graph: Graph, made: Iterable[Lot]) -> int:
    """Writes candidates as they come; how many were new or changed."""
    with closing(Writer(graph, IN_FLIGHT)) as writer:
        await writer.put(made)
        return await writer.finish()


async def _write(graph: Graph, lot: Lot) -> int:
    written = [Written(0, [])]
    if lot.new:
        written.append(await _record(graph, lot.new))
    if lot.changed:
        written.append(await graph.write(partial(_change, lot.changed), SLOW))
    for one in written:
        await _mark(graph, one.overtaken)
    return sum(one.proposed for one in written)


async def _record(graph: Graph, rows: list[Row]) -> Written:
    """No person is locked before: who writes one of these candidates at this moment lets us fail, and is seen then."""
    for _ in range(ATTEMPTS):
        try:
            return await graph.write(partial(_create, rows), SLOW)
        except ConstraintError:
            continue
    raise GraphUnavailable("others keep writing the candidates of this batch; try again")


async def _create(rows: list[Row], tx: Transaction) -> Written:
    """Asked after the writing: whoever made one of these candidates at any time before it is seen."""
    made = set((await tx.run(RECORD_CANDIDATES, rows=rows, at=_now()))[0]["made"])
    return Written(len(made), await _overtaken([row for row in rows if row["id"] not in made], tx))


async def _change(rows: list[Row], tx: Transaction) -> Written:
    """Whoever scores locks the persons first, so that nobody writes these candidates after they are looked at."""
    await tx.run(LOCK_PERSONS, ids=sorted({row[side] for row in rows for side in ("left", "right")}))
    overtaken = await _overtaken(rows, tx)
    others = {row["id"] for row in overtaken}
    return Written(await propose_rows([row for row in rows if row["id"] not in others], _now(), tx), overtaken)


async def _overtaken(rows: list[Row], tx: Transaction) -> list[Row]:
    """The candidates that somebody has written since they were read."""
    read = [{"id": row["id"], "version": row.get("version", NEVER_WRITTEN)} for row in rows]
    return await tx.run(LIST_OVERTAKEN, rows=read) if read else []


async def _mark(graph: Graph, overtaken: Iterable[Row]) -> None:
    """By a transaction of its own: persons are locked before candidates."""
    await mark_again(graph, {row[side] for row in overtaken for side in ("left", "right")})


async def _mark_persons(ids: list[str], tx: Transaction) -> None:
    """Their marks differ from those that were read, so that they stay."""
    await tx.run(MARK_PERSONS, ids=ids, at=BULK + microseconds(_now()), puts_off=True)


async def mark_again(graph: Graph, person_ids: Iterable[str]) -> None:
    """Asks for these persons to be scored again."""
    for ids in batched(sorted(person_ids), BATCH):
        await graph.write(partial(_mark_persons, ids), SLOW)


async def close_stale(graph: Graph, standing: Mapping[str, Standing], found: frozenset[str]) -> None:
    """Supersedes the candidates that waited and were not found, but for those written since."""
    stale = sorted(id for id, stands in standing.items() if stands.waits and id not in found)
    for ids in batched(stale, BATCH):
        rows = [{"id": id, "version": standing[id].version} for id in ids]
        await _mark(graph, await graph.write(partial(_close, rows), SLOW))


async def close_marks(graph: Graph, marks: Sequence[Row]) -> None:
    """Takes the marks off whom we resolved; who was marked anew since keeps the new one."""
    for rows in batched(marks, BATCH):
        await graph.write(partial(_close_marks, rows), SLOW)


async def _close(rows: list[Row], tx: Transaction) -> list[Row]:
    return await tx.run(CLOSE_CANDIDATES, rows=rows, at=_now())


async def _close_marks(rows: list[Row], tx: Transaction) -> None:
    await tx.run(LOCK_PERSONS, ids=sorted(row["id"] for row in rows))
    await tx.run(CLOSE_PENDING, rows=rows)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
