"""What Splink says of the views: pairs with the level and the weight of each comparison, worked out in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from splink import Linker
from splink.internals.database_api import DatabaseAPISubClass

from vitograph.graph.batch.splink.comparing import Comparing, LevelFunction, Views
from vitograph.resolver.columnar.frame import Floats, Ints
from vitograph.resolver.columnar.rows import Rows
from vitograph.resolver.scoring.parameters import Model


class Backend(Protocol):
    """A database that Splink runs on."""

    @property
    def api(self) -> DatabaseAPISubClass:
        """Splink's way to it."""
        ...

    def register(self, name: str, function: LevelFunction) -> None:
        """Makes it an SQL function of that name: of two INTEGERs, to an INTEGER."""
        ...

    def read(self, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """These columns of a table, some rows at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Predicted:
    """Pairs that Splink brought together, left before right by place in the frame, and the rows of each comparison.

    `weight` is Splink's own: the log2 odds of same against stranger, were there nothing but these comparisons and were
    they independent.
    """

    left: Ints
    right: Ints
    weight: Floats
    rows: Mapping[str, Rows]


def predict(backend: Backend, views: Views, keys: pa.ListArray, model: Model, persons: int) -> Iterator[Predicted]:
    """Splink's predictions over the views, blocked by the keys of each, some at a time."""
    for name, function in views.functions.items():
        backend.register(name, function)
    linker = Linker(backend.api.register(views.table(keys)), views.settings(model, persons), log_level=None)
    for column in views.rates:
        rates = backend.api.register(views.rate_table(column))
        linker.table_management.register_term_frequency_lookup(rates, column)
    found = linker.inference.predict(warning_mode="never")
    columns = ["place_l", "place_r", "match_weight"]
    for comparing in views.comparings.values():
        columns += _columns(comparing)
    for batch in backend.read(found.physical_name, columns):
        values = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in columns}
        rows = {name: _rows(comparing, values) for name, comparing in views.comparings.items()}
        yield Predicted(values["place_l"], values["place_r"], values["match_weight"], rows)


def _columns(comparing: Comparing) -> list[str]:
    """Splink's level, the weight of that level, and what the value's own frequency adds to it."""
    rated = [f"mw_tf_adj_{comparing.name}"] * any(rung.rated_by for rung in comparing.rungs)
    return [f"gamma_{comparing.name}", f"mw_{comparing.name}", *rated]


def _rows(comparing: Comparing, values: Mapping[str, Ints | Floats]) -> Rows:
    gamma, *weights = _columns(comparing)
    level = comparing.places[values[gamma].astype(np.int64)]
    stranger = np.sum([values[weight] for weight in weights], axis=0)
    return Rows(level, stranger, np.append(comparing.household, 0.0)[level])
