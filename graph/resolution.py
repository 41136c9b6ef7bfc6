"""Resolving: takes persons that changed, finds who they might be, scores the pairs, fills the queue.

It can only propose. What it writes is a function of the graph and the model, so doing it twice changes nothing, and a
crash loses nothing: a person's mark is taken off after its candidates are written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.marks import BULK, PUT_OFF
from vitograph.graph.models import live_model
from vitograph.graph.moments import microseconds
from vitograph.graph.pairing import Compared, compare
from vitograph.graph.persons import LOCK_PERSONS
from vitograph.graph.population import GROWTH, SMALL, GraphPopulation
from vitograph.graph.priors import Priors, fit_priors, get_priors, list_sample
from vitograph.graph.proposing import candidate_row, propose_rows
from vitograph.graph.queries import load
from vitograph.graph.reopening import reopen
from vitograph.graph.views import read_fragments
from vitograph.graph.weighing import weigh
from vitograph.resolver.blocking import MOST_VIEWS, blocking_keys
from vitograph.resolver.candidates import CandidateKind, Pair
from vitograph.resolver.evidence import Score
from vitograph.resolver.frequencies import name_values, stated_values
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.training import Observed, observe

LIST_PENDING = load("resolution/list_pending")
CLOSE_PENDING = load("resolution/close_pending")
UPSERT_KEYS = load("resolution/upsert_keys")
CLOSE_CANDIDATES = load("candidate/close_candidates")

BATCH = 100
WRITTEN = 400  # candidates of one transaction: their evidence takes some kB each
END_OF_TIME = (1 << 63) - 1
MANY = 100
HURRY = dt.timedelta(seconds=10) // dt.timedelta(microseconds=1)
PATIENCE = dt.timedelta(minutes=1) // dt.timedelta(microseconds=1)
LATEST = (PUT_OFF + dt.timedelta(minutes=5)) // dt.timedelta(microseconds=1)
"""Microseconds ahead. Nobody is put off for longer, but by a clock that was set back since."""

# Views whose pairs tell how many duplicates and co-residents a person has here: enough for two digits.
SAMPLE = 2_000


@dataclass(slots=True)
class Tally:
    """What a run did: persons looked at, pairs scored, candidates written, blocking keys too common to use by rule."""

    persons: int = 0
    pairs: int = 0
    proposed: int = 0
    dropped_keys: Counter[str] = field(default_factory=Counter)

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

    `batch` shrinks when the graph cannot hold so many persons' pairs at once or a step takes long, and grows again.
    `known` are the profiles that were read in this run. While bulk came within `quiet` microseconds, what came in bulk
    rests: intake has the machine to itself, but for those who have waited for `PATIENCE`. So do those who came alone,
    while `MANY` of them wait and more come, but for those who have waited for `HURRY`.
    """

    graph: Graph
    model: Model
    current: Model = field(init=False)
    population: GraphPopulation = field(default_factory=GraphPopulation)
    priors: Priors | None = None
    batch: int = BATCH
    known: dict[str, Profile] = field(default_factory=dict)
    quiet: int = 0

    def __post_init__(self) -> None:
        self.current = self.model

    async def finish(self, tell: Callable[[int, int], None] = lambda done, of: None) -> Tally:
        """Works until nobody waits any more, those put off included; nobody's turn comes twice.

        `tell` hears how many persons of how many are done. The priors are estimated when the graph has grown by a
        tenth since they were.
        """
        pending = await self.pending(END_OF_TIME)
        # Everybody hangs on their keys before anybody looks for partners, so that each pair is found from both sides.
        for start in range(0, len(pending), BATCH):
            await self.hang_on_keys(row["id"] for row in pending[start : start + BATCH])
        whole = Tally()
        if not pending:
            return whole
        # Profiles are read once in a run. Whoever changes meanwhile is marked anew, and scored again by that mark.
        self._forget()
        await self.count()
        await self._follow()
        if self.priors is None or self.has_outgrown():
            await self.estimate_priors()
        for start in range(0, len(pending), BATCH):
            whole += await self._resolve(pending[start : start + BATCH])
            tell(whole.persons, len(pending))
        return whole

    async def step(self) -> Tally:
        """Resolves those who have waited longest; an empty tally when nobody's turn has come."""
        pending = await self.pending(self.batch)
        if not pending:
            return Tally()
        with self.graph.span("resolve"):
            # After the marks are read: whoever a promotion marked is scored by the model that it made live.
            await self._follow()
            if self.population.counted_at < SMALL:
                await self.count()
            return await self.resolve(pending)

    async def resolve(self, pending: list[Row]) -> Tally:
        """Resolves these persons by what is known of them now, and takes their marks off."""
        self._forget()
        await self.hang_on_keys(row["id"] for row in pending)
        return await self._resolve(pending)

    async def pending(self, most: int) -> list[Row]:
        """Whose turn it is; with `END_OF_TIME` everybody. Bulk lets others go first, but never stands still."""
        now = microseconds(dt.datetime.now(dt.UTC))
        beyond = now + LATEST
        if most == END_OF_TIME:
            now, beyond = END_OF_TIME, END_OF_TIME - BULK
        bulk_due = min(BULK + now, END_OF_TIME)
        rests = {"bulk_due": bulk_due, "quiet": bulk_due - self.quiet, "long": bulk_due - PATIENCE}
        rests |= {"fresh": now - self.quiet, "hurried": now - HURRY, "many": MANY}
        rows = await self.graph.rows(LIST_PENDING, due=now, bulk=BULK, **rests, beyond=beyond, limit=most)
        alone = [row for row in rows if row["resolve_at"] < BULK]
        bulk = [row for row in rows if row["resolve_at"] >= BULK]
        return alone + bulk[: max(most - len(alone), 1 + most // 10)]

    def _forget(self) -> None:
        self.known.clear()
        self.population.forget()

    def has_outgrown(self) -> bool:
        """Whether the graph has outgrown its priors."""
        persons = self.population.persons
        return persons > (GROWTH * self.priors.persons if self.priors is not None else 0)

    async def count(self) -> None:
        """Counts the persons, and reads the priors."""
        await self.population.count(self.graph)
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

    async def estimate_priors(self, at_once: int = BATCH) -> None:
        """Fits s, q and m to a sample of this graph: how often people are double here, and how noisy doubles are."""
        self.current = self.model
        view_ids = await list_sample(self.graph, SAMPLE)
        observed: list[Observed] = []
        for start in range(0, len(view_ids), at_once):
            batch = set(view_ids[start : start + at_once])
            compared = await self._compare(batch)
            scores = await self._scores(compared, batch)
            for pair in compared.pairs:
                if pair.kind is CandidateKind.PERSON:
                    # A pair of two sampled views is found from both; one of a sampled view and another, once.
                    times = (pair.left in batch) + (pair.right in batch)
                    observed.append(observe(scores[pair], self.current, times))
        persons = self.population.persons
        self._believe(await fit_priors(self.graph, self.model, observed, len(view_ids), persons))

    async def _resolve(self, pending: list[Row]) -> Tally:
        view_ids = {row["view_id"] for row in pending}
        compared = await self._compare(view_ids)
        scores = await self._scores(compared, view_ids)
        rows = [row for pair in compared.pairs if (row := self._candidate(pair, scores[pair], compared.profiles))]
        await reopen(self.graph, compared, scores.__getitem__)
        proposed = await self._write(pending, rows, compared.cut)
        return Tally(len(pending), len(compared.pairs), proposed, compared.dropped_keys)

    async def _compare(self, view_ids: set[str]) -> Compared:
        compared = await compare(self.graph, view_ids, self.known)
        self.population.uses = dict(compared.uses)
        return compared

    async def hang_on_keys(self, person_ids: Iterable[str]) -> None:
        """Hangs persons on their blocking keys, and on the values that they stated."""
        ids = list(person_ids)

        async def work(tx: Transaction) -> None:
            await tx.run(LOCK_PERSONS, ids=sorted(ids))
            fragments = await read_fragments(tx, ids)
            known = {id: profile for id, profile in fragments.items() if profile.kind is PersonKind.KNOWN}
            if known:
                keys, values = _rows(known, blocking_keys), _rows(known, stated_values)
                await tx.run(UPSERT_KEYS, keys=keys, values=values, rules=list(MOST_VIEWS))

        await self.graph.write(work)

    async def _scores(self, compared: Compared, view_ids: Iterable[str]) -> dict[Pair, Score]:
        """Every pair's score."""
        profiles = compared.profiles
        wanted = {key for id in view_ids if id in profiles for key in stated_values(profiles[id])}
        wanted |= {key for profile in profiles.values() for key in name_values(profile)}
        await self.population.learn(self.graph, wanted)
        pairs = (*compared.pairs, *compared.apart)
        return await weigh(self.graph, pairs, compared.profiles, self.population, self.current)

    @staticmethod
    def _candidate(pair: Pair, scored: Score, profiles: Mapping[str, Profile]) -> Row | None:
        """The candidate of a pair; None when policy sees nothing to keep."""
        shares = bool(profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers)
        return candidate_row(pair, scored, shares)

    async def _write(self, pending: list[Row], rows: list[Row], cut: frozenset[str]) -> int:
        """Candidates, some at a time; with the last what was not found again is closed and the marks come off."""
        now = dt.datetime.now(dt.UTC)
        rows.sort(key=lambda row: row["id"])
        found = [row["id"] for row in rows]
        # Of a view that was cut, partners that were not looked at may be candidates still.
        views = sorted({row["view_id"] for row in pending} - cut)
        marked = [row["id"] for row in pending]
        proposed = 0
        while len(rows) > WRITTEN:
            proposed += await self.graph.write(partial(propose_rows, rows[:WRITTEN], now))
            rows = rows[WRITTEN:]

        async def last(tx: Transaction) -> int:
            proposed = await propose_rows(rows, now, tx, also=marked)
            await tx.run(CLOSE_CANDIDATES, views=views, found=found, at=now)
            await tx.run(CLOSE_PENDING, rows=_marks(pending))
            return proposed

        return proposed + await self.graph.write(last)


def _rows(profiles: Mapping[str, Profile], keys: Callable[[Profile], Iterable[str]]) -> list[Row]:
    """Each key of each person, sorted as they are locked."""
    return [{"key": key, "id": id} for key, id in sorted((key, id) for id, p in profiles.items() for key in keys(p))]


def _marks(pending: Iterable[Row]) -> list[Row]:
    return [{"id": row["id"], "resolve_at": row["resolve_at"]} for row in pending]
