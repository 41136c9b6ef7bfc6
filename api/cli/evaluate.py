"""`vito evaluate`: how good the exported candidates are against a truth."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Container
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.training import evaluation
from vitograph.resolver.training.evaluation import ScoredPair

BARS = (0.99, 0.9, 0.8, 0.5)


def evaluate(
    pairs: Annotated[Path, typer.Option(help="what `vito candidates export` wrote", exists=True, dir_okay=False)],
    truth: Annotated[Path, typer.Option(help="record_id,entity_id[,household_id]", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")] = False,
) -> None:
    """Precision, recall and the rest of the report, by band and by probability."""
    entities, households = read_truth(truth)
    scored = read_pairs(pairs, entities)
    if scored and not any(pair.left_id in entities and pair.right_id in entities for pair in scored):
        raise InvalidInput([Fault("", f"no pair of {pairs} is of two records of {truth}: are these its record ids?")])
    found = report(scored, entities, households)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        show(found)


def read_truth(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Entity by record, and household by entity where the file has a `household_id`."""
    entities: dict[str, str] = {}
    households: dict[str, str] = {}
    for row in _rows(path, ("record_id", "entity_id")):
        entities[row["record_id"]] = row["entity_id"]
        if row.get("household_id"):
            households[row["entity_id"]] = row["household_id"]
    return entities, households


def read_pairs(path: Path, known: Container[str] = ()) -> list[ScoredPair]:
    """The pairs whose two sides have an account: a `known` record as it is, or behind its source's name."""
    return [
        ScoredPair(
            _record(row["left_user_id"], known),
            _record(row["right_user_id"], known),
            _chance(path, line, row, "p_same"),
            _chance(path, line, row, "p_household"),
            row["band"],
        )
        for line, row in enumerate(_rows(path, ("left_user_id", "right_user_id", "p_same", "p_household", "band")), 2)
        if row["left_user_id"] and row["right_user_id"]
    ]


def report(pairs: list[ScoredPair], truth: dict[str, str], households: dict[str, str]) -> dict[str, Any]:
    """The report of docs/explanation/accuracy.md as plain values. Pairs that the truth does not know are left out."""
    known = [pair for pair in pairs if pair.left_id in truth and pair.right_id in truth]
    true_pairs = evaluation.true_pair_count(truth)
    clusters = evaluation.clusters(known, truth, 0.5)
    b_cubed = dict(zip(("precision", "recall", "f1"), evaluation.b_cubed(clusters, truth), strict=True))
    best_bar, best = evaluation.best_f1(known, truth)
    confusion = evaluation.household_confusion(known, truth, households, 0.5) if households else None
    return {
        "records": len(truth),
        "true_pairs": true_pairs,
        "pairs": len(known),
        "pairs_outside_truth": len(pairs) - len(known),
        "bands": {band: _quality(evaluation.in_bands(known, truth, band)) for band in ("A", "B", "C")},
        "bars": {f"{bar:g}": _quality(evaluation.at_bar(known, truth, bar)) for bar in BARS},
        "best_f1": {"p": best_bar, **_quality(best)},
        "b_cubed": b_cubed,
        "false_merges_per_10000": evaluation.false_merges_per_10_000(known, truth),
        "household_confusion": confusion,
        "ece": evaluation.expected_calibration_error(known, truth),
        "queue_load_per_1000": evaluation.queue_load_per_1_000(known, truth),
        "recall_of_first": {str(k): _recall_of_first(known, truth, k) for k in _firsts(true_pairs)},
    }


def show(found: dict[str, Any]) -> None:
    """The report for a person to read."""
    console = Console()
    table = Table(title=f"{found['records']} records, {found['true_pairs']} true pairs, {found['pairs']} scored")
    for column in ("at", "proposed", "true", "precision", "recall", "F1"):
        table.add_column(column, justify="right")
    rows = [(f"P ≥ {bar}", quality) for bar, quality in found["bars"].items()]
    rows += [(f"band {band}", quality) for band, quality in found["bands"].items()]
    rows += [(f"best F1: P ≥ {found['best_f1']['p']:.3f}", found["best_f1"])]
    for name, quality in rows:
        rates = (f"{quality[key]:.4f}" for key in ("precision", "recall", "f1"))
        table.add_row(name, str(quality["proposed"]), str(quality["true"]), *rates)
    console.print(table)
    b_cubed = " / ".join(f"{value:.4f}" for value in found["b_cubed"].values())
    console.print(f"B³ precision / recall / F1 at P ≥ .5: {b_cubed}")
    console.print(f"false merges per 10,000 recommended (band A): {found['false_merges_per_10000']:.1f}")
    if found["household_confusion"] is not None:
        console.print(f"household confusion at P ≥ .5: {found['household_confusion']:.4f}")
    console.print(f"expected calibration error: {found['ece']:.4f}")
    console.print(f"queue load per 1,000 persons: {found['queue_load_per_1000']:.0f}")
    for k, share in found["recall_of_first"].items():
        console.print(f"true links among the first {k}: {share:.4f}")


def _quality(quality: evaluation.AtBar) -> dict[str, float]:
    return {
        "proposed": quality.proposed,
        "true": quality.true,
        "precision": quality.precision,
        "recall": quality.recall,
        "f1": quality.f1,
    }


def _firsts(true_pairs: int) -> list[int]:
    """How far down the queue to look: a tenth, half, all and 1.1 times as many as there are true pairs."""
    return sorted({max(1, round(true_pairs * share)) for share in (0.1, 0.5, 1.0, 1.1)})


def _recall_of_first(pairs: list[ScoredPair], truth: dict[str, str], k: int) -> float:
    """The share of all true links that stand among the first k of the queue."""
    share = evaluation.true_share_of_first(pairs, truth, k) * min(k, len(pairs))
    return share / max(1, evaluation.true_pair_count(truth))


def _record(user_id: str, known: Container[str]) -> str:
    if user_id in known:
        return user_id
    _, colon, record = user_id.partition(":")
    return record if colon else user_id


def _chance(path: Path, line: int, row: dict[str, str], column: str) -> float:
    """InvalidInput where it is none; lines are counted from the header, which is 1."""
    with contextlib.suppress(TypeError, ValueError):
        if 0 <= (chance := float(row[column])) <= 1:
            return chance
    raise InvalidInput(
        [Fault(f"/{path.name}/{line}/{column}", f"a chance from 0 to 1 is due here, not {row[column]!r}")]
    )


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput([Fault(f"/{path.name}", f"there is no column {', '.join(missing)}")])
        return list(reader)
