"""What is set, where it comes from, and what could be set: the settings as they are shown to people."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from pydantic import SecretStr

from vitograph.api.settings import MASKED, PREFIX, Settings, is_secret, variable, without_login

# Read where they are used: they are a person's or a test's, and no setting of a process.
OTHERS: Mapping[str, str] = {
    "VITO_KEY": "your own key, for commands that are a person's act (`vito model promote`); `--key` does as well",
    "VITO_INTO_PASSWORD": "password of the Neo4j that `vito replay` and `vito restore` write into",
    "VITO_TEST_BACKEND": "tests: `embedded` or `containers`; unset, containers where a Docker engine answers",
    "VITO_TEST_NEO4J_IMAGE": "tests: image of Neo4j",
    "VITO_TEST_VALKEY_IMAGE": "tests: image of Valkey",
    "VITO_CHROMIUM": "tests: the browser of the pages' tests",
    "VITO_CHAOS_FAKETIME": "tests: where libfaketime is, or, empty, nowhere",
    "VITO_FUZZ_BYTES": "tests: how many spoilt requests there are",
    "VITO_FUZZ_EXAMPLES": "tests: how many requests each route is fuzzed with",
    "VITO_STATEFUL_STEPS": "tests: how many steps any order of calls takes",
    "VITO_SHARED_DATA": "tests: a folder of shared test data",
}


class Source(StrEnum):
    """Where a value comes from; what stands first comes before the rest."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    DEFAULT = "default"


class Effective(NamedTuple):
    """A setting as it holds now. The value of a secret is masked, and so are logins in addresses."""

    variable: str
    value: str | None
    source: Source


def effective(settings: Settings, options: Collection[str] = ()) -> list[Effective]:
    """Every setting in its order; `options` names the fields that options of the command gave."""
    return [
        Effective(variable(field), _shown(field, getattr(settings, field)), _source(settings, field, options))
        for field in Settings.model_fields
    ]


def unknown(environment: Iterable[str]) -> list[str]:
    """A sentence for each variable that looks like a setting and is none."""
    known = [*map(variable, Settings.model_fields), *OTHERS]
    sentences = []
    for name in sorted(set(environment) - set(known)):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, 1)
            sentences.append(f"{name} is no setting" + (f": do you mean {near[0]}?" if near else ""))
    return sentences


def reference() -> str:
    """A Markdown table of every variable: its default and its meaning."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for field, known in Settings.model_fields.items():
        default = "none" if known.default is None else f"`{_default(field)}`"
        lines.append(f"| `{variable(field)}` | {default} | {known.description} |")
    lines += [f"| `{name}` | none | {meaning} |" for name, meaning in OTHERS.items()]
    return "\n".join(lines)


def _default(field: str) -> str:
    if field == "cache":
        return "the user's cache folder"
    return "neo4j" if is_secret(field) else _written(Settings.model_fields[field].default)


def _written(value: object) -> str:
    """A value as its variable would hold it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}": "{one}"' for key, one in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]"
    return str(value)


def _shown(field: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, SecretStr):
        return MASKED
    return without_login(_written(value))


def _source(settings: Settings, field: str, options: Collection[str]) -> Source:
    if field in options:
        return Source.OPTION
    return Source.ENVIRONMENT if field in settings.model_fields_set else Source.DEFAULT
