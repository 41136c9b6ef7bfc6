"""ViTo's side: columns of the records, the pairs of six rules, and what the weigher says of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np

from benchmarks.scoring.records import FIELDS, Record, profile_of
from vitograph.resolver.columnar.crossing import distinct
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.pairs import Keyed, Together, together
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.model import IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.parameters_json import load_model

RULES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("given_name", 0), ("family_name", 0)),
    (("family_name", 0), ("date_of_birth", 0)),
    (("given_name", 0), ("date_of_birth", 0)),
    (("email", 0),),
    (("phone", 0),),
    (("given_name", 2), ("family_name", 4), ("city", 0)),
)
"""Fields that must agree, each in its first so many letters (0: whole)."""


class Counted:
    """A population counted from the records."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.persons = len(records)
        self.stated: dict[str, Counter[str]] = defaultdict(Counter)
        for name in FIELDS[:4]:
            self.stated[name] = Counter(value for record in records if (value := record.fields[name]))
        both = (f"{record.fields['given_name']} {record.fields['family_name']}" for record in records)
        self.stated["full_name"] = Counter(both)
        keys = ([f"{kind}:{record.fields[kind]}" for record in records if record.fields[kind]] for kind in FIELDS[4:])
        self.holders = Counter(chain.from_iterable(keys))

    def frequency(self, field: str, value: str) -> int:
        return self.stated[field][value]

    def use(self, key: str) -> IdentifierUse:
        return IdentifierUse(IdentifierStatus.EXCLUSIVE, self.holders[key])


def block(records: Sequence[Record]) -> Together:
    """The pairs of the six rules, by sorting."""
    owners, keys, first = [], [], 0
    for rule in RULES:
        code = np.zeros(len(records), np.int64)
        there = np.ones(len(records), np.bool_)
        for name, letters in rule:
            known: dict[str, int] = {}
            part = np.empty(len(records), np.int64)
            for place, record in enumerate(records):
                value = record.fields[name]
                part[place] = (
                    -1 if value is None else known.setdefault(value[:letters] if letters else value, len(known))
                )
            there &= part >= 0
            code = code * (len(known) + 1) + part
        owner = np.flatnonzero(there)
        number = distinct(code[owner])[1]
        owners.append(owner)
        keys.append(number + first)
        first += int(number.max(initial=-1)) + 1
    return together(Keyed(np.concatenate(owners), np.concatenate(keys)))


def frame_of(records: Sequence[Record]) -> Frame:
    return Frame.of(map(profile_of, records))


def weigher_of(frame: Frame, counted: Counted) -> Weigher:
    return Weigher(frame, counted, load_model())
