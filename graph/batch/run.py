"""A whole graph from reading to queue, by any engine. It proposes, as the resolver at work does, and never more.

Whoever waited to be scored waits until all is written; whoever changes meanwhile is marked anew and waits on. So a run
that dies in the middle leaves candidates that are right and marks that bring the rest back.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import InProcess, held_pairs, person_pairs
from vitograph.graph.batch.population import WholePopulation, population_of
from vitograph.graph.batch.read import read_apart, read_waiting, read_whole
from vitograph.graph.batch.write import batches, close_marks, close_stale, propose_all
from vitograph.graph.driver import Graph, Row
from vitograph.graph.pairing import Compared
from vitograph.graph.priors import fit_priors
from vitograph.graph.proposing import candidate_row
from vitograph.graph.reopening import reopen
from vitograph.graph.resolution import SAMPLE, Resolver, Tally
from vitograph.resolver.candidates import CandidateKind, Pair, pair_of
from vitograph.resolver.columnar.frame import KINDS, KNOWN, Frame, Ints
from vitograph.resolver.device_scoring import score_device
from vitograph.resolver.evidence import Score
from vitograph.resolver.model import Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.scoring import score
from vitograph.resolver.training import Observed, observe

HUNG = 200  # persons hung on their keys at once
ASKED = 5_000  # pairs of which decisions are looked for at once

Tell = Callable[[int, int], None]


async def resolve_whole(
    graph: Graph, model: Model, engine: Engine | None = None, tell: Tell = lambda done, of: None
) -> Tally:
    """Scores everybody again and fills the queue. `tell` hears how many candidates of how many are made."""
    engine = engine or InProcess()
    waiting = await read_waiting(graph)
    apart = frozenset(await read_apart(graph))
    whole = await read_whole(graph)
    population = population_of(whole)
    believed = await _estimate_priors(graph, whole.views, population, model, engine)
    found = await asyncio.to_thread(engine.find, whole.views, population, believed)
    devices = _device_pairs(whole.views, population)
    kept = np.flatnonzero(found.scored.kept)
    pairs = [*_pairs(whole.views, found.scored.left[kept], found.scored.right[kept]), *devices]
    scorer = _Scorer(whole.views, population, believed)
    now = dt.datetime.now(dt.UTC)

    free = [pair for pair in pairs if _ends(pair) not in apart]
    candidates = scorer.candidates(free, tell)
    proposed = await propose_all(graph, candidates, now)
    await close_stale(graph, waiting, scorer.written, now)
    await _reopen(graph, free, [pair for pair in pairs if _ends(pair) in apart], scorer)
    resolver = Resolver(graph, model)
    for rows in batches(whole.marks, HUNG):
        await resolver.hang_on_keys([row["id"] for row in rows])
    await close_marks(graph, whole.marks)
    return Tally(len(whole.persons), found.compared + len(devices), proposed, found.dropped_keys)


class _Scorer:
    """Pairs of a frame as candidates, each with the waterfall that `score` makes of it. `written` are their ids."""

    def __init__(self, views: Frame, population: WholePopulation, model: Model) -> None:
        self.views, self.population, self.model = views, population, model
        self.places = {view: place for place, view in enumerate(views.view_ids)}
        self.written: list[str] = []

    def candidates(self, pairs: list[Pair], tell: Tell) -> Iterator[Row]:
        """The candidates of pairs, in the order of their ids."""
        ordered = sorted((pair.id, pair) for pair in pairs)
        for done, (id, pair) in enumerate(ordered, 1):
            left, right = self._profile(pair.left), self._profile(pair.right)
            shares = bool(left.identifiers.keys() & right.identifiers)
            row = candidate_row(pair, self._score(pair, left, right), shares)
            if row is not None:
                self.written.append(id)
                yield row
            tell(done, len(ordered))

    def score(self, pair: Pair) -> Score:
        return self._score(pair, self._profile(pair.left), self._profile(pair.right))

    def _score(self, pair: Pair, left: Profile, right: Profile) -> Score:
        compare = score_device if pair.kind is CandidateKind.DEVICE else score
        return compare(left, right, self.population, self.model)

    def _profile(self, view_id: str) -> Profile:
        return self.views.profile(self.places[view_id])


async def _estimate_priors(
    graph: Graph, views: Frame, population: WholePopulation, model: Model, engine: Engine
) -> Model:
    """The model as it scores here: s, q and m fitted to the pairs of the first known views, whose ids are hashes."""
    sample = np.zeros(len(views), np.bool_)
    sample[np.flatnonzero(views.kinds == KNOWN)[:SAMPLE]] = True
    if isinstance(engine, InProcess):  # it remembers them
        pairs, _ = await asyncio.to_thread(engine.pairs, views, population)
    else:
        pairs, _ = await asyncio.to_thread(person_pairs, views, population, sample)
    times = sample[pairs.left].astype(np.int64) + sample[pairs.right]
    of = np.flatnonzero(times)
    scorer, observed = _Scorer(views, population, model), list[Observed]()
    for pair, often in zip(_pairs(views, pairs.left[of], pairs.right[of]), times[of].tolist(), strict=True):
        observed += [observe(scorer.score(pair), model)] * often
    priors = await fit_priors(graph, model, observed, int(sample.sum()), population.persons)
    return priors.in_model(model)


def _pairs(views: Frame, left: Ints, right: Ints) -> Iterator[Pair]:
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        pair = pair_of(views.view_ids[one], KINDS[views.kinds[one]], views.view_ids[other], KINDS[views.kinds[other]])
        if pair is not None:
            yield pair


def _device_pairs(views: Frame, population: WholePopulation) -> list[Pair]:
    """Known views with the devices that hold an identifier of theirs."""
    together = held_pairs(views, population)
    mixed = (views.kinds[together.left] == KNOWN) != (views.kinds[together.right] == KNOWN)
    return list(_pairs(views, together.left[mixed], together.right[mixed]))


def _ends(pair: Pair) -> tuple[str, str]:
    return min(pair.left, pair.right), max(pair.left, pair.right)


async def _reopen(graph: Graph, pairs: Iterable[Pair], apart: list[Pair], scorer: _Scorer) -> None:
    """Puts those decided pairs back whose evidence gained enough."""
    for some in batches(pairs, ASKED):
        await reopen(graph, _compared(some, []), scorer.score)
    for some in batches(apart, ASKED):
        await reopen(graph, _compared([], some), scorer.score)


def _compared(pairs: list[Pair], apart: list[Pair]) -> Compared:
    return Compared({}, pairs, apart, {}, frozenset(), Counter())
