"""How long files and functions may be, as CONTRIBUTING.md says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("api", "client", "graph", "ingest", "projections", "resolver")
LINES, OF_A_FUNCTION = 300, 40


def too_long(text: str) -> Iterator[str]:
    if text.count("\n") > LINES:
        yield f"{text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > OF_A_FUNCTION:
                yield f"{node.name}: {lines} lines"


def test_files_and_functions_are_short() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 300
    found = {str(path.relative_to(ROOT)): list(too_long(path.read_text())) for path in files}
    assert {path: why for path, why in found.items() if why} == {}


def test_what_is_too_long_is_found() -> None:
    body = "    x = 1\n" * 40
    assert list(too_long(f"def f():\n{body}")) == ["f: 41 lines"]
    assert list(too_long("x = 1\n" * 301)) == ["301 lines"]
