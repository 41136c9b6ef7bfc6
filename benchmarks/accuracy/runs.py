"""ViTo on a prepared set, by the model of this code: scored pairs and the seconds they took."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.prepared import Devices, Prepared
from vitograph.graph.resolving.resolution import SAMPLE
from vitograph.resolver.columnar.scored import BANDS
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.scoring.device import score_device
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.training.em import fit, observe
from vitograph.resolver.training.evaluation import ScoredPair


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


def run(prepared: Prepared, fitted: str = "graph") -> Run:
    """Score every blocked pair with the default model, or with it fitted to the set first, by `fitted_model`."""
    started = time.perf_counter()
    model = fitted_model(prepared, fitted)
    scored = Weigher(prepared.frame, prepared.population, model).score(*prepared.pairs)
    bands = (BANDS[band] for band in scored.band.tolist())
    found = zip(prepared.blocked, scored.p_same.tolist(), scored.p_household.tolist(), bands, strict=True)
    pairs = [ScoredPair(left, right, same, household, band) for (left, right), same, household, band in found]
    seconds = prepared.seconds + time.perf_counter() - started
    who = {"none": "vito-unfitted", "priors": "vito-priors", "graph": "vito"}[fitted]
    return Run(Outcome(who, seconds, pairs), model)


def fitted_model(prepared: Prepared, fitted: str) -> Model:
    """The default model fitted without labels to the pairs of a sample: `graph`, s, q and m as `vito resolve --all`
    does; `priors`, s and q alone; `none`, nothing.
    """
    model = load_model()
    if fitted == "none":
        return model
    sample = np.zeros(len(prepared.frame), np.bool_)
    sample[np.argsort([_draw(id) for id in prepared.frame.view_ids])[:SAMPLE]] = True
    times = sample[prepared.pairs.left].astype(np.int64) + sample[prepared.pairs.right]
    observed = [
        one
        for place in np.flatnonzero(times).tolist()
        for one in [observe(_scored(prepared, *prepared.blocked[place], model), model)] * int(times[place])
    ]
    return fit(model, observed, 2 * int(sample.sum()), levels=fitted == "graph")


def _draw(id: str) -> str:
    """Sets are sorted by ids that tell of the person; a graph's ids are hashes."""
    return hashlib.sha256(id.encode()).hexdigest()


def two_hypotheses(prepared: Prepared, model: Model) -> Outcome:
    """The same model without its household hypothesis: one person or two strangers, P = 1 / (1 + 2^-bits)."""
    return scored_by_stranger("two-hypotheses", prepared, model)


def scored_by_stranger(who: str, prepared: Prepared, model: Model) -> Outcome:
    """Every blocked pair by its bits against a stranger alone."""
    started = time.perf_counter()
    scored = Weigher(prepared.frame, prepared.population, model).score(*prepared.pairs)
    chances = 1 / (1 + np.exp2(np.minimum(-scored.bits_stranger, 1_000.0)))
    pairs = [
        ScoredPair(left, right, p, 0.0, band_of(p))
        for (left, right), p in zip(prepared.blocked, chances.tolist(), strict=True)
    ]
    return Outcome(who, prepared.seconds + time.perf_counter() - started, pairs)


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
