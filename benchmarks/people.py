"""Made-up people in households: who they are, and by which identifiers they can be known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from random import Random

from anyascii import anyascii

from benchmarks.names import CITIES, CULTURES, STREETS, TWINS, Culture

AREA_CODES = ("212", "312", "415", "503", "617", "702", "808", "916", "305", "404")
DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org")
_LEAST_NUMBER, _NUMBERS = 2_000_000, 8_000_000
_STRIDE = 5_196_311  # prime, so the numbers of an area code repeat after 8 million only
_HOUSEHOLD_SIZES = (1, 2, 3, 4, 5)
_HOUSEHOLD_WEIGHTS = (35, 25, 17, 17, 6)


@dataclass(slots=True)
class Household:
    """A home. Several people share its landline, its tablet (a cookie) and, in some, its mailbox."""

    id: str
    street: str
    city: str
    region: str
    postal_code: str
    landline: str
    tablet: str
    mailbox: str | None
    members: list[Someone] = field(default_factory=list)


@dataclass(slots=True)
class Someone:
    """A true person. `cookie` is that of their own browser now; a wipe replaces it."""

    id: str
    given: str
    family: str
    gender: str
    born: dt.date
    emails: list[str]
    mobile: str
    accounts: list[str]
    cookie: str
    home: Household
    twin_of: str | None = None


class Registry:
    """Hands out identifiers, each to one person unless it is meant to be shared."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._phones = count()
        self._accounts = count(1001)
        self._mailboxes: set[str] = set()

    def cookie(self) -> str:
        return f"c-{self.random.getrandbits(64):016x}"

    def session(self) -> str:
        return f"s-{self.random.getrandbits(64):016x}"

    def account(self) -> str:
        return f"shop:{next(self._accounts)}"

    def phone(self) -> str:
        """E.164, never the same twice, and scattered: strangers' numbers are not a digit apart by construction."""
        number = next(self._phones)
        area = AREA_CODES[number % len(AREA_CODES)]
        return f"+1{area}{_LEAST_NUMBER + number * _STRIDE % _NUMBERS}"

    def mailbox(self, *words: str) -> str:
        """An address of the words in ASCII, never the same twice."""
        local = ".".join("".join(filter(str.isalnum, anyascii(word).lower())) for word in words)
        address = f"{local}@{self.random.choice(DOMAINS)}"
        while address in self._mailboxes:
            address = f"{local}{self.random.randrange(10, 9999)}@{self.random.choice(DOMAINS)}"
        self._mailboxes.add(address)
        return address


def settle(persons: int, random: Random, registry: Registry) -> list[Someone]:
    """That many people, household by household. One home in twelve with two or more members has twins."""
    people: list[Someone] = []
    while len(people) < persons:
        size = min(random.choices(_HOUSEHOLD_SIZES, _HOUSEHOLD_WEIGHTS)[0], persons - len(people))
        people += _household(f"h{len(people):05d}", size, random, registry).members
    return people


def _household(id: str, size: int, random: Random, registry: Registry) -> Household:
    culture = random.choice(CULTURES)
    family = random.choice(culture.family)
    city, region, postal_code = random.choice(CITIES)
    home = Household(
        id=id,
        street=f"{random.randrange(1, 200)} {random.choice(STREETS)}",
        city=city,
        region=region,
        postal_code=postal_code,
        landline=registry.phone(),
        tablet=registry.cookie(),
        mailbox=registry.mailbox("the", family) if size > 1 and random.random() < 0.35 else None,
    )
    for _ in range(size):
        home.members.append(_someone(home, culture, family, random, registry))
    if size > 1 and random.random() < 1 / 6:
        _make_twins(home.members[-2], home.members[-1], random, registry)
    return home


def _someone(home: Household, culture: Culture, family: str, random: Random, registry: Registry) -> Someone:
    gender = random.choice("mf")
    taken = {member.given for member in home.members}
    given = random.choice([name for name in culture.given[gender] if name not in taken])
    # Parents first, children after them: a generation apart.
    year = random.randrange(1955, 1990) if len(home.members) < 2 else random.randrange(1995, 2008)
    born = dt.date(year, 1, 2) + dt.timedelta(days=random.randrange(363))
    own_name = culture.family_name(family, gender)
    return Someone(
        id=f"p{home.id[1:]}{len(home.members)}",
        given=given,
        family=own_name,
        gender=gender,
        born=born,
        emails=_mailboxes(given, own_name, random, registry),
        mobile=registry.phone(),
        accounts=[registry.account() for _ in range(2 if random.random() < 0.06 else 1)],
        cookie=registry.cookie(),
        home=home,
    )


def _mailboxes(given: str, family: str, random: Random, registry: Registry) -> list[str]:
    """One address, and in a quarter of the people a second one."""
    forms = [(given, family), (given[0], family), (given, str(random.randrange(50, 99)))]
    return [registry.mailbox(*form) for form in random.sample(forms, 2 if random.random() < 0.25 else 1)]


def _make_twins(elder: Someone, younger: Someone, random: Random, registry: Registry) -> None:
    """Same birth date, same family name, given names that differ by a letter."""
    gender = random.choice("mf")
    for twin, given in zip((elder, younger), TWINS[gender], strict=True):
        twin.gender, twin.given, twin.family, twin.born = gender, given, elder.family, elder.born
        twin.emails = _mailboxes(given, elder.family, random, registry)
    elder.twin_of, younger.twin_of = younger.id, elder.id
