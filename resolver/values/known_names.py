"""The names we know: those told apart, their spellings, and short forms. Words are folded."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib import resources
from typing import Any

from nicknames import name_triplets


def _read(name: str) -> Any:
    return json.loads(resources.files("vitograph.resolver").joinpath(f"models/{name}.json").read_text("utf-8"))


def _load_names() -> tuple[frozenset[str], frozenset[str], dict[str, int]]:
    """The names told apart although a letter parts them, those that are not the name they sound like, and the number of
    each spelling's group.
    """
    content = _read("given-names")
    spellings = {name: number for number, group in enumerate(content["spellings"]) for name in group}
    return frozenset(content["known"]), frozenset(content["as_written"]), spellings


_NO_NICKNAMES = frozenset({("robert", "billy"), ("jacqueline", "jack"), ("margarita", "megan")})
"""Pairs of the package `nicknames` that are a slip of it, or two people: a girl and a boy, two sisters."""


def _load_nicknames(told_apart: frozenset[str]) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Short and full forms of a name, both ways, and every name listed: English ones from the package `nicknames`,
    those of other languages from our own list.

    The package also pairs names that are two people's (andrea/andrew, savannah/anna, emil/emily). A pair of names that
    we tell apart stays only when one is a real shortening: three letters less, with the same first letter.
    """
    related: dict[str, set[str]] = defaultdict(set)
    for triplet in name_triplets():
        full, short = triplet.name1, triplet.name2
        if (full, short) in _NO_NICKNAMES:
            continue
        if short in told_apart and not (
            full[0] == short[0] and (full not in told_apart or len(full) - len(short) >= 3)
        ):
            continue
        related[full].add(short)
        related[short].add(full)
    for full, shorts in _read("short-forms")["short_forms"].items():
        for short in shorts.split():
            related[full].add(short)
            related[short].add(full)
    return {name: frozenset(forms) for name, forms in related.items()}, frozenset(related)


_TOLD_APART, AS_WRITTEN, SPELLINGS = _load_names()
NICKNAMES, _LISTED = _load_nicknames(_TOLD_APART)
KNOWN_NAMES = _TOLD_APART | _LISTED | frozenset(SPELLINGS)
