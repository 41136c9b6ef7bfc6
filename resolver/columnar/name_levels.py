"""The levels of names: those of single words from arrays, as `name_comparisons` has them, all others by the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from vitograph.resolver.columnar.frame import Bools, Floats, Ints
from vitograph.resolver.columnar.levels import strings
from vitograph.resolver.columnar.words import Forms
from vitograph.resolver.comparing.comparisons import GIVEN_NAME, Ladder, level_of
from vitograph.resolver.comparing.ladder import CLOSE, LOOSE
from vitograph.resolver.comparing.names import ends_apart

_MOST_EDITS = 2
_ROUNDING = 1e-9
"""A similarity as near as this to a bar is left to the ladder."""


@dataclass(frozen=True, slots=True)
class NameJudge:
    """The levels of pairs of words under a ladder of names, by their codes."""

    ladder: Ladder
    words: Sequence[str]
    forms: Forms

    def __call__(self, left: Ints, right: Ints) -> Ints:
        names = self.ladder.names
        found = np.full(len(left), names.index("different"), np.int64)
        pairs = _Pairs.of(self.forms, left, right)
        is_plain = self.forms.is_plain(left) & self.forms.is_plain(right) & ~pairs.near_a_bar
        tests = pairs.tests(given=self.ladder.name == GIVEN_NAME.name)  # a worker of Spark has a copy
        for place, name in reversed(list(enumerate(names[:-1]))):
            if name in tests:
                found[tests[name]] = place
        for place in np.flatnonzero(~is_plain).tolist():
            found[place] = names.index(level_of(self.ladder.name, self.words[left[place]], self.words[right[place]]))
        return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of single words: the errors that part them (3: more than 2), their similarity, and the shorter length."""

    forms: Forms
    left: Ints
    right: Ints
    edits: Ints
    likeness: Floats
    shorter: Ints
    begins: Bools

    @classmethod
    def of(cls, forms: Forms, left: Ints, right: Ints) -> _Pairs:
        ours, theirs = strings(forms.joined, left), strings(forms.joined, right)
        edits = cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=_MOST_EDITS, dtype=np.int64)
        likeness = cpdist(ours, theirs, scorer=JaroWinkler.similarity, dtype=np.float64)
        begins = [a.startswith(b) or b.startswith(a) for a, b in zip(ours, theirs, strict=True)]
        shorter = np.minimum(forms.whole.lengths[left], forms.whole.lengths[right])
        return cls(forms, left, right, edits, likeness, shorter, np.array(begins, np.bool_))

    @property
    def near_a_bar(self) -> Bools:
        return (np.abs(self.likeness - CLOSE) < _ROUNDING) | (np.abs(self.likeness - LOOSE) < _ROUNDING)

    def tests(self, *, given: bool) -> Mapping[str, Bools]:
        """Which pairs pass the tests of the ladder's levels; those of several words are passed by none."""
        forms, left, right, edits, shorter = self.forms, self.left, self.right, self.edits, self.shorter
        slip = ((edits == 1) & (shorter >= 4)) | ((edits == 2) & (shorter >= 7))
        close = (self.likeness >= CLOSE) | ((edits == 1) & (shorter >= 3))
        anagram = forms.anagrams[left] == forms.anagrams[right]
        loose = (self.likeness >= LOOSE) | ((shorter >= 5) & ((edits <= 2) | anagram))
        loose &= shorter >= 4
        longer = np.maximum(forms.whole.lengths[left], forms.whole.lengths[right])
        both_known = ~forms.unknown[left] & ~forms.unknown[right]
        tests = {
            "equal": forms.whole_codes[left] == forms.whole_codes[right],
            "initial": (shorter == 1) & (forms.whole.beginnings[left, 0] == forms.whole.beginnings[right, 0]),
            "spelling": forms.are_spellings(left, right),
            "typo": slip,
            "beginning": (shorter >= 2) & (shorter < longer) & self.begins,
            "close": close,
            "loose": loose,
        }
        if given:
            apart = both_known & np.where(self.begins, self._ends_apart(both_known), close | loose)
            tests |= {"nickname": forms.are_nicknames(left, right), "typo": slip & ~both_known, "apart": apart}
        return tests

    def _ends_apart(self, both_known: Bools) -> Bools:
        """Whether the longer word is the shorter one with an ending that makes another person's name of it."""
        found = np.zeros(len(self.left), np.bool_)
        for place in np.flatnonzero(both_known & self.begins).tolist():
            words = (self.forms.joined[codes[place]] for codes in (self.left, self.right))
            found[place] = ends_apart(*sorted(words, key=len))
        return found
