"""A whole graph from reading to queue, by any engine. It proposes, as the resolver at work does, and never more.

Whoever waited to be scored waits until all is written; whoever changes meanwhile is marked anew and waits on. So a run
that dies in the middle leaves candidates that are right and marks that bring the rest back.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import InProcess, held_pairs, person_pairs
from vitograph.graph.batch.population import WholePopulation, population_of
from vitograph.graph.batch.read import read_apart, read_waiting, read_whole
from vitograph.graph.batch.write import BATCH, batches, close_marks, close_stale, propose_all
from vitograph.graph.driver import Graph, Row
from vitograph.graph.pairing import Compared, strong_keys
from vitograph.graph.priors import fit_priors
from vitograph.graph.proposing import candidate_row
from vitograph.graph.reopening import reopen
from vitograph.graph.resolution import SAMPLE, Resolver, Tally
from vitograph.graph.tombstones import list_verdicts
from vitograph.resolver.candidates import CandidateKind, Pair, pair_of
from vitograph.resolver.columnar.crossing import neighbourhoods
from vitograph.resolver.columnar.frame import KINDS, KNOWN, Frame, Ints
from vitograph.resolver.columnar.scored import Scored
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.device_scoring import score_device
from vitograph.resolver.evidence import Score
from vitograph.resolver.model import Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.policy import LEAST_EXPLORED
from vitograph.resolver.scoring import score
from vitograph.resolver.training import observe

HUNG = 200  # persons hung on their keys at once
ASKED = 5_000  # pairs of which decisions are looked for at once
NEAR = 1e-4  # P(same) or P(household) below which pairs are strangers whatever the priors: some tell of all
FAR = 5_000  # such pairs that are looked at, at most, evenly taken

Tell = Callable[[int, int], None]


async def resolve_whole(
    graph: Graph, model: Model, engine: Engine | None = None, tell: Tell = lambda done, of: None
) -> Tally:
    """Scores everybody again and fills the queue. `tell` hears how many candidates of how many are made."""
    with _without_collection():
        return await _resolve_whole(graph, model, engine or InProcess(), tell)


async def _resolve_whole(graph: Graph, model: Model, engine: Engine, tell: Tell) -> Tally:
    waiting = await read_waiting(graph)
    apart = frozenset(await read_apart(graph))
    whole = await read_whole(graph)
    population = population_of(whole)
    gc.freeze()
    gc.enable()
    believed = await _estimate_priors(graph, whole.views, population, model, engine)
    found = await asyncio.to_thread(engine.find, whole.views, population, believed)
    devices = _device_pairs(whole.views, population)
    likely, others = (_pairs(whole.views, *ends) for ends in _kept(found.scored))
    scorer = _Scorer(whole.views, population, believed, tell)
    now = dt.datetime.now(dt.UTC)

    first, last = [*likely, *devices], list(others)
    pairs = first + last
    apart |= await _buried(graph, pairs, scorer)
    scorer.expected = len(pairs)
    proposed = await fill_queue(graph, scorer.candidates(_free(first, apart)), now)
    proposed += await propose_all(graph, scorer.candidates(_free(last, apart)), now)
    await close_stale(graph, waiting, scorer.written, now)
    await _reopen(graph, _free(pairs, apart), [pair for pair in pairs if _ends(pair) in apart], scorer)
    resolver = Resolver(graph, model)
    for rows in batches(whole.marks, HUNG):
        await resolver.hang_on_keys([row["id"] for row in rows])
    await close_marks(graph, whole.marks)
    return Tally(len(whole.persons), found.compared + len(devices), proposed, found.dropped_keys)


@contextmanager
def _without_collection() -> Iterator[None]:
    """No search for cycles among the millions of objects of a graph: there are none, and it doubles what all costs.

    Until the graph is read there is no collection at all; then what was read is left out of it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


async def fill_queue(graph: Graph, candidates: Iterable[Row], now: dt.datetime) -> int:
    """Writes the candidates that a specialist may be asked about; the queue is full when it returns."""
    return await propose_all(graph, candidates, now)


def _free(pairs: Iterable[Pair], apart: frozenset[tuple[str, str]]) -> list[Pair]:
    return [pair for pair in pairs if _ends(pair) not in apart]


