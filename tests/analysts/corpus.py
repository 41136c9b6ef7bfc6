"""Queries with their verdicts: `hostile.txt` must be refused, `legitimate.txt` must be answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

# What the queries of both lists may name.
PARAMETERS: dict[str, Any] = {
    "text": "x",
    "list": [3, 1, 2],
    "map": {"key": 1},
    "k": "a",
    "t": "R",
    "l": "X",
    "url": "http://127.0.0.1:9/",
    "label": "Person",
    "property": "id",
}


def queries(name: str) -> list[str]:
    """One a line; a line that starts with # is a comment."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


# Texts that hang or crash a server while it only parses or plans them.
BOMBS = {
    "nested lists": "RETURN " + "[" * 400 + "]" * 400,
    "nested brackets": "RETURN " + "(" * 500 + "1" + ")" * 500,
    "negations": "RETURN " + "NOT " * 400 + "true",
    "sums": "RETURN " + "1 + " * 500 + "1",
    "doubling maps": "WITH 1 AS m " + "WITH {a: m, b: m} AS m " * 30 + "RETURN m",
    "doubling strings": "WITH 'a' AS s " + "WITH s + s AS s " * 40 + "RETURN s",
    "unions": " UNION ".join(["RETURN 1 AS a"] * 500),
    "cases": "RETURN " + "CASE WHEN true THEN " * 100 + "1" + " END" * 100,
    "optional matches": "MATCH (a) " + "OPTIONAL MATCH (a)--(b) " * 60 + "RETURN a",
    "joins": "MATCH " + ", ".join(f"(n{number})-[r{number}]->(m{number})" for number in range(200)) + " RETURN 1",
    "replacing": "RETURN " + "replace(" * 12 + "'a'" + ", 'a', 'aaaaaaaa')" * 12,
    "length": "RETURN '" + "a" * 9_000 + "'",
    "lets": "CYPHER 25 LET x = 'a' " + "LET x = x + x " * 40 + "RETURN x",
}
