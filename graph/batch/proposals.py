"""Pairs of a frame as candidates: those that may be asked about by `score`, those beside the queue by columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log10
from typing import NamedTuple

import numpy as np

from vitograph.graph.batch.engines import Found
from vitograph.graph.batch.population import WholePopulation
from vitograph.graph.batch.standing import Standing
from vitograph.graph.driver import Row
from vitograph.graph.resolving.proposing import candidate_row
from vitograph.resolver.batched import batched
from vitograph.resolver.candidates import CandidateKind, Pair, pair_of
from vitograph.resolver.columnar.frame import KINDS, Frame, Ints
from vitograph.resolver.columnar.scored import BANDS, Scored, named
from vitograph.resolver.columnar.weigh import posteriors
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.pair import score_pair
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.policy import ProposalStatus, ProposedAs

LOT = 2_000  # pairs whose profiles are made at once


class Scorer:
    """`score` for pairs of a frame."""

    def __init__(self, views: Frame, population: WholePopulation, model: Model) -> None:
        self.views, self.population, self.model = views, population, model
        self.places = {view: place for place, view in enumerate(views.view_ids)}

    def scores(self, pairs: Iterable[Pair]) -> Iterator[Score]:
        """The score of each pair."""
        for some in batched(pairs, LOT):
            yield from (self.compare(*pair) for pair in self.with_profiles(some))

    def score(self, pair: Pair) -> Score:
        return next(self.scores([pair]))

    def compare(self, pair: Pair, left: Profile, right: Profile) -> Score:
        return score_pair(pair, left, right, self.population, self.model)

    def with_profiles(self, pairs: list[Pair]) -> Iterator[tuple[Pair, Profile, Profile]]:
        """Each pair with its two profiles, which are made when the first is asked for."""
        views = list({view for pair in pairs for view in (pair.left, pair.right)})
        profiles = self.views.profiles(np.array([self.places[view] for view in views], np.int64))
        known = dict(zip(views, profiles, strict=True))
        for pair in pairs:
            yield pair, known[pair.left], known[pair.right]


class _Found(NamedTuple):
    """A pair of which something is to be written, the id of its candidate, and its place among the pairs scored."""

    pair: Pair
    id: str
    place: int


@dataclass(slots=True)
class Proposals:
    """The candidates of pairs that say something else than those that stand.

    `events` are those of each view, by its place; `apart` pairs of views that are not proposed. `found` are the ids of
    all that were proposed, changed or not; `decided` their pairs that somebody decided on before; `refused` are pairs
    that were found and are kept apart. `tell` hears how many pairs are done, of those `expected` so far.
    """

    scorer: Scorer
    events: Ints
    standing: Mapping[str, Standing]
    apart: set[tuple[str, str]]
    tell: Callable[[int, int], None]
    expected: int = 0
    compared: int = 0
    dropped_keys: Counter[str] = field(default_factory=Counter)
    done: int = 0
    found: set[str] = field(default_factory=set)
    decided: list[Pair] = field(default_factory=list)
    refused: list[Pair] = field(default_factory=list)

    def take(self, found: Found) -> None:
        """Counts what was found."""
        self.expected += len(found.scored)
        self.compared += found.compared
        self.dropped_keys += found.dropped_keys

    def asked(self, scored: Scored) -> Iterator[Row]:
        """Candidates of pairs that may come into the queue, with their waterfalls."""
        return self._scored(self._differing(scored))

    def of_devices(self, devices: Iterable[Pair]) -> Iterator[Row]:
        """The same of known persons and devices."""
        met = (_Found(pair, id, 0) for pair in devices if (id := self._meet(pair)) is not None)
        return self._scored(met)

    def beside(self, scored: Scored) -> Iterator[Row]:
        """Candidates of pairs that nobody is asked about: their waterfalls are made when somebody looks."""
        value, _ = posteriors(scored.bits_stranger, scored.bits_household)
        columns = (scored.p_same, scored.p_household, scored.bits_stranger, scored.bits_household, scored.groups, value)
        numbers = [column.tolist() for column in columns]
        model = self.scorer.model.name
        for pair, id, place in self._differing(scored):
            p_same, p_household, bits_stranger, bits_household, groups, order = (one[place] for one in numbers)
            yield self._weighed(
                {
                    "id": id,
                    "kind": pair.kind.value,
                    "left": pair.left,
                    "right": pair.right,
                    "status": ProposalStatus.STORED.value,
                    "propensity": None,
                    "p_same": p_same,
                    "p_household": p_household,
                    "bits_stranger": bits_stranger,
                    "bits_household": bits_household,
                    "band": BANDS[0],
                    "proposed_as": (ProposedAs.SAME if p_same >= p_household else ProposedAs.HOUSEHOLD).value,
                    "groups": named(groups),
                    "value": order,
                    "model": model,
                    "evidence": None,
                }
            )

    def _scored(self, found: Iterable[_Found]) -> Iterator[Row]:
        for some in batched(found, LOT):
            for (pair, id, _), (_, left, right) in zip(
                some, self.scorer.with_profiles([one.pair for one in some]), strict=True
            ):
                shares = not left.identifiers.keys().isdisjoint(right.identifiers)
                row = candidate_row(pair, self.scorer.compare(pair, left, right), shares)
                if row is None:
                    self.found.discard(id)
                elif self._differs(row):
                    yield self._weighed(row)

    def _differing(self, scored: Scored) -> Iterator[_Found]:
        ids, model = self.scorer.views.view_ids, self.scorer.model.name
        columns = (scored.left, scored.right, scored.band, scored.bits_stranger, scored.bits_household)
        for place, (left, right, band, *bits) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            pair = Pair(CandidateKind.PERSON, ids[left], ids[right])
            id = self._meet(pair)
            if id is None:
                continue
            if (stands := self.standing.get(id)) is None or stands.differs(model, BANDS[band], *bits):
                yield _Found(pair, id, place)

    def _differs(self, row: Row) -> bool:
        stands = self.standing.get(row["id"])
        said = (row["model"], row["band"], row["bits_stranger"], row["bits_household"])
        return stands is None or stands.differs(*said)

    def _meet(self, pair: Pair) -> str | None:
        """The id of the pair's candidate; None for one that is kept apart."""
        self.done += 1
        if self.done % LOT == 0 or self.done == self.expected:
            self.tell(self.done, self.expected)
        if self.apart and (min(pair.left, pair.right), max(pair.left, pair.right)) in self.apart:
            self.refused.append(pair)
            return None
        id = pair.id
        self.found.add(id)
        if (stands := self.standing.get(id)) is not None and stands.status == "decided":
            self.decided.append(pair)
        return id

    def _weighed(self, row: Row) -> Row:
        """A new candidate has its whole value; that of one that stands is worked out where it is written."""
        if row["id"] not in self.standing:
            events = (self.events[self.scorer.places[row[side]]] for side in ("left", "right"))
            row["value"] *= log10(10 + int(min(events)))
        return row


def pairs_of(views: Frame, left: Ints, right: Ints) -> Iterator[Pair]:
    """The pairs at these places that are worth asking about."""
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        pair = pair_of(views.view_ids[one], KINDS[views.kinds[one]], views.view_ids[other], KINDS[views.kinds[other]])
        if pair is not None:
            yield pair
