"""Every call of a statement gives it the parameters that it names, no fewer and no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RUNS = {"run", "rows", "one", "listed", "ensure"}
OPTIONS = {"wall_clock"}  # of the call, not of the statement


def loaded(tree: ast.Module) -> dict[str, str]:
    """The statements that a module loads, by the names that it gives them."""
    found = {}
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="load"), args=[ast.Constant(value=str(statement))]),
            ):
                found[name] = statement
    return found


MODULES = {path: ast.parse(path.read_text()) for path in sorted((ROOT / "graph").rglob("*.py"))}
LOADED = {
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): loaded(tree) for path, tree in MODULES.items()
}


def known(path: Path, tree: ast.Module) -> dict[str, str]:
    """The statements that a module can run: its own, and those of other modules that it imports."""
    found = loaded(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vitograph.graph"):
            other = LOADED.get((node.module or "").removeprefix("vitograph."), {})
            found |= {alias.asname or alias.name: other[alias.name] for alias in node.names if alias.name in other}
    return found


def calls() -> Iterator[tuple[str, str, frozenset[str]]]:
    for path, tree in MODULES.items():
        statements = known(path, tree)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS):
                continue
            if not (node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in statements):
                continue
            names = [keyword.arg for keyword in node.keywords]
            if None not in names:  # `**` may hold anything
                given = frozenset(name for name in names if name is not None) - OPTIONS
                yield f"{path.relative_to(ROOT)}:{node.lineno}", statements[node.args[0].id], given


CALLS = list(calls())


def test_calls_are_found() -> None:
    assert len(CALLS) > 150


@pytest.mark.parametrize(("where", "statement", "given"), CALLS, ids=[where for where, _, _ in CALLS])
def test_a_call_gives_what_the_statement_names(where: str, statement: str, given: frozenset[str]) -> None:
    text = (ROOT / "cypher" / f"{statement}.cypher").read_text()
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    assert given == set(re.findall(r"\$(\w+)", body)), where
