"""What an artifact says in the language of who reads it.

Content may hold `locales`, an object from language tags to what is said in them, beside what is the same in all, and
`default`, the tag for everybody else (the first in alphabetical order, if it is left out). Order of choice: each tag
that is wanted, best first, and its shorter forms (RFC 4647 §3.4: `de-CH`, then `de`), and then a held tag of the same
language (`pt` finds `pt-BR`); at last the default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vitograph.resolver.errors import Fault
from vitograph.resolver.storable import escaped

MOST_LOCALES = 50
MOST_WANTED = 10

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
LANGUAGE_KEYS = ("locales", "default")


def find_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the languages of an artifact's content."""
    if "locales" not in content:
        return
    locales = content["locales"]
    if not isinstance(locales, Mapping) or not 1 <= len(locales) <= MOST_LOCALES:
        yield Fault("/content/locales", f"must be an object of 1 to {MOST_LOCALES} language tags, each with an object")
        return
    for tag, said in locales.items():
        if not _TAG.fullmatch(tag):
            yield Fault(f"/content/locales/{escaped(tag)}", "is no language tag such as de or pt-BR")
        elif not isinstance(said, Mapping):
            yield Fault(f"/content/locales/{escaped(tag)}", "must be an object: what is said in this language")
    if len({tag.lower() for tag in locales}) < len(locales):
        yield Fault("/content/locales", "holds a language twice: upper and lower case are one")
    if "default" in content and content["default"] not in list(locales):
        yield Fault("/content/default", "must be one of the tags of locales")


def wanted(asked: str, accepted: str) -> tuple[str, ...]:
    """Tags in the order of preference: of `?locale=`, then of Accept-Language by their weight (RFC 9110 §12.5.4)."""
    weighed: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, parameter = part.strip().partition(";")
        weight = _weight(parameter)
        if weight > 0 and _TAG.fullmatch(tag.strip()):
            weighed.append((-weight, place, tag.strip().lower()))
    first = [tag.strip().lower() for tag in asked[:100].split(",") if _TAG.fullmatch(tag.strip())]
    return tuple(dict.fromkeys([*first, *(tag for *_, tag in sorted(weighed))]))[:MOST_WANTED]


def choose(tags: Iterable[str], wants: Sequence[str], default: str | None = None) -> str:
    """The tag to speak in, of those there are (at least one)."""
    held = {tag.lower(): tag for tag in tags}
    for want in wants:
        parts = want.split("-")
        for length in range(len(parts), 0, -1):
            if (found := held.get("-".join(parts[:length]))) is not None:
                return found
        same = sorted(tag for tag in held if tag.split("-")[0] == parts[0])
        if same:
            return held[same[0]]
    return default if default is not None else held[min(held)]


def localised(content: Mapping[str, Any], wants: Sequence[str]) -> tuple[str | None, dict[str, Any]]:
    """What content says in the language to speak in, and that language; content without languages as it is."""
    locales = content.get("locales")
    if not isinstance(locales, Mapping) or not locales:
        return None, dict(content)
    tag = choose(locales, wants, content.get("default"))
    common = {name: value for name, value in content.items() if name not in LANGUAGE_KEYS}
    return tag, {**common, **locales[tag]}


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
