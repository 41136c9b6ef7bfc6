"""FIT-CMS-001: every CMS adapter tears down by itself, knows campaigns by our keys, and reads no CMS."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from vitograph.graph.keeping.audit import DELIVERY
from vitograph.projections import adapters
from vitograph.projections.adapters import GROUP, adapter, check_adapter, names, register
from vitograph.projections.cms import sink as cms
from vitograph.projections.cms.sink import CmsSink, Document
from vitograph.resolver.errors import InvalidInput, UnfitAdapter
from vitograph.resolver.publishing.sinks import Delivery, SinkKind

CMS = sorted(name for name, kind in names().items() if kind is SinkKind.CMS)
DATABASES = {"neo4j", "redis", "psycopg", "psycopg2", "asyncpg", "pymysql", "MySQLdb", "sqlite3", "aiosqlite"}
DATABASES |= {"sqlalchemy", "django", "wagtail", "pymongo", "motor", "duckdb"}
# Fields that are the content of a page, in our documents and in what a CMS may answer with.
CONTENT = {"title", "copy", "texts", "offers", "images", "html", "body", "content", "lexical", "mobiledoc"}


def source(made: type[CmsSink]) -> ast.Module:
    return ast.parse(Path(inspect.getfile(made)).read_text())


@pytest.mark.parametrize("name", CMS)
def test_an_adapter_has_a_teardown_of_its_own(name: str) -> None:
    made = adapter(name).made
    assert check_adapter(name, made) is made
    assert "teardown" in vars(made)
    assert not made.__abstractmethods__


@pytest.mark.parametrize("name", CMS)
def test_an_adapter_imports_no_database_driver(name: str) -> None:
    imported = {
        alias.partition(".")[0]
        for node in ast.walk(source(adapter(name).made))
        for alias in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported & DATABASES == set()


@pytest.mark.parametrize("name", CMS)
def test_an_adapter_reads_no_content(name: str) -> None:
    """No field of content is taken out of anything: neither by a subscript, nor by `.get(…)`."""
    read = {
        node.slice.value if isinstance(node, ast.Subscript) else node.args[0].value
        for node in ast.walk(source(adapter(name).made))
        if (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Constant))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        )
    }
    assert read & CONTENT == set()


@pytest.mark.parametrize("name", CMS)
def test_an_adapter_keeps_nothing_of_a_campaign(name: str) -> None:
    """What an instance holds is set when it is made: no id that the CMS made up stays in it."""
    made = adapter(name).made
    (body,) = [node for node in ast.walk(source(made)) if isinstance(node, ast.ClassDef) and node.name == made.__name__]
    methods = [node for node in body.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {name for method in methods if method.name != "__init__" for name in assigned(method)} == set()


def assigned(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Attributes of `self` that a method writes, or writes into."""
    for node in ast.walk(method):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            inner = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "self":
                yield inner.attr


def test_no_place_of_the_graph_is_for_an_id_of_a_cms() -> None:
    told = {*DELIVERY, *Delivery.__dataclass_fields__}
    assert not [name for name in told if re.search("remote|external|page|foreign|document|cms_id", name)]


def test_the_audit_knows_all_that_a_delivery_can_hold() -> None:
    text = "".join(path.read_text() for path in (Path(__file__).parents[2] / "cypher/delivery").glob("*.cypher"))
    written = set(re.findall(r"\bd\.(\w+) = ", text))
    assert written <= set(DELIVERY) | {"state"}


class Without(CmsSink):
    def __init__(self, settings: Any, secret: str) -> None: ...

    async def publish(self, document: Document) -> None: ...

    async def is_public(self, key: str) -> bool:
        return False


class Plain(Without):
    def teardown(self, key: str) -> None:  # type: ignore[override]
        """Not a coroutine."""


class Whole(Without):
    async def teardown(self, key: str) -> None: ...


@pytest.mark.parametrize(
    ("made", "lacks"),
    [
        (Without, r"has no teardown\(\)"),
        (Plain, r"no teardown\(\) of its own"),
        (CmsSink, r"has no __init__, is_public, publish, teardown\(\)"),
        (object, "no subclass"),
        (lambda: None, "no subclass"),
    ],
)
def test_what_is_not_fit_is_not_registered(made: Any, lacks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "_registered", {})
    with pytest.raises(UnfitAdapter, match=lacks):
        register("bad", made)
    assert "bad" not in names()


def test_a_name_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "_registered", {})
    register("whole", Whole)
    register("whole", Whole)
    with pytest.raises(UnfitAdapter, match="already"):
        register("wagtail", Whole)
    with pytest.raises(InvalidInput, match="there is none of that name"):
        adapter("no-such")


def test_adapters_of_others_come_by_entry_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with a sound adapter, one without a teardown, and one that cannot be imported."""
    (tmp_path / "their_cms.py").write_text(
        "from vitograph.projections.cms.sink import CmsSink\n"
        "class Without(CmsSink):\n"
        "    def __init__(self, settings, secret): ...\n"
        "    async def publish(self, document): ...\n"
        "    async def is_public(self, key): return False\n"
        "class Whole(Without):\n"
        "    async def teardown(self, key): ...\n"
    )
    told = tmp_path / "their_cms-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: their-cms\nVersion: 1.0\n")
    points = "whole = their_cms:Whole\nwithout = their_cms:Without\ngone = no_such_module:X\n"
    (told / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")
    monkeypatch.syspath_prepend(tmp_path)
    adapters._installed.cache_clear()
    try:
        assert {point.name for point in entry_points(group=GROUP)} >= {"whole", "without", "gone"}
        assert issubclass(adapter("whole").made, CmsSink)
        with pytest.raises(UnfitAdapter, match=r"adapter 'without' \(Without\) has no teardown\(\)"):
            adapter("without")
        with pytest.raises(UnfitAdapter, match="cannot be loaded"):
            adapter("gone")
    finally:
        adapters._installed.cache_clear()
        sys.modules.pop("their_cms", None)


def test_the_base_says_what_is_abstract() -> None:
    assert {"__init__", "publish", "teardown", "is_public"} == cms.CmsSink.__abstractmethods__
