"""Made-up people in households: who they are, and by which identifiers they can be known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from anyascii import anyascii

from benchmarks.names import CITIES, CULTURES, FIRMS, ROLES, STREETS, TWINS, Culture

AREA_CODES = ("212", "312", "415", "503", "617", "702", "808", "916", "305", "404")
DOMAINS = ("example.com", "mail.example.org", "post.example.net", "inbox.example.com", "letters.example.org")
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
    """A true person. `cookie` is that of their own browser now; a wipe replaces it. `mobile` is their number until
    `next_mobile` says from when on they have another.
    """

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
    next_mobile: tuple[dt.datetime, str] | None = None

    def mobile_at(self, at: dt.datetime) -> str:
        return self.next_mobile[1] if self.next_mobile and at >= self.next_mobile[0] else self.mobile


@dataclass(frozen=True, slots=True)
class Firm:
    """A place of work whose people share a mailbox and a switchboard."""

    mailbox: str
    switchboard: str
    members: tuple[Someone, ...]


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
    """That many people, household by household. One home in eight with two or more members has twins."""
    people: list[Someone] = []
    while len(people) < persons:
        size = min(random.choices(_HOUSEHOLD_SIZES, _HOUSEHOLD_WEIGHTS)[0], persons - len(people))
        people += _household(f"h{len(people):05d}", size, random, registry).members
    return people


def employ(people: Sequence[Someone], random: Random, registry: Registry) -> list[Firm]:
    """One firm for every 150 people; a person may work in several. The first one is read at info@."""
    firms = []
    for number in range(max(1, len(people) // 150)):
        name = FIRMS[number] if number < len(FIRMS) else f"{random.choice(FIRMS)}-{number}"
        # Every third firm has a mailbox that no list of role mailboxes knows.
        local = ROLES[number % len(ROLES)] if number % 3 < 2 else name.replace("-", ".")
        members = random.sample(people, min(random.randrange(4, 13), len(people)))
        firms.append(Firm(f"{local}@{name}.example.com", registry.phone(), tuple(members)))
    return firms


def recycle_numbers(
    people: Sequence[Someone], start: dt.datetime, length: dt.timedelta, random: Random
) -> dict[str, tuple[str, str]]:
    """Hands the mobile numbers of one person in twenty to strangers: number -> (who had it, who has it then).

    The former owner has another number from some day on; the next one gets theirs when a tenth of `length` has passed.
    """
    count = len(people) // 20
    drawn = random.sample(people, min(2 * count, len(people) // 2 * 2))
    handed: dict[str, tuple[str, str]] = {}
    for former, following in zip(drawn[::2], drawn[1::2], strict=True):
        if former.home is following.home:
            continue
        left = start + length * random.uniform(0.2, 0.6)
        former.next_mobile = left, following.mobile
        following.next_mobile = left + length / 10, former.mobile
        # Who follows was known by the landline only; the number they never used is the former owner's new one.
        following.mobile = following.home.landline
        handed[former.mobile] = former.id, following.id
    return handed


def _household(id: str, size: int, random: Random, registry: Registry) -> Household:
    culture = random.choice(CULTURES)
    family = culture.some_family(random)
    city, region, first_code = random.choice(CITIES)
    home = Household(
        id=id,
        street=f"{random.randrange(1, 200)} {random.choice(STREETS)}",
        city=city,
        region=region,
        postal_code=f"{first_code + random.randrange(8):05d}",
        landline=registry.phone(),
        tablet=registry.cookie(),
        mailbox=registry.mailbox("the", family) if size > 1 and random.random() < 0.35 else None,
    )
    for number in range(size):
        own = culture.some_family(random) if number == 1 and random.random() < 0.15 else family
        home.members.append(_someone(home, culture, own, random, registry))
    if size > 1 and random.random() < 1 / 8:
        _make_twins(home.members[-2], home.members[-1], random, registry)
    return home


def _someone(home: Household, culture: Culture, family: str, random: Random, registry: Registry) -> Someone:
    gender = random.choice("mf")
    is_child = len(home.members) > 1
    given = _given_name(home, culture, gender, is_child, random)
    # Parents first, children after them: a generation apart.
    year = random.randrange(1995, 2008) if is_child else random.randrange(1955, 1990)
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


def _given_name(home: Household, culture: Culture, gender: str, is_child: bool, random: Random) -> str:
    """One that nobody at home has; but one child in fifty is called like a parent of the same gender."""
    namesakes = [member.given for member in home.members[:2] if member.gender == gender]
    if is_child and namesakes and random.random() < 0.02:
        return namesakes[0]
    taken = {member.given for member in home.members}
    while (given := culture.some_given(gender, random)) in taken:
        pass
    return given


def _mailboxes(given: str, family: str, random: Random, registry: Registry) -> list[str]:
    """One address, and in a quarter of the people a second one."""
    forms = [(given, family), (given[0], family), (given, str(random.randrange(50, 99)))]
    return [registry.mailbox(*form) for form in random.sample(forms, 2 if random.random() < 0.25 else 1)]


def _make_twins(elder: Someone, younger: Someone, random: Random, registry: Registry) -> None:
    """Same birth date, same family name; given names that differ by a letter, or, in every second pair, altogether."""
    if elder.given == younger.given or random.random() < 0.5:
        elder.gender = younger.gender = random.choice("mf")
        elder.given, younger.given = random.choice(TWINS[elder.gender])
    for twin in (elder, younger):
        twin.family, twin.born = elder.family, elder.born
        twin.emails = _mailboxes(twin.given, twin.family, random, registry)
    elder.twin_of, younger.twin_of = younger.id, elder.id
