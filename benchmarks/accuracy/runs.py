"""One set, read, blocked and scored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.population import SetPopulation, candidate_pairs
from benchmarks.accuracy.profiles import profile_of
from benchmarks.accuracy.sets import RecordSet
from vitograph.resolver.evaluation import ScoredPair
from vitograph.resolver.model import Profile
from vitograph.resolver.parameters import Model, load_model
from vitograph.resolver.scoring import score
from vitograph.resolver.training import fit, observe


@dataclass(frozen=True, slots=True)
class Prepared:
    """The profiles of a set, the truth, and the pairs that blocking brought together."""

    profiles: dict[str, Profile]
    truth: dict[str, str]
    population: SetPopulation
    blocked: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Run:
    """A prepared set with its scored pairs, the model that scored them, and the seconds that took."""

    prepared: Prepared
    model: Model
    pairs: list[ScoredPair]
    seconds: float


def prepare(record_set: RecordSet, folder: Path) -> Prepared:
    """Read and block one set. MissingSet when it is not there."""
    profiles: dict[str, Profile] = {}
    truth: dict[str, str] = {}
    for record, entity, fields in record_set.rows(folder):
        profiles[record], truth[record] = profile_of(record, fields), entity
    return Prepared(profiles, truth, SetPopulation(profiles), sorted(candidate_pairs(profiles)))


def run(prepared: Prepared, fitted: str = "none") -> Run:
    """Score every blocked pair with the default model, or with it fitted (`priors`, `levels`) to the pairs first."""
    model = load_model()
    profiles, population = prepared.profiles, prepared.population
    if fitted != "none":
        observed = [
            observe(score(profiles[left], profiles[right], population, model), model)
            for left, right in prepared.blocked
        ]
        model = fit(model, observed, population.persons, levels=fitted == "levels")
    started = time.perf_counter()
    pairs = []
    for left, right in prepared.blocked:
        found = score(profiles[left], profiles[right], population, model)
        pairs.append(ScoredPair(left, right, found.p_same, found.p_household, found.band))
    return Run(prepared, model, pairs, time.perf_counter() - started)
