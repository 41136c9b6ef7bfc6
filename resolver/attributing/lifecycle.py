"""How an identifier stands: `exclusive`, `suspected`, `shared` or `blocked`, as a pure function of how it is used.

No step remembers the one before: a status follows from the holders there are now, from what they stated and when they
used it, from word lists and from verdicts. So it rises and falls with its evidence, replaying the log gives it again,
and the order of arrival does not matter.

`shared` is where an identifier no longer tells its holder from a stranger. Of K persons on it,
d = sigma * (K - 1) are expected to be strangers to any one of them (the d of scoring), sigma being the mean of a Beta
distribution that is drawn to the prior of the kind: every further person is a trial, every further household a hit.
At d >= 1 who uses it is as likely a stranger as the holder. A family adds trials and no hit.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from vitograph.resolver.attributing.holdings import Fragment, Hold, Holdings
from vitograph.resolver.attributing.names import Names, may_be_one
from vitograph.resolver.model import Assurance, Identifier, IdentifierStatus
from vitograph.resolver.profiles import Stated
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import DAYS_PER_YEAR
from vitograph.resolver.scoring.temporal import Order, order_of
from vitograph.resolver.values.birth_dates import birth_dates_compatible
from vitograph.resolver.values.denylist import is_blocked, is_disposable, is_role_mailbox
from vitograph.resolver.values.names import CACHE, fold


class Why(StrEnum):
    """What decides a status, the strongest reason first."""

    PLACEHOLDER = "placeholder"
    HUB = "hub"
    VERDICT = "verdict"
    ROLE = "role"
    STRANGERS = "strangers"
    CONTRADICTED = "contradicted"
    TURNS = "turns"
    DISPOSABLE = "disposable"
    NOTHING = "nothing"


STATUS_OF = {
    Why.PLACEHOLDER: IdentifierStatus.BLOCKED,
    Why.HUB: IdentifierStatus.BLOCKED,
    Why.VERDICT: IdentifierStatus.SHARED,
    Why.ROLE: IdentifierStatus.SHARED,
    Why.STRANGERS: IdentifierStatus.SHARED,
    Why.CONTRADICTED: IdentifierStatus.SUSPECTED,
    Why.TURNS: IdentifierStatus.SUSPECTED,
    Why.DISPOSABLE: IdentifierStatus.SUSPECTED,
    Why.NOTHING: IdentifierStatus.EXCLUSIVE,
}
SENTENCE = {
    Why.PLACEHOLDER: "It is a placeholder that says nothing about anybody.",
    Why.HUB: "So many hold it that it tells nobody apart.",
    Why.VERDICT: "A specialist decided that it is shared.",
    Why.ROLE: "It is the mailbox of a function, read by whoever is on duty.",
    Why.STRANGERS: "Persons of several households use it: who does is as likely a stranger as the holder.",
    Why.CONTRADICTED: "Persons whose given names or birth dates differ use it.",
    Why.TURNS: "Persons log in on it in turns.",
    Why.DISPOSABLE: "It is a throw-away address that others may read.",
    Why.NOTHING: "Nothing says that more than one person uses it.",
}
MOST_COMPARED = 8
"""Stated values of one kind that are compared for one view: work stays bounded whatever a client sends."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A known view that holds the identifier: what it stated, when it used it, and its first and last login on it."""

    view_id: str
    assurance: Assurance
    first_seen: dt.datetime | None = None
    last_seen: dt.datetime | None = None
    first_bound: dt.datetime | None = None
    last_bound: dt.datetime | None = None
    given_names: tuple[str, ...] = ()
    family_names: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Everything that a status follows from.

    `degree` counts fragments of any kind that hold it, those of `holders` among them; above the limit of the model
    `holders` may be left empty.
    """

    identifier: Identifier
    holders: Sequence[Holder] = ()
    degree: int = 0
    called_shared: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A status and why. `persons` and `households` are those told apart; `strangers` is d."""

    why: Why
    persons: int = 0
    households: int = 0
    strangers: float = 0.0

    @property
    def status(self) -> IdentifierStatus:
        return STATUS_OF[self.why]

    @property
    def sentence(self) -> str:
        return SENTENCE[self.why]


def standing(usage: Usage, model: Model) -> Standing:
    """How the identifier stands. Deterministic; the order of the holders changes nothing."""
    if len(usage.holders) < 2 and usage.degree <= model.lifecycle.blocked_above and not usage.called_shared:
        return _alone(usage.identifier, len(usage.holders))
    holders = [holder for holder in usage.holders if not _has_lapsed(holder, usage, model)]
    told = {
        Why.PLACEHOLDER: is_blocked(usage.identifier),
        Why.HUB: usage.degree > model.lifecycle.blocked_above,
        Why.VERDICT: usage.called_shared,
        Why.ROLE: is_role_mailbox(usage.identifier),
    }
    for why, applies in told.items():
        if applies:
            return Standing(why, len(holders))
    crowd = _told_apart(holders, model)
    sharing = model.sharing[usage.identifier.kind.value]
    beside = max(crowd.persons - 1, 0)
    sigma = (sharing.prior * sharing.strength + min(crowd.outside, beside)) / (sharing.strength + beside)
    strangers = sigma * beside
    seen = {
        Why.STRANGERS: strangers >= model.lifecycle.shared_at,
        Why.CONTRADICTED: crowd.contradict,
        Why.TURNS: not usage.identifier.kind.is_strong
        and any(order_of(a, b) is Order.ALTERNATING for a, b in combinations(holders, 2)),
        Why.DISPOSABLE: is_disposable(usage.identifier),
    }
    why = next((reason for reason, applies in seen.items() if applies), Why.NOTHING)
    return Standing(why, crowd.persons, crowd.households, strangers)


