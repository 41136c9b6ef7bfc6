"""ViTo on a prepared set, by the model of this code: scored pairs and the seconds they took."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.accuracy.prepared import Devices, Prepared
from vitograph.resolver.device_scoring import score_device
from vitograph.resolver.evaluation import ScoredPair
from vitograph.resolver.evidence import Score
from vitograph.resolver.parameters import Model, load_model
from vitograph.resolver.scoring import score
from vitograph.resolver.training import fit, observe


class Unfit(Exception):
    """A contender that cannot run on a set; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contender makes of a set: scored pairs, or clusters where it says no more (record -> cluster).

    `seconds` is its whole run, blocking and training included.
    """

    who: str
    seconds: float
    pairs: list[ScoredPair]
    clusters: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """ViTo's outcome, with the model that scored."""

    outcome: Outcome
    model: Model


def run(prepared: Prepared, fitted: str = "priors") -> Run:
    """Score every blocked pair with the default model, or with it fitted (`priors`, `levels`) to the pairs first."""
    started = time.perf_counter()
    model = fitted_model(prepared, fitted)
    pairs = []
    for left, right in prepared.blocked:
        pairs.append(_pair(left, right, _scored(prepared, left, right, model)))
    seconds = prepared.seconds + time.perf_counter() - started
    who = {"none": "vito-unfitted", "priors": "vito", "levels": "vito-trained"}[fitted]
    return Run(Outcome(who, seconds, pairs), model)


def fitted_model(prepared: Prepared, fitted: str) -> Model:
    """The default model, or it fitted without labels to the blocked pairs: its priors (as a graph does), or levels."""
    model = load_model()
    if fitted == "none":
        return model
    observed = [observe(_scored(prepared, left, right, model), model) for left, right in prepared.blocked]
    return fit(model, observed, prepared.population.persons, levels=fitted == "levels")


def two_hypotheses(prepared: Prepared, model: Model) -> Outcome:
    """The same model without its household hypothesis: one person or two strangers, P = 1 / (1 + 2^-bits)."""
    started = time.perf_counter()
    pairs = []
    for left, right in prepared.blocked:
        p = 1 / (1 + 2 ** -max(_scored(prepared, left, right, model).bits_stranger, -1_000.0))
        pairs.append(ScoredPair(left, right, p, 0.0, band_of(p)))
    return Outcome("two-hypotheses", prepared.seconds + time.perf_counter() - started, pairs)


def devices(prepared: Prepared, of: Devices, model: Model) -> Outcome:
    """The device pairs of a world: known person and device person."""
    started = time.perf_counter()
    pairs = [
        _pair(known, device, score_device(prepared.profiles[known], of.profiles[device], prepared.population, model))
        for known, device in of.pairs
    ]
    return Outcome("vito-devices", time.perf_counter() - started, pairs)


def band_of(p: float) -> str:
    """The band by the probability alone, for contenders that know no other rule."""
    return "A" if p >= 0.99 else "B" if p >= 0.8 else "C" if p >= 0.5 else "-"


def _scored(prepared: Prepared, left: str, right: str, model: Model) -> Score:
    return score(prepared.profiles[left], prepared.profiles[right], prepared.population, model)


def _pair(left: str, right: str, found: Score) -> ScoredPair:
    return ScoredPair(left, right, found.p_same, found.p_household, found.band)
