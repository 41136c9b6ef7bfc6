"""The gate's second part: only plans of known steps pass."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.graph.analytics.plan import OPERATORS, check_plan
from vitograph.resolver.errors import RefusedQuery


def step(operator: str, details: str = "", *children: dict[str, Any]) -> dict[str, Any]:
    return {"operatorType": f"{operator}@neo4j", "args": {"Details": details}, "children": list(children)}


@pytest.mark.parametrize(
    "plan",
    [
        step("ProduceResults", "n", step("AllNodesScan", "n")),
        step("Expand(All)", "(a)-[r]->(b)"),
        step("Repeat(All, Trail)", "(a) (...){1, 2} (b)"),
        step("VarLengthExpand(Pruning,BFS,All)"),
        step("Unwind", "range($autoint_0, size(xs) - $autoint_1) AS `x y`"),
        step("Projection", "n.`reduce(` AS `=~ range(`"),
        step("Projection", "'=~ reduce(range(' AS a"),
        step("ProcedureCall", "db.labels() :: (label :: STRING)"),
    ],
)
def test_what_reads_passes(plan: dict[str, Any]) -> None:
    check_plan("r", plan)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (step("ProduceResults", "", step("LoadCSV", "line")), "LoadCSV"),
        (step("ProduceResults", "", step("Apply", "", step("Filter"), step("Create"))), "Create"),
        (step("SomethingNew"), "SomethingNew"),
        (step("Expand(Writing)"), "Expand"),
        (step("TransactionApply"), "TransactionApply"),
        (step("TerminateTransactions"), "TerminateTransactions"),
        (step("ProcedureCall", "dbms.listConfig() :: (name :: STRING)"), "dbms.listConfig"),
        (step("ProcedureCall", "db.labelsX() :: ()"), "db.labelsX"),
        (step("ProcedureCall", ""), "this procedure"),
        (step("Filter", "n.a =~ $autostring_0"), "=~"),
        (step("Projection", "reduce(s = 0, x IN xs | s) AS a"), "reduce"),
        (step("Projection", "range(0, 1) AS a"), "range"),
        (step("Unwind", "range(0, 1) + range(0, 2) AS a"), "range"),
        (step("Unwind", "[x IN range(0, 1) | x] AS a"), "range"),
        (step("Unwind", "range(0, 1) + xs AS a"), "range"),
    ],
)
def test_what_is_not_known_to_be_harmless_is_refused(plan: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedQuery, match=reason):
        check_plan("r", plan)


@pytest.mark.parametrize("kind", ["w", "rw", "s", ""])
def test_only_queries_that_read_pass(kind: str) -> None:
    with pytest.raises(RefusedQuery):
        check_plan(kind, step("ProduceResults"))


def test_a_query_without_a_plan_is_refused() -> None:
    with pytest.raises(RefusedQuery):
        check_plan("r", None)


def test_no_step_that_writes_or_administrates_is_known() -> None:
    words = ("Create", "Delete", "Set", "Remove", "Merge", "Foreach", "Csv", "Show", "Transaction", "Admin", "Lock")
    assert [name for name in OPERATORS if any(word.lower() in name.lower() for word in words)] == ["ValueMergeJoin"]
