"""Which profiles are worth comparing: rules as data. Two profiles with one key in common are a pair to score.

Shared identifiers bring profiles together by themselves (the graph walks from identifier to holders), so the rules here
are for those that share none. Each key joins two traces of a person that err independently, so that any two that
survive are enough: dates are keyed with day and month in order of size and names without regard to which is the given
one, so that swaps meet. A key that is too common says nothing: every rule has its own `most`, above which the caller
skips (and counts) a key. A rule that grows with the graph has a finer one beside it, which takes over from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from vitograph.resolver.comparing.addresses import plain_code, street_parts
from vitograph.resolver.comparing.contacts import mailbox, says_nothing
from vitograph.resolver.model import IdentifierKind, Profile
from vitograph.resolver.scoring.name_evidence import names_of
from vitograph.resolver.values.birth_dates import is_date
from vitograph.resolver.values.names import CACHE, fold, sound

MAX_BLOCK = 200
"""Views behind one key above which no rule uses it."""
WEAK_BLOCK = 40
"""The same for keys of which strangers share many: what a view costs stays bounded as the graph grows."""
RARE_BLOCK = 20
"""The same for a single trace of a name that was misspelt: it brings those together whose names are rare."""
PREFIX = 4
SUFFIX = 4
_VOWELS = str.maketrans("", "", "aeiou")


class Traces(NamedTuple):
    """What blocking looks at: sounds of given and family names, dates in order of size, places, identifiers."""

    names: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]
    postal_codes: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[tuple[str, str], ...]
    mailboxes: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Every part of every name, given or family."""
        return tuple(word for name in self.names for word in name if word)

    @property
    def initials(self) -> tuple[str, ...]:
        """The first letters of whole names, in order."""
        return tuple("".join(sorted(word[0] for word in name)) for name in self.names if all(name))


