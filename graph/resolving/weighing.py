"""The scores of pairs by what the graph knows of everybody, which is read as scoring asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vitograph.graph.driver import Graph
from vitograph.graph.resolving.population import GraphPopulation
from vitograph.resolver.candidates import Pair
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.pair import score_pair
from vitograph.resolver.scoring.parameters import Model


async def weigh(
    graph: Graph, pairs: Iterable[Pair], profiles: Mapping[str, Profile], population: GraphPopulation, model: Model
) -> dict[Pair, Score]:
    """Every pair's score. A pair that asked for a frequency which was not read yet is scored again once it is."""
    scores: dict[Pair, Score] = {}
    waiting = list(pairs)
    while waiting:
        left = []
        for pair in waiting:
            missed = population.missed
            scored = score_pair(pair, profiles[pair.left], profiles[pair.right], population, model)
            if population.missed == missed:
                scores[pair] = scored
            else:
                left.append(pair)
        waiting = left
        await population.learn(graph, ())
    return scores
