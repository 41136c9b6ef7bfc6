"""Made-up persons by the million: names, places and identifiers with a few very common values and a long tail.

Household by household, each a function of its number alone, so that several processes make them in parallel and a
benchmark can ask again for somebody who is in the graph. One person in sixteen is there twice, with other identifiers.
"""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from benchmarks.stating import mistyped
from vitograph.resolver.model import Address, Assurance, Carried, Identifier, Traits

GIVEN, FAMILY, STREETS, CITIES = 4_000, 60_000, 5_000, 1_500
_SIZES, _WEIGHTS = (1, 2, 3, 4, 5), (35, 25, 17, 17, 6)
_ONSETS = (
    "b",
    "br",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sch",
    "st",
    "t",
    "v",
    "w",
)
_NUCLEI = ("a", "e", "i", "o", "u", "ei", "au", "ie")
_CODAS = ("", "n", "r", "l", "s", "nn", "rt", "ck", "nd")


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody as one channel knows them."""

    traits: Traits
    carried: tuple[Carried, ...]


class Vocabulary:
    """Made-up words of which the first are drawn far more often than the last, as names are: 1 / (rank + 25)."""

    def __init__(self, size: int, syllables: int, seed: int) -> None:
        random = Random(seed)
        words: dict[str, None] = {}
        while len(words) < size:
            parts = (
                random.choice(_ONSETS) + random.choice(_NUCLEI) + random.choice(_CODAS)
                for _ in range(random.randint(2, syllables))
            )
            words["".join(parts)] = None
        self.words: Sequence[str] = tuple(words)
        self._cumulative = tuple(itertools.accumulate(1 / (rank + 25) for rank in range(size)))

    def draw(self, random: Random) -> str:
        return self.words[bisect(self._cumulative, random.random() * self._cumulative[-1])]


@cache
def vocabularies() -> tuple[Vocabulary, Vocabulary, Vocabulary, Vocabulary]:
    """Given names, family names, streets, cities."""
    return Vocabulary(GIVEN, 3, 1), Vocabulary(FAMILY, 4, 2), Vocabulary(STREETS, 4, 3), Vocabulary(CITIES, 3, 4)


def household(number: int) -> Iterator[Resident]:
    """The members of one home, and their doubles."""
    random = Random(number)
    given, family, streets, cities = vocabularies()
    name, town = family.draw(random), cities.draw(random)
    code = f"{sum(map(ord, town)) * 97 % 800 + 100}{random.randrange(20):02d}"
    street = f"{random.randrange(1, 200)} {streets.draw(random)} street"
    address = Address(street, town, None, code, "us")
    landline = _phone(number, 9)
    for place in range(random.choices(_SIZES, _WEIGHTS)[0]):
        traits = Traits(
            given_name=given.draw(random),
            family_name=name,
            date_of_birth=(dt.date(1940, 1, 1) + dt.timedelta(days=random.randrange(24_000))).isoformat()
            if random.random() < 0.9
            else None,
            address=address if random.random() < 0.8 else None,
        )
        someone = Resident(
            traits, tuple(_identifiers(traits, f"{number}-{place}", number * 8 + place, landline, random))
        )
        yield someone
        if random.random() < 1 / 16:
            yield double(someone, f"{number}-{place}-2", random)


def double(someone: Resident, name: str, random: Random) -> Resident:
    """The same person with a new account and mailbox, one time in two with the old phone; one name in ten misspelt."""
    family = someone.traits.family_name or ""
    traits = replace(
        someone.traits,
        family_name=mistyped(family, random) if random.random() < 0.1 else family,
        address=someone.traits.address if random.random() < 0.6 else None,
    )
    kept = [c for c in someone.carried if c.identifier.kind == "phone" and random.random() < 0.5]
    return Resident(traits, (_account(name), _mailbox(traits, random), *kept))


def _identifiers(traits: Traits, name: str, number: int, landline: Identifier, random: Random) -> Iterator[Carried]:
    yield _account(name)
    if random.random() < 0.85:
        yield _mailbox(traits, random)
    chance = random.random()
    if chance < 0.8:
        yield Carried(landline if chance < 0.2 else _phone(number, 6), Assurance.ASSERTED)


def _account(name: str) -> Carried:
    return Carried(Identifier.parse(f"user_id:shop:{name}"), Assurance.VERIFIED)


def _mailbox(traits: Traits, random: Random) -> Carried:
    words = f"{traits.given_name}.{traits.family_name}{random.randrange(10_000)}"
    return Carried(Identifier.parse(f"email:{words}@example.com"), Assurance.ASSERTED)


def _phone(number: int, area: int) -> Identifier:
    """Scattered, so that strangers' numbers are not a digit apart by construction."""
    return Identifier.parse(f"phone:+49{area}{number * 5_196_311 % 899_999_963 + 100_000_000}")
