"""How Sphinx makes the site of these pages: strict, offline, with a reference written from the code."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.application import Sphinx

import vitograph

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from generators import commands, contracts, http, licences  # noqa: E402  they lie beside this file

project = "ViTo"
version = release = vitograph.__version__
copyright = "the ViTo authors, Apache-2.0"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["generated"]
myst_heading_anchors = 4
nitpicky = True

html_theme = "furo"
html_title = "ViTo"
html_copy_source = False
html_show_sphinx = False


def generate(_: Sphinx) -> None:
    """Writes what the reference includes."""
    folder = HERE / "generated"
    folder.mkdir(exist_ok=True)
    for page in (commands, contracts, http, licences):
        (folder / f"{page.__name__.rpartition('.')[2]}.md").write_text(page.write())


def setup(app: Sphinx) -> None:
    """Called by Sphinx before it reads the pages."""
    app.connect("builder-inited", generate)
