"""How double a graph is: the priors that were last estimated from it, and the sample that they are estimated from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from vitograph.graph.driver import Graph
from vitograph.graph.queries import load
from vitograph.resolver.parameters import Model

LIST_SAMPLE = load("resolution/list_sample")
RECORD_PRIORS = load("resolution/record_priors")
GET_PRIORS = load("resolution/get_priors")


class Priors(NamedTuple):
    """Expected duplicates and co-residents of a person, and how many known views there were when they were counted."""

    same: float
    household: float
    persons: int

    def in_model(self, model: Model) -> Model:
        """The model as it scores in this graph."""
        return replace(model, prior_same=self.same, prior_household=self.household)


async def get_priors(graph: Graph) -> Priors | None:
    """None as long as nobody has estimated them."""
    for row in await graph.rows(GET_PRIORS):
        return Priors(row["prior_same"], row["prior_household"], row["persons"])
    return None


async def record_priors(graph: Graph, priors: Priors) -> None:
    same, household, persons = priors
    at = dt.datetime.now(dt.UTC)
    await graph.write(
        lambda tx: tx.run(RECORD_PRIORS, prior_same=same, prior_household=household, persons=persons, at=at)
    )


async def list_sample(graph: Graph, most: int) -> list[str]:
    """Ids of known views, drawn fairly: ids are hashes, and these are the first of them."""
    return [row["view_id"] for row in await graph.rows(LIST_SAMPLE, limit=most)]
