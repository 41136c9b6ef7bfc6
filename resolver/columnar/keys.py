"""The blocking keys of all views, by the rules of `resolver.blocking`, as codes.

A part of a rule says something of each name, date, address or identifier for itself. So it is asked once of each
distinct one, and a rule joins what was said, view by view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from vitograph.resolver.blocking import BLOCKING_RULES, Joined, Part, Traces, mailboxes_of, traces_of
from vitograph.resolver.columnar.crossing import distinct, starts_of
from vitograph.resolver.columnar.frame import KNOWN, Codes, Column, Frame, Ints
from vitograph.resolver.columnar.words import NOBODY, forms_in, names_in
from vitograph.resolver.model import IdentifierKind, PersonKind, Profile


class RuleKeys(NamedTuple):
    """Who hangs on which key of a rule, each once, key by key, and the views on a key above which it is too common."""

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
        bits = len(frame).bit_length()
        if int(column.codes.max(initial=0)).bit_length() + bits > 63:
            column = Column.made_of([], column.counts, distinct(column.codes)[1])
        held = np.sort(column.codes[known] << bits | owner[known])
        held = held[starts_of(held)]
        yield RuleKeys(rule.name, rule.most, held & ((1 << bits) - 1), held >> bits)


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
        *_contacts(frame),
    )


_WORD, _OTHER = "abcdefgh", "ijklmnop"
_PROBES: Mapping[str, Traces] = {
    "words": Traces(((_WORD, ""),), (), (), (), (), (), ()),
    "names": Traces(((_WORD, _OTHER),), (), (), (), (), (), ()),
    "dates": Traces((), ("1980-05-17",), (), (), (), (), ()),
    "addresses": Traces((), (), (_WORD,), (_WORD,), ((_WORD, _OTHER),), (), ()),
    "mailboxes": Traces((), (), (), (), (), ((_WORD, _OTHER),), ()),
    "phones": Traces((), (), (), (), (), (), ("+4930123456",)),
}
"""Traces of one value of a source, long enough for every part that looks at it to say something."""


def _said(part: Part, sources: Sequence[_Source]) -> Column:
    """What a part says of each view."""
    source = next(source for source in sources if list(part(source.probe)))
    keys = [set(part(traces)) for traces in source.traces]
    known, all_keys = Codes(), chain.from_iterable(keys)
    counts = np.fromiter(map(len, keys), np.int64, len(keys))
    codes = np.fromiter(map(known.__getitem__, all_keys), np.int64, int(counts.sum()))
    return _expanded(source.column, Column.made_of([], counts, codes))


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
    forms = forms_in(frame)
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


def _contacts(frame: Frame) -> tuple[_Source, _Source]:
    """Mailboxes, and phone numbers: no rule looks at another identifier."""
    column = frame.identifiers

    def of(kind: IdentifierKind, traces: Callable[[str], Traces], probe: Traces) -> _Source:
        start = f"{kind}:"
        chosen = np.fromiter((key.startswith(start) for key in column.values), np.bool_, len(column.values))
        values = [column.values[code][len(start) :] for code in np.flatnonzero(chosen).tolist()]
        held = chosen[column.codes]
        counts = np.bincount(column.owners[held], minlength=len(frame))
        codes = (np.cumsum(chosen) - 1)[column.codes[held]]
        return _Source(Column.made_of([], counts, codes), list(map(traces, values)), probe)

    return (
        of(IdentifierKind.EMAIL, _of_mailbox, _PROBES["mailboxes"]),
        of(IdentifierKind.PHONE, _of_phone, _PROBES["phones"]),
    )


def _person(**stated: object) -> Profile:
    return Profile("", PersonKind.KNOWN, **stated)  # type: ignore[arg-type]


def _of_mailbox(address: str) -> Traces:
    return Traces((), (), (), (), (), mailboxes_of((address,)), ())


def _of_phone(number: str) -> Traces:
    return Traces((), (), (), (), (), (), (number,))
