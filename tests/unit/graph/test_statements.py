"""Statements are assets: each loads, declares what it uses, and has exactly one user."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("schema/")])
def test_a_statement_has_exactly_one_user(name: str) -> None:
    assert len(users().get(name, [])) == 1, users().get(name)


def test_every_statement_that_is_loaded_is_there() -> None:
    assert set(users()) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("schema/", "audit/"))])
def test_a_statement_is_named_by_one_of_few_verbs(name: str) -> None:
    assert name.rpartition("/")[2].partition("_")[0] in VERBS


def test_migrations_are_numbered_once_and_in_order() -> None:
    numbers = [int(name.removeprefix("schema/").partition("_")[0]) for name in SCHEMA]
    assert numbers == sorted(set(numbers))


def test_no_code_builds_a_statement_from_strings() -> None:
    """Only `graph/queries.py` makes statements, and it reads them from files."""
    makers = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bStatement\(", path.read_text())
    ]
    assert makers == ["graph/queries.py"]
