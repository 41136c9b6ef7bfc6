"""The engine that is Splink: it blocks, compares and weighs against a stranger in SQL; ViTo weighs against a household.

Whoever states two values of one field is compared by the columns, whatever Splink says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from vitograph.graph.batch.engines import Found
from vitograph.graph.batch.splink.comparing import Views, views_of
from vitograph.graph.batch.splink.prediction import Backend, Predicted, predict
from vitograph.graph.people.holdings import HUB
from vitograph.resolver.columnar.frame import KNOWN, Frame, Ints
from vitograph.resolver.columnar.pairs import blocked, held
from vitograph.resolver.columnar.rows import NONE, Rows
from vitograph.resolver.columnar.scored import Scored
from vitograph.resolver.columnar.weigh import Compared, Weigher, join
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population, persons_of


@dataclass(frozen=True, slots=True)
class Splink:
    """`Engine` on the database that `open` opens. ServerFailed when that does not start or breaks down."""

    open: Callable[[], AbstractContextManager[Backend]]

    def find(self, frame: Frame, population: Population, model: Model) -> Generator[Found]:
        keys, dropped = keys_of(frame, population)
        yield Found(join([]), 0, dropped)
        for scored in self.score(frame, keys, population, model):
            yield Found(scored.at(scored.kept), len(scored))

    def score(self, frame: Frame, keys: pa.ListArray, population: Population, model: Model) -> Iterator[Scored]:
        """The scores of all pairs of views with a key in common, some at a time."""
        weigher = Weigher(frame, population, model)
        views = views_of(weigher)
        with self.open() as backend:
            for pairs in predict(backend, views, keys, model, persons_of(population, model)):
                yield _Weighing(weigher, views).score(pairs)


def keys_of(frame: Frame, population: Population) -> tuple[pa.ListArray, Counter[str]]:
    """What brings each known view together with others, keys and identifiers; and the keys too common, by rule."""
    by_key, by_identifier = blocked(frame), held(frame, population, HUB)
    owner = np.concatenate((by_key.keyed.owner, by_identifier.owner))
    key = np.concatenate((by_key.keyed.key, by_identifier.key + int(by_key.keyed.key.max(initial=-1)) + 1))
    known = frame.kinds[owner] == KNOWN
    owner, key = owner[known], key[known]
    order = np.argsort(owner, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(frame)))))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(key[order])), by_key.dropped


@dataclass(frozen=True, slots=True)
class _Weighing:
    """The scores of predicted pairs: Splink's rows where it has them, all others by the columns."""

    weigher: Weigher
    views: Views

    def score(self, pairs: Predicted) -> Scored:
        """In the order of the pairs, those with several values of a field last."""
        left, right = pairs.left, pairs.right
        left_out = self.views.several[left] | self.views.several[right]
        kept, others = np.flatnonzero(~left_out), np.flatnonzero(left_out)
        rows = {
            name: Rows(row.level[kept], row.stranger[kept], row.household[kept]) for name, row in pairs.rows.items()
        }
        compared = self._compared(left[kept], right[kept], rows)
        return join(
            [self.weigher.weigh(left[kept], right[kept], compared), self.weigher.score(left[others], right[others])]
        )

    def _compared(self, left: Ints, right: Ints, rows: Mapping[str, Rows]) -> Compared:
        names = self.weigher.names
        first, last = (
            names.parts[name].rated(self.views.columns[name][left], self.views.columns[name][right], rows[name])
            for name in ("given_name", "family_name")
        )
        swapped = rows["full_name"].level
        joined = names.join(first, last, lambda places: _found(places, swapped[places]))
        return Compared(
            joined,
            self.weigher.dates.at_home(rows["birth_date"], self.views.columns["birth_date"][left]),
            self.weigher.genders.discounted(rows["gender"], joined.given_agrees),
            rows["address"],
            self.weigher.identifiers.compare(left, right),
        )


def _found(places: Ints, level: Ints) -> tuple[Ints, Ints]:
    found = level != NONE
    return places[found], level[found]
