"""Verdicts beside what the graph says of their pairs: a joined view is taken apart again, on paper, to be scored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import NamedTuple

from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.views import load_fragments
from vitograph.graph.queries import load
from vitograph.graph.resolving.population import GraphPopulation, load_uses
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Profile
from vitograph.resolver.profiles import united
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parted import Parted
from vitograph.resolver.scoring.rates import Population
from vitograph.resolver.training.levels import Judgement

LIST_VERDICTS = load("model/list_verdicts")
LIST_LINKED = load("model/list_linked")

PAGE = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided candidate with its two sides as they were at the verdict, and the population to score them in.

    `propensity` is None when nobody was asked: somebody decided by themselves on a pair that the queue did not show.
    """

    id: str
    left: Profile
    right: Profile
    verdict: Verdict
    propensity: float | None
    decision: str
    population: Population

    def score(self, model: Model) -> Score:
        return score(self.left, self.right, self.population, model)

    def judgement(self, model: Model) -> Judgement:
        """The verdict beside the score by a model, for those who were asked."""
        return Judgement(self.verdict, self.score(model), self.propensity or 1.0)


async def list_decided(graph: Graph, population: GraphPopulation, since: int = -1) -> list[Decided]:
    """Decided person candidates, by id, or those whose verdict took effect after a seq of the log.

    Whom an identifier reached after the verdict has not had it then.
    """
    found: list[Decided] = []
    after = ""
    while rows := await graph.rows(LIST_VERDICTS, after=after, since=since, limit=PAGE):
        found += await _with_sides(graph, population, rows)
        after = rows[-1]["id"]
    return found


class _Link(NamedTuple):
    """A link to another person, and the seq of the log with which it took effect."""

    other: str
    seq: int


async def _with_sides(graph: Graph, population: GraphPopulation, rows: list[Row]) -> list[Decided]:
    ends = sorted({row[side] for row in rows for side in ("left", "right")})
    linked = await graph.rows(LIST_LINKED, ids=ends)
    links: dict[str, list[_Link]] = {}
    for row in linked:
        for link in row["links"]:
            links.setdefault(row["id"], []).append(_Link(link["other"], link["seq"]))
            links.setdefault(link["other"], []).append(_Link(row["id"], link["seq"]))
    fragments = await load_fragments(graph, (row["id"] for row in linked))
    sides = [[_side(row[side], row, links, fragments) for side in ("left", "right")] for row in rows]
    common = {key for left, right in sides for key in left.identifiers.keys() & right.identifiers.keys()}
    counted = replace(population, uses=await load_uses(graph, common))
    return [_decided(row, left, right, counted) for row, (left, right) in zip(rows, sides, strict=True)]


def _decided(row: Row, left: Profile, right: Profile, population: Population) -> Decided:
    # A retraction that keeps two apart says that they are not one.
    verdict = Verdict.DIFFERENT if row["verdict"] == Verdict.RETRACT else Verdict(row["verdict"])
    parted = Parted(population, left, right) if verdict is Verdict.SAME else population
    return Decided(row["id"], left, right, verdict, row["propensity"], row["decision"], parted)


def _side(person: str, row: Row, links: dict[str, list[_Link]], fragments: dict[str, Profile]) -> Profile:
    """The view of one end by the links that were there before the verdict, as it was at the verdict."""
    waiting, reached = [person], {person}
    while waiting:
        here = waiting.pop()
        near = {link.other for link in links.get(here, ()) if link.seq < row["seq"]}
        waiting += near - reached
        reached |= near
    parts = (fragments[id] for id in reached if id in fragments)
    return united(person, parts, dt.datetime.fromisoformat(row["at"]))
