"""The names of all views: each given and family name once, its forms, and whether two of them may be one name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from vitograph.resolver.columnar.frame import Bools, Column, Frame, Ints
from vitograph.resolver.columnar.levels import few_edits, similar
from vitograph.resolver.columnar.shapes import Shapes
from vitograph.resolver.comparing.comparisons import GENERATION, level_of
from vitograph.resolver.comparing.ladder import LOOSE
from vitograph.resolver.scoring.name_evidence import names_of, told_by
from vitograph.resolver.values.full_names import PersonName
from vitograph.resolver.values.known_names import KNOWN_NAMES
from vitograph.resolver.values.names import (
    fold,
    generation,
    is_in_own_letters,
    nicknames_of,
    sound,
    spelling_group,
)
from vitograph.resolver.values.titles import GENERATIONS

NOBODY = -1
"""The code of a part of a name that was not stated."""
_ONE_LETTER, _SEVERAL, _NICKNAMED, _OWN_LETTERS = (1 << place for place in range(4))
_EDITS = 2


@dataclass(frozen=True, slots=True)
class Names:
    """The names of each view, as `names_of` says: `given` and `family` are codes of `words`, or `NOBODY`.

    `told` says by which of them a view is compared (`told_by`), `states_given` and `states_family` what it states,
    `read` which were read off full names, `only_words` which views state words that may be either.
    """

    words: list[str]
    column: Column
    given: Ints
    family: Ints
    told: Bools
    states_given: Bools
    states_family: Bools
    read: Bools
    only_words: Bools


def names_in(frame: Frame) -> Names:
    """The names of all views."""
    return frame.once(Names, lambda: _names_in(frame))


def forms_in(frame: Frame) -> Forms:
    """The forms of the words of `names_in`."""
    return frame.once(Forms, lambda: Forms.of(names_in(frame).words))


def _names_in(frame: Frame) -> Names:
    """A view that stated one name, or parts of one, is read off its columns."""
    known: dict[str, int] = {}

    def code(word: str) -> int:
        return known.setdefault(word, len(known)) if word else NOBODY

    def codes(words: Iterable[str]) -> Ints:
        return np.array([code(word) for word in words], np.int64)

    stated = {name: frame.stated[name] for name in ("given_names", "family_names", "full_names", "names")}
    given, family = _only(stated["given_names"]), _only(stated["family_names"])
    both = _only(stated["names"])
    words = {name: np.append(codes(stated[name].values), NOBODY) for name in ("given_names", "family_names")}
    first, last = (np.append(codes([pair[at] for pair in stated["names"].values]), NOBODY) for at in (0, 1))
    lone_given, lone_family = words["given_names"][given], words["family_names"][family]
    paired = both >= 0
    plain = (given > -2) & (family > -2) & (both > -2) & (stated["full_names"].counts == 0)
    plain &= ~paired | (_is_none_or(lone_given, first[both]) & _is_none_or(lone_family, last[both]))
    ours, theirs = np.where(paired, first[both], lone_given), np.where(paired, last[both], lone_family)
    counts, others = np.ones(len(frame), np.int64), np.flatnonzero(~plain)
    profiles = dict(zip(others.tolist(), frame.profiles(others), strict=True))
    other = {view: names_of(profile) for view, profile in profiles.items()}
    for view, names in other.items():
        counts[view] = len(names)
    column = Column.made_of([], counts, np.arange(counts.sum()))
    out = [np.empty(len(column.codes), np.int64) for _ in range(2)]
    for place, (part, source) in enumerate(zip(out, (ours, theirs), strict=True)):
        part[column.offsets[:-1][plain]] = source[plain]
        for view, names in other.items():
            part[column.offsets[view] : column.offsets[view + 1]] = codes(name[place] for name in names)
    told, read = np.ones(len(column.codes), np.bool_), np.zeros(len(column.codes), np.bool_)
    states = (ours >= 0, theirs >= 0, np.zeros(len(frame), np.bool_))
    for view, profile in profiles.items():
        says, places = told_by(profile), slice(column.offsets[view], column.offsets[view + 1])
        told[places] = [name in says.names for name in other[view]]
        read[places] = [name in says.read for name in other[view]]
        for states_part, one in zip(states, (says.given, says.family, says.only_words), strict=True):
            states_part[view] = one
    return Names(list(known), column, out[0], out[1], told, states[0], states[1], read, states[2])


def _is_none_or(codes: Ints, others: Ints) -> Bools:
    """Whether these are nobody's, or the others."""
    return (codes < 0) | (codes == others)


