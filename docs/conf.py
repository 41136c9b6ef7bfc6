"""How Sphinx makes the site of these pages: offline, strict, what is generated straight from the code."""

from __future__ import annotations

import vitograph

project = "ViTo"
version = release = vitograph.__version__
copyright = "the ViTo authors, Apache-2.0"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["generated"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
nitpicky = True
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "ViTo"
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
