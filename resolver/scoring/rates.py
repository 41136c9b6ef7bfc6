"""How telling a value is in this graph: its frequency among views, and who else might use an identifier."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Protocol

from vitograph.resolver.model import Held, IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.parameters import Frequency, Level, Model, Sharing

DAYS_PER_YEAR = 365.25


class Population(Protocol):
    """What scoring asks the graph: its size, how often values are stated, and how identifiers are used."""

    @property
    def persons(self) -> int:
        """The number of known views."""
        ...

    def frequency(self, field: str, value: str) -> int:
        """The number of distinct views that stated the value, the pair's own views included.

        Fields: given_name, family_name, full_name ("given family"), date_of_birth, postal_code, city, street.
        """
        ...

    def use(self, key: str) -> IdentifierUse:
        """How the identifier of that key is used."""
        ...


def persons_of(population: Population, model: Model) -> int:
    """The N of the model: a graph is never believed smaller than the model says, lest ten persons prove too much."""
    return max(population.persons, model.least_persons)


def kin_views(model: Model, *levels: Level) -> float:
    """Further views that are expected to state what one of a pair states, and are no strangers'.

    They are the person's own duplicates, and those of the household that share it: s times m and q times h of the level
    at which the value is equal, of all of them where it is made of several.
    """
    m, h = prod(level.m for level in levels), prod(level.h for level in levels)
    return model.prior_same * m + model.prior_household * h


def kin_at_place(model: Model, part: str) -> float:
    """`kin_views` of a part of an address: the levels at which it agrees say how often, the likeliest of them."""
    names = [name for name, place in model.places.items() if place.part == part]
    levels = [body.levels[name] for body in model.comparisons.values() for name in names if name in body.levels]
    return kin_views(model, max(levels, key=lambda level: level.h))


def on_new_year(frequency: Frequency, model: Model) -> Frequency:
    """The frequency of a birth date on 1 January, which is written where a day is not known, too."""
    return replace(frequency, mean=frequency.mean * model.rules.new_year_times)


def chance(frequency: Frequency, stated_by: int, own: float, persons: int) -> float:
    """The chance that a stranger states the value: counted among the other views, drawn to the published mean.

    `own` of the `stated_by` views are the pair's and their kin's, which are no proof. The published mean weighs as much
    as the one view it would be seen in: (others + 1) / (persons + 1/mean), so ten persons say nothing and a million do.
    """
    others = max(stated_by - own, 0.0)
    return max((others + 1) / (persons + 1 / frequency.mean), frequency.least)


def sharing_of(model: Model, kind: str, use: IdentifierUse, verified: bool) -> Sharing:
    """What is believed of the identifier's sharing. Of two holders, the suspicion can only be the pair's own doing."""
    if use.status is IdentifierStatus.SUSPECTED and use.holders > 2:
        return model.sharing["suspected"]
    return model.sharing["verified_email" if kind == "email" and verified else kind]


def others_on(use: IdentifierUse, model: Model) -> float:
    """Persons known on an identifier beside the two of a pair: the rest of its K holders.

    While nothing tells the holders apart (no name or date contradicts, nobody takes turns), as many of them as a person
    has duplicates here are the pair's own.
    """
    beside = max(use.holders - 2, 0)
    return max(beside - model.prior_same, 0.0) if use.status is IdentifierStatus.EXCLUSIVE else float(beside)


def expected_strangers(sharing: Sharing, others: float, gap_years: float) -> float:
    """Strangers expected on an identifier value: d = sigma * (others + 1) + rho.

    `others` are the persons on it beside the pair; sigma is the Beta mean after they were seen. rho is the chance that
    the value was handed to another person during the gap.
    """
    sigma = (sharing.prior * sharing.strength + others) / (sharing.strength + others)
    return sigma * (others + 1) + min(sharing.recycled_per_year * gap_years, sharing.most_recycled)


def expected_company(model: Model, most_others: float) -> float:
    """c, the co-residents and co-users expected of a person: q, and whoever else is known to use what both use.

    The pair under test is never counted as proof of sharing.
    """
    return model.prior_household + most_others


def gap_years(a: Held, b: Held) -> float:
    """Years between the last use by one holder and the first by the other; 0 when the uses overlap."""
    days = max((b.first_seen - a.last_seen).days, (a.first_seen - b.last_seen).days, 0)
    return days / DAYS_PER_YEAR
