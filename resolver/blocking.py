"""Which profiles are worth comparing: keys as data. Two profiles with one key in common are a pair to score.

Shared identifiers bring profiles together by themselves (the graph walks from identifier to holders), so the rules here
are for those that share none. Dates are keyed with day and month in order of size and names without regard to which is
the given one, so that swaps meet. A key with more than `MAX_BLOCK` views says nothing and is skipped by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from vitograph.resolver.addresses import street_parts
from vitograph.resolver.contact_comparisons import ROLE_MAILBOXES, mailbox
from vitograph.resolver.model import IdentifierKind, Profile
from vitograph.resolver.name_evidence import names_of
from vitograph.resolver.names import CACHE, fold, is_date, sound

MAX_BLOCK = 200
"""Views behind one key above which the key is too common to be worth its pairs."""
PREFIX = 4


@dataclass(frozen=True, slots=True)
class Traces:
    """What blocking looks at: sounds of given and family names, dates in order of size, places, identifiers."""

    names: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]
    postal_codes: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    local_parts: tuple[str, ...]
    phones: tuple[str, ...]

    @property
    def words(self) -> Iterator[str]:
        """Every part of every name, given or family."""
        return (word for name in self.names for word in name if word)


Keys = Callable[[Traces], Iterable[str]]


def _name_and_date(traces: Traces) -> Iterable[str]:
    return (f"{word[:PREFIX]}|{date}" for word in traces.words for date in traces.dates)


def _date(traces: Traces) -> Iterable[str]:
    return traces.dates


def _full_name(traces: Traces) -> Iterable[str]:
    return ("|".join(sorted(name)) for name in traces.names if all(name))


def _name_beginnings(traces: Traces) -> Iterable[str]:
    return ("|".join(sorted(word[:3] for word in name)) for name in traces.names if all(name))


def _name_and_year(traces: Traces) -> Iterable[str]:
    return (f"{word}|{date[:4]}" for word in traces.words for date in traces.dates)


def _name_and_day(traces: Traces) -> Iterable[str]:
    return (f"{word[:PREFIX]}|{date[5:]}" for word in traces.words for date in traces.dates)


def _name_and_postal_code(traces: Traces) -> Iterable[str]:
    return (f"{word[:PREFIX]}|{code}" for word in traces.words for code in traces.postal_codes)


def _name_and_town(traces: Traces) -> Iterable[str]:
    return (f"{word}|{town}" for word in traces.words for town in traces.towns)


def _street(traces: Traces) -> Iterable[str]:
    return traces.streets


def _local_part(traces: Traces) -> Iterable[str]:
    return traces.local_parts


def _phone_end(traces: Traces) -> Iterable[str]:
    return (number[-7:] for number in traces.phones)


def _phone_beginning(traces: Traces) -> Iterable[str]:
    return (number[:-3] for number in traces.phones)


BLOCKING_RULES: tuple[tuple[str, Keys], ...] = (
    ("name+date", _name_and_date),
    ("date", _date),
    ("full_name", _full_name),
    ("beginnings", _name_beginnings),
    ("name+year", _name_and_year),
    ("name+day", _name_and_day),
    ("name+postal", _name_and_postal_code),
    ("name+town", _name_and_town),
    ("street", _street),
    ("local_part", _local_part),
    ("phone_end", _phone_end),
    ("phone_beginning", _phone_beginning),
)


def blocking_keys(profile: Profile) -> frozenset[str]:
    """Every key of a profile, as `rule:value`."""
    traces = _traces(profile)
    return frozenset(f"{rule}:{value}" for rule, keys in BLOCKING_RULES for value in keys(traces))


@lru_cache(maxsize=CACHE)
def _sound_of(name: str) -> str:
    """The sound of a name's first word, or of a family name as one word."""
    return sound(name.replace(" ", ""))


@lru_cache(maxsize=CACHE)
def _date_in_order(date: str) -> str:
    year, month, day = date.split("-")
    return "-".join((year, *sorted((month, day))))


def _traces(profile: Profile) -> Traces:
    held = [use.identifier for use in profile.identifiers.values()]
    mailboxes = [mailbox(one.value)[0] for one in held if one.kind is IdentifierKind.EMAIL]
    addresses = profile.addresses
    return Traces(
        names=tuple(
            (_sound_of(fold(name.given).partition(" ")[0]), _sound_of(fold(name.family))) for name in names_of(profile)
        ),
        dates=tuple({_date_in_order(date) for date in profile.birth_dates if is_date(date)}),
        postal_codes=tuple({address.postal_code for address in addresses if address.postal_code}),
        towns=tuple({fold(address.city).replace(" ", "") for address in addresses if address.city}),
        streets=tuple(
            {"|".join((*street_parts(a.street)[0], street_parts(a.street)[1])) for a in addresses if a.street}
        ),
        local_parts=tuple({local for local in mailboxes if len(local) >= 4 and local not in ROLE_MAILBOXES}),
        phones=tuple({one.value for one in held if one.kind is IdentifierKind.PHONE}),
    )
