"""The resolver at work: takes persons that changed, finds who they might be, scores the pairs, fills the queue.

It can only propose. What it writes is a function of the graph and the model, so doing it twice changes nothing, and a
crash loses nothing: a person's mark is taken off after its candidates are written.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.models import live_model
from vitograph.graph.observations import MARK_PERSONS, PUT_OFF, microseconds
from vitograph.graph.pairing import Compared, compare
from vitograph.graph.persons import LOCK_PERSONS
from vitograph.graph.population import GraphPopulation, count_persons, load_population
from vitograph.graph.priors import Priors, get_priors, list_sample, record_priors
from vitograph.graph.proposing import DRIFT, PROPOSE_CANDIDATES, candidate_row, propose_rows
from vitograph.graph.queries import load
from vitograph.graph.reopening import reopen
from vitograph.graph.views import load_fragments
from vitograph.resolver.blocking import blocking_keys
from vitograph.resolver.candidates import CandidateKind, Pair
from vitograph.resolver.device_scoring import score_device
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.evidence import Score
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.scoring import score
from vitograph.resolver.training import Observed, chances_of_one, fit, observe

LIST_PENDING = load("resolution/list_pending")
CLOSE_PENDING = load("resolution/close_pending")
MARK_ALL = load("resolution/mark_all")
UPSERT_KEYS = load("resolution/upsert_keys")
CLOSE_CANDIDATES = load("candidate/close_candidates")

BATCH = 100
WRITTEN = 400  # candidates of one transaction: their evidence takes some kB each
PAGE = 5_000
PAUSE = 0.1  # seconds
AWAY = 1.0
NOBODY = "-"  # no id of ours
END_OF_TIME = (1 << 63) - 1

# Views whose pairs tell how many duplicates and co-residents a person has here: enough for two digits.
SAMPLE = 2_000

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
    """Scores with one model over one graph; `current` is that model with the priors of the graph.

    `batch` shrinks when the graph cannot hold so many persons' pairs at once, and grows again. `known` are the profiles
    that were read in this run.
    """

    graph: Graph
    model: Model
    current: Model = field(init=False)
    population: GraphPopulation = field(default_factory=GraphPopulation)
    priors: Priors | None = None
    batch: int = BATCH
    known: dict[str, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.current = self.model

    async def run(self) -> None:
        """Works for ever: a person marked now has its candidates in the queue well within a second."""
        with contextlib.suppress(GraphUnavailable):
            await self._warm()
        while True:
            try:
                tally = await self.step()
            except GraphUnavailable as error:
                log.warning("the resolver waits for the graph: %s", error)
                self.batch = max(1, self.batch // 2)
                await asyncio.sleep(AWAY)
            except Exception as error:
                log.exception("the resolver goes on after %s", type(error).__name__)
                await self._isolate()
            else:
                self.batch = min(BATCH, self.batch * 2)
                await asyncio.sleep(0.0 if tally.persons else PAUSE)

    async def finish(self, tell: Callable[[int, int], None] = lambda done, of: None, *, anew: bool = False) -> Tally:
        """Works until nobody waits any more, those put off included; nobody's turn comes twice.

        `tell` hears how many persons of how many are done. The priors are estimated when the graph has grown by a
        tenth since they were, or `anew`.
        """
        pending = await self.graph.rows(LIST_PENDING, due=END_OF_TIME, limit=END_OF_TIME)
        # Everybody hangs on their keys before anybody looks for partners, so that each pair is found from both sides.
        for start in range(0, len(pending), BATCH):
            await self.hang_on_keys(row["id"] for row in pending[start : start + BATCH])
        whole = Tally()
        if not pending:
            return whole
        # Profiles are read once in a run. Whoever changes meanwhile is marked anew, and scored again by that mark.
        self.known.clear()
        await self._count()
        await self._follow()
        if anew or self.priors is None or self.population.persons > GROWTH * self.priors.persons:
            await self._estimate_priors()
        for start in range(0, len(pending), BATCH):
            whole += await self._resolve(pending[start : start + BATCH])
            tell(whole.persons, len(pending))
        return whole

    async def resolve_all(self, tell: Callable[[int, int], None] = lambda done, of: None) -> Tally:
        """Scores everybody again. A worker beside this one finds nothing to do meanwhile."""
        await mark_everybody(self.graph, dt.datetime.now(dt.UTC) + PUT_OFF)
        return await self.finish(tell, anew=True)

    async def step(self) -> Tally:
        """Resolves those who have waited longest; an empty tally when nobody's turn has come."""
        pending = await self.graph.rows(LIST_PENDING, due=microseconds(dt.datetime.now(dt.UTC)), limit=self.batch)
        if not pending:
            return Tally()
        # After the marks are read: whoever a promotion marked is scored by the model that it made live.
        await self._follow()
        if self.population.counted_at < SMALL or await count_persons(self.graph) > GROWTH * self.population.counted_at:
            await self._count()
        self.known.clear()
        await self.hang_on_keys(row["id"] for row in pending)
        return await self._resolve(pending)

    async def _warm(self) -> None:
        """Has Neo4j compile every statement before somebody waits for it: that takes each a tenth of a second."""
        await self._count()
        await load_fragments(self.graph, [NOBODY])
        await compare(self.graph, {NOBODY}, {})
        await self.graph.rehearse(_rehearse)

    async def _isolate(self) -> None:
        """Resolves those in turn one by one, so that one whom we cannot resolve holds up nobody else.

        Whoever fails is put off, and tried again then: what is wrong with them is ours to mend.
        """
        pending = await self.graph.rows(LIST_PENDING, due=microseconds(dt.datetime.now(dt.UTC)), limit=BATCH)
        for row in pending:
            try:
                self.known.clear()
                await self.hang_on_keys([row["id"]])
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
        if (priors := await get_priors(self.graph)) is not None:
            self._believe(priors)

    async def _follow(self) -> None:
        """Takes up the model that is live now."""
        live = await live_model(self.graph, self.model)
        if live is not self.model:
            self.model = self.current = live
            if self.priors is not None:
                self._believe(self.priors)

    def _believe(self, priors: Priors) -> None:
        self.priors = priors
        self.current = priors.in_model(self.model)

    async def _estimate_priors(self) -> None:
        """Fits s, q and m to a sample of this graph: how often people are double here, and how noisy doubles are."""
        self.current = self.model
        view_ids = await list_sample(self.graph, SAMPLE)
        observed: list[Observed] = []
        for start in range(0, len(view_ids), BATCH):
            batch = set(view_ids[start : start + BATCH])
            compared = await self._compare(batch)
            for pair in compared.pairs:
                if pair.kind is CandidateKind.PERSON:
                    # A pair of two sampled views is found from both; one of a sampled view and another, once.
                    times = (pair.left in batch) + (pair.right in batch)
                    observed += [observe(self._score(pair, compared.profiles), self.current)] * times
        fitted = fit(self.model, observed, 2 * len(view_ids))
        same, household = fitted.prior_same, fitted.prior_household
        priors = Priors(same, household, self.population.persons, self.model.name, chances_of_one(fitted))
        self._believe(priors)
        await record_priors(self.graph, priors)

    async def _resolve(self, pending: list[Row]) -> Tally:
        view_ids = {row["view_id"] for row in pending}
        compared = await self._compare(view_ids)
        rows = [row for pair in compared.pairs if (row := self._candidate(pair, compared.profiles)) is not None]
        await reopen(self.graph, compared, partial(self._score, profiles=compared.profiles))
        proposed = await self._write(pending, rows, compared.cut)
        return Tally(len(pending), len(compared.pairs), proposed, compared.dropped_keys)

    async def _compare(self, view_ids: set[str]) -> Compared:
        compared = await compare(self.graph, view_ids, self.known)
        self.population.uses = dict(compared.uses)
        return compared

    async def hang_on_keys(self, person_ids: Iterable[str]) -> None:
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

    def _score(self, pair: Pair, profiles: Mapping[str, Profile]) -> Score:
        compare = score_device if pair.kind is CandidateKind.DEVICE else score
        return compare(profiles[pair.left], profiles[pair.right], self.population, self.current)

    def _candidate(self, pair: Pair, profiles: Mapping[str, Profile]) -> Row | None:
        """The candidate of a pair; None when policy sees nothing to keep."""
        scored = self._score(pair, profiles)
        shares = bool(profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers)
        return candidate_row(pair, scored, shares)

    async def _write(self, pending: list[Row], rows: list[Row], cut: frozenset[str]) -> int:
        """Candidates, some at a time; then what was not found again is closed and the marks come off, in one."""
        now = dt.datetime.now(dt.UTC)
        rows.sort(key=lambda row: row["id"])
        proposed = 0
        for start in range(0, len(rows), WRITTEN):
            proposed += await self.graph.write(partial(propose_rows, rows[start : start + WRITTEN], now))
        # Of a view that was cut, partners that were not looked at may be candidates still.
        views = sorted({row["view_id"] for row in pending} - cut)
        found = [row["id"] for row in rows]

        async def close(tx: Transaction) -> None:
            await tx.run(LOCK_PERSONS, ids=sorted(row["id"] for row in pending))
            await tx.run(CLOSE_CANDIDATES, views=views, found=found, at=now)
            await tx.run(CLOSE_PENDING, rows=_marks(pending))

        await self.graph.write(close)
        return proposed


