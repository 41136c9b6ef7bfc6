"""How people state who they are: in the case, spelling and number format of the moment."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from benchmarks.names import NICKNAMES
from benchmarks.people import Someone

Body = dict[str, Any]


def carries(kind: str, value: str, assurance: str | None = None) -> Body:
    return {"kind": kind, "value": value} | ({"assurance": assurance} if assurance else {})


def phone(someone: Someone, at: dt.datetime, random: Random) -> Body:
    """The mobile, sometimes the landline, in one of the ways people write numbers; one in fifty has a wrong digit."""
    number = random.choice([someone.mobile_at(at)] * 3 + [someone.home.landline])
    if random.random() < 0.02:
        place = random.randrange(5, len(number))
        number = number[:place] + random.choice("0123456789") + number[place + 1 :]
    area, exchange, line = number[2:5], number[5:8], number[8:]
    written = random.choice(
        [number, f"+1 ({area}) {exchange}-{line}", f"({area}) {exchange}-{line}", f"{area}.{exchange}.{line}"]
    )
    return carries("phone", written) | ({} if written.startswith("+") else {"region": "US"})


def mailbox(someone: Someone, random: Random) -> str:
    """An address of one's own, or the family's, in the case of the moment; one in fifty has a slip before the @."""
    shared = someone.home.mailbox if random.random() < 0.35 else None
    address = shared or random.choice(someone.emails)
    if random.random() < 0.02:
        local, _, domain = address.partition("@")
        address = f"{mistyped(local, random).replace('..', '.').strip('.')}@{domain}"
    return address.title() if random.random() < 0.1 else address


def device(someone: Someone, random: Random) -> str:
    shares = len(someone.home.members) > 1 and random.random() < 0.25
    return someone.home.tablet if shares else someone.cookie


def address(someone: Someone) -> dict[str, str]:
    home = someone.home
    return {
        "street": home.street,
        "city": home.city,
        "region": home.region,
        "postal_code": home.postal_code,
        "country": "US",
    }


def name(someone: Someone, random: Random) -> dict[str, str]:
    """As typed: one given name in seven is a nickname, one name in ten has a typo."""
    family = mistyped(someone.family, random) if random.random() < 0.05 else someone.family
    return {"given_name": given_name(someone, random), "family_name": family}


def given_name(someone: Someone, random: Random) -> str:
    if random.random() < 1 / 7:
        return NICKNAMES.get(someone.given, someone.given)
    return mistyped(someone.given, random) if random.random() < 0.05 else someone.given


def mistyped(word: str, random: Random) -> str:
    """One slip of a finger after the first letter: left out, doubled, swapped or hit beside."""
    at = random.randrange(1, len(word) - 1)
    return random.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + random.choice("aeiostrn") + word[at + 1 :],
        ]
    )
