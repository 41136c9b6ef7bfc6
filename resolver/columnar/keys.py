"""The blocking keys of all views, by the rules of `resolver.blocking`, as codes.

A part of a rule says something of each name, date, address or identifier for itself. So it is asked once of each
distinct one, and a rule joins what was said, view by view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vitograph.resolver.blocking import BLOCKING_RULES, Joined, Part, Traces, mailboxes_of, traces_of
from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import KNOWN, Column, Frame, Ints
from vitograph.resolver.columnar.words import NOBODY, Forms, names_in
from vitograph.resolver.model import Identifier, IdentifierKind, PersonKind, Profile

_CONTACTS = tuple(f"{kind}:" for kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE))


class RuleKeys(NamedTuple):
    """Who hangs on which key of a rule, each once, and the views on a key above which it is too common."""

    rule: str
    most: int
    owner: Ints
    key: Ints


def rule_keys(frame: Frame) -> Iterator[RuleKeys]:
    """The keys of the known views, rule by rule."""
    sources = _sources(frame)
    said: dict[Part, Column] = {}
    for rule in BLOCKING_RULES:
        parts: tuple[Part, ...] = rule.keys.parts if isinstance(rule.keys, Joined) else (rule.keys,)
        for part in parts:
            if part not in said:
                said[part] = _said(part, sources)
        column = said[parts[0]]
        for part in parts[1:]:
            column = _combined(column, said[part])
        owner = column.owners
        known = frame.kinds[owner] == KNOWN
        size = int(column.codes.max(initial=0)) + 1
        held, _ = distinct(owner[known] * size + column.codes[known])
        yield RuleKeys(rule.name, rule.most, held // size, held % size)


@dataclass(frozen=True, slots=True)
class _Source:
    """Values of one kind: which of them each view has, and the traces of each."""

    column: Column
    traces: Sequence[Traces]
    probe: Traces


def _sources(frame: Frame) -> tuple[_Source, ...]:
    """Single words come before whole names, so that a part is asked of as few values as can be."""
    words, names = _names(frame)
    dates, addresses = frame.stated["birth_dates"], frame.stated["addresses"]
    return (
        words,
        names,
        _Source(dates, [traces_of(_person(birth_dates=(date,))) for date in dates.values], _PROBES["dates"]),
        _Source(
            addresses, [traces_of(_person(addresses=(address,))) for address in addresses.values], _PROBES["addresses"]
        ),
        _contacts(frame),
    )


_WORD, _OTHER = "abcdefgh", "ijklmnop"
_PROBES: Mapping[str, Traces] = {
    "words": Traces(((_WORD, ""),), (), (), (), (), (), ()),
    "names": Traces(((_WORD, _OTHER),), (), (), (), (), (), ()),
    "dates": Traces((), ("1980-05-17",), (), (), (), (), ()),
    "addresses": Traces((), (), (_WORD,), (_WORD,), ((_WORD, _OTHER),), (), ()),
    "contacts": Traces((), (), (), (), (), ((_WORD, _OTHER),), ("+4930123456",)),
}
"""Traces of one value of a source, long enough for every part that looks at it to say something."""


def _said(part: Part, sources: Sequence[_Source]) -> Column:
    """What a part says of each view."""
    source = next(source for source in sources if list(part(source.probe)))
    known: dict[str, int] = {}
    counts: list[int] = []
    codes: list[int] = []
    for traces in source.traces:
        keys = set(part(traces))
        counts.append(len(keys))
        codes.extend(known.setdefault(key, len(known)) for key in keys)
    said = Column.made_of([], np.array(counts, np.int64), np.array(codes, np.int64))
    return _expanded(source.column, said)


def _expanded(column: Column, said: Column) -> Column:
    """The codes that were said of the values of each view."""
    sizes = said.counts[column.codes]
    first = np.repeat(said.offsets[:-1][column.codes], sizes)
    within = np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    counts = np.bincount(np.repeat(column.owners, sizes), minlength=len(column.offsets) - 1)
    return Column.made_of([], counts, said.codes[first + within])


def _combined(one: Column, other: Column) -> Column:
    """Every combination of two columns' codes, view by view."""
    lefts, rights = one.counts, other.counts
    sizes = lefts * rights
    owner = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    step, place = np.divmod(within, np.maximum(rights[owner], 1))
    span = int(other.codes.max(initial=0)) + 1
    codes = one.codes[one.offsets[owner] + step] * span + other.codes[other.offsets[owner] + place]
    return Column.made_of([], sizes, codes)


def _names(frame: Frame) -> tuple[_Source, _Source]:
    """The words of names by themselves, given ones at even codes and family names at odd ones; and whole names."""
    names = names_in(frame)
    forms = Forms.of(names.words)
    first = [*forms.first_sounds, ""]
    last = [*forms.sounds, ""]
    alone = [
        Traces(((word, ""),) if place % 2 == 0 else (("", word),), (), (), (), (), (), ())
        for place, word in enumerate(word for pair in zip(first, last, strict=True) for word in pair)
    ]
    given, family = (np.where(codes == NOBODY, len(names.words), codes) for codes in (names.given, names.family))
    words = np.stack((2 * given, 2 * family + 1), axis=1).reshape(-1)
    size = len(names.words) + 1
    keys, places = distinct(given * size + family)
    whole = [
        Traces(((first[a], last[b]),), (), (), (), (), (), ())
        for a, b in zip((keys // size).tolist(), (keys % size).tolist(), strict=True)
    ]
    counts = names.column.counts
    return (
        _Source(Column.made_of([], 2 * counts, words), alone, _PROBES["words"]),
        _Source(Column.made_of([], counts, places), whole, _PROBES["names"]),
    )


def _contacts(frame: Frame) -> _Source:
    """Mailboxes and phone numbers alone: no rule looks at another identifier."""
    column = frame.identifiers
    of = np.fromiter((key.startswith(_CONTACTS) for key in column.values), np.bool_, len(column.values))
    places = np.cumsum(of) - 1
    traces = [_contact(Identifier.parse(column.values[code])) for code in np.flatnonzero(of).tolist()]
    chosen = of[column.codes]
    counts = np.bincount(column.owners[chosen], minlength=len(frame))
    return _Source(Column.made_of([], counts, places[column.codes[chosen]]), traces, _PROBES["contacts"])


def _person(**stated: object) -> Profile:
    return Profile("", PersonKind.KNOWN, **stated)  # type: ignore[arg-type]


def _contact(one: Identifier) -> Traces:
    """The traces of an identifier by itself, as `traces_of` has them."""
    if one.kind is IdentifierKind.EMAIL:
        return Traces((), (), (), (), (), mailboxes_of((one.value,)), ())
    return Traces((), (), (), (), (), (), (one.value,))
