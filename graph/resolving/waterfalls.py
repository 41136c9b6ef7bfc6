"""The waterfall of a pair that is kept beside the queue: made when somebody looks, and frozen from then on.

Of a hundred such pairs hardly one is ever looked at, and a waterfall takes ten times the room of all else that a
candidate says. Its model is named by the candidate, and whoever changes is scored again, so what it says is what the
candidate said. Where it is not, since the priors of the graph moved meanwhile, the two are scored again as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.moments import microseconds
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.people.views import load_profiles
from vitograph.graph.queries import load
from vitograph.graph.resolving.models import find_model
from vitograph.graph.resolving.population import GraphPopulation, load_uses
from vitograph.graph.resolving.priors import get_priors
from vitograph.graph.resolving.proposing import score_columns
from vitograph.graph.resolving.weighing import weigh
from vitograph.resolver.candidates import CandidateKind, Pair

LIST_UNTOLD = load("candidate/list_untold")
RECORD_WATERFALLS = load("candidate/record_waterfalls")
_WRITTEN = ("p_same", "p_household", "bits_stranger", "bits_household", "evidence")


async def tell(graph: Graph, ids: Iterable[str]) -> int:
    """Every one of these candidates has its waterfall; how many had none. One whose two sides are in one view now, or
    whose model the graph does not know any more, stays without."""
    untold = await graph.rows(LIST_UNTOLD, ids=list(ids))
    told = [found for row in untold if (found := await _told(graph, row)) is not None]
    rows = sorted((row for row, _ in told), key=lambda row: str(row["id"]))
    if rows:
        ends = sorted({end for _, ends in told for end in ends})
        at = microseconds(dt.datetime.now(dt.UTC))

        async def work(tx: Transaction) -> None:
            if ends:
                await tx.run(MARK_PERSONS, ids=ends, at=at, puts_off=False)
            await tx.run(RECORD_WATERFALLS, rows=rows)

        await graph.write(work)
    return len(rows)


async def _told(graph: Graph, row: Row) -> tuple[Row, list[str]] | None:
    """What is written of a candidate, and the persons who are to be scored again by it."""
    pair = Pair(CandidateKind(row["kind"]), row["left"], row["right"])
    profiles = await load_profiles(graph, {pair.left, pair.right})
    model = await find_model(graph, row["model"])
    if model is None or len(profiles) < 2:
        return None
    priors = await get_priors(graph)
    population = GraphPopulation()
    if priors is not None:
        model, population.persons = priors.in_model(model), priors.persons
    else:
        await population.count(graph)
    common = profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers.keys()
    population.uses = await load_uses(graph, common)
    columns = score_columns((await weigh(graph, [pair], profiles, population, model))[pair])
    is_other = any(columns[name] != row[name] for name in ("band", "proposed_as"))
    written = {"id": row["id"], "version": row["version"], **{name: columns[name] for name in _WRITTEN}}
    return written, row["ends"] if is_other else []
