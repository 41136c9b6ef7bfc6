"""Splink's side: the same records and rules, comparisons with term frequencies, trained, on DuckDB with one thread."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from benchmarks.scoring.ours import RULES
from benchmarks.scoring.records import FIELDS, Record
from vitograph.resolver.columnar.pairs import Together


def connect(threads: int) -> DuckDBAPI:
    """A DuckDB of its own in memory, on so many threads."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET threads = {int(threads)}")
    return DuckDBAPI(connection)


def train(records: Sequence[Record], api: DuckDBAPI) -> Linker:
    """A trained linker over the records: u by random sampling, m by EM over two blockings."""
    columns = {name: [record.fields[name] for record in records] for name in FIELDS}
    table = pa.table({"unique_id": list(range(len(records))), **columns})
    linker = Linker(api.register(table), _settings(len(records)), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("given_name", "family_name"), block_on("date_of_birth", "family_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def give(linker: Linker, api: DuckDBAPI, pairs: Together) -> None:
    """Hands Splink the pairs to score, so that it does not block."""
    left, right = (pa.array(side) for side in pairs)
    table = pa.table({"match_key": pa.array(["0"] * len(left)), "join_key_l": left, "join_key_r": right})
    linker.table_management.register_blocked_pairs_for_predict(api.register(table))


def predict(linker: Linker) -> SplinkDataFrame:
    """Every pair with its probability, a table in DuckDB. The pairs are those it was given, or of its rules."""
    return linker.inference.predict()


def predicted(found: SplinkDataFrame) -> pa.Table:
    """The table of a prediction, which is gone from DuckDB then."""
    table = found.as_pyarrow_table()
    found.drop_table_from_database_and_remove_from_cache()
    return table


def whole(records: Sequence[Record], threads: int) -> int:
    """Training, prediction and clusters, as one would run it; how many pairs were predicted."""
    linker = train(records, connect(threads))
    found = linker.inference.predict()
    linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
    return int(found.as_pyarrow_table().num_rows)


def _settings(count: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family_name", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("email", [1, 2]),
            cl.LevenshteinAtThresholds("phone", [1]),
        ],
        blocking_rules_to_generate_predictions=[block_on(*map(_column, rule)) for rule in RULES],
        probability_two_random_records_match=1 / count,
        retain_matching_columns=False,
    )


def _column(part: tuple[str, int]) -> str:
    name, letters = part
    return f"substr({name}, 1, {letters})" if letters else name
