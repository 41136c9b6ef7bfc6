"""A whole graph from reading to queue, by any engine. It proposes, as the resolver at work does, and never more.

Whoever waited to be scored waits until all is written; whoever changes meanwhile is marked anew and waits on. So a run
that dies in the middle leaves candidates that are right and marks that bring the rest back. Should another model become
live meanwhile, everybody waits on.
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing, closing, contextmanager

import numpy as np

from vitograph.graph.batch.engines import Engine, Found
from vitograph.graph.batch.inprocess import InProcess, held_pairs, person_pairs
from vitograph.graph.batch.population import WholePopulation, population_of
from vitograph.graph.batch.proposals import Proposals, Scorer, pairs_of
from vitograph.graph.batch.read import read_apart, read_whole
from vitograph.graph.batch.standing import read_standing
from vitograph.graph.batch.write import Writer, close_marks, close_stale, lots, mark_again, propose_all
from vitograph.graph.driver import Graph
from vitograph.graph.people.tombstones import has_verdicts, list_verdicts
from vitograph.graph.resolving.models import live_name
from vitograph.graph.resolving.pairing import Compared, strong_keys
from vitograph.graph.resolving.priors import fit_priors
from vitograph.graph.resolving.reopening import reopen
from vitograph.graph.resolving.resolution import SAMPLE, Resolver, Tally
from vitograph.resolver.batched import batched
from vitograph.resolver.candidates import Pair
from vitograph.resolver.columnar.crossing import neighbourhoods
from vitograph.resolver.columnar.frame import KNOWN, Frame, Ints
from vitograph.resolver.columnar.scored import Scored
from vitograph.resolver.columnar.weigh import Weigher, join
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.policy import LEAST_EXPLORED
from vitograph.resolver.training.em import observe

HUNG = 200  # persons hung on their keys at once
ASKED = 5_000  # pairs of which decisions are looked for at once
STRATA = (1e-4, 0.01, 0.1)  # P(same) or P(household) that part pairs into kinds; of the likeliest each is looked at
SOME = 1_000  # pairs of each other kind that are looked at, at most, evenly taken by likelihood: they tell of all of it

Tell = Callable[[int, int], None]


async def resolve_whole(
    graph: Graph, model: Model, engine: Engine | None = None, tell: Tell = lambda done, of: None
) -> Tally:
    """Scores everybody again and fills the queue. `tell` hears how many candidates of how many are made."""
    with _without_collection():
        return await _resolve_whole(graph, model, engine or InProcess(), tell)


async def _resolve_whole(graph: Graph, model: Model, engine: Engine, tell: Tell) -> Tally:
    standing = await read_standing(graph)
    whole = await read_whole(graph)
    # After the persons: what was kept apart of a view that was joined since, is kept apart of the whole one.
    apart = set(await read_apart(graph))
    population = population_of(whole)
    gc.freeze()
    gc.enable()
    believed = await _estimate_priors(graph, whole.views, population, model, engine)
    proposals = Proposals(Scorer(whole.views, population, believed), whole.events, standing, apart, tell)
    devices = _device_pairs(whole.views, population)
    with closing(Writer(graph, 1)) as writer:
        beside = await fill_queue(writer, proposals, _found(engine, whole.views, population, believed), devices)
    tally = Tally(len(whole.persons), proposals.compared + len(devices), writer.proposed, proposals.dropped_keys)
    tally.proposed += await propose_all(graph, lots(proposals.beside(_in_order(beside)), standing))
    # Should another have become live since this one was read: what it had left out may have been written by this one.
    if await live_name(graph) != model.name:
        await mark_again(graph, whole.persons.view_ids)
        return tally
    await close_stale(graph, standing, frozenset(proposals.found))
    await _reopen(graph, proposals)
    resolver = Resolver(graph, model)
    for rows in batched(whole.marks, HUNG):
        await resolver.hang_on_keys([row["id"] for row in rows])
    await close_marks(graph, whole.marks)
    return tally


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


async def fill_queue(writer: Writer, proposals: Proposals, parts: AsyncGenerator[Found], devices: list[Pair]) -> Scored:
    """Writes the candidates that a specialist may be asked about, while more are found; the queue is full when it
    returns. The pairs that are kept beside it.
    """
    scorer, graph, standing = proposals.scorer, writer.graph, proposals.standing
    beside: list[Scored] = []
    async with aclosing(parts):
        async for found in parts:
            proposals.take(found)
            scored = _in_order(found.scored)
            proposals.apart |= await _buried(graph, _pairs(scored, scorer), scorer)
            asked = (scored.p_same >= LEAST_EXPLORED) | (scored.band > 0)
            beside.append(scored.at(~asked))
            await writer.put(lots(proposals.asked(scored.at(asked)), standing))
    proposals.expected += len(devices)
    proposals.apart |= await _buried(graph, devices, scorer)
    await writer.put(lots(proposals.of_devices(devices), standing))
    await writer.finish()
    return join(beside)


async def _found(engine: Engine, views: Frame, population: WholePopulation, model: Model) -> AsyncGenerator[Found]:
    """The pairs worth keeping, as an engine finds them: the next ones are scored while some are worked on."""
    parts = engine.find(views, population, model)
    weigher: Weigher | None = None

    def find() -> Found | None:
        nonlocal weigher
        part = next(parts, None)
        if part is None:
            return None
        scored = part.scored.at(part.scored.kept)
        if not isinstance(engine, InProcess):  # whoever found them, what is written of them is what the columns say
            weigher = weigher or Weigher(views, population, model)
            scored = weigher.score(scored.left, scored.right)
            scored = scored.at(scored.kept)
        return Found(scored, part.compared, part.dropped_keys)

    coming = asyncio.create_task(asyncio.to_thread(find))
    try:
        while (part := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(find))
            yield part
    finally:
        await asyncio.wait([coming])
        parts.close()


def _in_order(scored: Scored) -> Scored:
    """Pairs of one neighbourhood stand together: their persons are read once, and locked by one transaction."""
    return scored.at(np.argsort(neighbourhoods(scored.left, scored.right), kind="stable"))


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
    found = Scorer(views, population, model).scores(pairs_of(views, left[of], right[of]))
    observed = [observe(one, model, often) for one, often in zip(found, stand_for[of].tolist(), strict=True)]
    priors = await fit_priors(graph, model, observed, int(sample.sum()), population.persons)
    return priors.in_model(model)


def _sampled(scored: Scored) -> Ints:
    """How many pairs each stands for: the likeliest for themselves, some of each other kind for all of it."""
    likely = np.maximum(scored.p_same, scored.p_household)
    kind = np.digitize(likely, STRATA)
    stand_for: Ints = (kind == len(STRATA)).astype(np.int64)
    for one in range(len(STRATA)):
        of = np.flatnonzero(kind == one)
        of = of[np.argsort(likely[of], kind="stable")]
        each = max(1, -(-len(of) // SOME))
        stand_for[of[::each]] = np.minimum(each, len(of) - np.arange(0, len(of), each))
    return stand_for


def _pairs(scored: Scored, scorer: Scorer) -> Iterator[Pair]:
    return pairs_of(scorer.views, scored.left, scored.right)


def _device_pairs(views: Frame, population: WholePopulation) -> list[Pair]:
    """Known views with the devices that hold an identifier of theirs."""
    together = held_pairs(views, population)
    mixed = (views.kinds[together.left] == KNOWN) != (views.kinds[together.right] == KNOWN)
    return list(pairs_of(views, together.left[mixed], together.right[mixed]))


async def _buried(graph: Graph, pairs: Iterable[Pair], scorer: Scorer) -> frozenset[tuple[str, str]]:
    """Those whom a verdict about somebody erased keeps apart."""
    found: set[tuple[str, str]] = set()
    if await has_verdicts(graph):
        for some in batched(pairs, ASKED):
            with_profiles = scorer.with_profiles(some)
            sides = ((pair.id, strong_keys(left), strong_keys(right)) for pair, left, right in with_profiles)
            ids = await list_verdicts(graph, sides)
            found |= {_ends(pair) for pair in some if pair.id in ids}
    return frozenset(found)


async def _reopen(graph: Graph, proposals: Proposals) -> None:
    """Puts those decided pairs back whose evidence gained enough."""
    for some in batched(proposals.decided, ASKED):
        await reopen(graph, _compared(some, []), proposals.scorer.score)
    for some in batched(proposals.refused, ASKED):
        await reopen(graph, _compared([], some), proposals.scorer.score)


def _ends(pair: Pair) -> tuple[str, str]:
    return min(pair.left, pair.right), max(pair.left, pair.right)


def _compared(pairs: list[Pair], apart: list[Pair]) -> Compared:
    return Compared({}, pairs, apart, {}, {}, Counter())
