"""Cypher statements are assets: one per file under `cypher/`, loaded by name, never built from strings.

A file starts with a comment: a sentence, then `$name: TYPE` for each parameter, then what a row holds:

    // Locks identifiers, in the order given, and says who holds them.
    // $identifiers: LIST<MAP {key, kind, value}>
    // returns: key, status, holders
    UNWIND $identifiers AS …
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_DECLARED = re.compile(r"^//\s*\$([A-Za-z_]\w*):", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A named Cypher statement. `name` is its path without ending, e.g. `person/get_person`."""

    name: str
    text: str

    @property
    def declared(self) -> frozenset[str]:
        """The parameters that its header declares."""
        return frozenset(_DECLARED.findall(self.text))

    @property
    def used(self) -> frozenset[str]:
        """The parameters that its body uses."""
        return frozenset(_PARAMETER.findall(_COMMENT.sub("", self.text)))


@cache
def load(name: str) -> Statement:
    """The statement of `cypher/<name>.cypher`. FileNotFoundError when there is none: at import, not at use."""
    text = resources.files("vitograph").joinpath("cypher", f"{name}.cypher").read_text(encoding="utf-8")
    return Statement(name, text)


def names(folder: str = "") -> list[str]:
    """Names of all statements below a folder of `cypher/`, sorted."""
    root = resources.files("vitograph").joinpath("cypher")
    found: list[str] = []
    stack = [(root.joinpath(folder) if folder else root, folder)]
    while stack:
        place, prefix = stack.pop()
        for entry in place.iterdir():
            path = f"{prefix}/{entry.name}" if prefix else entry.name
            if entry.is_dir():
                stack.append((entry, path))
            elif entry.name.endswith(".cypher"):
                found.append(path.removesuffix(".cypher"))
    return sorted(found)
