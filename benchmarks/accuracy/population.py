"""A population in memory: what the graph would answer about the profiles of one set."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from benchmarks.accuracy.profiles import is_role_mailbox
from vitograph.resolver.blocking import blocking_keys, most_views
from vitograph.resolver.model import Identifier, IdentifierStatus, IdentifierUse, Profile
from vitograph.resolver.name_evidence import names_of


class SetPopulation:
    """Counts over the views of a set."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self.persons = len(profiles)
        self._stated: dict[str, Counter[str]] = defaultdict(Counter)
        self._holders: Counter[str] = Counter()
        for profile in profiles.values():
            for field, value in set(_stated(profile)):
                self._stated[field][value] += 1
            self._holders.update(profile.identifiers.keys())
        self._uses = {key: IdentifierUse(_status(key), count) for key, count in self._holders.items()}

    def frequency(self, field: str, value: str) -> int:
        return self._stated[field][value]

    def use(self, key: str) -> IdentifierUse:
        return self._uses[key]


def _status(key: str) -> IdentifierStatus:
    return IdentifierStatus.SHARED if is_role_mailbox(Identifier.parse(key)) else IdentifierStatus.EXCLUSIVE


def _stated(profile: Profile) -> Iterator[tuple[str, str]]:
    for name in names_of(profile):
        yield "given_name", name.given
        yield "family_name", name.family
        yield "full_name", f"{name.given} {name.family}"
    for born in profile.birth_dates:
        yield "date_of_birth", born
    for address in profile.addresses:
        yield "street", address.street or ""
        yield "postal_code", address.postal_code or ""
        yield "city", address.city or ""


def candidate_pairs(profiles: Mapping[str, Profile]) -> set[tuple[str, str]]:
    """Pairs that share a blocking key or an identifier, as sorted ids; keys that are too common are skipped."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for view, profile in profiles.items():
        for key in blocking_keys(profile) | profile.identifiers.keys():
            blocks[key].append(view)
    pairs: set[tuple[str, str]] = set()
    for key, views in blocks.items():
        if 1 < len(views) <= most_views(key):
            pairs.update(combinations(sorted(views), 2))
    return pairs
