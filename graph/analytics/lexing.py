"""Cypher text without what it only quotes: string literals, comments and back-ticked names."""

from __future__ import annotations

import re

# An open quote, comment or back-tick runs to the end of the text: the server refuses such a text by itself.
_QUOTED = re.compile(
    r"""
      (?P<string>'(?:[^'\\]|\\(?:.|\Z))*(?:'|\Z)|"(?:[^"\\]|\\(?:.|\Z))*(?:"|\Z))
    | (?P<name>`(?:[^`]|``)*(?:`|\Z))
    | (?P<comment>//[^\n\r]*|/\*.*?(?:\*/|\Z))
    """,
    re.VERBOSE | re.DOTALL,
)
REDUCE = re.compile(r"(?<![.\w])(?:reduce|allReduce)\s*\(", re.IGNORECASE)
RANGE = re.compile(r"(?<![.\w])range\s*\(", re.IGNORECASE)

_BLANKS = {"string": "''", "name": "``", "comment": " "}


def bare(text: str) -> str:
    """The text with every literal made empty, every quoted name made empty, and every comment made a space."""
    return _QUOTED.sub(lambda found: _BLANKS[found.lastgroup or "comment"], text)
