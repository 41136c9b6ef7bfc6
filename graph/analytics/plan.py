"""The second part of the gate: the plan that a server made of a query has known, reading, interruptible steps only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vitograph.graph.analytics.lexing import RANGE, REDUCE, bare
from vitograph.resolver.errors import RefusedQuery

_SIDES = ("Directed", "Undirected")
_RELATIONSHIP = (
    "AllRelationshipsScan",
    "RelationshipTypeScan",
    "UnionRelationshipTypesScan",
    "RelationshipIndexScan",
    "RelationshipIndexSeek",
    "RelationshipIndexSeekByRange",
    "RelationshipIndexContainsScan",
    "RelationshipIndexEndsWithScan",
    "RelationshipUniqueIndexSeek",
    "RelationshipUniqueIndexSeekByRange",
    "RelationshipByElementIdSeek",
    "RelationshipByIdSeek",
)

# Every step that a query may consist of. What is not here is refused, also what a later Neo4j will bring.
OPERATORS = frozenset(
    {f"{side}{name}" for side in _SIDES for name in _RELATIONSHIP}
    | {f"Dynamic{side}RelationshipTypeLookup" for side in _SIDES}
    | {
        *("ProduceResults", "Argument", "EmptyRow", "Projection", "CacheProperties", "Unwind", "Filter"),
        *("AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "IntersectionNodeByLabelsScan"),
        *("SubtractionNodeByLabelsScan", "DynamicLabelNodeLookup", "NodeByElementIdSeek", "NodeByIdSeek"),
        *("NodeIndexScan", "NodeIndexSeek", "NodeIndexSeekByRange", "NodeUniqueIndexSeek"),
        *("NodeUniqueIndexSeekByRange", "NodeIndexContainsScan", "NodeIndexEndsWithScan", "MultiNodeIndexSeek"),
        *("NodeCountFromCountStore", "RelationshipCountFromCountStore", "ProjectEndpoints"),
        *("Expand", "OptionalExpand", "VarLengthExpand", "Repeat", "BidirectionalRepeat", "RepeatOptions"),
        *("ShortestPath", "StatefulShortestPath", "PathPropagatingBFS"),
        *("Limit", "Skip", "Sort", "PartialSort", "Top", "PartialTop", "Distinct", "OrderedDistinct"),
        *("EagerAggregation", "OrderedAggregation", "Eager", "Optional", "Union", "OrderedUnion"),
        *("Apply", "SemiApply", "AntiSemiApply", "LetSemiApply", "LetAntiSemiApply", "SelectOrSemiApply"),
        *("SelectOrAntiSemiApply", "LetSelectOrSemiApply", "LetSelectOrAntiSemiApply", "RollUpApply"),
        *("ConditionalApply", "AntiConditionalApply", "CartesianProduct", "NodeHashJoin", "ValueHashJoin"),
        *("ValueMergeJoin", "NodeLeftOuterHashJoin", "NodeRightOuterHashJoin"),
        *("TriadicSelection", "TriadicBuild", "TriadicFilter", "ProcedureCall"),
    }
)

# How some of them are done, as it stands in brackets behind their names.
WAYS = frozenset({"All", "Into", "Pruning", "BFS", "Trail", "Walk", "Acyclic"})

PROCEDURES = frozenset({"db.labels", "db.relationshipTypes", "db.propertyKeys"})

_PROCEDURE = re.compile(r"\s*([\w.]+)\s*\(")


def check_plan(query_type: str, plan: Mapping[str, Any] | None) -> None:
    """The plan reads and nothing else, by steps that a time limit interrupts. Raises `RefusedQuery`."""
    if query_type != "r":
        raise RefusedQuery("only queries that read are allowed; this one writes, or changes the server")
    if not plan:
        raise RefusedQuery("the server did not say how it would run this query")
    for step in _steps(plan):
        _check_step(str(step["operatorType"]).partition("@")[0], str(step["args"].get("Details") or ""))


def _check_step(operator: str, details: str) -> None:
    name, _, ways = operator.partition("(")
    if name not in OPERATORS or not WAYS.issuperset(re.findall(r"\w+", ways)):
        raise RefusedQuery(f"the query needs the step {operator}, which is not among the allowed ones")
    if operator == "ProcedureCall":
        named = _PROCEDURE.match(details)
        if named is None or named.group(1) not in PROCEDURES:
            asked = named.group(1) if named else "this procedure"
            raise RefusedQuery(f"{asked} is not among the allowed procedures: {', '.join(sorted(PROCEDURES))}")
    plain = bare(details)
    if "=~" in plain:
        raise RefusedQuery("=~ is refused, for no limit stops it")
    if REDUCE.search(plain):
        raise RefusedQuery("reduce is refused, for no limit stops it")
    ranges = len(RANGE.findall(plain))
    if ranges and not (operator == "Unwind" and ranges == 1 and _is_unwound(plain)):
        raise RefusedQuery("range() is allowed right after UNWIND only, for no limit stops it elsewhere")


def _is_unwound(details: str) -> bool:
    """Whether the details are `range(…) AS name` and no more."""
    start = RANGE.match(details)
    if start is None:
        return False
    depth = 0
    for place, sign in enumerate(details):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return re.fullmatch(r"\s+AS\s+[\w`]+\s*", details[place + 1 :]) is not None
    return False


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [plan]
    while waiting:
        step = waiting.pop()
        yield step
        waiting += step.get("children", [])
