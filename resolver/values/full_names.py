"""Names stated as one text: which words are the given and the family name, and when two such names are one person's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from vitograph.resolver.values.names import (
    CACHE,
    PARTICLES,
    bare,
    fold,
    given_names_compatible,
    han_name,
    is_written_apart,
    words_compatible,
)
from vitograph.resolver.values.titles import GENERATION_WORDS, SUFFIXES, TITLES


class PersonName(NamedTuple):
    """A given and a family name stated together; '' for the one that is missing."""

    given: str
    family: str


@lru_cache(maxsize=CACHE)
def parse_full_name(full: str) -> tuple[PersonName, ...]:
    """Given and family name of a full name: `smith, john`, `john van der berg`, `王伟`; a single word may be either.

    A generation stays with the family name (`john smith jr`), a degree after the name does not.
    """
    family, comma, given = full.partition(",")
    if comma and family.strip() and given.strip():
        return (PersonName(given.strip(), family.strip()),)
    words = full.replace(",", " ").split()
    if len(words) == 1 and (written := han_name(words[0])):
        return (PersonName(*written),)
    if len(words) < 2:
        return (PersonName(full.strip(), ""), PersonName("", full.strip())) if words else ()
    words, generations = _parted(words)
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return (PersonName(" ".join(words[:start]), " ".join([*words[start:], *generations])),)


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of a name and the generation after them; two words stay in any case."""
    end = len(words)
    while end > 2 and (bare(words[end - 1]) in GENERATION_WORDS or words[end - 1] in SUFFIXES):
        end -= 1
    after = [word for word in words[end:] if word not in SUFFIXES]
    if after and end > 2 and words[end - 1] == "der":
        end, after = end - 1, ["der", *after]
    return list(words[:end]), after


@lru_cache(maxsize=CACHE)
def full_names_compatible(a: str, b: str) -> bool:
    """May the two full names be one person's? Nobody says which of the words is the given name, so all of them count.

    The words of the shorter one stand in the longer one in order, from the first on: `maria lopez` fits `maria lopez
    garcia`, `wang fang` neither `wang lei` nor `xiao wang fang`. Or the last word of one is the first of the other:
    `fang wang`, `xiaoming li` and `li xiao ming`. A person who married contradicts, too: a fragment, where two sisters
    would be one person.
    """
    ours, theirs = _words(a), _words(b)
    alike = _joined(ours) == _joined(theirs) or _joined(a.split()) == _joined(b.split())
    if not ours or not theirs or (alike and not is_written_apart(a, b)):
        return True
    left, right = parse_full_name(a), parse_full_name(b)
    if len(left) == len(right) == 1 and given_names_compatible(left[0].given, right[0].given):
        last, first = _words(left[0].family), _words(right[0].family)
        if last and first and _goes_into(last, first):
            return True
    if _fits(ours[0], theirs[0]) and _goes_into(ours, theirs):
        return True
    said = _said(ours), _said(theirs)
    both = len(said[0]) < len(ours) and len(said[1]) < len(theirs)
    return _is_turned(ours, theirs) or (not both and _is_turned(*said))


@lru_cache(maxsize=CACHE)
def full_name_has(full: str, given: str, family: str) -> bool:
    """May a full name be that of who stated this given name, and this family name ('': none)?"""
    if "".join(full.split()) in ("".join((given + family).split()), "".join((family + given).split())):
        return True
    if any(name.given and given_names_compatible(given, name.given) for name in parse_full_name(full)):
        return True
    words, known = _words(full), _words(family) if family else ()
    rest = [word for word in words if not any(_fits(word, other) for other in known)]
    return 0 < len(rest) < len(words) and given_names_compatible(given, " ".join(rest))


@lru_cache(maxsize=CACHE)
def _words(name: str) -> tuple[str, ...]:
    """The words that name somebody: without titles, generations, and particles between them."""
    words = name.replace(",", " ").split()
    if len(words) == 1 and (written := han_name(words[0])):
        return written[::-1]
    words, _ = _parted([word for word in words if word not in TITLES] or words)
    ends = (0, len(words) - 1)
    return tuple(word for place, word in enumerate(words) if fold(word) and (place in ends or word not in PARTICLES))


def _said(words: Sequence[str]) -> list[str]:
    """The words without initials."""
    return [word for word in words if len(fold(word)) > 1]


def _joined(words: Sequence[str]) -> str:
    return fold(" ".join(words)).replace(" ", "")


def _fits(a: str, b: str) -> bool:
    return not is_written_apart(a, b) and words_compatible(_joined([a]), _joined([b]))


def _goes_into(a: Sequence[str], b: Sequence[str]) -> bool:
    """The words of the shorter name stand in the longer one, in order."""
    fewer, more = sorted((a, b), key=len)
    others = iter(more)
    return all(any(_fits(word, other) for other in others) for word in fewer)


def _is_turned(a: Sequence[str], b: Sequence[str]) -> bool:
    """The last word of one name stands before its others in the other name: the family name."""
    return _is_led(a, b) or _is_led(b, a)


def _is_led(a: Sequence[str], b: Sequence[str]) -> bool:
    """The last word of `a` is the first of `b`, and the others are the same, in as many words or written as one."""
    if min(len(a), len(b)) < 2 or not _fits(a[-1], b[0]):
        return False
    ours, theirs = a[:-1], b[1:]
    if len(ours) == len(theirs):
        return all(map(_fits, ours, theirs))
    return _joined(ours) == _joined(theirs) and not is_written_apart(" ".join(ours), " ".join(theirs))
