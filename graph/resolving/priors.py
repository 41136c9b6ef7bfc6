"""How double and how noisy a graph is, as last estimated from it, and the sample that this is estimated from."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import orjson

from vitograph.graph.driver import Graph
from vitograph.graph.queries import load
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.training.em import Observed, chances_of_one, fit, with_m
from vitograph.resolver.training.shares import Key

LIST_SAMPLE = load("resolution/list_sample")
RECORD_PRIORS = load("resolution/record_priors")
GET_PRIORS = load("resolution/get_priors")


class Priors(NamedTuple):
    """Expected duplicates and co-residents of a person, and how many known views there were when they were counted.

    `m` is how often one person's records stand at each level here, as fitted from the model named `fitted`.
    """

    same: float
    household: float
    persons: int
    fitted: str = ""
    m: Mapping[Key, float] = {}

    def in_model(self, model: Model) -> Model:
        """The model as it scores in this graph. A calibrated one stays: its bars were proven at its own odds."""
        if model.calibration is not None:
            return model
        believed = replace(model, prior_same=self.same, prior_household=self.household)
        return with_m(believed, self.m) if self.fitted == model.name else believed


async def get_priors(graph: Graph) -> Priors | None:
    """None as long as nobody has estimated them."""
    for row in await graph.rows(GET_PRIORS):
        levels = orjson.loads(row["levels"] or "[]")
        m = {(comparison, level): chance for comparison, level, chance in levels}
        return Priors(row["prior_same"], row["prior_household"], row["persons"], row["fitted"] or "", m)
    return None


async def record_priors(graph: Graph, priors: Priors) -> None:
    levels = orjson.dumps([[*key, chance] for key, chance in priors.m.items()]).decode()
    fields = {
        "prior_same": priors.same,
        "prior_household": priors.household,
        "persons": priors.persons,
        "fitted": priors.fitted,
        "levels": levels,
        "at": dt.datetime.now(dt.UTC),
    }
    await graph.write(lambda tx: tx.run(RECORD_PRIORS, **fields))


async def fit_priors(graph: Graph, model: Model, observed: Iterable[Observed], views: int, persons: int) -> Priors:
    """Fits s, q and m to the pairs of so many of the known views, each pair once for each of them, and keeps them."""
    fitted = await asyncio.to_thread(fit, model, observed, 2 * views)
    priors = Priors(fitted.prior_same, fitted.prior_household, persons, model.name, chances_of_one(fitted))
    await record_priors(graph, priors)
    return priors


async def list_sample(graph: Graph, most: int) -> list[str]:
    """Ids of known views, drawn fairly: ids are hashes, and these are the first of them."""
    return [row["view_id"] for row in await graph.rows(LIST_SAMPLE, limit=most)]
