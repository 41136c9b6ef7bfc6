"""The scripts of pages are small; the switch asks nobody else, and is what documents and example say it is."""

from __future__ import annotations

import re
from pathlib import Path

from vitograph.api.routes.scripts import SNIPPET, SWITCH, integrity

ROOT = Path(__file__).parents[4]


def test_the_switch_is_small_and_depends_on_nothing() -> None:
    script = SWITCH.decode("ascii")
    assert len(script) < 2048
    for forbidden in ("eval(", "Function(", "innerHTML", ".style", "document.write", "import ", "require(", "http:"):
        assert forbidden not in script


def test_documents_and_example_state_its_hash() -> None:
    for path in ("docs/guides/campaigns.md", "examples/landing/index.html"):
        stated = re.findall(r"sha384-[A-Za-z0-9+/=]+", (ROOT / path).read_text())
        assert stated == [integrity(SWITCH)], path


def test_the_snippet_is_less_than_4_kib() -> None:
    assert len(SNIPPET) < 4_096
