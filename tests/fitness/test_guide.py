"""The adapter that the guide shows is one: it is taken from the page and does what every adapter has to do."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from vitograph.projections.cms.conformance import CHECKS, Check, Rig

GUIDE = Path(__file__).parents[2] / "docs/guides/adapters.md"


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[ModuleType]:
    """The first Python block of the guide, as a module."""
    block = re.search(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert block
    file = tmp_path / "text_folder.py"
    file.write_text(block[1])
    spec = importlib.util.spec_from_file_location("text_folder", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["text_folder"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["text_folder"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_adapter_of_the_guide_conforms(check: Check, shown: ModuleType, tmp_path: Path) -> None:
    def opened(folder: Path) -> object:
        return shown.TextFolder(shown.TextFolderSettings(folder=folder), "")

    await check(Rig(open=lambda: opened(tmp_path), open_away=lambda: opened(tmp_path / "nowhere")))
