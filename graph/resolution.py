"""The resolver at work: takes persons that changed, finds who they might be, scores the pairs, fills the queue.

It can only propose. What it writes is a function of the graph and the model, so doing it twice changes nothing, and a
crash loses nothing: a person's mark is taken off after its candidates are written.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.holdings import HUB
from vitograph.graph.population import GraphPopulation, count_known, load_population, load_uses
from vitograph.graph.queries import load
from vitograph.graph.views import load_profiles
from vitograph.resolver.blocking import MAX_BLOCK, blocking_keys
from vitograph.resolver.candidates import Pair, pair_of
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.policy import ProposalStatus, propose
from vitograph.resolver.scoring import score

LIST_PENDING = load("resolution/list_pending")
CLOSE_PENDING = load("resolution/close_pending")
MARK_ALL = load("resolution/mark_all")
MARK_DEFERRED = load("resolution/mark_deferred")
UPSERT_KEYS = load("resolution/upsert_keys")
LIST_PARTNERS = load("resolution/list_partners")
LIST_KEPT_APART = load("resolution/list_kept_apart")
PROPOSE_CANDIDATES = load("candidate/propose_candidates")
CLOSE_CANDIDATES = load("candidate/close_candidates")

BATCH = 100
PAGE = 5_000
PAUSE = 0.1

# Below this many persons the frequencies are counted anew for each batch; above, when a tenth was added.
SMALL = 2_000
GROWTH = 1.1

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What a run did: persons looked at, pairs scored, candidates written, blocking keys too large to use."""

    persons: int = 0
    pairs: int = 0
    proposed: int = 0
    dropped_keys: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.persons + other.persons,
            self.pairs + other.pairs,
            self.proposed + other.proposed,
            self.dropped_keys + other.dropped_keys,
        )


