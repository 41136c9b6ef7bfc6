"""Splink on DuckDB, trained without labels: u by random sampling, m by EM, term frequencies where values repeat.

The settings follow its own guide: a comparison for each field that is filled, several blocking rules, and two EM
sessions (equal full name; equal birth date, else e-mail address), so that each comparison is left free by one of them.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from typing import Any

import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

from benchmarks.accuracy.peers.rows import FIELDS, LISTS, Row, filled, rows_of
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome, band_of
from vitograph.resolver.training.evaluation import ScoredPair

LEAST_FILLED = 0.02
RECALL = 0.7
"""What share of the true pairs the sure rules are taken to find: Splink's own example."""
LEAST_WEIGHT = -10.0
"""Match weight (bits) below which a pair is not fetched: P < .001."""

MOST_PAIRS = 1_000_000
"""Pairs up to which a single agreeing field is a blocking rule."""
SINGLES = ("date_of_birth", "family_name", "given_name", "street", "postal_code")
PAIRS = (
    ("given_name", "family_name"),
    ("given_name", "date_of_birth"),
    ("family_name", "date_of_birth"),
    ("given_name", "postal_code"),
    ("family_name", "postal_code"),
    ("given_name", "street"),
    ("family_name", "city"),
)


def splink(prepared: Prepared, seed: int = 1) -> Outcome:
    """Every pair of Splink's own blocking with its match probability."""
    rows = rows_of(prepared.profiles)
    several = any(len(row[column] or ()) > 1 for row in rows for column in LISTS)
    used = {name for name in FIELDS if filled(rows, name) >= LEAST_FILLED} | {
        name for name in LISTS if filled(rows, name) >= LEAST_FILLED and _repeats(rows, name)
    }
    started = time.perf_counter()
    linker = _trained(_projected(rows, used), used, several, seed)
    found = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    table = found.as_pyarrow_table().to_pydict()
    pairs = [
        ScoredPair(min(left, right), max(left, right), p, 0.0, band_of(p))
        for left, right, p in zip(table["unique_id_l"], table["unique_id_r"], table["match_probability"], strict=True)
    ]
    return Outcome("splink", time.perf_counter() - started, pairs)


def _repeats(rows: list[Row], column: str) -> bool:
    """Whether two rows share a value at all: what never agrees is not worth a comparison."""
    counts = Counter(value for row in rows for value in row[column] or ())
    return max(counts.values()) > 1


def _projected(rows: list[Row], used: set[str]) -> list[Row]:
    """The columns that are compared, with the two names as one where both are."""
    single = {"emails": "email", "phones": "phone"}
    columns = ["unique_id", *sorted(used), *(single[name] for name in sorted(used & single.keys()))]
    projected = [{column: row[column] for column in columns} for row in rows]
    for row, whole in zip(projected, rows, strict=True):
        given, family = whole["given_name"], whole["family_name"]
        row["full_name"] = f"{given} {family}" if given and family else None
    return projected


def _settings(rows: list[Row], used: set[str], several: bool) -> SettingsCreator:
    """`several`: rows hold lists of identifiers, which then are compared by what they have in common."""
    both = all(filled(rows, name) >= 0.8 for name in ("given_name", "family_name"))
    comparisons: list[Any] = []
    if both:
        comparisons.append(
            cl.ForenameSurnameComparison(
                "given_name", "family_name", forename_surname_concat_col_name="full_name"
            ).configure(term_frequency_adjustments=True)
        )
    else:
        comparisons += [
            cl.NameComparison(name).configure(term_frequency_adjustments=True)
            for name in ("given_name", "family_name")
            if name in used
        ]
    fields = {
        "date_of_birth": cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
        "gender": cl.ExactMatch("gender"),
    }
    comparisons += [comparison for name, comparison in fields.items() if name in used]
    if used & {"street", "postal_code", "city"}:
        comparisons.append(_address(used))
    if several:
        comparisons += [cl.ArrayIntersectAtSizes(name, [1]) for name in LISTS if name in used]
    else:
        if "emails" in used:
            comparisons.append(cl.EmailComparison("email"))
        if "phones" in used:
            comparisons.append(cl.LevenshteinAtThresholds("phone", [1, 2]))
    return SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=_blocking(rows, used)
    )


def _address(used: set[str]) -> Any:
    """One comparison for what hangs together: town, postal code and street say much of the same."""
    parts = [name for name in ("street", "postal_code", "city") if name in used]
    levels: list[Any] = [cll.And(*(cll.NullLevel(name) for name in parts))]
    if len(parts) > 1:
        levels.append(cll.And(cll.ExactMatchLevel(parts[0]), cll.ExactMatchLevel(parts[1])))
    for name in parts:
        levels.append(cll.ExactMatchLevel(name, term_frequency_adjustments=True))
        if name == "street":
            levels.append(cll.JaroWinklerLevel(name, 0.9))
    return cl.CustomComparison([*levels, cll.ElseLevel()], output_column_name="address")


def _blocking(rows: list[Row], used: set[str]) -> list[Any]:
    """One identifier; one field where that makes few enough pairs; two fields in any case."""
    singles = [name for name in SINGLES if name in used and _pairs_of(rows, name) <= MOST_PAIRS]
    pairs = [pair for pair in PAIRS if used.issuperset(pair) and not set(pair) & set(singles)]
    lists = [block_on(name, arrays_to_explode=[name]) for name in LISTS if name in used]
    return [*lists, *(block_on(name) for name in singles), *(block_on(*pair) for pair in pairs)]


def _pairs_of(rows: list[Row], column: str) -> int:
    counts = Counter(row[column] for row in rows if row[column] is not None)
    return sum(count * (count - 1) // 2 for count in counts.values())


def _trained(rows: list[Row], used: set[str], several: bool, seed: int) -> Linker:
    """A linker after its sessions. One under which EM fails leaves Splink's settings torn: then anew without it."""
    sessions = [("given_name", "family_name"), ("date_of_birth",) if "date_of_birth" in used else ("email",)]
    for attempt in (sessions, sessions[1:], sessions[:1], []):
        api = DuckDBAPI()
        linker = Linker(api.register(pa.Table.from_pylist(rows)), _settings(rows, used, several), logging.ERROR)
        linker.training.estimate_probability_two_random_records_match(_sure(used), recall=RECALL)
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
        try:
            for columns in attempt:
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
        except (EMTrainingException, ValueError):
            continue
        return linker
    raise AssertionError("without a session nothing can fail")


def _sure(used: set[str]) -> list[Any]:
    """Rules under which nearly every pair is one person."""
    if "date_of_birth" in used:
        rules = [("given_name", "date_of_birth"), ("family_name", "date_of_birth")]
    else:
        rules = [("given_name", "family_name")]
    rules += [("given_name", name) for name, column in (("email", "emails"), ("phone", "phones")) if column in used]
    return [block_on(*rule) for rule in rules]
