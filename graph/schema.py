"""Numbered migrations: constraints and indexes, recorded in the graph, safe to run twice and from two processes.

Each file of `cypher/schema/` is one statement that does nothing when its effect is there already, so two processes
that apply it at once agree. A file is never edited after it was released: its checksum is recorded and compared.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from vitograph.graph import queries
from vitograph.graph.driver import WALL_CLOCK, Graph, Row
from vitograph.graph.queries import Statement, load
from vitograph.resolver.errors import Conflict

UPSERT_CONSTRAINT = load("migration/upsert_constraint")
LIST_APPLIED = load("migration/list_applied")
RECORD_APPLIED = load("migration/record_applied")
COUNT_NODES = load("migration/count_nodes")
WAIT_INDEXES = load("migration/wait_indexes")
LIST_INDEXES = load("migration/list_indexes")

# Seconds: a constraint over a large graph is filled in one transaction, and one that is cut off leaves an index behind
# whose name is taken then.
FILLED = 3_600.0
# Seconds: a Neo4j that has just started plans its first statement for longer than a request waits, if much else runs.
AWAKE = 300.0

_CREATES = re.compile(r"CREATE (?:CONSTRAINT|INDEX) (\w+) IF NOT EXISTS")


class SchemaMismatch(Conflict):
    """The graph was migrated by another version of ViTo than this one."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    statement: Statement

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, in hex."""
        return hashlib.sha256(self.statement.text.encode()).hexdigest()

    @property
    def record(self) -> Row:
        """What the graph remembers of it."""
        return {"number": self.number, "name": self.name, "checksum": self.checksum}

    @property
    def creates(self) -> str:
        """The constraint or index that it makes."""
        found = _CREATES.search(self.statement.text)
        if found is None:
            raise ValueError(f"{self.statement.name} creates no named constraint or index")
        return found.group(1)


def migrations() -> list[Migration]:
    """All migrations of this version, by number."""
    found = []
    for path in queries.names("schema"):
        number, _, name = path.removeprefix("schema/").partition("_")
        found.append(Migration(int(number), name, load(path)))
    return found


async def migrate(graph: Graph) -> list[Migration]:
    """Applies what this graph lacks, or has lost since, and returns it.

    A graph that lacks nothing, as nearly every process finds it, is asked twice and not written to. One that holds
    nothing yet is given all of it by one transaction, which takes half as long; one that does, a transaction for each,
    as filling one may take long. SchemaMismatch when a recorded migration reads otherwise.
    """
    recorded = {row["number"]: row for row in await graph.rows(LIST_APPLIED, AWAKE)}
    online = await _list_online(graph, AWAKE)
    lacking = [one for one in migrations() if not _is_recorded(one, recorded) or one.creates not in online]
    if not lacking:
        return []
    await graph.ensure(UPSERT_CONSTRAINT, AWAKE)
    is_empty = (await graph.rows(COUNT_NODES, AWAKE))[0]["nodes"] == len(recorded)
    for some in [lacking] if is_empty else [[migration] for migration in lacking]:
        await graph.ensure_all([migration.statement for migration in some], wall_clock=FILLED)
        await graph.ensure(RECORD_APPLIED, AWAKE, rows=[migration.record for migration in some])
    await graph.run(WAIT_INDEXES, seconds=int(FILLED), wall_clock=FILLED)
    await check(graph)
    return lacking


def _is_recorded(migration: Migration, recorded: Mapping[int, Row]) -> bool:
    row = recorded.get(migration.number)
    if row is not None and row["checksum"] != migration.checksum:
        raise SchemaMismatch(f"migration {migration.number} ({row['name']}) was applied with another content")
    return row is not None


async def _list_online(graph: Graph, wall_clock: float = WALL_CLOCK) -> set[str]:
    return {row["name"] for row in await graph.rows(LIST_INDEXES, wall_clock)}


async def check(graph: Graph) -> None:
    """Refuses to go on without every constraint and index online: MERGE without one makes duplicates."""
    online = await _list_online(graph)
    missing = [migration.creates for migration in migrations() if migration.creates not in online]
    if missing:
        raise SchemaMismatch(f"not online in this graph: {', '.join(missing)}; run `vito migrate`")