@dataclass(slots=True)
class Resolver:
    """Scores with one model over one graph. `total` counts since it was made."""

    graph: Graph
    model: Model
    population: GraphPopulation = field(default_factory=GraphPopulation)
    total: Tally = field(default_factory=Tally)

    async def run(self) -> None:
        """Works for ever: a person marked now has its candidates in the queue well within a second."""
        while True:
            try:
                tally = await self.step()
            except GraphUnavailable as error:
                log.warning("resolver waits for the graph: %s", error)
                await asyncio.sleep(1.0)
                continue
            if tally.persons == 0:
                await asyncio.sleep(PAUSE)

    async def finish(self) -> Tally:
        """Works until nobody waits any more."""
        whole = Tally()
        while (tally := await self.step()).persons:
            whole += tally
        return whole

    async def resolve_all(self) -> Tally:
        """Scores everybody again, with frequencies counted now."""
        now = dt.datetime.now(dt.UTC)

        async def mark(tx: Transaction) -> str | None:
            rows = await tx.run(MARK_ALL, after=after, at=now, limit=PAGE)
            return rows[0]["last"] if rows else None

        after: str | None = ""
        while after is not None:
            after = await self.graph.write(mark)
        self.population = await load_population(self.graph)
        return await self.finish()

    async def resolve_deferred(self) -> Tally:
        """Scores those whose turn was put off, with frequencies counted now."""
        now = dt.datetime.now(dt.UTC)
        while (await self.graph.write(lambda tx: tx.run(MARK_DEFERRED, at=now, limit=PAGE)))[0]["marked"]:
            pass
        self.population = await load_population(self.graph)
        return await self.finish()

    async def step(self) -> Tally:
        """Resolves those who have waited longest; an empty tally when nobody waits."""
        pending = await self.graph.rows(LIST_PENDING, due=dt.datetime.now(dt.UTC), limit=BATCH)
        if not pending:
            return Tally()
        await self._count_when_due()
        tally = await self._resolve({row["view_id"] for row in pending}, {row["id"] for row in pending})
        await self.graph.write(lambda tx: tx.run(CLOSE_PENDING, rows=_marks(pending)))
        self.total += tally
        return tally

    async def _count_when_due(self) -> None:
        if self.population.persons < SMALL or await count_known(self.graph) > GROWTH * self.population.persons:
            self.population = await load_population(self.graph)

    async def _resolve(self, view_ids: set[str], person_ids: set[str]) -> Tally:
        own, fragments = await load_profiles(self.graph, view_ids)
        await self._hang_on_keys({id: p for id, p in fragments.items() if id in person_ids})
        partners = await self.graph.rows(LIST_PARTNERS, views=sorted(view_ids), most=MAX_BLOCK, hub=HUB)
        others = {partner for row in partners for partner in row["partners"]} - own.keys()
        profiles = own | (await load_profiles(self.graph, others))[0]
        apart = await self._kept_apart(view_ids)
        pairs = {pair for row in partners for pair in _pairs(row, profiles) if (pair.left, pair.right) not in apart}
        self.population.uses = await load_uses(self.graph, _common_keys(pairs, profiles))
        rows = [row for pair in sorted(pairs) if (row := self._score(pair, profiles)) is not None]
        proposed = await self._write(view_ids, rows)
        return Tally(len(person_ids), len(pairs), proposed, sum(row["dropped"] for row in partners))

    async def _hang_on_keys(self, fragments: Mapping[str, Profile]) -> None:
        rows = [
            {"key": key, "id": id}
            for id, profile in fragments.items()
            if profile.kind is PersonKind.KNOWN
            for key in blocking_keys(profile)
        ]
        if rows:
            rows.sort(key=lambda row: (row["key"], row["id"]))
            await self.graph.write(lambda tx: tx.run(UPSERT_KEYS, rows=rows))

    async def _kept_apart(self, view_ids: Iterable[str]) -> set[tuple[str, str]]:
        rows = await self.graph.rows(LIST_KEPT_APART, views=sorted(view_ids))
        pairs = {(row["view_id"], other) for row in rows for other in row["apart"]}
        return pairs | {(right, left) for left, right in pairs}

    def _score(self, pair: Pair, profiles: Mapping[str, Profile]) -> Row | None:
        """The candidate of a pair; None when policy sees nothing to keep and they share no identifier."""
        left, right = profiles[pair.left], profiles[pair.right]
        scored = score(left, right, self.population, self.model)
        proposal = propose(scored)
        if proposal is None and not left.identifiers.keys() & right.identifiers:
            return None
        return {
            "id": pair.id,
            "kind": pair.kind.value,
            "left": pair.left,
            "right": pair.right,
            "status": (proposal.status if proposal else ProposalStatus.STORED).value,
            "p_same": scored.p_same,
            "p_household": scored.p_household,
            "bits_stranger": scored.bits_stranger,
            "bits_household": scored.bits_household,
            "band": scored.band,
            "value": scored.p_same,
            "model": scored.model,
            "evidence": orjson.dumps(scored.to_json()).decode(),
        }

    async def _write(self, view_ids: set[str], rows: list[Row]) -> int:
        now = dt.datetime.now(dt.UTC)
        rows.sort(key=lambda row: row["id"])
        found = [row["id"] for row in rows]
        proposed = 0
        if rows:
            written = await self.graph.write(lambda tx: tx.run(PROPOSE_CANDIDATES, rows=rows, at=now))
            proposed = int(written[0]["proposed"])
        await self.graph.write(lambda tx: tx.run(CLOSE_CANDIDATES, views=sorted(view_ids), found=found, at=now))
        return proposed


def _marks(pending: Iterable[Row]) -> list[Row]:
    return [{"id": row["id"], "resolve_at": row["resolve_at"]} for row in pending]


def _pairs(row: Row, profiles: Mapping[str, Profile]) -> Iterable[Pair]:
    own = profiles[row["view_id"]]
    for partner in row["partners"]:
        # A view may have been joined into another since its partner was read; its own mark brings it back.
        if partner in profiles and (pair := pair_of(own.view_id, own.kind, partner, profiles[partner].kind)):
            yield pair


def _common_keys(pairs: Iterable[Pair], profiles: Mapping[str, Profile]) -> set[str]:
    """Identifiers that both views of some pair hold: the only ones whose use matters."""
    return {key for pair in pairs for key in profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers}
