"""Sieves of e-mail addresses, phone numbers and the parts of addresses (`levels.Sieve`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Ints
from vitograph.resolver.columnar.levels import few_edits, similar
from vitograph.resolver.columnar.shapes import Shapes
from vitograph.resolver.comparing.contacts import letters_of, mailbox
from vitograph.resolver.comparing.ladder import CLOSE


@dataclass(frozen=True, slots=True)
class Spelling:
    """Two values may agree when their forms are so many errors apart at most, or so similar by Jaro-Winkler."""

    forms: list[str]
    shapes: Shapes
    edits: int
    least: float

    @classmethod
    def of(cls, forms: list[str], edits: int, least: float = 2.0) -> Spelling:
        return cls(forms, Shapes.of(forms), edits, least)

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        found = self.shapes.within_edits(left, right, self.edits)
        return found if self.least > 1 else found | self.shapes.resemble(left, right, self.least)

    def agree(self, left: Ints, right: Ints) -> Bools:
        found = few_edits(self.forms, left, right, self.edits)
        if self.least <= 1:
            open_ = np.flatnonzero(~found)
            found[open_] = similar(self.forms, left[open_], right[open_], self.least)
        return found


@dataclass(frozen=True, slots=True)
class EmailSieve:
    """Two addresses may agree by their mailbox, by a local part that resembles the other's, or by two errors."""

    mailboxes: Ints
    locals: Spelling
    letters: Ints
    whole: Spelling
    digits: Ints

    @classmethod
    def of(cls, addresses: Sequence[str]) -> EmailSieve:
        boxes = [mailbox(address) for address in addresses]
        return cls(
            mailboxes=_numbered(boxes),
            locals=Spelling.of([local for local, _ in boxes], 0, CLOSE),
            letters=_numbered([letters_of(local) for local, _ in boxes]),
            whole=Spelling.of(list(addresses), 2),
            digits=_numbered([tuple(sorted(filter(str.isdigit, address))) for address in addresses]),
        )

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        found = self._alike(left, right) | self.locals.may_agree(left, right)
        return found | ((self.digits[left] == self.digits[right]) & self.whole.may_agree(left, right))

    def agree(self, left: Ints, right: Ints) -> Bools:
        return self._alike(left, right) | self.locals.agree(left, right) | self.whole.agree(left, right)

    def _alike(self, left: Ints, right: Ints) -> Bools:
        return (self.mailboxes[left] == self.mailboxes[right]) | (self.letters[left] == self.letters[right])


@dataclass(frozen=True, slots=True)
class PhoneSieve:
    """Two numbers may agree by one error, or when one ends as the other does, zeros at its beginning aside.

    One error spares the first six digits or the last four of eleven or more.
    """

    whole: Spelling
    bare: Spelling
    ends: Ints
    heads: Ints
    short: Bools

    @classmethod
    def of(cls, numbers: Sequence[str]) -> PhoneSieve:
        bare = [number.lstrip("+") for number in numbers]
        ends = [number[-4:] if len(number.lstrip("0")) >= 4 else "" for number in bare]
        return cls(
            Spelling.of(list(numbers), 1),
            Spelling.of(bare, 1),
            _numbered(["", *ends])[1:],
            _numbered([number[:6] for number in bare]),
            np.array([len(number) < 11 for number in bare], np.bool_),
        )

    def may_agree(self, left: Ints, right: Ints) -> Bools:
        found = self._one_end(left, right)
        open_ = np.flatnonzero(
            ~found & ((self.heads[left] == self.heads[right]) | self.short[left] | self.short[right])
        )
        a, b = left[open_], right[open_]
        found[open_] = self.whole.may_agree(a, b) | self.bare.may_agree(a, b)
        return found

    def agree(self, left: Ints, right: Ints) -> Bools:
        return self._one_end(left, right) | self.whole.agree(left, right) | self.bare.agree(left, right)

    def _one_end(self, left: Ints, right: Ints) -> Bools:
        """A number of hardly any digits ends as any other does; numbers of one length differ before the end or not."""
        ours, theirs = self.ends[left], self.ends[right]
        return (ours == theirs) | (ours == 0) | (theirs == 0)


def _numbered(values: Sequence[object]) -> Ints:
    known: dict[object, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)
