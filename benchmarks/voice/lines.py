"""The lines that are spoken, and what must be heard in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    section: str
    text: str
    expected: str


def read_lines(path: Path) -> list[Line]:
    """The lines of a file with sections in brackets; `text => expected`."""
    found, section = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            text, _, expected = line.partition("=>")
            found.append(Line(section, text.strip(), expected.strip()))
    return found
