"""Made-up customer records with duplicates and errors, as many as wanted; everything follows from number and seed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks.names import CITIES, CULTURES
from vitograph.resolver.model import Address, Assurance, Held, Identifier, IdentifierKind, PersonKind, Profile

FIELDS = ("given_name", "family_name", "date_of_birth", "city", "email", "phone")
SEEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_SYLLABLES = (
    "ba",
    "ber",
    "cor",
    "dal",
    "den",
    "fel",
    "gar",
    "hol",
    "kin",
    "lan",
    "mar",
    "nes",
    "or",
    "pel",
    "ros",
    "ton",
)
_ERRORS = {"given_name": 0.2, "family_name": 0.15, "date_of_birth": 0.1, "email": 0.1, "phone": 0.08}
_MISSING = {"given_name": 0.05, "family_name": 0.02, "date_of_birth": 0.05, "city": 0.1, "email": 0.3, "phone": 0.3}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a customer file; `person` is whom it is about."""

    id: str
    person: int
    fields: dict[str, str | None]


def make_records(count: int, seed: int = 1) -> list[Record]:
    """So many records of people of whom half have one, the others up to five. Family names grow with their number."""
    random = Random(seed)
    given = sorted({name for culture in CULTURES for names in culture.given.values() for name in names})
    family = [
        "".join(random.choices(_SYLLABLES, k=random.randrange(2, 5))) for _ in range(max(2000, int(40 * count**0.5)))
    ]
    weights = list(accumulate(1 / (place + 20) for place in range(len(family))))
    people = 0
    records: list[Record] = []
    while len(records) < count:
        truth = _person(random, given, family, weights)
        for copy in range(random.choices((1, 2, 3, 4, 5), (50, 25, 13, 8, 4))[0]):
            fields = {name: _stated(random, name, truth[name], copy > 0) for name in FIELDS}
            records.append(Record("", people, fields))
        people += 1
    records = records[:count]
    random.shuffle(records)
    return [Record(f"{place:07d}", one.person, one.fields) for place, one in enumerate(records)]


def profile_of(record: Record) -> Profile:
    """The record as a view."""
    given, family, born, city, email, phone = (record.fields[name] for name in FIELDS)
    keys = [(IdentifierKind.EMAIL, email), (IdentifierKind.PHONE, phone)]
    held = [Held(Identifier(kind, value), Assurance.ASSERTED, SEEN, SEEN) for kind, value in keys if value]
    return Profile(
        record.id,
        PersonKind.KNOWN,
        given_names=(given,) if given else (),
        family_names=(family,) if family else (),
        names=((given, family),) if given and family else (),
        birth_dates=(born,) if born else (),
        addresses=(Address(city=city),) if city else (),
        identifiers={one.identifier.key: one for one in held},
    )


def _person(random: Random, given: list[str], family: list[str], weights: list[float]) -> dict[str, str]:
    first, last = random.choice(given).casefold(), random.choices(family, cum_weights=weights)[0]
    born = dt.date(1940, 1, 1) + dt.timedelta(days=random.randrange(25_000))
    return {
        "given_name": first,
        "family_name": last,
        "date_of_birth": born.isoformat(),
        "city": random.choice(CITIES)[0].casefold(),
        "email": f"{first[0]}.{last}{random.randrange(9999)}@{random.choice(('mail.com', 'post.org', 'work.net'))}",
        "phone": f"+1{random.randrange(2_000_000_000, 9_999_999_999)}",
    }


def _stated(random: Random, field: str, value: str, again: bool) -> str | None:
    if random.random() < _MISSING[field]:
        return None
    if not again or random.random() >= _ERRORS.get(field, 0.0):
        return value
    if field == "date_of_birth":
        return f"{value[:8]}{random.randrange(1, 29):02d}"
    place = random.randrange(len(value) - 1)
    return random.choice(
        (
            value[:place] + value[place + 1 :],
            value[:place] + value[place + 1] + value[place] + value[place + 2 :],
            value[:place] + random.choice("aeiorst0123") + value[place + 1 :],
        )
    )
