"""Registers of our own making: people in households, each entered several times, with the errors of whoever typed.

The people are those of the world (`people.py`): homes with a landline, families of one name, twins, children called
like a parent. Three registers differ in what they ask and in how they err: `clinic` has birth dates, addresses and one
phone number for the whole home; `shop` has e-mail addresses and phone numbers and hardly a birth date; `club` has few
people, entered many times, badly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.names import NICKNAMES
from benchmarks.people import Registry, Someone, settle

Fields = dict[str, str]
"""Import field -> what was written down."""


@dataclass(frozen=True, slots=True)
class Register:
    """What is asked and how it goes wrong.

    `entries` are the weights of 1, 2, 3, ... entries of a person. `stated` maps each import field to how often it is
    stated at all. `slips` is the chance that a value gets an error, and each error another one; `wrong_date` that a
    birth date is wrong by more than a slip; `swapped` that the two names change places; `nickname` and `initial` what
    stands for the given name; `moved` that the entry has another home's address; `married` that a woman's has another
    family name; `home_phone` and `home_mail` that the home's number or mailbox stands for one's own.
    """

    entries: Sequence[float]
    stated: Mapping[str, float]
    slips: float
    wrong_date: float
    swapped: float
    nickname: float
    initial: float
    moved: float
    married: float
    home_phone: float
    home_mail: float


_NAMES = {"given_name": 0.97, "family_name": 0.98}
REGISTERS: Mapping[str, Register] = {
    "clinic": Register(
        entries=(50, 25, 12, 8, 5),
        stated=_NAMES
        | {"date_of_birth": 0.85, "gender": 0.9, "street": 0.9, "city": 0.95, "region": 0.9, "postal_code": 0.9}
        | {"phone": 0.6},
        slips=0.18,
        wrong_date=0.06,
        swapped=0.05,
        nickname=0.06,
        initial=0.02,
        moved=0.12,
        married=0.03,
        home_phone=0.5,
        home_mail=0.0,
    ),
    "shop": Register(
        entries=(45, 30, 15, 10),
        stated=_NAMES | {"email": 0.75, "phone": 0.6, "city": 0.8, "region": 0.7, "date_of_birth": 0.1},
        slips=0.08,
        wrong_date=0.03,
        swapped=0.02,
        nickname=0.12,
        initial=0.05,
        moved=0.1,
        married=0.03,
        home_phone=0.3,
        home_mail=0.2,
    ),
    "club": Register(
        entries=(10, 10, 15, 20, 15, 10, 10, 10),
        stated={"given_name": 0.82, "family_name": 0.82, "date_of_birth": 0.85, "city": 0.82, "email": 0.8},
        slips=0.3,
        wrong_date=0.15,
        swapped=0.12,
        nickname=0.08,
        initial=0.03,
        moved=0.05,
        married=0.02,
        home_phone=0.0,
        home_mail=0.1,
    ),
}


@dataclass(frozen=True, slots=True)
class Entered:
    """`rows` are (record, person, fields) in an order that tells nothing; `people` are those persons by their id."""

    rows: list[tuple[str, str, Fields]]
    people: dict[str, Someone]


def enter(register: Register, persons: int, seed: int) -> Entered:
    """The register of that many people."""
    random = Random(f"register {seed}")
    people = settle(persons, random, Registry(random))
    clerk = _Clerk(register, people, random)
    rows = []
    for someone in people:
        for _ in range(1 + random.choices(range(len(register.entries)), register.entries)[0]):
            rows.append((someone.id, clerk.write(someone)))
    random.shuffle(rows)
    numbered = [(f"r{number:06d}", person, fields) for number, (person, fields) in enumerate(rows)]
    return Entered(numbered, {someone.id: someone for someone in people})


@dataclass(frozen=True, slots=True)
class _Clerk:
    register: Register
    people: Sequence[Someone]
    random: Random

    def write(self, someone: Someone) -> Fields:
        """One entry. Whatever nobody said is left out; an entry says a name or a birth date at least."""
        said = self._names(someone) | self._contacts(someone) | self._address(someone)
        said["date_of_birth"] = self._date(someone.born)
        said["gender"] = someone.gender
        chosen = {field: self._slip(field, said[field]) for field in said if self._often(self.register.stated, field)}
        return chosen or {"family_name": said["family_name"]}

    def _often(self, chances: Mapping[str, float], field: str) -> bool:
        return self.random.random() < chances.get(field, 0.0)

    def _names(self, someone: Someone) -> Fields:
        given, family, register = someone.given, someone.family, self.register
        if self.random.random() < register.nickname:
            given = NICKNAMES.get(given, given)
        if self.random.random() < register.initial:
            given = given[0]
        if someone.gender == "f" and self.random.random() < register.married:
            family = self.random.choice(self.people).family
        if self.random.random() < register.swapped:
            given, family = family, given
        return {"given_name": given, "family_name": family}

    def _contacts(self, someone: Someone) -> Fields:
        at_home = self.random.random() < self.register.home_phone
        ours = someone.home.mailbox if self.random.random() < self.register.home_mail else None
        return {
            "phone": someone.home.landline if at_home else someone.mobile,
            "email": ours or self.random.choice(someone.emails),
        }

    def _address(self, someone: Someone) -> Fields:
        home = someone.home if self.random.random() >= self.register.moved else self.random.choice(self.people).home
        return {"street": home.street, "city": home.city, "region": home.region, "postal_code": home.postal_code}

    def _date(self, born: dt.date) -> str:
        """The date, or a wrong one: day and month swapped, the first of January, another year, another day."""
        if self.random.random() >= self.register.wrong_date:
            return born.isoformat()
        year, month, day = born.year, born.month, born.day
        wrong = [(year, day, month) if day <= 12 else (year, 1, 1), (year, 1, 1)]
        wrong += [(year + self.random.choice((-10, -1, 1, 10)), month, min(day, 28))]
        wrong += [(year, self.random.randrange(1, 13), self.random.randrange(1, 29))]
        return dt.date(*self.random.choice(wrong)).isoformat()

    def _slip(self, field: str, value: str) -> str:
        """The value with as many errors as it gets; a gender has none."""
        while field != "gender" and len(value) > 2 and self.random.random() < self.register.slips:
            value = _one_digit(value, self.random) if field == "date_of_birth" else _one_slip(value, self.random)
        return value


def _one_digit(date: str, random: Random) -> str:
    """Another digit at one place: what comes out need not be a date."""
    place = random.choice([place for place, sign in enumerate(date) if sign.isdecimal()][2:])
    return date[:place] + random.choice("0123456789") + date[place + 1 :]


_HEARD = (
    ("ph", "f"),
    ("ck", "k"),
    ("ei", "ie"),
    ("th", "t"),
    ("z", "s"),
    ("y", "i"),
    ("c", "k"),
    ("mm", "m"),
    ("nn", "n"),
)
"""What is written for what was heard, either way."""
_BESIDE = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "n": "bm", "s": "ad", "t": "ry", "r": "et", "l": "k", "m": "n"}


def _one_slip(word: str, random: Random) -> str:
    """A letter lost, doubled, swapped, hit beside or misread, a sound spelt otherwise, or the end cut off."""
    at = random.randrange(len(word) - 1)
    kind = random.random()
    if kind < 0.2:
        return word[:at] + word[at + 1 :]
    if kind < 0.35:
        return word[:at] + word[at] + word[at:]
    if kind < 0.55:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.8:
        beside = "0123456789" if word[at].isdecimal() else _BESIDE.get(word[at].lower(), "aeiost")
        return word[:at] + random.choice(beside) + word[at + 1 :]
    if kind < 0.95:
        heard = [pair for pair in _HEARD for pair in (pair, pair[::-1]) if pair[0] in word.lower()]
        if heard:
            one, other = random.choice(heard)
            place = word.lower().index(one)
            return word[:place] + other + word[place + len(one) :]
    return word[: max(3, len(word) - random.randrange(1, 4))]