def _kept(scored: Scored) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """The pairs that policy keeps: those that may come into the queue, and those kept beside it.

    Pairs of one neighbourhood stand together: their persons are read once, and locked by one transaction.
    """
    kept = np.flatnonzero(scored.kept)
    kept = kept[np.argsort(neighbourhoods(scored.left[kept], scored.right[kept]), kind="stable")]
    asked = scored.p_same[kept] >= LEAST_EXPLORED
    likely, others = kept[asked], kept[~asked]
    return (scored.left[likely], scored.right[likely]), (scored.left[others], scored.right[others])


class _Scorer:
    """Pairs of a frame as candidates, each with the waterfall that `score` makes of it.

    `written` are their ids. `tell` hears how many of the `expected` pairs are done.
    """

    def __init__(
        self, views: Frame, population: WholePopulation, model: Model, tell: Tell = lambda done, of: None
    ) -> None:
        self.views, self.population, self.model, self.tell = views, population, model, tell
        self.places = {view: place for place, view in enumerate(views.view_ids)}
        self.written: list[str] = []
        self.done = self.expected = 0

    def candidates(self, pairs: Iterable[Pair]) -> Iterator[Row]:
        """The candidates of pairs, in the order of the pairs."""
        for some in batches(pairs, BATCH):
            for pair, left, right in self.with_profiles(some):
                shares = not left.identifiers.keys().isdisjoint(right.identifiers)
                row = candidate_row(pair, self._score(pair, left, right), shares)
                if row is not None:
                    self.written.append(row["id"])
                    yield row
            self.done += len(some)
            self.tell(self.done, self.expected)

    def scores(self, pairs: Iterable[Pair]) -> Iterator[Score]:
        """The score of each pair."""
        for some in batches(pairs, BATCH):
            yield from (self._score(*pair) for pair in self.with_profiles(some))

    def score(self, pair: Pair) -> Score:
        return next(self.scores([pair]))

    def _score(self, pair: Pair, left: Profile, right: Profile) -> Score:
        compare = score_device if pair.kind is CandidateKind.DEVICE else score
        return compare(left, right, self.population, self.model)

    def with_profiles(self, pairs: list[Pair]) -> Iterator[tuple[Pair, Profile, Profile]]:
        """Each pair with its two profiles, which are made when the first is asked for."""
        views = list({view for pair in pairs for view in (pair.left, pair.right)})
        profiles = self.views.profiles(np.array([self.places[view] for view in views], np.int64))
        known = dict(zip(views, profiles, strict=True))
        for pair in pairs:
            yield pair, known[pair.left], known[pair.right]


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
    left, right, times = pairs.left[of], pairs.right[of], times[of]
    scored = await asyncio.to_thread(Weigher(views, population, model).score, left, right)
    stand_for = _sampled(scored) * times
    of = np.flatnonzero(stand_for)
    found = _Scorer(views, population, model).scores(_pairs(views, left[of], right[of]))
    observed = [observe(one, model, often) for one, often in zip(found, stand_for[of].tolist(), strict=True)]
    priors = await fit_priors(graph, model, observed, int(sample.sum()), population.persons)
    return priors.in_model(model)


def _sampled(scored: Scored) -> Ints:
    """How many pairs each stands for: those that may be more than strangers for themselves, some others for all."""
    near = np.maximum(scored.p_same, scored.p_household) >= NEAR
    stand_for = near.astype(np.int64)
    far = np.flatnonzero(~near)
    each = max(1, -(-len(far) // FAR))
    stand_for[far[::each]] = np.minimum(each, len(far) - np.arange(0, len(far), each))
    return stand_for


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


async def _buried(graph: Graph, pairs: Iterable[Pair], scorer: _Scorer) -> frozenset[tuple[str, str]]:
    """Those whom a verdict about somebody erased keeps apart."""
    found: set[tuple[str, str]] = set()
    for some in batches(pairs, ASKED):
        sides = ((pair.id, strong_keys(left), strong_keys(right)) for pair, left, right in scorer.with_profiles(some))
        ids = await list_verdicts(graph, sides)
        found |= {_ends(pair) for pair in some if pair.id in ids}
    return frozenset(found)


async def _reopen(graph: Graph, pairs: Iterable[Pair], apart: list[Pair], scorer: _Scorer) -> None:
    """Puts those decided pairs back whose evidence gained enough."""
    for some in batches(pairs, ASKED):
        await reopen(graph, _compared(some, []), scorer.score)
    for some in batches(apart, ASKED):
        await reopen(graph, _compared([], some), scorer.score)


def _compared(pairs: list[Pair], apart: list[Pair]) -> Compared:
    return Compared({}, pairs, apart, {}, frozenset(), Counter())
