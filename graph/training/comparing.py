"""Two models side by side over one graph: what the queue would gain and lose, and which approved links would fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vitograph.graph.deciding.log import last_seq
from vitograph.graph.driver import Graph
from vitograph.graph.resolving.models import as_believed
from vitograph.graph.resolving.pairing import compare
from vitograph.graph.resolving.population import GraphPopulation, load_population, load_uses
from vitograph.graph.resolving.priors import list_sample
from vitograph.graph.training.verdicts import Decided, list_decided
from vitograph.resolver.candidates import CandidateKind
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population

BANDS = ("A", "B", "C", "-")
SAMPLE = 2_000
EVERYBODY = 2**62
BATCH = 100
EXAMPLES = 20
"""Candidates named of each band gained or lost."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BlockedPair:
    """Two known views that blocking brings together; `times` is how many of the two are of the sample."""

    id: str
    left: Profile
    right: Profile
    population: Population
    times: int

    def score(self, model: Model) -> Score:
        return score(self.left, self.right, self.population, model)


@dataclass(slots=True)
class Compared:
    """What two models make of the same pairs, by band: those of the one, of the other, and who went where."""

    pairs: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    gained: dict[str, list[str]] = field(default_factory=lambda: {band: [] for band in BANDS})
    lost: dict[str, list[str]] = field(default_factory=lambda: {band: [] for band in BANDS})

    def add(self, id: str, before: str, after: str) -> None:
        self.pairs += 1
        self.before[before] += 1
        self.after[after] += 1
        if before != after:
            self.gained[after].append(id)
            self.lost[before].append(id)

    def to_json(self) -> dict[str, Any]:
        return {
            band: {
                "live": self.before[band],
                "new": self.after[band],
                "gained": len(self.gained[band]),
                "lost": len(self.lost[band]),
                "gained_examples": self.gained[band][:EXAMPLES],
                "lost_examples": self.lost[band][:EXAMPLES],
            }
            for band in BANDS
        }


async def compare_models(
    graph: Graph, model: Model, live: Model, sample: int = SAMPLE, tell: Tell = lambda done, of: None
) -> dict[str, Any]:
    """The report that a person reads before they promote `model` in the place of `live`.

    Both score, with this graph's priors, every pair of so many views and every decided pair.
    """
    seq = await last_seq(graph)
    before, after = await as_believed(graph, live), await as_believed(graph, model)
    population = await load_population(graph)
    view_ids = await list_sample(graph, sample)
    compared, seen = Compared(), set[str]()
    async for pair in blocked_pairs(graph, view_ids, population, tell):
        if pair.id not in seen:
            seen.add(pair.id)
            compared.add(pair.id, pair.score(before).band, pair.score(after).band)
    decided = await list_decided(graph, population)
    return {
        "model": model.name,
        "live": live.name,
        "seq": seq,
        "views": len(view_ids),
        "of_views": population.persons,
        "pairs": compared.pairs,
        "bands": compared.to_json(),
        "approved": approved(decided, before, after),
        "verdicts": {
            "live": agreement(decided, before),
            "new": agreement(decided, after),
        },
    }


async def blocked_pairs(
    graph: Graph, view_ids: Sequence[str], population: GraphPopulation, tell: Tell = lambda done, of: None
) -> AsyncIterator[BlockedPair]:
    """Every person pair that blocking brings to one of these views; it may come once from either side."""
    known: dict[str, Profile] = {}
    for start in range(0, len(view_ids), BATCH):
        batch = set(view_ids[start : start + BATCH])
        compared = await compare(graph, batch, known)
        population.uses = await load_uses(graph, compared.common)
        for pair in compared.pairs:
            if pair.kind is CandidateKind.PERSON:
                left, right = compared.profiles[pair.left], compared.profiles[pair.right]
                yield BlockedPair(pair.id, left, right, population, (pair.left in batch) + (pair.right in batch))
        tell(min(start + BATCH, len(view_ids)), len(view_ids))


def approved(decided: Iterable[Decided], before: Model, after: Model) -> dict[str, Any]:
    """Approved links: how many there are, and those that the new model would not have proposed.

    A link fails below the queue's bar, or where one household is likelier than one person.
    """
    links = [one for one in decided if one.verdict is Verdict.SAME]
    failing = []
    for one in links:
        found = one.score(after)
        if fails(found):
            failing.append(
                {
                    "candidate": one.id,
                    "left": one.left.view_id,
                    "right": one.right.view_id,
                    "decision": one.decision,
                    "p_same": found.p_same,
                    "p_household": found.p_household,
                    "fails_now": fails(one.score(before)),
                }
            )
    return {"links": len(links), "failing": failing}


def fails(score: Score) -> bool:
    return score.band == "-" or score.p_household > score.p_same


def agreement(decided: Sequence[Decided], model: Model) -> dict[str, Any]:
    """How many verdicts of either kind a model would have put on the same side of even odds."""
    right: Counter[bool] = Counter()
    of: Counter[bool] = Counter()
    for one in decided:
        same = one.verdict is Verdict.SAME
        of[same] += 1
        right[same] += (one.score(model).p_same >= 0.5) == same
    return {"same": of[True], "same_agreed": right[True], "apart": of[False], "apart_agreed": right[False]}
