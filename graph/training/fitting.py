"""Training over a graph: u from random pairs, m, s and q by EM, and what verdicts add where there are enough."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from vitograph.graph.driver import Graph
from vitograph.graph.people.views import load_profiles
from vitograph.graph.resolving.models import as_believed, list_models, read_model
from vitograph.graph.resolving.population import GraphPopulation, load_population
from vitograph.graph.resolving.priors import list_sample
from vitograph.graph.training.comparing import SAMPLE, Tell, blocked_pairs
from vitograph.graph.training.verdicts import Decided, list_decided
from vitograph.resolver.errors import Conflict
from vitograph.resolver.scoring.evidence import odds
from vitograph.resolver.scoring.known import is_person_grade, score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import dump_model, load_model
from vitograph.resolver.training.calibration import ENOUGH, Judged, bar_of_band_a, calibrate
from vitograph.resolver.training.em import fit, observe
from vitograph.resolver.training.levels import fit_strangers, fit_verdicts

RANDOM_PAIRS = 50_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that nobody has promoted, and what it was trained on."""

    model: Model
    parent: str
    report: dict[str, Any]


async def train(
    graph: Graph, name: str | None = None, sample: int = SAMPLE, tell: Tell = lambda done, of: None
) -> Trained:
    """A new model, drawn to the packaged one. With too few verdicts it is trained without labels; the report says so.

    Not from the live one: what has taught that one once would be counted again. Only s and q start where the live one
    has them. Conflict when another model has the name; InvalidInput when none may.
    """
    if name is not None and name in await _taken(graph):
        raise Conflict(f"there is a model {name!r} already: choose another name")
    name = name or await next_name(graph)
    given = read_model(dump_model(replace(load_model(), name=name)))
    population = await load_population(graph)
    view_ids = await list_sample(graph, sample)
    sampled, random_pairs = await _with_strangers(graph, given, population, view_ids)
    scored_by = await as_believed(graph, sampled)
    observed, pairs = [], set[str]()
    async for pair in blocked_pairs(graph, view_ids, population, tell):
        pairs.add(pair.id)
        # A pair of two sampled views is found from both; one of a sampled view and another, once.
        observed += [observe(pair.score(scored_by), scored_by)] * pair.times
    fitted = replace(fit(scored_by, observed, 2 * len(view_ids)), name=name)
    decided = [one for one in await list_decided(graph, population) if one.propensity is not None]
    model, verdicts = await _with_verdicts(graph, fitted, sampled, decided)
    report = {"trained": {"views": len(view_ids), "random_pairs": random_pairs, "pairs": len(pairs), **verdicts}}
    return Trained(model, load_model().name, report)


async def next_name(graph: Graph) -> str:
    """The first of trained-1, trained-2 … that is free."""
    taken = await _taken(graph)
    return next(name for number in range(1, len(taken) + 2) if (name := f"trained-{number}") not in taken)


async def _taken(graph: Graph) -> set[str]:
    return {row["name"] for row in await list_models(graph)}


async def _with_strangers(
    graph: Graph, given: Model, population: GraphPopulation, view_ids: Sequence[str]
) -> tuple[Model, int]:
    """The model with u of random pairs of these views, and how many pairs those were."""
    profiles = list((await load_profiles(graph, view_ids)).values())
    if len(profiles) < 2:
        return given, 0
    chance = random.Random(SEED)
    count = min(RANDOM_PAIRS, len(profiles) * (len(profiles) - 1) // 2)
    believed = await as_believed(graph, given)
    drawn = (chance.sample(profiles, 2) for _ in range(count))
    return fit_strangers(given, (score(left, right, population, believed) for left, right in drawn)), count


async def _with_verdicts(
    graph: Graph, fitted: Model, given: Model, decided: Sequence[Decided]
) -> tuple[Model, dict[str, Any]]:
    """The model with m by verdicts, calibrated and with a measured band A; as it was fitted with too few."""
    believed = await as_believed(graph, fitted)
    judgements = [one.judgement(believed) for one in decided]
    same = sum(one.same for one in judgements)
    report: dict[str, Any] = {"same": same, "apart": len(judgements) - same, "needed": ENOUGH}
    if min(same, len(judgements) - same) < ENOUGH:
        return fitted, {**report, "calibrated": False, "labels": False}
    with_priors = replace(given, prior_same=fitted.prior_same, prior_household=fitted.prior_household)
    model = fit_verdicts(with_priors, judgements)
    judged = _judge(model, decided)
    calibration = calibrate(judged)
    if calibration is None:
        return model, {**report, "calibrated": False, "labels": True}
    bar = bar_of_band_a(judged, calibration)
    model = replace(model, calibration=calibration, bands={**model.bands, "A": bar})
    return model, {**report, "calibrated": True, "labels": True, "band_a": bar, "band_a_open": bar < 1}


def _judge(model: Model, decided: Sequence[Decided]) -> list[Judged]:
    """By the model's own s and q: calibrated, it is believed with these."""
    judged = []
    for one in decided:
        found = one.judgement(model)
        bits = odds(found.score.bits_stranger, found.score.bits_household)
        judged.append(Judged(found.same, bits, found.propensity, is_person_grade(found.score.evidence)))
    return judged
