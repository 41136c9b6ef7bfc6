"""How double a graph is: s and q fitted to scored pairs, as `training.fit` does without levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vitograph.resolver.columnar.frame import KNOWN, Floats, Frame
from vitograph.resolver.columnar.pairs import Together
from vitograph.resolver.columnar.weigh import Weigher, posteriors
from vitograph.resolver.parameters import Model
from vitograph.resolver.rates import Population
from vitograph.resolver.training import LEAST_COMPANY, PERSON_WEIGHT, ROUNDS

SAMPLE = 2_000
"""Views whose pairs tell how many duplicates and co-residents a person has: enough for two digits."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Scored pairs as the EM sees them: their odds under the given model, whether c was K - 1, and how often found."""

    bits_stranger: Floats
    bits_household: Floats
    company: Floats
    times: Floats


def estimate(frame: Frame, pairs: Together, population: Population, model: Model) -> Model:
    """The model with the s and q of this frame: from the pairs of its first known views, whose ids are hashes."""
    sample = np.zeros(len(frame), np.bool_)
    sample[np.flatnonzero(frame.kinds == KNOWN)[:SAMPLE]] = True
    times = sample[pairs.left].astype(np.int64) + sample[pairs.right]
    of = np.flatnonzero(times)
    left, right = pairs.left[of], pairs.right[of]
    weigher = Weigher(frame, population, model)
    scored = weigher.score(left, right)
    observed = Observed(
        scored.bits_stranger, scored.bits_household, weigher.company(left, right), times[of].astype(np.float64)
    )
    same, household = fit_priors(model, observed, 2 * int(sample.sum()))
    return replace(model, prior_same=same, prior_household=household)


def fit_priors(model: Model, observed: Observed, persons: int) -> tuple[float, float]:
    """s and q of a graph of so many persons, by EM, drawn to those of the model."""
    same, household = model.prior_same, model.prior_household
    own = observed.company <= model.prior_household
    for _ in range(ROUNDS):
        shift = np.log2(same / model.prior_same)
        company = np.where(own, household, observed.company)
        likely, near = posteriors(
            observed.bits_stranger + shift, observed.bits_household + shift - np.log2(company / observed.company)
        )
        weight = persons + PERSON_WEIGHT
        same = float((2 * observed.times @ likely + model.prior_same * PERSON_WEIGHT) / weight)
        household = float((2 * observed.times @ near + model.prior_household * PERSON_WEIGHT) / weight)
        household = max(household, LEAST_COMPANY)
    return same, household
