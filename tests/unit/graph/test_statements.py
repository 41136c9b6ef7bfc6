"""Statements are assets: each loads, declares what it uses, and has exactly one user."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from vitograph.graph import queries

ROOT = Path(__file__).parents[3]
FOLDERS = ("graph", "api", "ingest", "projections")
NAMES = queries.names()
SCHEMA = [name for name in NAMES if name.startswith("schema/")]
LOADS = re.compile(r'load\("([^"]+)"\)')
VERBS = {"get", "list", "count", "upsert", "record", "propose", "claim", "close", "lock", "mark", "preview", "wait"}


def users() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for name in LOADS.findall(path.read_text()):
                found.setdefault(name, []).append(str(path.relative_to(ROOT)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_says_what_it_does_and_declares_what_it_uses(name: str) -> None:
    statement = queries.load(name)
    first = statement.text.splitlines()[0]
    assert first.startswith("// ")
    assert statement.declared == statement.used
    assert len(statement.text.splitlines()) <= 60


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("schema/", "analytics/"))])
def test_a_statement_has_exactly_one_user(name: str) -> None:
    assert len(users().get(name, [])) == 1, users().get(name)


def test_every_statement_that_is_loaded_is_there() -> None:
    assert set(users()) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("schema/", "audit/", "analytics/"))])
def test_a_statement_is_named_by_one_of_few_verbs(name: str) -> None:
    assert name.rpartition("/")[2].partition("_")[0] in VERBS


def test_migrations_are_numbered_once_and_in_order() -> None:
    numbers = [int(name.removeprefix("schema/").partition("_")[0]) for name in SCHEMA]
    assert numbers == sorted(set(numbers))


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]


def test_no_code_makes_a_statement_but_from_a_file() -> None:
    makers = [str(path.relative_to(ROOT)) for path in sources() if re.search(r"\bStatement\(", path.read_text())]
    assert makers == ["graph/queries.py"]


def calls_of_run(path: Path) -> list[str]:
    """The first arguments of what is sent to a server: calls of `run`, `execute` and `Query`, as they stand."""
    tree = ast.parse(path.read_text())
    names = {"run", "execute", "execute_query", "Query"}
    return [
        ast.unparse(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and call.args
        and (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) in names
    ]


def test_no_text_is_put_together_and_sent() -> None:
    """A statement is a constant, or what was loaded; an analyst's own query, behind EXPLAIN, is the one exception."""
    built = {
        f"{path.relative_to(ROOT)}: {argument}"
        for path in sources()
        for argument in calls_of_run(path)
        if re.search(r"""^f['"]|[+%]|\.format\(|\.join\(|\.replace\(""", argument)
    }
    assert built == {"graph/analytics/query.py: cast(Any, _EXPLAIN + question.query)"}


def test_no_code_holds_cypher() -> None:
    """Clauses stand in files. What sets the embedded server's password has no parameters but one; a pattern is none."""
    clause = re.compile(r"""["'](?:\s*)(?:MATCH|MERGE|CREATE|UNWIND|DETACH|OPTIONAL MATCH|ALTER|CALL) [(\w$]""")
    holders = {str(path.relative_to(ROOT)) for path in sources() if clause.search(path.read_text())}
    assert holders == {"graph/embedded/jvm.py", "graph/schema.py"}