def name_of(names: Names, place: int) -> PersonName:
    given, family = int(names.given[place]), int(names.family[place])
    return PersonName(names.words[given] if given >= 0 else "", names.words[family] if family >= 0 else "")


def _only(column: Column) -> Ints:
    """The only value of each view, -1 for none, -2 for several."""
    counts = column.counts
    found = np.where(counts > 1, -2, -1)
    found[counts == 1] = column.codes[column.offsets[:-1][counts == 1]]
    return found


@dataclass(frozen=True, slots=True)
class Forms:
    """What the ladders of names look at: of each word its letters as one word, its first word, and their sounds.

    `tokens` sets a bit of 64 for the sound, and for the list of spellings, of each word and of the whole.
    `anagrams` are codes of the letters in any order; `unknown` are words that are nobody's name as far as we know;
    `spellings` are the numbers of the lists of spellings (`NOBODY`: in none).
    """

    joined: list[str]
    whole: Shapes
    first: Shapes
    tokens: NDArray[np.uint64]
    flags: NDArray[np.uint8]
    anagrams: Ints
    whole_codes: Ints
    first_codes: Ints
    nicknames: Ints
    unknown: Bools
    sounds: list[str]
    first_sounds: list[str]
    sound_codes: Ints
    spellings: Ints

    @classmethod
    def of(cls, words: Sequence[str]) -> Forms:
        folded = [fold(word).split() for word in words]
        joined = ["".join(parts) for parts in folded]
        firsts = [parts[0] if parts else "" for parts in folded]
        known: dict[str, int] = {}
        whole_codes = _numbered(joined, known)
        first_codes = _numbered(firsts, known)
        return cls(
            joined=joined,
            whole=Shapes.of(joined),
            first=Shapes.of(firsts),
            tokens=np.array([_tokens(one, parts) for one, parts in zip(joined, folded, strict=True)], np.uint64),
            flags=np.array([_flags(word, parts) for word, parts in zip(words, folded, strict=True)], np.uint8),
            anagrams=_numbered(["".join(sorted(one)) for one in joined], {}),
            whole_codes=whole_codes,
            first_codes=first_codes,
            nicknames=_nicknames(known),
            unknown=np.array([one not in KNOWN_NAMES for one in joined], np.bool_),
            sounds=(sounds := [sound(one) for one in joined]),
            first_sounds=[sound(one) for one in firsts],
            sound_codes=_numbered(sounds, {}),
            spellings=np.array([NOBODY if (of := spelling_group(one)) is None else of for one in joined], np.int64),
        )

    def is_plain(self, codes: Ints) -> Bools:
        """Whether words are one word of some letters, which Latin ones tell whole."""
        return (self.whole.lengths[codes] > 0) & ((self.flags[codes] & (_SEVERAL | _OWN_LETTERS)) == 0)

    def are_spellings(self, left: Ints, right: Ints) -> Bools:
        """`names.is_spelling` of whole words."""
        listed = (self.spellings[left] == self.spellings[right]) & (self.spellings[left] != NOBODY)
        return listed | (self.sound_codes[left] == self.sound_codes[right])

    def are_nicknames(self, left: Ints, right: Ints) -> Bools:
        """`names.is_nickname` of whole words."""
        return _is_among(self.whole_codes[left] * _MOST_WORDS + self.whole_codes[right], self.nicknames)


