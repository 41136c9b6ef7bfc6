"""Named queries for analysts: the statements of `cypher/analytics/`, with what their headers say of them.

A header has a sentence or more, `$name: TYPE, what it is; default JSON` for each parameter, and `returns: …`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from vitograph.graph.queries import load, names
from vitograph.resolver.errors import Fault, InvalidInput, UnknownThing

_PARAMETER = re.compile(r"^\$(\w+): (STRING|INTEGER|FLOAT|BOOLEAN)(?:, (.*?))?; default (.+)$")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "STRING": (str,),
    "INTEGER": (int,),
    "FLOAT": (int, float),
    "BOOLEAN": (bool,),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its Cypher type and what it is when nothing is said; `null` is allowed where that is null."""

    name: str
    type: str
    doc: str
    default: Any

    def check(self, value: Any) -> None:
        """Raises `InvalidInput` when it cannot be this value."""
        if value is None and self.default is None:
            return
        if not isinstance(value, _TYPES[self.type]) or (isinstance(value, bool) and self.type != "BOOLEAN"):
            raise InvalidInput([Fault(f"/parameters/{self.name}", f"must be of type {self.type}")])


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query that is there for everybody, by its name."""

    name: str
    doc: str
    parameters: tuple[Parameter, ...]
    returns: str
    text: str

    def complete(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given parameters, with defaults for those left out. Raises `InvalidInput`."""
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := sorted(given.keys() - known.keys()):
            raise InvalidInput([Fault(f"/parameters/{name}", f"{self.name} has no such parameter") for name in unknown])
        for name, value in given.items():
            known[name].check(value)
        return {name: given.get(name, parameter.default) for name, parameter in known.items()}

    def to_json(self) -> dict[str, Any]:
        parameters = [
            {"name": one.name, "type": one.type, "doc": one.doc, "default": one.default} for one in self.parameters
        ]
        return {
            "name": self.name,
            "doc": self.doc,
            "parameters": parameters,
            "returns": self.returns,
            "query": self.text,
        }


@cache
def list_named() -> tuple[NamedQuery, ...]:
    """All of them, by name."""
    return tuple(_parsed(name) for name in names("analytics"))


def get_named(name: str) -> NamedQuery:
    """UnknownThing when there is none."""
    found = next((query for query in list_named() if query.name == name), None)
    if found is None:
        raise UnknownThing("named query", name)
    return found


def _parsed(path: str) -> NamedQuery:
    lines = load(path).text.splitlines()
    header = [line.removeprefix("//").strip() for line in lines if line.startswith("//")]
    body = "\n".join(line for line in lines if not line.startswith("//"))
    parameters = tuple(_parameter(path, line) for line in header if line.startswith("$"))
    returns = next(line.removeprefix("returns: ") for line in header if line.startswith("returns: "))
    doc = " ".join(line for line in header if not line.startswith(("$", "returns: ")))
    return NamedQuery(path.rpartition("/")[2], doc, parameters, returns, body)


def _parameter(path: str, line: str) -> Parameter:
    found = _PARAMETER.match(line)
    if found is None:
        raise ValueError(f"{path}: {line!r} is not `$name: TYPE, what it is; default JSON`")
    return Parameter(found[1], found[2], found[3] or "", orjson.loads(found[4]))