async def mark_everybody(graph: Graph, at: dt.datetime) -> None:
    """Asks for every person's pairs to be scored from a moment on."""

    async def mark(tx: Transaction) -> str | None:
        rows = await tx.run(MARK_ALL, after=after, at=microseconds(at), limit=PAGE)
        return rows[0]["last"] if rows else None

    after: str | None = ""
    while after is not None:
        after = await graph.write(mark)


def _marks(pending: Iterable[Row]) -> list[Row]:
    return [{"id": row["id"], "resolve_at": row["resolve_at"]} for row in pending]


async def _rehearse(tx: Transaction) -> None:
    """Every statement that writes, about nobody."""
    now = dt.datetime.now(dt.UTC)
    candidate = {"id": NOBODY, "left": NOBODY, "right": NOBODY}
    await tx.run(LOCK_PERSONS, ids=[NOBODY])
    await tx.run(UPSERT_KEYS, rows=[{"key": NOBODY, "id": NOBODY}])
    await tx.run(PROPOSE_CANDIDATES, rows=[candidate], at=now, drift=DRIFT)
    await tx.run(CLOSE_CANDIDATES, views=[NOBODY], found=[NOBODY], at=now)
    await tx.run(CLOSE_PENDING, rows=[{"id": NOBODY, "resolve_at": 0}])