@dataclass(frozen=True, slots=True)
class NameSieve:
    """Two names may agree: by a sound, a list, an initial, a beginning, the same letters, or by few errors."""

    forms: Forms

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        whole = self.forms.whole
        shortest = np.minimum(whole.lengths[left], whole.lengths[right])
        found = self._by_form(left, right) | whole.resemble(left, right, LOOSE)
        found |= whole.within_edits(left, right, 1)
        return found | ((shortest > _EDITS) & whole.within_edits(left, right, _EDITS))

    def agree(self, left: Ints, right: Ints) -> Bools:
        found = self._by_form(left, right)
        open_ = np.flatnonzero(~found)
        open_ = open_[~similar(self.forms.joined, left[open_], right[open_], LOOSE)]
        found[:] = True
        found[open_] = few_edits(self.forms.joined, left[open_], right[open_], _EDITS)
        return found

    def _by_form(self, left: Ints, right: Ints) -> Bools:
        forms = self.forms
        found = (forms.tokens[left] & forms.tokens[right]) != 0
        found |= forms.anagrams[left] == forms.anagrams[right]
        found |= forms.whole.begins(left, right)
        ours, theirs = forms.flags[left], forms.flags[right]
        either, both = ours | theirs, ours & theirs
        odd = np.flatnonzero((either & (_ONE_LETTER | _SEVERAL)) != 0)
        a, b = left[odd], right[odd]
        same_start = forms.first.beginnings[a, 0] == forms.first.beginnings[b, 0]
        found[odd] |= ((either[odd] & _ONE_LETTER) != 0) & same_start
        found[odd] |= forms.first.within_edits(a, b, _EDITS)
        listed = np.flatnonzero((both & _NICKNAMED) != 0)
        a, b = left[listed], right[listed]
        for codes in (forms.whole_codes, forms.first_codes):
            found[listed] |= _is_among(codes[a] * _MOST_WORDS + codes[b], forms.nicknames)
        return found


@dataclass(frozen=True, slots=True)
class Generations:
    """The generation that each word carries, as its place in `GENERATIONS`; `levels` are those of two of them."""

    said: Ints
    levels: Ints

    @classmethod
    def of(cls, words: Sequence[str]) -> Generations:
        said = [*(GENERATIONS.index(generation(word)) for word in words), 0]
        levels = [[GENERATION.names.index(level_of("generation", a, b)) for b in GENERATIONS] for a in GENERATIONS]
        return cls(np.array(said, np.int64), np.array(levels, np.int64))

    def of_names(self, given: Ints, family: Ints) -> Ints:
        """The generations of names, by the codes of their parts."""
        return np.where(self.said[given] != 0, self.said[given], self.said[family])


_MOST_WORDS = 1 << 31


def _numbered(texts: Iterable[str], known: dict[str, int]) -> Ints:
    return np.array([known.setdefault(text, len(known)) for text in texts], np.int64)


def _tokens(joined: str, parts: Sequence[str]) -> int:
    bits = 0
    for word in {joined, *parts}:
        bits |= 1 << (crc32(sound(word).encode()) & 63)
        if (group := spelling_group(word)) is not None:
            bits |= 1 << (crc32(b"%d" % group) & 63)
    return bits


def _flags(word: str, parts: Sequence[str]) -> int:
    flags = _OWN_LETTERS if is_in_own_letters(word) else 0
    if parts:
        joined = "".join(parts)
        flags |= _ONE_LETTER if len(parts[0]) == 1 or len(joined) == 1 else 0
        flags |= _SEVERAL if len(parts) > 1 else 0
        flags |= _NICKNAMED if nicknames_of(joined) or nicknames_of(parts[0]) else 0
    return flags


def _nicknames(known: dict[str, int]) -> Ints:
    """The pairs of words that are short forms of each other, as sorted keys."""
    pairs = [
        code * _MOST_WORDS + known[other]
        for word, code in known.items()
        for other in nicknames_of(word)
        if other in known
    ]
    return np.sort(np.array(pairs, np.int64))


def _is_among(keys: Ints, ordered: Ints) -> Bools:
    if not len(ordered):
        return np.zeros(len(keys), np.bool_)
    places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return ordered[places] == keys