Keys = Callable[[Traces], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name, its keys, and the views behind one key above which it is skipped."""

    name: str
    keys: Keys
    most: int = MAX_BLOCK


Part = Callable[[Traces], Iterable[str]]
"""Some values of a person's traces: those of each name, date, place or identifier, put together."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Every combination of the parts as one key."""

    parts: tuple[Part, ...]

    def __call__(self, traces: Traces) -> Iterable[str]:
        found = [""]
        for part in self.parts:
            values = tuple(part(traces))
            found = [f"{head}|{value}" for head in found for value in values]
        return (key[1:] for key in found)


def _joined(*parts: Part) -> Keys:
    return Joined(parts)


def _letters(traces: Traces) -> Iterable[str]:
    return (_letters_of(word) for word in traces.words)


def _beginnings(traces: Traces) -> Iterable[str]:
    return (word[:PREFIX] for word in traces.words)


def _endings(traces: Traces) -> Iterable[str]:
    """What an error at the beginning of a name leaves as it is."""
    return (word[-SUFFIX:] for word in traces.words if len(word) > SUFFIX)


def _skeletons(traces: Traces) -> Iterable[str]:
    """Names without vowels but the first letter, which most errors of the ear leave as they are."""
    return (found for word in traces.words if len(found := word[0] + word[1:].translate(_VOWELS)) > 2)


def _initials(traces: Traces) -> Iterable[str]:
    return traces.initials


def _initial(traces: Traces) -> Iterable[str]:
    return {word[0] for word in traces.words}


def _full_name(traces: Traces) -> Iterable[str]:
    return ("|".join(sorted(_letters_of(word) for word in name)) for name in traces.names if all(name))


def _both_beginnings(traces: Traces) -> Iterable[str]:
    return ("|".join(sorted(word[:3] for word in name)) for name in traces.names if all(name))


def _date(traces: Traces) -> Iterable[str]:
    return traces.dates


def _year(traces: Traces) -> Iterable[str]:
    return (date[:4] for date in traces.dates)


def _day(traces: Traces) -> Iterable[str]:
    return (date[5:] for date in traces.dates)


def _postal_code(traces: Traces) -> Iterable[str]:
    return traces.postal_codes


def _town(traces: Traces) -> Iterable[str]:
    return traces.towns


def _street(traces: Traces) -> Iterable[str]:
    return ("|".join(street) for street in traces.streets)


def _house_number(traces: Traces) -> Iterable[str]:
    return (numbers for numbers, _ in traces.streets if numbers)


def _street_name(traces: Traces) -> Iterable[str]:
    return (name[:6] for _, name in traces.streets)


def _local_part(traces: Traces) -> Iterable[str]:
    return (local for local, _ in traces.mailboxes if len(local) >= 4)


def _local_beginning(traces: Traces) -> Iterable[str]:
    return (local[:5] for local, _ in traces.mailboxes if len(local) > 5)


def _local_ending(traces: Traces) -> Iterable[str]:
    return (local[-5:] for local, _ in traces.mailboxes if len(local) > 5)


def _domain(traces: Traces) -> Iterable[str]:
    return (domain for _, domain in traces.mailboxes)


def _phone_end(traces: Traces) -> Iterable[str]:
    return (number[-7:] for number in traces.phones)


def _phone_beginning(traces: Traces) -> Iterable[str]:
    return (number[:-3] for number in traces.phones)


BLOCKING_RULES: tuple[Rule, ...] = (
    Rule("name+date", _joined(_beginnings, _date)),
    Rule("date", _date, WEAK_BLOCK),
    Rule("date+initial", _joined(_date, _initial), WEAK_BLOCK),
    Rule("full_name", _full_name),
    Rule("beginnings", _both_beginnings, WEAK_BLOCK),
    Rule("name", _letters, WEAK_BLOCK),
    Rule("name+year", _joined(_letters, _year), WEAK_BLOCK),
    Rule("name+day", _joined(_beginnings, _day), WEAK_BLOCK),
    Rule("initials+day", _joined(_initials, _day), WEAK_BLOCK),
    Rule("name+postal", _joined(_beginnings, _postal_code), WEAK_BLOCK),
    Rule("name+town", _joined(_letters, _town), WEAK_BLOCK),
    Rule("skeleton", _skeletons, RARE_BLOCK),
    Rule("ending+year", _joined(_endings, _year), WEAK_BLOCK),
    Rule("ending+postal", _joined(_endings, _postal_code), WEAK_BLOCK),
    Rule("ending+town", _joined(_endings, _town), WEAK_BLOCK),
    Rule("number+town", _joined(_house_number, _town), WEAK_BLOCK),
    Rule("name+street", _joined(_beginnings, _street_name), WEAK_BLOCK),
    Rule("year+town", _joined(_year, _town), WEAK_BLOCK),
    Rule("day+town", _joined(_day, _town), WEAK_BLOCK),
    Rule("day+postal", _joined(_day, _postal_code), WEAK_BLOCK),
    Rule("street", _street, WEAK_BLOCK),
    Rule("local_part", _local_part, WEAK_BLOCK),
    Rule("local_beginning", _local_beginning, WEAK_BLOCK),
    Rule("local_ending", _local_ending, WEAK_BLOCK),
    Rule("domain", _domain, WEAK_BLOCK),
    Rule("phone_end", _phone_end, WEAK_BLOCK),
    Rule("phone_beginning", _phone_beginning, WEAK_BLOCK),
)
MOST_VIEWS = {rule.name: rule.most for rule in BLOCKING_RULES}
"""Rule -> the views behind one of its keys above which the key is skipped."""


def blocking_keys(profile: Profile) -> frozenset[str]:
    """Every key of a profile, as `rule:value`."""
    traces = traces_of(profile)
    return frozenset(f"{rule.name}:{value}" for rule in BLOCKING_RULES for value in rule.keys(traces))


@lru_cache(maxsize=CACHE)
def _letters_of(word: str) -> str:
    """The letters of a word once each, in order of the alphabet: what swapped and doubled letters leave as it is."""
    return "".join(sorted(set(word)))


@lru_cache(maxsize=CACHE)
def _sound_of(name: str) -> str:
    """The sound of a name's first word, or of a family name as one word."""
    return sound(name.replace(" ", ""))


@lru_cache(maxsize=CACHE)
def _date_in_order(date: str) -> str:
    year, month, day = date.split("-")
    return "-".join((year, *sorted((month, day))))


def mailboxes_of(addresses: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The mailboxes of e-mail addresses, without those of a role."""
    return tuple({one for one in map(mailbox, addresses) if not says_nothing(one[0])})


def traces_of(profile: Profile) -> Traces:
    """The traces of a view: those of each of its names, dates, addresses and identifiers, put together."""
    held = [use.identifier for use in profile.identifiers.values()]
    addresses = profile.addresses
    streets = [street_parts(address.street) for address in addresses if address.street]
    return Traces(
        names=tuple(
            (_sound_of(fold(name.given).partition(" ")[0]), _sound_of(fold(name.family))) for name in names_of(profile)
        ),
        dates=tuple({_date_in_order(date) for date in profile.birth_dates if is_date(date)}),
        postal_codes=tuple({plain_code(address.postal_code) for address in addresses if address.postal_code}),
        towns=tuple({fold(address.city).replace(" ", "") for address in addresses if address.city}),
        streets=tuple({("|".join(numbers), name) for numbers, name in streets if name}),
        mailboxes=mailboxes_of(one.value for one in held if one.kind is IdentifierKind.EMAIL),
        phones=tuple({one.value for one in held if one.kind is IdentifierKind.PHONE}),
    )
