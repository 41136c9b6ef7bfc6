"""Resolving: takes persons that changed, finds who they might be, scores the pairs, fills the queue.

It can only propose. What it writes is a function of the graph and the model, so doing it twice changes nothing, and a
crash loses nothing: a person's mark is taken off after its candidates are written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.moments import microseconds
from vitograph.graph.people.marks import BULK, PUT_OFF
from vitograph.graph.people.views import load_marked
from vitograph.graph.queries import load
from vitograph.graph.resolving.models import live_model, named_live
from vitograph.graph.resolving.pairing import Compared, compare
from vitograph.graph.resolving.population import GROWTH, SMALL, GraphPopulation, load_context
from vitograph.graph.resolving.priors import Priors, fit_priors, get_priors, list_sample
from vitograph.graph.resolving.proposing import PROPOSE_CANDIDATES, candidate_row, proposal
from vitograph.graph.resolving.reopening import reopen
from vitograph.graph.resolving.weighing import weigh
from vitograph.resolver.batched import batched
from vitograph.resolver.blocking import MOST_VIEWS, blocking_keys
from vitograph.resolver.candidates import CandidateKind, Pair
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.frequencies import name_values, stated_values
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.training.em import Observed, observe

LIST_PENDING = load("resolution/list_pending")
CLOSE_PENDING = load("resolution/close_pending")
UPSERT_KEYS = load("resolution/upsert_keys")

BATCH = 100
WRITTEN = 400  # candidates of one transaction: their evidence takes some kB each
UNMARKED = -1
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
    `known` are the profiles that were read in this run. While bulk came within `quiet` microseconds, or `MANY` events
    did, what came in bulk rests: intake has the machine to itself, but for those who have waited for `PATIENCE`. So do
    those who came alone, while `MANY` of them wait and more come, but for those who have waited for `HURRY`.
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
        for some in batched(pending, BATCH):
            await self.hang_on_keys(row["id"] for row in some)
        whole = Tally()
        if not pending:
            return whole
        # Profiles are read once in a run. Whoever changes meanwhile is marked anew, and scored again by that mark.
        self._forget()
        await self.count()
        self._take_up(await live_model(self.graph, self.model))
        if self.priors is None or self.has_outgrown():
            await self.estimate_priors()
        for some in batched(pending, BATCH):
            whole += await self._resolve(some)
            tell(whole.persons, len(pending))
        return whole

    async def step(self) -> Tally:
        """Resolves those who have waited longest; an empty tally when nobody's turn has come."""
        pending, live = await self._turn(self.batch)
        if not pending:
            self._forget()
            return Tally()
        with self.graph.span("resolve"):
            # It was read after the marks: whoever a promotion marked is scored by the model that it made live.
            self._take_up(await named_live(self.graph, live, self.model))
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
        return (await self._turn(most))[0]

    async def _turn(self, most: int) -> tuple[list[Row], str | None]:
        """Whose turn it is, and the name of the model that is live."""
        moment = dt.datetime.now(dt.UTC)
        now = microseconds(moment)
        beyond = now + LATEST
        if most == END_OF_TIME:
            now, beyond = END_OF_TIME, END_OF_TIME - BULK
        bulk_due = min(BULK + now, END_OF_TIME)
        rests = {"bulk_due": bulk_due, "quiet": bulk_due - self.quiet, "long": bulk_due - PATIENCE}
        rests |= {"fresh": now - self.quiet, "hurried": now - HURRY, "many": MANY}
        came: dict[str, Any] = {"since": moment - dt.timedelta(microseconds=self.quiet), "now": moment}
        found = await self.graph.rows(LIST_PENDING, due=now, bulk=BULK, **rests, **came, beyond=beyond, limit=most)
        waiting, live = (found[0]["waiting"], found[0]["live"]) if found else ([], None)
        alone = [row for row in waiting if row["resolve_at"] < BULK]
        bulk = [row for row in waiting if row["resolve_at"] >= BULK]
        return alone + bulk[: max(most - len(alone), 1 + most // 10)], live

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

    def _take_up(self, live: Model) -> None:
        if live is not self.model:
            self.model = self.current = live
            # Everybody is scored anew: by as many views as are left after what was joined since they were counted.
            self.population.counted_at = 0
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
        for some in batched(view_ids, at_once):
            batch = set(some)
            compared = await compare(self.graph, batch, self.known)
            await self._learn(compared, batch)
            scores = await self._scores(compared)
            for pair in compared.pairs:
                if pair.kind is CandidateKind.PERSON:
                    # A pair of two sampled views is found from both; one of a sampled view and another, once.
                    times = (pair.left in batch) + (pair.right in batch)
                    observed.append(observe(scores[pair], self.current, times))
        persons = self.population.persons
        self._believe(await fit_priors(self.graph, self.model, observed, len(view_ids), persons))

    async def _resolve(self, pending: list[Row]) -> Tally:
        view_ids = {row["view_id"] for row in pending}
        compared = await compare(self.graph, view_ids, self.known)
        decided = await self._learn(compared, view_ids)
        scores = await self._scores(compared)
        rows = [row for pair in compared.pairs if (row := self._candidate(pair, scores[pair], compared.profiles))]
        await reopen(self.graph, compared, scores.__getitem__, decided)
        proposed = await self._write(pending, rows, compared.standing)
        return Tally(len(pending), len(compared.pairs), proposed, compared.dropped_keys)

    async def hang_on_keys(self, person_ids: Iterable[str]) -> None:
        """Hangs persons on their blocking keys, and on the values that they stated."""
        marked = await load_marked(self.graph, person_ids)
        known = {id: (one, mark) for id, (one, mark) in marked.items() if one.kind is PersonKind.KNOWN}
        if known:
            keys, values = _rows(known, blocking_keys), _rows(known, stated_values)
            await self.graph.ensure(UPSERT_KEYS, ids=sorted(known), keys=keys, values=values, rules=list(MOST_VIEWS))

    async def _learn(self, compared: Compared, view_ids: Iterable[str]) -> list[Row]:
        """Learns of these views what scoring asks for; returns the decided candidates of their pairs."""
        profiles = compared.profiles
        wanted = {key for id in view_ids if id in profiles for key in stated_values(profiles[id])}
        wanted |= {key for profile in profiles.values() for key in name_values(profile)}
        values = self.population.missing(wanted)
        context = await load_context(self.graph, values=values, identifiers=compared.common, **compared.asked())
        self.population.take(context)
        return context.decided

    async def _scores(self, compared: Compared) -> dict[Pair, Score]:
        """Every pair's score."""
        pairs = (*compared.pairs, *compared.apart)
        return await weigh(self.graph, pairs, compared.profiles, self.population, self.current)

    @staticmethod
    def _candidate(pair: Pair, scored: Score, profiles: Mapping[str, Profile]) -> Row | None:
        """The candidate of a pair; None when policy sees nothing to keep."""
        shares = bool(profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers)
        return candidate_row(pair, scored, shares)

    async def _write(self, pending: list[Row], rows: list[Row], standing: Mapping[str, Mapping[str, int]]) -> int:
        """Candidates, some at a time; with the last what was not found again is closed and the marks come off.

        Of whom another worker scored meanwhile none of the transactions writes anything.
        """
        now = dt.datetime.now(dt.UTC)
        rows.sort(key=lambda row: row["id"])
        lost = _lost(standing, {row["id"] for row in rows})
        marks = [{name: row[name] for name in ("id", "view_id", "resolve_at")} for row in pending]
        proposed, kept = 0, set[str]()
        while True:
            some, rows = rows[:WRITTEN], rows[WRITTEN:]
            looked_at = [mark | {"resolve_at": None} if rows or mark["view_id"] in kept else mark for mark in marks]
            asked = proposal(some, now, [] if rows else lost, looked_at)
            [found] = await self.graph.ensure(PROPOSE_CANDIDATES, **asked)
            proposed += int(found["proposed"])
            kept.update(found["left_out"])
            if not rows:
                return proposed


def _lost(standing: Mapping[str, Mapping[str, int]], found: Container[str]) -> list[Row]:
    """Candidates that views had and that were not found again, sorted as they are locked."""
    lost: dict[str, Row] = {}
    for view, versions in standing.items():
        for id, version in versions.items():
            if id not in found:
                one = lost.setdefault(id, {"id": id, "version": version, "view_ids": []})
                one["view_ids"].append(view)
                one["version"] = min(one["version"], version)
    return sorted(lost.values(), key=itemgetter("id"))


def _rows(marked: Mapping[str, tuple[Profile, int | None]], keys: Callable[[Profile], Iterable[str]]) -> list[Row]:
    """Each key of each person, sorted as they are locked, with the mark of the person."""
    found = sorted((key, id) for id, (profile, _) in marked.items() for key in keys(profile))
    marks = {id: UNMARKED if mark is None else mark for id, (_, mark) in marked.items()}
    return [{"key": key, "id": id, "mark": marks[id]} for key, id in found]