@lru_cache(maxsize=CACHE)
def _alone(identifier: Identifier, holders: int) -> Standing:
    """How it stands with one holder, or none, whom nobody called shared: only its own words tell."""
    if is_blocked(identifier):
        return Standing(Why.PLACEHOLDER, holders)
    if is_role_mailbox(identifier):
        return Standing(Why.ROLE, holders)
    return Standing(Why.DISPOSABLE if is_disposable(identifier) else Why.NOTHING, holders, holders)


def _has_lapsed(holder: Holder, usage: Usage, model: Model) -> bool:
    """Whether another proved, long after the holder's last use, that a recyclable identifier is theirs now."""
    if model.sharing[usage.identifier.kind.value].recycled_per_year <= 0 or holder.last_seen is None:
        return False
    since = holder.last_seen + dt.timedelta(days=DAYS_PER_YEAR * model.lifecycle.lapse_years)
    return any(
        other.assurance is Assurance.VERIFIED and other.first_seen is not None and other.first_seen >= since
        for other in usage.holders
    )


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Persons and households among holders, persons outside the largest household, and whether any two contradict."""

    persons: int
    households: int
    outside: int
    contradict: bool


def _told_apart(holders: Sequence[Holder], model: Model) -> _Crowd:
    """Who the holders are.

    Holders that agree in what they stated are duplicates of one person. Who stated nothing to tell them by counts as a
    person of the largest household, until that is larger than households are.
    """
    alike, contradict = [], False
    for (i, a), (j, b) in combinations(enumerate(holders), 2):
        if _comparable(a, b):
            if _contradict(a, b):
                contradict = True
            else:
                alike.append((i, j))
    person_of = _components(len(holders), alike)
    home_of = _components(len(holders), [*alike, *_neighbours(holders)])
    members: dict[int, set[int]] = defaultdict(set)
    for person, home in zip(person_of, home_of, strict=True):
        members[home].add(person)
    placed = {home for home, holder in zip(home_of, holders, strict=True) if holder.family_names or holder.addresses}
    largest = max((len(members[home]) for home in placed), default=0)
    unplaced = sum(len(members[home]) for home in members if home not in placed)
    excess = max(largest + unplaced - int(model.lifecycle.household_most), 0)
    return _Crowd(
        persons=len(set(person_of)),
        households=max(len(placed), min(len(holders), 1)),
        outside=max(len(placed) - 1, 0) + excess,
        contradict=contradict,
    )


def _neighbours(holders: Sequence[Holder]) -> Iterator[tuple[int, int]]:
    """Pairs of holders that stated one family name or one address."""
    first: dict[str, int] = {}
    for number, holder in enumerate(holders):
        names = {f"name {folded}" for name in holder.family_names[:MOST_COMPARED] if (folded := fold(name))}
        for value in names.union(holder.addresses[:MOST_COMPARED]):
            yield first.setdefault(value, number), number


def _components(size: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """For each of so many things the least one that links connect it with."""
    root = list(range(size))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = one = root[root[one]]
        return one

    for one, other in links:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    return [find(one) for one in range(size)]


def _comparable(a: Holder, b: Holder) -> bool:
    return bool((a.given_names and b.given_names) or (a.birth_dates and b.birth_dates))


def _contradict(a: Holder, b: Holder) -> bool:
    """Whether no name, or no birth date, of one may be the other's; a swap of the names is no contradiction."""
    if a.given_names and b.given_names and not may_be_one(_names(a), _names(b)):
        return True
    dates = (a.birth_dates[:MOST_COMPARED], b.birth_dates[:MOST_COMPARED])
    return all(dates) and not any(birth_dates_compatible(x, y) for x in dates[0] for y in dates[1])


@lru_cache(maxsize=CACHE)
def _names(holder: Holder) -> Names:
    kinds = ("given_names", "family_names", "full_names", "names")
    return Names.of([Stated(**{kind: list(getattr(holder, kind)[:MOST_COMPARED]) for kind in kinds})])


def usage_of(key: str, holdings: Holdings) -> Usage:
    """What the holdings know of an identifier's use; of a view that holds it alone, nothing more matters."""
    identifier = Identifier.parse(key)
    views = holdings.views(key)
    if len(views) < 2:
        holders = [Holder(view, holds[0].assurance) for view, holds in views.items()]
    else:
        holders = [_holder(view, holds, holdings.members(view)) for view, holds in views.items()]
    return Usage(identifier, holders, holdings.degree(key), key in holdings.called_shared)


def restate(keys: Iterable[str], holdings: Holdings, model: Model) -> dict[str, Standing]:
    """Brings the statuses of these identifiers in line with their use; how each stands."""
    found = {key: standing(usage_of(key, holdings), model) for key in keys}
    holdings.statuses.update({key: now.status for key, now in found.items()})
    return found


def _holder(view: str, holds: Sequence[Hold], members: Sequence[Fragment]) -> Holder:
    """One view as a holder: the union of its fragments' holds and of what they stated."""

    def stated(kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for fragment in members for value in getattr(fragment.stated, kind)))

    def moments(kind: str) -> list[dt.datetime]:
        return [moment for hold in holds if (moment := getattr(hold, kind)) is not None]

    return Holder(
        view,
        max(hold.assurance for hold in holds),
        min(moments("first_seen"), default=None),
        max(moments("last_seen"), default=None),
        min(moments("first_bound"), default=None),
        max(moments("last_bound"), default=None),
        stated("given_names"),
        stated("family_names"),
        stated("birth_dates"),
        stated("addresses"),
        stated("full_names"),
        stated("names"),
    )
