"""The first part of the gate: what a text may look like before any server sees it.

Some texts hang or crash a server while it only plans them, so they are counted before. The figures were measured on
Neo4j 2026.08.1: twice below what it stands. Texts can be disguised, so nothing here is what makes a query safe: that is
the plan's business (`plan.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from vitograph.graph.analytics.lexing import RANGE, REDUCE, bare
from vitograph.resolver.errors import Fault, InvalidInput, RefusedQuery

MOST_BYTES = 8_192
MOST_NESTED = 20
MOST_TOKENS = 1_200
# How often a query may have each of these.
MOST = {
    "WITH": (12, re.compile(r"\bWITH\b", re.IGNORECASE)),
    "UNION": (10, re.compile(r"\bUNION\b", re.IGNORECASE)),
    "NOT": (40, re.compile(r"\bNOT\b", re.IGNORECASE)),
    "CASE": (20, re.compile(r"\bCASE\b", re.IGNORECASE)),
    "OPTIONAL": (8, re.compile(r"\bOPTIONAL\b", re.IGNORECASE)),
    "LET": (12, re.compile(r"\bLET\b", re.IGNORECASE)),
    "NEXT": (10, re.compile(r"\bNEXT\b", re.IGNORECASE)),
    "replace()": (2, re.compile(r"\breplace\s*\(", re.IGNORECASE)),
    "arithmetic operators": (120, re.compile(r"[-+*/%^]|\|\|")),
}
MOST_PARAMETER_BYTES = 1 << 20
MOST_PARAMETER_DEPTH = 50

_TOKEN = re.compile(r"\w+|[^\w\s]")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_VERSION = re.compile(r"\s*CYPHER\s+(?:5|25)\s+(?!\w+\s*=)(?=[A-Za-z({])", re.IGNORECASE)
_FIRST = re.compile(r"\s*([A-Za-z]+)")
_REGEX = re.compile(r"=\s*~")
_UNWOUND = re.compile(r"(?<!\w)UNWIND\s+range\s*\(", re.IGNORECASE)
_USE = re.compile(r"(?<![.$:\w])(?<!\bAS\s)USE\s+[\w`]", re.IGNORECASE)


def check_text(text: str) -> None:
    """The text is within its budgets and begins as a query does. Raises `RefusedQuery`."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise RefusedQuery(f"a query may have {MOST_BYTES} bytes: send long lists as parameters")
    if "\\u" in text.lower():
        raise RefusedQuery(r"a query may not hold \u escapes: send such characters themselves, or as parameters")
    plain = bare(text)
    _check_start(plain)
    _check_size(plain)
    _check_unstoppable(plain)


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """The parameters can be sent to a server. Raises `InvalidInput`."""
    for name, value in parameters.items():
        if not _NAME.fullmatch(name):
            raise InvalidInput([Fault("/parameters", f"{name[:40]!r} is no name of a parameter")])
        _check_value(value, f"/parameters/{name}", MOST_PARAMETER_DEPTH)
    if len(orjson.dumps(parameters)) > MOST_PARAMETER_BYTES:
        raise InvalidInput([Fault("/parameters", f"parameters may have {MOST_PARAMETER_BYTES} bytes")])


def _check_start(plain: str) -> None:
    body = _VERSION.sub("", plain, count=1)
    first = _FIRST.match(body)
    word = first.group(1).upper() if first else ""
    if word in ("EXPLAIN", "PROFILE"):
        raise RefusedQuery(f"{word} is not for callers: send the query alone")
    if word == "CYPHER":
        raise RefusedQuery("CYPHER may be followed by 5 or 25 and the query, without options")
    if _USE.search(plain):
        raise RefusedQuery("USE is refused: there is one graph")
    if ";" in body.rstrip().removesuffix(";"):
        raise RefusedQuery("one statement at a time")


def _check_size(plain: str) -> None:
    depth = deepest = 0
    for sign in plain:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if deepest > MOST_NESTED:
        raise RefusedQuery(f"brackets are nested {deepest} deep; {MOST_NESTED} are allowed")
    tokens = sum(1 for _ in _TOKEN.finditer(plain))
    if tokens > MOST_TOKENS:
        raise RefusedQuery(f"the query has {tokens} words and signs; {MOST_TOKENS} are allowed")
    for name, (most, pattern) in MOST.items():
        found = sum(1 for _ in pattern.finditer(plain))
        if found > most:
            raise RefusedQuery(f"the query has {found} {name}; {most} are allowed")


def _check_unstoppable(plain: str) -> None:
    """What no time limit of a server interrupts."""
    if _REGEX.search(plain):
        raise RefusedQuery("=~ is refused, for no limit stops it: use CONTAINS, STARTS WITH or ENDS WITH")
    if REDUCE.search(plain):
        raise RefusedQuery("reduce is refused, for no limit stops it: use UNWIND with sum() or collect()")
    if len(RANGE.findall(plain)) > len(_UNWOUND.findall(plain)):
        raise RefusedQuery("range() is allowed right after UNWIND only, for no limit stops it elsewhere")


def _check_value(value: object, pointer: str, depth: int) -> None:
    if depth < 0:
        raise InvalidInput([Fault(pointer, f"parameters may be nested {MOST_PARAMETER_DEPTH} deep")])
    if isinstance(value, bool):
        return
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise InvalidInput([Fault(pointer, "an integer must fit into 64 bits")])
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        _check_value(one, pointer, depth - 1)
