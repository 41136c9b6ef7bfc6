"""The resolver at work: takes persons that changed, finds who they might be, scores the pairs, fills the queue.

It can only propose. What it writes is a function of the graph and the model, so doing it twice changes nothing, and a
crash loses nothing: a person's mark is taken off after its candidates are written.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import orjson

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.holdings import HUB
from vitograph.graph.observations import MARK_PERSONS, PUT_OFF, microseconds
from vitograph.graph.persons import LOCK_PERSONS
from vitograph.graph.population import GraphPopulation, count_persons, load_population, load_uses
from vitograph.graph.queries import load
from vitograph.graph.views import load_fragments, load_profiles
from vitograph.resolver.blocking import MAX_BLOCK, blocking_keys
from vitograph.resolver.candidates import CandidateKind, Pair, pair_of
from vitograph.resolver.device_scoring import score_device
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.evidence import Score
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.policy import ProposalStatus, ProposedAs, propose
from vitograph.resolver.scoring import score
from vitograph.resolver.training import Observed, fit, observe

LIST_PENDING = load("resolution/list_pending")
CLOSE_PENDING = load("resolution/close_pending")
MARK_ALL = load("resolution/mark_all")
LIST_SAMPLE = load("resolution/list_sample")
RECORD_PRIORS = load("resolution/record_priors")
GET_PRIORS = load("resolution/get_priors")
UPSERT_KEYS = load("resolution/upsert_keys")
LIST_PARTNERS = load("resolution/list_partners")
LIST_KEPT_APART = load("resolution/list_kept_apart")
PROPOSE_CANDIDATES = load("candidate/propose_candidates")
CLOSE_CANDIDATES = load("candidate/close_candidates")

BATCH = 200
PAGE = 5_000
PAUSE = 0.1  # seconds
AWAY = 1.0
END_OF_TIME = (1 << 63) - 1

# Views whose pairs tell how many duplicates and co-residents a person has here: enough for two digits.
SAMPLE = 4_000

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


@dataclass(frozen=True, slots=True)
class _Compared:
    """Pairs of a batch of views, the profiles behind them, and how many blocking keys were too common to use."""

    profiles: Mapping[str, Profile]
    pairs: list[Pair]
    dropped_keys: int


@dataclass(slots=True)
class Resolver:
    """Scores with one model over one graph. `current` is the model with the priors estimated from that graph."""

    graph: Graph
    model: Model
    current: Model = field(init=False)
    population: GraphPopulation = field(default_factory=GraphPopulation)

    def __post_init__(self) -> None:
        self.current = self.model

    async def run(self) -> None:
        """Works for ever: a person marked now has its candidates in the queue well within a second."""
        while True:
            try:
                tally = await self.step()
            except GraphUnavailable as error:
                log.warning("the resolver waits for the graph: %s", error)
                await asyncio.sleep(AWAY)
            except Exception as error:
                log.exception("the resolver goes on after %s", type(error).__name__)
                await self._isolate()
            else:
                await asyncio.sleep(0.0 if tally.persons else PAUSE)

    async def finish(self, tell: Callable[[int, int], None] = lambda done, of: None) -> Tally:
        """Works until nobody waits any more, those put off included; nobody's turn comes twice.

        `tell` hears how many persons of how many are done.
        """
        pending = await self.graph.rows(LIST_PENDING, due=END_OF_TIME, limit=END_OF_TIME)
        # Everybody hangs on their keys before anybody looks for partners, so that each pair is found from both sides.
        for start in range(0, len(pending), BATCH):
            await self._hang_on_keys(row["id"] for row in pending[start : start + BATCH])
        await self._count()
        await self._estimate_priors()
        whole = Tally()
        for start in range(0, len(pending), BATCH):
            whole += await self._resolve(pending[start : start + BATCH])
            tell(whole.persons, len(pending))
        return whole

    async def resolve_all(self, tell: Callable[[int, int], None] = lambda done, of: None) -> Tally:
        """Scores everybody again. A worker beside this one finds nothing to do meanwhile."""
        at = microseconds(dt.datetime.now(dt.UTC) + PUT_OFF)

        async def mark(tx: Transaction) -> str | None:
            rows = await tx.run(MARK_ALL, after=after, at=at, limit=PAGE)
            return rows[0]["last"] if rows else None

        after: str | None = ""
        while after is not None:
            after = await self.graph.write(mark)
        return await self.finish(tell)

    async def step(self) -> Tally:
        """Resolves those who have waited longest; an empty tally when nobody's turn has come."""
        pending = await self.graph.rows(LIST_PENDING, due=microseconds(dt.datetime.now(dt.UTC)), limit=BATCH)
        if not pending:
            return Tally()
        if self.population.counted_at < SMALL or await count_persons(self.graph) > GROWTH * self.population.counted_at:
            await self._count()
        await self._hang_on_keys(row["id"] for row in pending)
        return await self._resolve(pending)

    async def _isolate(self) -> None:
        """Resolves those in turn one by one, so that one whom we cannot resolve holds up nobody else.

        Whoever fails is put off, and tried again then: what is wrong with them is ours to mend.
        """
        pending = await self.graph.rows(LIST_PENDING, due=microseconds(dt.datetime.now(dt.UTC)), limit=BATCH)
        for row in pending:
            try:
                await self._hang_on_keys([row["id"]])
                await self._resolve([row])
            except GraphUnavailable:
                return
            except Exception as error:
                log.error("person %s cannot be resolved: %s", row["id"], type(error).__name__)
                later = microseconds(dt.datetime.now(dt.UTC) + PUT_OFF)
                await self.graph.write(partial(self._put_off, row["id"], later))

    @staticmethod
    async def _put_off(id: str, later: int, tx: Transaction) -> None:
        await tx.run(MARK_PERSONS, ids=[id], at=later, puts_off=False)

    async def _count(self) -> None:
        self.population = await load_population(self.graph)
        for row in await self.graph.rows(GET_PRIORS):
            self._believe(row["prior_same"], row["prior_household"])

    def _believe(self, prior_same: float, prior_household: float) -> None:
        self.current = replace(self.model, prior_same=prior_same, prior_household=prior_household)

    async def _estimate_priors(self) -> None:
        """Fits s and q alone to a sample of this graph: how often people are double here, not how doubles look."""
        self.current = self.model
        view_ids = [row["view_id"] for row in await self.graph.rows(LIST_SAMPLE, limit=SAMPLE)]
        observed: list[Observed] = []
        for start in range(0, len(view_ids), BATCH):
            batch = set(view_ids[start : start + BATCH])
            compared = await self._compare(batch)
            for pair in compared.pairs:
                if pair.kind is CandidateKind.PERSON:
                    # A pair of two sampled views is found from both; one of a sampled view and another, once.
                    times = (pair.left in batch) + (pair.right in batch)
                    observed += [observe(self._score(pair, compared.profiles), self.current)] * times
        fitted = fit(self.model, observed, 2 * len(view_ids), levels=False)
        self._believe(fitted.prior_same, fitted.prior_household)
        await self.graph.write(
            lambda tx: tx.run(
                RECORD_PRIORS,
                prior_same=fitted.prior_same,
                prior_household=fitted.prior_household,
                persons=self.population.persons,
                at=dt.datetime.now(dt.UTC),
            )
        )

    async def _resolve(self, pending: list[Row]) -> Tally:
        view_ids = {row["view_id"] for row in pending}
        compared = await self._compare(view_ids)
        rows = [row for pair in compared.pairs if (row := self._candidate(pair, compared.profiles)) is not None]
        proposed = await self._write(pending, rows)
        return Tally(len(pending), len(compared.pairs), proposed, compared.dropped_keys)

    async def _compare(self, view_ids: set[str]) -> _Compared:
        """Every pair of these views with whom a blocking key or an identifier brings them together."""
        partners = await self.graph.rows(LIST_PARTNERS, views=sorted(view_ids), most=MAX_BLOCK, hub=HUB)
        others = {partner for row in partners for partner in row["partners"]}
        profiles = await load_profiles(self.graph, view_ids | others)
        apart = await self._kept_apart(view_ids)
        pairs = {pair for row in partners for pair in _pairs(row, profiles) if (pair.left, pair.right) not in apart}
        self.population.uses = await load_uses(self.graph, _common_keys(pairs, profiles))
        return _Compared(profiles, sorted(pairs), sum(row["dropped"] for row in partners))

    async def _hang_on_keys(self, person_ids: Iterable[str]) -> None:
        fragments = await load_fragments(self.graph, person_ids)
        rows = [
            {"key": key, "id": id}
            for id, profile in fragments.items()
            if profile.kind is PersonKind.KNOWN
            for key in blocking_keys(profile)
        ]
        rows.sort(key=lambda row: (row["key"], row["id"]))

        async def work(tx: Transaction) -> None:
            await tx.run(LOCK_PERSONS, ids=sorted(fragments))
            await tx.run(UPSERT_KEYS, rows=rows)

        if rows:
            await self.graph.write(work)

    async def _kept_apart(self, view_ids: Iterable[str]) -> set[tuple[str, str]]:
        rows = await self.graph.rows(LIST_KEPT_APART, views=sorted(view_ids))
        pairs = {(row["view_id"], other) for row in rows for other in row["apart"]}
        return pairs | {(right, left) for left, right in pairs}

    def _score(self, pair: Pair, profiles: Mapping[str, Profile]) -> Score:
        compare = score_device if pair.kind is CandidateKind.DEVICE else score
        return compare(profiles[pair.left], profiles[pair.right], self.population, self.current)

    def _candidate(self, pair: Pair, profiles: Mapping[str, Profile]) -> Row | None:
        """The candidate of a pair; None when policy sees nothing to keep and they share no identifier."""
        scored = self._score(pair, profiles)
        proposal = propose(scored)
        if proposal is None and not profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers:
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
            "proposed_as": (ProposedAs.SAME if scored.p_same >= scored.p_household else ProposedAs.HOUSEHOLD).value,
            "value": scored.p_same,
            "model": scored.model,
            "evidence": orjson.dumps(scored.to_json()).decode(),
        }

    async def _write(self, pending: list[Row], rows: list[Row]) -> int:
        """Candidates, then the marks off, in one transaction; persons are locked first, as everywhere."""
        now = dt.datetime.now(dt.UTC)
        rows.sort(key=lambda row: row["id"])
        view_ids = sorted({row["view_id"] for row in pending})
        touched = {row["id"] for row in pending} | {row[side] for row in rows for side in ("left", "right")}

        async def work(tx: Transaction) -> int:
            await tx.run(LOCK_PERSONS, ids=sorted(touched))
            proposed = await tx.run(PROPOSE_CANDIDATES, rows=rows, at=now)
            await tx.run(CLOSE_CANDIDATES, views=view_ids, found=[row["id"] for row in rows], at=now)
            await tx.run(CLOSE_PENDING, rows=_marks(pending))
            return int(proposed[0]["proposed"])

        return await self.graph.write(work)


def _marks(pending: Iterable[Row]) -> list[Row]:
    return [{"id": row["id"], "resolve_at": row["resolve_at"]} for row in pending]


def _pairs(row: Row, profiles: Mapping[str, Profile]) -> Iterable[Pair]:
    # A view may have been joined into another since it was read; a mark of its own brings it back.
    own = profiles.get(row["view_id"])
    for partner in row["partners"]:
        other = profiles.get(partner)
        if own and other and (pair := pair_of(own.view_id, own.kind, other.view_id, other.kind)):
            yield pair


def _common_keys(pairs: Iterable[Pair], profiles: Mapping[str, Profile]) -> set[str]:
    """Identifiers that both views of some pair hold: the only ones whose use matters."""
    return {key for pair in pairs for key in profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers}
