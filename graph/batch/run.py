"""A whole graph from reading to queue, by any engine. It proposes, as the resolver at work does, and never more.

Whoever waited to be scored waits until all is written; whoever changes meanwhile is marked anew and waits on. So a run
that dies in the middle leaves candidates that are right and marks that bring the rest back.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial

import numpy as np

from vitograph.graph.batch.engines import Engine
from vitograph.graph.batch.inprocess import held_pairs, person_pairs
from vitograph.graph.batch.read import Whole, population_of, read_apart, read_waiting, read_whole
from vitograph.graph.batch.write import close_marks, close_stale, hang_on_keys, propose_all
from vitograph.graph.driver import Graph, Row
from vitograph.graph.population import GraphPopulation
from vitograph.graph.priors import Priors, record_priors
from vitograph.graph.resolution import Resolver, Tally
from vitograph.resolver.candidates import CandidateKind, Pair, pair_of
from vitograph.resolver.columnar.frame import KINDS, KNOWN, Frame
from vitograph.resolver.columnar.priors import estimate
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.parameters import Model

PROFILES = 50_000  # that are kept while candidates are written, some kB each


async def resolve_whole(
    graph: Graph, engine: Engine, model: Model, tell: Callable[[int, int], None] = lambda done, of: None
) -> Tally:
    """Scores everybody again and fills the queue. `tell` hears how many candidates of how many are written."""
    waiting = await read_waiting(graph)
    apart = frozenset(await read_apart(graph))
    whole = await read_whole(graph)
    population = population_of(whole)
    resolver = Resolver(graph, model)
    await _estimate_priors(resolver, whole.views, population)
    found = engine.find(whole.views, population, resolver.current)
    pairs = [pair for pair in _pairs(whole.views, found.scored) if (pair.left, pair.right) not in apart]
    devices = [
        pair
        for pair in _device_pairs(whole.views, population)
        if (min(pair.left, pair.right), max(pair.left, pair.right)) not in apart
    ]
    now = dt.datetime.now(dt.UTC)
    written = await propose_all(graph, _candidates(resolver, whole.views, [*pairs, *devices]), now, tell)
    await close_stale(graph, waiting, written.ids, now)
    await hang_on_keys(graph, whole)
    await close_marks(graph, whole.marks)
    return Tally(len(whole.persons), found.compared + len(devices), written.proposed, found.dropped_keys)
