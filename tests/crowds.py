"""Crowds: people in households, each seen as one to three views, as channels state them, with errors."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from benchmarks import stating
from benchmarks.people import Registry, Someone, settle
from vitograph.graph.batch.population import WholePopulation
from vitograph.resolver.model import (
    Address,
    Assurance,
    Held,
    Identifier,
    IdentifierStatus,
    IdentifierUse,
    PersonKind,
    Profile,
)

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def crowd(people: int, seed: int = 1) -> list[Profile]:
    """Known views of so many people. One view in eight may state a second name, date or address; some state no name."""
    random = Random(seed)
    views = []
    for someone in settle(people, random, Registry(random)):
        views += [
            _view(f"v{len(views) + number:06d}", someone, random) for number in range(random.choice((1, 2, 2, 3)))
        ]
    return views


def population_of(profiles: Iterable[Profile]) -> WholePopulation:
    """What is counted over these views; every seventh e-mail address is suspected, every eleventh phone shared."""
    views = list(profiles)
    frequencies: dict[str, Counter[str]] = defaultdict(Counter)
    holders: Counter[str] = Counter()
    for view in views:
        frequencies["given_name"].update(set(view.given_names))
        frequencies["family_name"].update(set(view.family_names))
        frequencies["full_name"].update({*view.full_names, *map(" ".join, view.names)})
        frequencies["date_of_birth"].update(set(view.birth_dates))
        for part in ("street", "city", "region", "postal_code"):
            frequencies[part].update({value for a in view.addresses if (value := getattr(a, part))})
        holders.update(view.identifiers.keys())
    uses = {
        key: IdentifierUse(_status(key, place), count) for place, (key, count) in enumerate(sorted(holders.items()))
    }
    return WholePopulation(len(views), dict(frequencies), uses)


def _status(key: str, place: int) -> IdentifierStatus:
    if key.startswith("email") and place % 7 == 0:
        return IdentifierStatus.SUSPECTED
    return IdentifierStatus.SHARED if key.startswith("phone") and place % 11 == 0 else IdentifierStatus.EXCLUSIVE


def _view(id: str, someone: Someone, random: Random) -> Profile:
    times = 2 if random.random() < 1 / 8 else 1
    names = list(dict.fromkeys(_name(someone, random) for _ in range(times)))
    given = tuple(dict.fromkeys(name[0] for name in names if name[0]))
    family = tuple(dict.fromkeys(name[1] for name in names if name[1]))
    full = (f"{someone.given} {someone.family}".casefold(),) if random.random() < 0.05 else ()
    return Profile(
        id,
        PersonKind.KNOWN,
        given,
        family,
        full,
        tuple(name for name in names if all(name)),
        tuple(dict.fromkeys(_born(someone, random) for _ in range(times) if random.random() < 0.8)),
        tuple({someone.gender if random.random() < 0.97 else "f" for _ in range(times) if random.random() < 0.7}),
        tuple(dict.fromkeys(_address(someone, random) for _ in range(times) if random.random() < 0.6)),
        _holds(someone, random),
    )


def _name(someone: Someone, random: Random) -> tuple[str, str]:
    stated = stating.name(someone, random)
    name = (stated["given_name"].casefold(), stated["family_name"].casefold())
    chance = random.random()
    if chance < 0.04:
        return name[1], name[0]
    if chance < 0.08:
        return name[0][:1], name[1]
    return (name[0], "") if chance < 0.1 else ("", "") if chance < 0.12 else name


def _born(someone: Someone, random: Random) -> str:
    born, chance = someone.born, random.random()
    if chance < 0.04 and born.day <= 12:
        born = born.replace(day=born.month, month=born.day)
    elif chance < 0.08:
        born += dt.timedelta(days=random.choice((1, 10, 30, -2)))
    return born.isoformat()


def _address(someone: Someone, random: Random) -> Address:
    parts = {key: value.casefold() for key, value in stating.address(someone).items()}
    if random.random() < 0.1:
        parts["street"] = stating.mistyped(parts["street"], random)
    return Address(**{key: value for key, value in parts.items() if random.random() < 0.85})


def _holds(someone: Someone, random: Random) -> dict[str, Held]:
    held: dict[str, Held] = {}
    stated = [f"phone:{random.choice((someone.mobile, someone.mobile, someone.home.landline))}"] * (
        random.random() < 0.5
    )
    for kind, value, chance in (
        ("email", stating.mailbox(someone, random).lower(), 0.5),
        ("email", someone.emails[-1], 0.1),
        ("cookie", stating.device(someone, random), 0.4),
        ("cookie", someone.home.tablet, 0.1),
        ("session", f"{someone.home.id}-{random.randrange(3)}", 0.1),
        ("user_id", f"shop:{random.choice(someone.accounts)}", 0.2),
        ("user_id", f"crm:{random.randrange(10**9)}", 0.1),
    ):
        stated += [f"{kind}:{value}"] * (random.random() < chance)
    for key in stated:
        first = START + dt.timedelta(days=random.randrange(600))
        last = first + dt.timedelta(days=random.randrange(100))
        held[key] = Held(Identifier.parse(key), random.choice(list(Assurance)), first, last, random.randrange(1, 9))
    return held
